"""Let several tox environments live in one folder.

tox writes an environment's name into its folder and builds the folder anew when another name
comes along. Our Python checks all need the same packages, so they carry the same mark instead:
installing once rather than six times saves minutes on every fresh machine. The mark contains the
fingerprint of setup.py; when that changes, the folder is built anew.
"""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from tox.plugin import impl
from tox.tox_env.info import Info
from tox.tox_env.python.virtual_env.runner import VirtualEnvRunner
from tox.tox_env.register import ToxEnvRegister

MARK = (
    "shared-" + hashlib.sha256(Path(__file__).with_name("setup.py").read_bytes()).hexdigest()[:16]
)


class SharedInfo(Info):
    """The record inside the folder, the same for every environment that lives there."""

    def compare(
        self, value: Any, section: str, sub_section: str | None = None
    ) -> AbstractContextManager[tuple[bool, Any | None]]:
        """Compare with what is on disk, under the common mark."""
        if section == "ToxEnv":
            value = {**value, "name": MARK}
        return super().compare(value, section, sub_section)


class SharedRunner(VirtualEnvRunner):
    """A virtual environment that says `runner = shared`."""

    @staticmethod
    def id() -> str:
        """Return the name used in tox.ini."""
        return "shared"

    @property
    def cache(self) -> Info:
        """Return the record of this environment's folder."""
        return SharedInfo(self.env_dir)


@impl
def tox_register_tox_env(register: ToxEnvRegister) -> None:
    """Make `runner = shared` known to tox."""
    register.add_run_env(SharedRunner)
