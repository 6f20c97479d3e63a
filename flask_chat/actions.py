"""What the host lets people do to its records from inside their conversations.

Ground floor, below ``subjects``: an action is a button of the host's in the thread of a record.
The host says who is offered it and what it does; ``services/actions.py`` runs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .errors import Invalid, SetupError
from .keys import is_storable

_LONGEST_NAME = 64
#: Code points of one answer.
LONGEST_ANSWER = 2000


@dataclass(frozen=True, slots=True)
class Field:
    """Something that is asked before an action runs; the answer is a text.

    :param choices: the texts to choose from; without them, people write.
    """

    label: str
    required: bool = True
    choices: Sequence[str] = ()

    def complaint(self, answer: str) -> str | None:
        """What is wrong with an answer, in one sentence."""
        if not answer:
            return "Missing data for required field." if self.required else None
        if self.choices and answer not in self.choices:
            return "Must be one of the choices."
        if not is_storable(answer):
            return "Contains a character that is not text."
        if len(answer) > LONGEST_ANSWER:
            return f"Must be at most {LONGEST_ANSWER} characters long."
        return None


@dataclass(frozen=True, slots=True)
class Action:
    """Something people may do to a record from inside its conversation.

    :param name: what the wire calls it, ``request_documents``.
    :param label: what its button says.
    :param run: ``run(record, user, **answers)`` does it, and may return a sentence that everybody
        in the conversation reads.
    :param allowed: ``allowed(record, user)`` -> whether this user may do it to this record now.
    :param confirm: what is asked before, with Yes and No.
    :param fields: what is asked before, by the name ``run`` gets it under.
    """

    name: str
    label: str
    run: Callable[..., Any]
    allowed: Callable[[Any, Any], Any]
    confirm: str | None = None
    fields: Mapping[str, Field] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.name.isidentifier() or len(self.name) > _LONGEST_NAME:
            raise SetupError(
                f"An action is called like a function, request_documents; not {self.name!r}."
            )
        for name, asked in self.fields.items():
            if not name.isidentifier() or not isinstance(asked, Field):
                raise SetupError(
                    f"The fields of {self.name!r} are names with a Field each, such as "
                    f"fields={{'reason': Field('Why?')}}; {name!r} is none."
                )

    def is_offered(self, record: Any, user: Any) -> bool:
        """Whether the host lets this user do it now."""
        return bool(self.allowed(record, user))

    def answers(self, given: Mapping[str, str]) -> dict[str, str]:
        """What :attr:`run` gets: an answer for each field, the empty text for none.

        :raises Invalid: if an answer is missing or wrong; ``fields`` says which and why.
        """
        answers = {name: given.get(name, "").strip() for name in self.fields}
        complaints = {
            name: [complaint]
            for name, asked in self.fields.items()
            if (complaint := asked.complaint(answers[name])) is not None
        }
        complaints |= {name: ["Unknown field."] for name in given.keys() - self.fields.keys()}
        if complaints:
            raise Invalid(fields={"values": complaints})
        return answers

    def shown(self) -> dict[str, Any]:
        """The action as the schema takes it."""
        return {
            "name": self.name,
            "label": self.label,
            "confirm": self.confirm,
            "fields": [
                {
                    "name": name,
                    "label": asked.label,
                    "required": asked.required,
                    "choices": list(asked.choices),
                }
                for name, asked in self.fields.items()
            ],
        }
