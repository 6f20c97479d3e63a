"""The colours of the chat: chosen in the navigation, readable, and of properties that exist."""

import re

import pytest

from host_example.views.themes import THEMES
from tests.architecture.sources import ROOT

SHEETS = ROOT / "host_example" / "static" / "themes"
TOKENS = ROOT / "flask_chat" / "static" / "views" / "styles" / "tokens.js"
FILES = [theme for theme in THEMES if theme]
PROPERTY = re.compile(r"--chat-([a-z-]+): ([^;]+);")
READ_ON = [
    ("on-accent", "accent"),
    ("accent", "background"),
    ("text", "background"),
    ("text", "surface"),
    ("text-muted", "background"),
    ("text-muted", "surface"),
    ("own-text", "own-background"),
    ("other-text", "other-background"),
    ("danger", "background"),
    ("success", "background"),
    ("badge-text", "badge-background"),
]


def links(page):
    return re.findall(r'href="(/static/themes/[^"]+)"', page)


def pressed(page):
    return re.findall(r'title="([^"]+)" aria-pressed="true"', page)


def test_a_theme_is_chosen_and_stays_until_another_is(signed_in):
    visitor = signed_in("registrar")
    assert (links(visitor.text("/registrar")), pressed(visitor.text("/registrar"))) == (
        [], ["Its own"],
    )  # fmt: skip

    chosen = visitor.post("/chat-colours/quay?next=/registrar/people?q=a")
    assert (chosen.status_code, chosen.location) == (302, "/registrar/people?q=a")
    page = visitor.text("/registrar/students")
    assert pressed(page) == ["Quay"]
    (sheet,) = links(page)
    assert visitor.get(sheet).mimetype == "text/css"

    visitor.post("/chat-colours/")
    assert links(visitor.text("/registrar")) == []


@pytest.mark.parametrize(
    "elsewhere", ["https://else.example/", "//else.example/", "/\\else.example"]
)
def test_the_choice_leads_to_no_other_site(signed_in, elsewhere):
    visitor = signed_in("teacher")
    chosen = visitor.client.post(
        "/chat-colours/ink", query_string={"next": elsewhere}, data={"csrf_token": visitor.token()}
    )
    assert (chosen.status_code, chosen.location) == (302, "/")


def test_a_theme_that_is_not_there_changes_nothing(signed_in):
    visitor = signed_in("teacher")
    assert visitor.post("/chat-colours/../school").status_code == 404
    assert visitor.post("/chat-colours/neon").status_code == 404
    assert pressed(visitor.text("/")) == ["Its own"]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("theme", FILES)
def test_everything_can_be_read(theme, dark):
    colours = defaults(dark) | properties(theme, dark)
    faint = {
        pair: round(found, 2)
        for pair in READ_ON
        if (found := contrast(*(colours[name] for name in pair))) < 4.5
    }
    assert not faint


def test_a_theme_sets_only_properties_there_are():
    known = set(defaults(dark=False))
    assert not {name for theme in FILES for name in properties(theme, dark=True)} - known
    assert sorted(FILES) == sorted(sheet.stem for sheet in SHEETS.glob("*.css"))


def defaults(dark):
    """What the widget takes for a property that the page does not set."""
    tokens = re.findall(r"^  \['([^']+)', '([^']+)', '([^']*)'", TOKENS.read_text("utf-8"), re.M)
    return {name: (night or day) if dark else day for name, day, night in tokens}


def properties(theme, dark):
    """What a theme sets; in the dark over what it sets in any light."""
    day, _, night = (SHEETS / f"{theme}.css").read_text("utf-8").partition("@media")
    return dict(PROPERTY.findall(day)) | (dict(PROPERTY.findall(night)) if dark else {})


def contrast(one, other):
    """How much brighter one colour is than the other, as WCAG counts it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
