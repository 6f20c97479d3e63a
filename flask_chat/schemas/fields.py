"""The few field types of the wire: public ids, moments, and texts people write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

from marshmallow import ValidationError, fields
from marshmallow.validate import Length

from ..current import chat
from ..keys import is_storable

# A client is told "unknown" for an id that no row can have, not that its form is wrong.
_LARGEST = 2**63 - 1
#: Of ids as texts: of these lengths, every one is smaller than that.
_LENGTHS = frozenset(range(1, 19))


class PublicId(fields.Field[int]):
    """A number of ours, a text on the wire."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not isinstance(value, str) or not value.isascii() or not value.isdigit():
            raise ValidationError("Must be an id as the server gave it, a text of digits.")
        return min(int(value), _LARGEST) if len(value) <= 20 else _LARGEST


class Moment(fields.Field[datetime]):
    """A time, RFC 3339 in UTC with ``Z`` and milliseconds."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else moment(value)


class FutureMoment(fields.Field[datetime]):
    """A time a client names, RFC 3339 with an offset; not more than ten years away."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            named = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise ValidationError("Must be a time such as 2026-09-01T08:00:00Z.") from None
        if named.tzinfo is None:
            raise ValidationError("Must say its offset, as in 2026-09-01T08:00:00Z.")
        now = datetime.now(UTC)
        if not now < named < now + timedelta(days=3660):
            raise ValidationError("Must be a time to come, and not more than ten years away.")
        return named


def moment(value: datetime) -> str:
    """The wire's form of a time."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Known(fields.Dict):
    """For each conversation that a client has, its last change and its own version.

    Whoever talks much sends thousands, each of them three fields to marshmallow. What is plainly
    right is taken as it is; only the rest is judged, and told what is wrong with it.
    """

    def __init__(self, **kwargs: Any) -> None:
        pair = fields.List(fields.Integer(strict=True), validate=Length(equal=2))
        super().__init__(keys=PublicId(), values=pair, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> dict[int, list[int]]:
        if isinstance(value, dict) and _are_known(value):
            return dict(zip(map(int, value), value.values(), strict=True))
        judged: dict[int, list[int]] = super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]
        return judged


def _are_known(value: dict[str, Any]) -> bool:
    """Asked of all at once: one after the other takes longer than the database."""
    digits, pairs = "".join(value), value.values()
    return (
        (not value or (digits.isascii() and digits.isdigit()))
        and {*map(len, value)} <= _LENGTHS
        and {*map(type, pairs)} <= {list}
        and {*map(len, pairs)} <= {2}
        and {*map(type, chain.from_iterable(pairs))} <= {int}
    )


class WrittenText(fields.String):
    """Words a person wrote: some, not too many, and nothing a database or JSON cannot hold.

    :param setting: the setting that holds the limit, in code points.
    """

    def __init__(self, *, setting: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.setting = setting

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if not isinstance(value, str):
            raise ValidationError("Must be a text.")
        if not is_storable(text):
            raise ValidationError("Contains a character that is not text.")
        if not text.strip():
            raise ValidationError("Must not be empty.")
        most = getattr(chat.config, self.setting)
        if len(text) > most:
            raise ValidationError(f"Must be at most {most} characters long, and has {len(text)}.")
        return text


class Whole(fields.Integer):
    """A whole number that is written as one: neither ``true`` nor ``"7"`` nor ``7.0``."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValidationError("Must be a whole number.")
        return min(max(value, -_LARGEST), _LARGEST)


class Flag(fields.Boolean):
    """``true`` or ``false``, and not what looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("Must be true or false.")
        return value
