"""``flask chat …``: maintenance from the command line. One file per group of commands.

Exit codes: 0 done, 1 something is wrong (said in one sentence), 2 the command was misused.
Every command takes ``--json`` for machines; what changes anything takes ``--dry-run``.
"""

from . import (
    announcements,
    config,
    doctor,
    inboxes,
    messages,
    quiet,
    report,
    supervision,
    tables,
    translate,
    upkeep,
    versions,
)
from .group import group

__all__ = [
    "announcements", "config", "doctor", "group", "inboxes", "messages", "quiet",
    "report", "supervision", "tables", "translate", "upkeep", "versions",
]  # fmt: skip
