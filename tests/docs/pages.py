"""The pages of the documentation, and the blocks in them that can be run.

A block is marked on the line before it: ``<!-- run: name -->``.
"""

import re

from tests.architecture.sources import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

_RUNNABLE = re.compile(r"<!-- run: ([a-z-]+) -->\n```[a-z]+\n(.*?)```\n", re.DOTALL)


def block(page: str, name: str) -> str:
    """The code of a marked block."""
    return dict(blocks_of(page))[name]


def blocks_of(page: str) -> list[tuple[str, str]]:
    """Name and code of every marked block of a page."""
    return _RUNNABLE.findall((ROOT / page).read_text(encoding="utf-8"))
