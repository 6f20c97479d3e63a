"""Every language says everything, and a host can add one of its own."""

import json
import subprocess
import sys

import pytest

from flask_chat import catalogue
from tests.architecture.sources import ROOT


def test_every_language_is_whole_and_fresh():
    """What to do when this fails: `make translations`, and translate what it names."""
    checked = subprocess.run(
        [sys.executable, ROOT / "scripts" / "translations", "--check"],
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.fixture
def french(bring_to_life, tmp_path):
    """The app of the quickstart, whose school has begun to translate into French."""
    school = bring_to_life("docs/quickstart.md", "school")
    school.app.extensions["chat"].config.translations = str(tmp_path / "translations")

    def translate(language, **words):
        """Fill in some texts, by key, and compile."""
        run = school.app.test_cli_runner().invoke
        assert run(args=["chat", "translate", language]).exit_code == 0
        path = catalogue.path_of(tmp_path / "translations", language)
        texts = catalogue.read(path, language)
        for message in texts:
            said = words.get(message.context or message.id)
            message.string = said or message.string
        path.write_text(catalogue.po_text(texts), encoding="utf-8")
        return run(args=["chat", "translate", "--json"])

    for command in (["fill"], ["chat", "init-db"]):
        assert school.app.test_cli_runner().invoke(args=command).exit_code == 0
    school.translate = translate
    return school


def signed_in(school):
    client = school.app.test_client()
    assert client.post("/sign-in", data={"id": 1}).status_code == 302
    return client


def test_a_host_adds_a_language(french):
    words = {
        "launcher.open": "Ouvrir la discussion",
        "launcher.unread": ("Ouvrir, {count} message", "Ouvrir, {count} messages"),
        "close": "Fermer",
        "Please sign in.": "Veuillez vous connecter.",
    }
    (row,) = json.loads(french.translate("fr", **words).output)
    assert row["translated"] == 4 < row["texts"]

    client = signed_in(french)
    place = client.get("/chat/api/session").json["languages"]["fr"]
    with client.get(f"{place}-launcher.js") as launcher:
        assert launcher.mimetype == "text/javascript"
        assert "immutable" in launcher.headers["Cache-Control"]
        assert '"launcher.open": "Ouvrir la discussion"' in launcher.text
        # A million takes another form in French than in the .po file, which knows two.
        assert '{ one: "Ouvrir, {count} message", many: "Ouvrir, {count} messages"' in launcher.text
    with client.get(f"{place}.js") as panel:
        assert '"close": "Fermer"' in panel.text
        assert '"back"' not in panel.text
    assert client.get(place.replace("/fr/", "/de/") + ".js").status_code == 404

    stranger = french.app.test_client()
    asked = stranger.get("/chat/api/session", headers={"Accept-Language": "fr-CA, de;q=0.5"})
    assert asked.json["error"]["detail"] == "Veuillez vous connecter."


def test_a_host_says_something_else_in_a_language_of_ours(french):
    french.translate("de", **{"Please sign in.": "Melde dich an."})
    client = french.app.test_client()

    def detail(path):
        return client.get(path, headers={"Accept-Language": "de"}).json["error"]["detail"]

    assert detail("/chat/api/session") == "Melde dich an."
    assert detail("/chat/static/old/widget.js").startswith("Diese Seite ist älter")


def test_a_translation_that_has_lost_a_name_is_refused(french):
    refused = french.translate("fr", **{"typing.one": "Quelqu'un écrit…"})
    assert refused.exit_code == 1
    assert "'typing.one' has lost {one}." in refused.output


def test_no_language_is_made_up(french):
    refused = french.app.test_cli_runner().invoke(args=["chat", "translate", "klingon-x"])
    assert refused.exit_code == 1
    assert "is not a language" in refused.output
