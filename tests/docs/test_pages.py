"""What the documentation lists is what the code has, and its links lead somewhere."""

import re
import subprocess
import sys
import tomllib

import pytest

from flask_chat import cli, config, errors, events, protocol
from flask_chat.host import Hooks
from tests.architecture.sources import ROOT
from tests.docs.pages import PAGES

LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)


def prose(page):
    """The page without its blocks of code, where a # begins a comment."""
    return CODE.sub("", page.read_text(encoding="utf-8"))


def anchors(page):
    """The names of the page's headings, as links call them."""
    plain = (re.sub(r"[^\w\- ]", "", title.lower()) for title in HEADING.findall(prose(page)))
    return {title.replace(" ", "-") for title in plain}


def leads_somewhere(page, link):
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return target.exists() and (not anchor or anchor in anchors(target))


def test_every_generated_part_is_fresh():
    checked = subprocess.run(
        [sys.executable, ROOT / "scripts" / "generate-docs", "--check"],
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page):
    broken = [link for link in LINK.findall(prose(page)) if not leads_somewhere(page, link)]
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_speaks_of_no_particular_machine(page):
    found = re.findall(r"/(?:home|work|root|Users)/\w+", page.read_text(encoding="utf-8"))
    assert not found


def test_every_page_is_reached_from_the_readme():
    seen, ahead = set(), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page in seen:
            continue
        seen.add(page)
        targets = (page.parent / link.partition("#")[0] for link in LINK.findall(prose(page)))
        ahead += [target.resolve() for target in targets if target.suffix == ".md"]
    assert set(PAGES) <= seen


def test_every_page_has_a_place_in_the_site():
    listed = (ROOT / "docs" / "index.rst").read_text(encoding="utf-8").split()
    pages = [
        page.relative_to(ROOT / "docs").with_suffix("").as_posix()
        for page in PAGES
        if page.is_relative_to(ROOT / "docs") and page.parent.name != "decisions"
    ]
    assert not set(pages) - set(listed)


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("configuration.md", [setting.name for setting in config.SETTINGS]),
        ("commands.md", [f"flask chat {name}" for name in cli.group.commands]),
        ("protocol.md", [frame.type for frame in protocol.FRAMES]),
        ("protocol.md", [event.type for event in events.EVENTS]),
        ("protocol.md", [str(code) for code in protocol.CLOSE_CODES]),
        ("protocol.md", [error.code for error in errors.public_errors()]),
        ("embedding.md", list(Hooks.__dataclass_fields__)),
    ],
    ids=["settings", "commands", "frames", "events", "close codes", "errors", "hooks"],
)
def test_everything_there_is_has_a_place(page, names):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert not [name for name in names if name not in text]


def test_a_setting_that_is_spoken_of_exists():
    known = {setting.name for setting in config.SETTINGS}
    # How a feature is added is shown with one that is not there.
    pages = [page for page in PAGES if page.name != "add-a-feature.md"]
    spoken = {
        name for page in pages for name in re.findall(r"\bCHAT_[A-Z_]+[A-Z]", page.read_text())
    }
    assert spoken <= known


def test_the_picture_has_every_room_of_the_floors():
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    floors = next(contract for contract in contracts if contract["name"] == "Floors")["layers"]
    rooms = {room for floor in floors for room in floor.split(" | ")}
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert not [room for room in sorted(rooms) if not re.search(rf"\b{room}\b", text)]


def test_every_decision_is_listed_and_says_what_was_chosen():
    folder = ROOT / "docs" / "decisions"
    pages = [page for page in folder.glob("*.md") if page.name != "README.md"]
    listed = (folder / "README.md").read_text(encoding="utf-8")
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert page.name in listed
        assert all(f"**{part}.**" in text for part in ("The matter", "The choice", "What follows"))
