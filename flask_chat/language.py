"""Which language somebody is answered in, and what we say in it.

Ground floor. The widget speaks the language of the page it stands in; this is about what comes
from the server: the page of the chat, the link without JavaScript, the sentences of errors. The
host says which language (its hook, or Flask-Babel), else the browser does. Texts are read by the
standard library from ``.mo`` files: ours, and above them those of the host's folder
``CHAT_TRANSLATIONS``.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app, has_request_context, request

from .current import chat
from .errors import ChatError

DOMAIN = "flask_chat"
ENGLISH = "en"

_OURS = Path(__file__).parent / "translations"
_RIGHT_TO_LEFT = {"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}
# Written in other letters than the language's name alone promises.
_TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


def say(text: str, named: Mapping[str, Any] | None = None) -> str:
    """A sentence of ours, given in English, in the language of this request."""
    said = _texts(chosen(), host_folder()).gettext(text)
    return said.format_map(named) if named else said


def say_error(problem: ChatError) -> dict[str, Any]:
    """An error as a door sends it, its sentence in the language of this request."""
    return {**problem.to_dict(), "detail": say(problem.said, problem.named)}


def chosen() -> str:
    """The language of this request, of those there are texts in; English outside of requests."""
    return best_of(_wished(), available(host_folder())) if has_request_context() else ENGLISH


def direction() -> str:
    """``ltr`` or ``rtl``: how the language of this request is written."""
    return "rtl" if chosen().partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def host_folder() -> Path | None:
    """Where the host keeps languages of its own, and its own words for ours."""
    folder = chat.config.translations
    return None if folder is None else Path(current_app.root_path) / folder


@cache
def available(folder: Path | None) -> tuple[str, ...]:
    """The languages there are texts in, ours and those of a folder of the host's."""
    folders = [_OURS] if folder is None else [_OURS, folder]
    found = {
        path.parts[-3] for place in folders for path in place.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    }
    return (ENGLISH, *sorted(found - {ENGLISH}))


def best_of(wished: Iterable[str], there: Iterable[str]) -> str:
    """The first of the wished languages that is there, or one of its kin: ``de`` for ``de-AT``."""
    known = {language.replace("_", "-").lower(): language for language in there}
    for wish in wished:
        tag = wish.replace("_", "-").lower()
        while tag:
            if tag in known:
                return known[tag]
            if tag in _TRADITIONAL:
                break
            tag = tag.rpartition("-")[0]
    return ENGLISH


def _wished() -> list[str]:
    """In which languages the one who asks would like to be answered, the best first."""
    if chat.hooks.language is not None and (said := chat.hooks.language()):
        return [str(said)]
    if "babel" in current_app.extensions and (said := _flask_babel_locale()):
        return [said]
    return list(request.accept_languages.values())


def _flask_babel_locale() -> str | None:
    from flask_babel import get_locale

    locale = get_locale()
    return None if locale is None else str(locale)


@cache
def _texts(language: str, folder: Path | None) -> gettext.NullTranslations:
    if language == ENGLISH and folder is None:
        return gettext.NullTranslations()
    ours = gettext.translation(DOMAIN, _OURS, [language], fallback=True)
    if folder is None:
        return ours
    theirs = gettext.translation(DOMAIN, folder, [language], fallback=True)
    theirs.add_fallback(ours)
    return theirs
