"""The picture of the house, drawn from the floors that import-linter holds the code to.

`scripts/generate-docs` writes it to docs/images/house.svg, and a test fails when it is stale.
"""

import tomllib
from html import escape
from pathlib import Path
from typing import NamedTuple

WIDTH, MARGIN, LABEL = 960, 24, 118
ROOM_HEIGHT, GAP, FLOOR_GAP = 34, 6, 14

#: The floors by their lowest layer's first room, top first: what they are called, their colour.
FLOORS = {
    "following": ("assembly", "#e9e3f5"),
    "registering": ("assembly", "#e9e3f5"),
    "web": ("doors", "#dfe9f7"),
    "services": ("verbs", "#dcefe6"),
    "models": ("keep and move", "#f6ecd6"),
    "schemas": ("shapes", "#f3e0df"),
    "config": ("ground", "#e8e8e4"),
    "errors": ("bedrock", "#d5d5d0"),
}

#: The way of a message, room by room, and what happens there.
WAY = (
    ("web", "at the handshake: origin, room, who is it; no session stays"),
    ("ws", "decode the frame, dispatch, answer by ref"),
    ("services", "lock, may they, number, write, commit"),
    ("models", "access, counters, the rows"),
    ("announce", "encoded before the commit, told after it"),
    ("bus", "to every process, this one included"),
    ("realtime", "audience to sockets, the same bytes for all"),
)


class Room(NamedTuple):
    """One box: a module or package of flask_chat."""

    name: str
    left: float
    top: float
    width: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.left + self.width / 2, self.top + ROOM_HEIGHT / 2


def svg(pyproject: Path) -> str:
    """The house as an SVG document."""
    rooms: dict[str, Room] = {}
    pieces: list[str] = []
    top = 64.0
    for title, colour, layers in floors(pyproject):
        begun = top
        for layer in layers:
            for room in places(layer, top):
                rooms[room.name] = room
            top += ROOM_HEIGHT + GAP
        pieces.append(floor(title, colour, begun, top))
        pieces += [box(rooms[name]) for layer in layers for name in layer]
        top += FLOOR_GAP
    foot = top + 10
    pieces.append(way(rooms))
    pieces += [legend(number, *step, top=foot) for number, step in enumerate(WAY, start=1)]
    height = foot + 24 * ((len(WAY) + 1) // 2) + MARGIN
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" '
            'font-family="system-ui, sans-serif" font-size="13">',
            "<title>The house of flask_chat: floors of rooms, and the way of a message</title>",
            f'<rect width="{WIDTH}" height="{height:.0f}" rx="10" fill="#fcfcfa"/>',
            roof(),
            *pieces,
            "</svg>\n",
        ]
    )


def floors(pyproject: Path) -> list[tuple[str, str, list[list[str]]]]:
    """Title, colour and layers of each floor, top first."""
    with pyproject.open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["name"] == "Floors")
    found, gathered = [], []
    for layer in layers:
        gathered.append([room.strip() for room in layer.split("|")])
        if gathered[-1][0] in FLOORS:
            found.append((*FLOORS[gathered[-1][0]], gathered))
            gathered = []
    if gathered:
        raise SystemExit(f"draw_house: no floor begins with {gathered[-1][0]!r}; see FLOORS")
    return found


def places(layer: list[str], top: float) -> list[Room]:
    """The rooms of one layer, side by side."""
    left = MARGIN + LABEL
    width = (WIDTH - MARGIN - GAP - left - GAP * (len(layer) - 1)) / len(layer)
    return [Room(n, left + i * (width + GAP), top, width) for i, n in enumerate(layer)]


def roof() -> str:
    """Above all floors."""
    left, right = MARGIN - 10, WIDTH - MARGIN + 10
    return f'<path d="M{left} 54 L{WIDTH / 2} 12 L{right} 54 Z" fill="#5b5b66"/>'


def floor(title: str, colour: str, top: float, bottom: float) -> str:
    """What lies behind the rooms of a floor, and its name."""
    height = bottom - top + GAP
    y = (top + bottom) / 2 + 2
    return (
        f'<rect x="{MARGIN}" y="{top - GAP}" width="{WIDTH - 2 * MARGIN}" height="{height}" '
        f'rx="6" fill="{colour}"/>\n'
        f'<text x="{MARGIN + 12}" y="{y}" font-weight="600" fill="#33333a">{escape(title)}</text>'
    )


def box(room: Room) -> str:
    """A room and its name."""
    x, y = room.middle
    return (
        f'<rect x="{room.left:.1f}" y="{room.top}" width="{room.width:.1f}" '
        f'height="{ROOM_HEIGHT}" rx="4" fill="#ffffff" stroke="#8b8b94"/>\n'
        f'<text x="{x:.1f}" y="{y + 5}" text-anchor="middle" fill="#1f1f24">'
        f"{escape(room.name)}</text>"
    )


def way(rooms: dict[str, Room]) -> str:
    """The steps of the way, as numbers in the corners of the rooms."""
    marks = []
    for number, (name, _) in enumerate(WAY, start=1):
        room = rooms[name]
        marks.append(mark(number, room.left + 14, room.top + ROOM_HEIGHT / 2))
    return "\n".join(marks)


def mark(number: int, x: float, y: float) -> str:
    """The number of a step."""
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="#b3261e"/>'
        f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" font-size="11" fill="#ffffff">'
        f"{number}</text>"
    )


def legend(number: int, name: str, words: str, *, top: float) -> str:
    """What happens at a step."""
    column, line = divmod(number - 1, (len(WAY) + 1) // 2)
    x, y = MARGIN + 12 + column * (WIDTH / 2 - MARGIN), top + 12 + line * 24
    return (
        mark(number, x, y)
        + f'<text x="{x + 18}" y="{y + 4}" fill="#33333a"><tspan font-weight="600">{name}</tspan> '
        f"{escape(words)}</text>"
    )
