"""Rules of contact as schools have them, put together from queries of the host's.

::

    rules = Rules(User, staff=…, pupils=…, guardians=…, taught=…)
    chat = Chat(contacts=rules.contacts)

Ground floor; pure SQL. Each rule is written once, as pairs of people, and read from both sides:
that one may write to another is then always the same as that the other may write to the one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Select,
    Subquery,
    and_,
    bindparam,
    inspect,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Mapper
from sqlalchemy.sql.selectable import SelectBase

from .errors import SetupError

#: A query, or what makes it anew each time it is asked: a timetable has a date in it.
Query = SelectBase | Callable[[], SelectBase]

PupilsWrite = Literal["off", "class", "all"]
StaffReach = Literal["all", "taught"]


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may see and write to whom, for the ``contacts`` hook.

    Staff reach one another, guardians and their own children one another, staff and pupils only
    where the one teaches the other. Whom no query names reaches the office, if there is one.

    :param users: the host's user model.
    :param staff: the keys of those who work at the school.
    :param pupils: the keys of its pupils.
    :param guardians: pairs of a guardian and a pupil.
    :param taught: pairs of a member of staff and a pupil whom they teach now.
    :param office: the keys of staff whom everybody reaches, and who reach everybody.
    :param classmates: pairs of pupils of one class, each pair in one order or in both.
    :param pupils_write: to one another: ``off``, to those of their ``class``, or to ``all``.
    :param guardians_reach: ``all`` of the staff, or those who ``taught`` their children.
    """

    users: type[Any]
    staff: Query
    pupils: Query
    guardians: Query
    taught: Query
    office: Query | None = None
    classmates: Query | None = None
    pupils_write: PupilsWrite = "off"
    guardians_reach: StaffReach = "all"

    def __post_init__(self) -> None:
        if self.pupils_write not in ("off", "class", "all"):
            raise SetupError(
                f"`pupils_write` is 'off', 'class' or 'all', not {self.pupils_write!r}."
            )
        if self.guardians_reach not in ("all", "taught"):
            raise SetupError(
                f"`guardians_reach` is 'all' or 'taught', not {self.guardians_reach!r}."
            )
        if self.pupils_write == "class" and self.classmates is None:
            raise SetupError("For pupils_write='class', say with `classmates` who is in one class.")

    def contacts(self, user: Any) -> Select[Any]:
        """Whom this user may see and write to: the ``contacts`` hook."""
        mapper = cast("Mapper[Any]", inspect(self.users))
        (column,) = mapper.primary_key
        key = getattr(self.users, mapper.get_property_by_column(column).key)
        me = literal(getattr(user, key.key), column.type)
        reached = [
            self._colleagues(me, key),
            self._office(me, key),
            _paired(_pairs(self.taught, "taught"), me, key),
            _paired(_pairs(self.guardians, "guardians"), me, key),
            self._staff_and_guardians(me, key),
            self._pupils(me, key),
        ]
        return select(self.users).where(
            or_(*(rule for rule in reached if rule is not None)), key != me
        )

    def guardians_of(self, pupils: Query | None = None) -> Select[Any]:
        """Pairs of a pupil and a guardian, for :meth:`flask_chat.Chat.supervise`.

        :param pupils: the keys of the pupils it is about; all of them without it.
        """
        guardian, pupil = _pairs(self.guardians, "guardians")
        found = select(pupil.label("pupil"), guardian.label("guardian"))
        return found if pupils is None else found.where(pupil.in_(_people(pupils, "pupils")))

    def _colleagues(self, me: Any, key: Any) -> ColumnElement[bool]:
        staff = _people(self.staff, "staff")
        return and_(me.in_(staff), key.in_(staff))

    def _office(self, me: Any, key: Any) -> ColumnElement[bool] | None:
        if self.office is None:
            return None
        office = _people(self.office, "office")
        return or_(me.in_(office), key.in_(office))

    def _staff_and_guardians(self, me: Any, key: Any) -> ColumnElement[bool]:
        guardian, child = _pairs(self.guardians, "guardians")
        if self.guardians_reach == "all":
            staff, guardians = _people(self.staff, "staff"), select(guardian)
            return or_(
                and_(me.in_(staff), key.in_(guardians)), and_(me.in_(guardians), key.in_(staff))
            )
        teacher, pupil = _pairs(self.taught, "taught")
        both = select(teacher.label("one"), guardian.label("other")).where(child == pupil)
        return _paired(tuple(both.subquery().c), me, key)

    def _pupils(self, me: Any, key: Any) -> ColumnElement[bool] | None:
        if self.pupils_write == "off":
            return None
        pupils = _people(self.pupils, "pupils")
        among = and_(me.in_(pupils), key.in_(pupils))
        if self.pupils_write == "all" or self.classmates is None:
            return among
        return and_(among, _paired(_pairs(self.classmates, "classmates"), me, key))


def _paired(pair: tuple[Any, ...], me: Any, key: Any) -> ColumnElement[bool]:
    """Whether two people are a pair, whichever of them is asked about."""
    one, other = pair
    return or_(key.in_(select(other).where(one == me)), key.in_(select(one).where(other == me)))


def _people(query: Query, name: str) -> Select[Any]:
    (column,) = _columns(query, name, 1)
    return select(column).where(column.is_not(None))


def _pairs(query: Query, name: str) -> tuple[Any, ...]:
    one, other = _columns(query, name, 2)
    # A place that nobody fills is no person, and `NOT NULL` keeps `IN` from answering "unknown".
    found = select(one.label("one"), other.label("other")).where(
        one.is_not(None), other.is_not(None)
    )
    return tuple(found.subquery().c)


def _columns(query: Query, name: str, count: int) -> list[Any]:
    answer = query() if callable(query) else query
    found: Subquery | None = answer.subquery() if isinstance(answer, SelectBase) else None
    if found is None or len(found.c) != count:
        wanted = "keys of people" if count == 1 else "pairs of people's keys"
        raise SetupError(f"`{name}` must be a Select of {wanted}, with {count} column(s).")
    return list(found.c)


def today(timezone: str | None = None) -> BindParameter[date]:
    """The date at the moment a query runs, for a query that is written once and asked for years.

    :param timezone: an IANA name, ``Europe/Madrid``; by default the server's own.
    """
    return years_ago(0, timezone)


def years_ago(years: int, timezone: str | None = None) -> BindParameter[date]:
    """The date so many years before the day on which a query runs: who was born after it is
    younger than that.

    :param timezone: an IANA name, ``Europe/Madrid``; by default the server's own.
    """
    zone = ZoneInfo(timezone) if timezone else None
    return bindparam(
        None, callable_=lambda: _earlier(datetime.now(zone).date(), years), type_=Date()
    )


def _earlier(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # the 29th of February, in a year that has none
        return day.replace(year=day.year - years, day=28)
