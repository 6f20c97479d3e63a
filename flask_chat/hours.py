"""When an office is open, by its own calendar.

Ground floor, and pure: what time it is, is handed in. Opening times are times on the wall of a
time zone, so an office that opens at nine opens at nine on both sides of a change of the clocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .errors import SetupError

_LONGEST = timedelta(days=400)  # no office is closed for longer and has hours all the same
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_ANSWER = "Thank you for your message. We are closed at the moment, and open again {opens}."

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Hours:
    """The opening times of an office.

    :param timezone: an IANA name, ``Europe/Madrid``.
    :param week: for each day, ``mon`` to ``sun``, its times: ``{"mon": ["09:00-13:00"]}``. A day
        that is left out is closed. ``24:00`` is the end of a day.
    :param closed: ``closed(date)`` -> whether the office is closed on this day all the same.
    :param answer: what is answered by itself to who writes while the office is closed, once per
        closed period. May hold ``{opens}``, ``{person.name}`` and ``{office.title}``; ``None``
        for no answer.
    """

    timezone: str
    week: Mapping[str, Sequence[str]]
    closed: Callable[[date], object] | None = None
    answer: str | None = _ANSWER
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _spans: tuple[tuple[tuple[int, int], ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        try:
            zone = ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise SetupError(
                f"There is no time zone {self.timezone!r} here. Names are like Europe/Madrid; "
                "where the system has none, install the package tzdata."
            ) from None
        unknown = set(self.week) - set(_DAYS)
        if unknown:
            raise SetupError(f"A week has the days {', '.join(_DAYS)}; {unknown.pop()!r} is none.")
        object.__setattr__(self, "_zone", zone)
        spans = tuple(tuple(sorted(map(_span, self.week.get(day, ())))) for day in _DAYS)
        object.__setattr__(self, "_spans", spans)
        for day in spans:
            if any(later[0] < earlier[1] for earlier, later in pairwise(day)):
                raise SetupError("The opening times of one day overlap.")
        if not any(spans):
            raise SetupError("An office that is never open needs no hours: leave them out.")

    def local(self, at: datetime) -> datetime:
        """The same moment on the office's wall."""
        return at.astimezone(self._zone)

    def is_open(self, at: datetime) -> bool:
        return self.closed_since(at) is None

    def closed_since(self, at: datetime) -> datetime | None:
        """When the closed period began in which this moment lies; ``None`` if the office is open.

        Equal for all moments of one closed period, whatever lies in between: nights, weekends,
        holidays, changes of the clocks.
        """
        latest = datetime(1970, 1, 1, tzinfo=UTC)  # always closed, as far back as we look
        for opens, closes in self._around(at, backwards=True):
            if opens <= at < closes:
                return None
            if closes <= at:
                return closes
        return latest

    def opens_after(self, at: datetime) -> datetime | None:
        """When the office opens next; ``None`` if not within a year."""
        return next((opens for opens, _ in self._around(at) if opens > at), None)

    def _around(self, at: datetime, *, backwards: bool = False) -> Iterator[Span]:
        """The times it is open from this day on, one after the other; or back from this day."""
        day, step = self.local(at).date(), timedelta(days=-1 if backwards else 1)
        for _ in range(_LONGEST.days):
            # A span ends at the latest where the next day begins, so each belongs to one day.
            spans = [] if self.closed is not None and self.closed(day) else self._on(day)
            yield from reversed(spans) if backwards else spans
            day += step

    def _on(self, day: date) -> list[Span]:
        return [
            (self._moment(day, opens), self._moment(day, closes))
            for opens, closes in self._spans[day.weekday()]
        ]

    def _moment(self, day: date, minutes: int) -> datetime:
        later, minutes = divmod(minutes, 24 * 60)
        wall = datetime.combine(day + timedelta(days=later), time(*divmod(minutes, 60)), self._zone)
        return wall.astimezone(UTC)


def _span(text: str) -> tuple[int, int]:
    opens, _, closes = str(text).partition("-")
    try:
        span = _minutes(opens), _minutes(closes)
    except ValueError:
        span = (0, 0)
    if span[0] >= span[1]:
        raise SetupError(f"Opening times are written like '09:00-13:00', not {text!r}.")
    return span


def _minutes(text: str) -> int:
    hours, minutes = (int(part) for part in text.strip().split(":"))
    if not (0 <= hours <= 24 and 0 <= minutes < 60) or hours * 60 + minutes > 24 * 60:
        raise ValueError(text)
    return hours * 60 + minutes
