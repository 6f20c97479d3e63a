"""Folding: how two spellings of a name are made comparable in any script."""

from __future__ import annotations

import unicodedata

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import InstrumentedAttribute


def fold(text: str) -> str:
    """Return ``text`` without case and accents, so that “oyvind” finds “Øyvind Sjöberg”.

    The database cannot be asked to do this: SQLite folds ASCII only.
    """
    decomposed = unicodedata.normalize(
        "NFKD", text.casefold().translate(_LETTERS_WITHOUT_DECOMPOSITION)
    )
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def matches(column: InstrumentedAttribute[str], query: str) -> ColumnElement[bool]:
    """A condition: the folded ``column`` contains every word of ``query``."""
    return and_(True, *(column.contains(word, autoescape=True) for word in fold(query).split()))


_LETTERS_WITHOUT_DECOMPOSITION = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ı": "i",
        "ʼ": "'",
        "’": "'",
    }
)
