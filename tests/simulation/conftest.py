"""How long a simulation runs: a moment by default, as long as one likes with the soak profile."""

from hypothesis import HealthCheck, Phase, settings

from tests.support.fixtures import (
    databases,
    postgres_databases,
    postgres_server,
    sqlite_files,
)

__all__ = ["databases", "postgres_databases", "postgres_server", "sqlite_files"]

_COMMON = {
    "deadline": None,
    "print_blob": True,
    "suppress_health_check": list(HealthCheck),
}
_SAME = {**_COMMON, "derandomize": True}
_COMMON["derandomize"] = False
settings.register_profile("simulation", max_examples=10, stateful_step_count=25, **_SAME)
settings.register_profile("simulation-short", max_examples=4, stateful_step_count=25, **_SAME)
settings.register_profile("soak", max_examples=100_000, stateful_step_count=60, **_COMMON)
# A failure is repeated, not made smaller: for a first look at a long run.
settings.register_profile(
    "soak-raw", max_examples=100_000, stateful_step_count=60,
    phases=[Phase.explicit, Phase.reuse, Phase.generate], **_COMMON,
)  # fmt: skip
