"""The catalogue of texts: from the ``.po`` files that people edit to what the chat reads.

One file per language holds everything that is said: the widget's texts, each under the key that
``static/i18n/en.js`` gives it (the ``.po`` file calls it context), and the sentences of the Python
side. Out of it are made a ``.mo`` file for :mod:`flask_chat.language` and two ES modules for the
browser, one for the launcher and one for the panel.

For those who translate; a running chat never comes here. Needs the extra ``i18n`` (Babel).
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from gettext import c2py
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import MissingExtra, SetupError

if TYPE_CHECKING:
    from babel.messages import Catalog, Message

DOMAIN = "flask_chat"
FOLDER = Path(__file__).parent / "translations"
TEMPLATE = FOLDER / f"{DOMAIN}.pot"
#: Where the texts of the widget are said; each is a module of its own.
PARTS = {"launcher": "-launcher", "panel": ""}
HEADER = "# What flask_chat says. The key above a text says where; `{name}` is filled in."

_PLACE = re.compile(r"\{\w+\}")
# They change without anything having changed.
_RESTLESS = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Report-Msgid-Bugs-To|'
    r"Language-Team|Project-Id-Version): .*\n",
    re.MULTILINE,
)
# So many numbers show every form that whole numbers have.
_SAMPLES = (*range(201), 1_000_000)


def path_of(folder: Path, language: str) -> Path:
    """Where a language's texts stand, the way Flask-Babel and pybabel have it."""
    return folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(path: Path, language: str | None = None) -> Catalog:
    """A ``.po`` or ``.pot`` file; an empty catalogue where there is none."""
    _require_babel()
    from babel.core import UnknownLocaleError
    from babel.messages import Catalog
    from babel.messages.pofile import read_po

    try:
        if not path.exists():
            return Catalog(
                locale=_locale(language), domain=DOMAIN, header_comment=HEADER, fuzzy=False
            )
        with path.open("rb") as file:
            return read_po(file, locale=_locale(language), domain=DOMAIN, abort_invalid=True)
    except (ValueError, UnknownLocaleError) as problem:
        raise SetupError(f"{path}: {problem}") from None


def files_in(folder: Path) -> list[Path]:
    """The ``.po`` files of all languages of a folder."""
    return sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def renewed(path: Path, language: str, template: Catalog | None = None) -> Catalog:
    """A language's texts as they ought to be now: new ones are added empty, those that are no
    longer said are left out, and where the English has changed the translation begins anew."""
    catalogue = read(path, language)
    catalogue.update(template or read(TEMPLATE), no_fuzzy_matching=True)
    return catalogue


def compiled(
    catalogue: Catalog, path: Path, *, modules: Path
) -> Iterator[tuple[Path, str | bytes]]:
    """Every file of a language, with what belongs into it.

    :param path: of the ``.po`` file.
    :param modules: of the ES modules, without what tells them apart.
    """
    yield path, po_text(catalogue)
    yield path.with_suffix(".mo"), mo_bytes(catalogue)
    source = "/".join(path.parts[-4:])
    for part, suffix in PARTS.items():
        module = modules.with_name(f"{modules.name}{suffix}.js")
        yield module, module_text(catalogue, part, source=source)


def po_text(catalogue: Catalog) -> str:
    """The catalogue as a ``.po`` file: the same texts are always the same bytes."""
    from babel.messages.pofile import write_po

    written = io.BytesIO()
    write_po(written, catalogue, no_location=True, ignore_obsolete=True, width=0)
    return _RESTLESS.sub("", written.getvalue().decode()).rstrip("\n") + "\n"


def complaints(catalogue: Catalog, *, whole: bool) -> list[str]:
    """What is wrong with a translation, a sentence each.

    :param whole: whether a text without a translation is wrong.
    """
    found = []
    for message in _texts(catalogue):
        forms = _forms(message.string)
        if not all(forms):
            if whole or any(forms):
                found.append(f"{_name(message)} is not translated.")
            continue
        wanted = set().union(*(_PLACE.findall(text) for text in _forms(message.id)))
        for text in forms:
            said = set(_PLACE.findall(text))
            # "One person" needs no number; but no name may be lost, and none invented.
            spared = {"{count}"} if message.pluralizable else set()
            found += [f"{_name(message)} has lost {place}." for place in wanted - said - spared]
            found += [f"{_name(message)} cannot say {place}." for place in said - wanted]
    return found


def progress(catalogue: Catalog) -> tuple[int, int]:
    """How many texts are translated, and how many there are."""
    texts = _texts(catalogue)
    return sum(all(_forms(message.string)) for message in texts), len(texts)


def mo_bytes(catalogue: Catalog) -> bytes:
    """The sentences of the Python side, as ``gettext`` reads them."""
    from babel.messages import Catalog
    from babel.messages.mofile import write_mo

    class Spoken(Catalog):
        """Whose head says nothing that changes by itself."""

        mime_headers = [("Content-Type", "text/plain; charset=utf-8")]  # noqa: RUF012

    spoken = Spoken(locale=catalogue.locale, domain=DOMAIN)
    for message in _texts(catalogue):
        if message.context is None and message.string:
            spoken.add(message.id, message.string)
    written = io.BytesIO()
    write_mo(written, spoken)
    return written.getvalue()


def module_text(catalogue: Catalog, part: str, *, source: str) -> str:
    """The widget's texts of one part as an ES module; what has no translation is left out.

    :param source: what the module says it was made from.
    """
    name = catalogue.locale.english_name if catalogue.locale else ""
    lines = [
        f"  {json.dumps(message.context)}: {_value(message, catalogue)},"
        for message in _texts(catalogue)
        if message.context and part in message.auto_comments and all(_forms(message.string))
    ]
    head = f"/** {name}, for the {part}. Made from {source}: change that, not this. */"
    return "\n".join([head, "export default {", *lines, "};", ""])


def write(path: Path, content: str | bytes) -> bool:
    """Write a file that differs; whether it did."""
    raw = content.encode() if isinstance(content, str) else content
    if path.exists() and path.read_bytes() == raw:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    return True


def _texts(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _forms(text: Any) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, tuple | list) else (text or "",)


def _name(message: Message) -> str:
    return f"{message.context or _forms(message.id)[0]!r}"


def _value(message: Message, catalogue: Catalog) -> str:
    """A text, or its forms by the names that ``Intl.PluralRules`` gives them."""
    if not message.pluralizable:
        return json.dumps(message.string, ensure_ascii=False)
    forms = _forms(message.string)
    category, place = catalogue.locale.plural_form, c2py(catalogue.plural_expr)
    named = {category(number): forms[place(number)] for number in reversed(_SAMPLES)}
    named.setdefault("other", forms[-1])
    order = ["zero", "one", "two", "few", "many", "other"]
    inside = ", ".join(
        f"{name}: {json.dumps(named[name], ensure_ascii=False)}" for name in order if name in named
    )
    return "{ " + inside + " }"


def _locale(language: str | None) -> Any:
    """:raises SetupError: if nobody knows such a language."""
    from babel import Locale, UnknownLocaleError

    try:
        return None if language is None else Locale.parse(language.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        raise SetupError(f"{language!r} is not a language such as 'fr' or 'pt-BR'.") from None


def _require_babel() -> None:
    try:
        import babel  # noqa: F401
    except ImportError:
        raise MissingExtra("Babel", "i18n") from None
