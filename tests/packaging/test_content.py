"""The wheel holds the package whole, and nothing else; the source archive holds the repository."""

import tarfile
import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def wheel_names(archives: dict[str, Path]) -> set[str]:
    """The files in the wheel."""
    with zipfile.ZipFile(archives["whl"]) as wheel:
        return {name for name in wheel.namelist() if not name.endswith("/")}


@pytest.fixture(scope="module")
def source_names(archives: dict[str, Path]) -> set[str]:
    """The files in the source archive, without the folder that holds them all."""
    with tarfile.open(archives["gz"]) as source:
        return {member.name.partition("/")[2] for member in source if member.isfile()}


def files(folder: Path) -> set[str]:
    """Every file below a folder, as paths from it."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_wheel_holds_the_package_and_the_templates_in_it_and_nothing_else(
    wheel_names, checkout
):
    package = {f"flask_chat/{name}" for name in files(checkout / "flask_chat")}
    templates = {f"flask_chat/templates/{name}" for name in files(checkout / "templates")}
    held = {name for name in wheel_names if ".dist-info/" not in name}
    assert held == package | templates


@pytest.mark.parametrize(
    "needed",
    [
        "py.typed",
        "static/widget.js",
        "static/element.js",
        "static/react.js",
        "static/package.json",
        "static/types/react.d.ts",
        "static/vendor/lit-html/LICENSE",
        "migrations/env.py",
        "migrations/script.py.mako",
        "migrations/versions/",
        "templates/flask_chat/widget.html",
        "translations/ar/LC_MESSAGES/flask_chat.mo",
    ],
)
def test_the_wheel_holds_what_is_easily_forgotten(wheel_names, needed):
    assert any(name.startswith(f"flask_chat/{needed}") for name in wheel_names)


def test_the_wheel_carries_the_licence(wheel_names):
    assert any(".dist-info/" in name and name.endswith("LICENSE") for name in wheel_names)


FOLDERS = [
    ".ci", "benchmarks", "deploy", "docs", "flask_chat", "host_example", "scripts", "templates",
    "tests",
]  # fmt: skip


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_source_archive_holds_the_repository(source_names, checkout, folder):
    assert {f"{folder}/{name}" for name in files(checkout / folder)} <= source_names


@pytest.mark.parametrize(
    "name", ["setup.py", "tox.ini", "toxfile.py", "Makefile", "LICENSE", "package.json"]
)
def test_the_source_archive_holds_the_frame(source_names, name):
    assert name in source_names


def test_the_source_archive_holds_nothing_else(source_names, checkout):
    made = {"PKG-INFO", "setup.cfg"}
    tops = {name.partition("/")[0] for name in source_names if "/" in name}
    assert tops == {*FOLDERS, "flask_chat.egg-info"}
    assert {name for name in source_names if not (checkout / name).exists()} <= made
