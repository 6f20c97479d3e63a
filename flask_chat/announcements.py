"""The lists of people that the host lets somebody announce to.

Ground floor, below ``host``. A list is a query over the host's users, asked when the announcement
is sent; ``services/announcements.py`` sends it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.sql.selectable import SelectBase

from .errors import SetupError

_LONGEST_NAME = 64
_LONGEST_LABEL = 200


@dataclass(frozen=True, slots=True)
class Recipients:
    """People that something may be announced to, together.

    :param name: what the wire calls the list, ``guardians-5b``.
    :param label: what the person who announces reads, "Guardians of class 5b".
    :param query: a ``Select`` over the host's users, or over their keys.
    """

    name: str
    label: str
    query: SelectBase

    def __post_init__(self) -> None:
        if not self.name or len(self.name) > _LONGEST_NAME:
            raise SetupError(f"A list of recipients has a name of at most {_LONGEST_NAME} letters.")
        if not self.label.strip() or len(self.label) > _LONGEST_LABEL:
            raise SetupError(
                f"The label of the recipients {self.name!r} is a text of at most "
                f"{_LONGEST_LABEL} letters."
            )
        if not isinstance(self.query, SelectBase):
            raise SetupError(
                f"The recipients {self.name!r} are a Select over your users; it is "
                f"{type(self.query).__name__}."
            )
