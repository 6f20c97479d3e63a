"""``translate``: a language of the host's own, or its own words in one of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .. import catalogue, language
from ..errors import SetupError
from .group import as_json, command, dry_run, show, table

_COLUMNS = {"language": "Language", "translated": "Translated", "texts": "Texts", "file": "File"}


@command("translate")
@click.argument("languages", nargs=-1)
@dry_run
@as_json
def translate(languages: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    """Write and compile the texts of these languages, such as `fr`, in CHAT_TRANSLATIONS.

    Without a language, all that are there. New texts of the chat are added to the files, and what
    is translated is compiled; the app reads it when it starts.
    """
    folder = language.host_folder()
    if folder is None:
        raise SetupError("Set CHAT_TRANSLATIONS to the folder the texts are to be kept in.")
    wanted = languages or tuple(sorted(path.parts[-3] for path in catalogue.files_in(folder)))
    if not wanted:
        raise SetupError("Say which language: `flask chat translate fr`.")
    rows = [_renew(folder, name, dry_run=dry_run) for name in wanted]
    show(rows, as_json=as_json, text=lambda: table(rows, _COLUMNS))


def _renew(folder: Path, name: str, *, dry_run: bool) -> dict[str, Any]:
    path = catalogue.path_of(folder, name)
    texts = catalogue.renewed(path, name)
    if complaints := catalogue.complaints(texts, whole=False):
        raise SetupError("\n".join([f"{path}:", *complaints]))
    if not dry_run:
        for file, content in catalogue.compiled(texts, path, modules=folder / name / "flask_chat"):
            catalogue.write(file, content)
    done, of = catalogue.progress(texts)
    return {"language": name, "translated": done, "texts": of, "file": str(path)}
