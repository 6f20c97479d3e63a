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


def test_the_wheel_holds_the_package_whole(wheel_names, checkout):
    assert {f"flask_chat/{name}" for name in files(checkout / "flask_chat")} <= wheel_names


def test_the_wheel_holds_the_templates_inside_the_package(wheel_names, checkout):
    assert {f"flask_chat/templates/{name}" for name in files(checkout / "templates")} <= wheel_names


@pytest.mark.parametrize(
    "needed",
    [
        "py.typed",
        "static/widget.js",
        "static/element.js",
        "migrations/env.py",
        "migrations/versions/",
    ],
)
def test_the_wheel_holds_what_is_easily_forgotten(wheel_names, needed):
    assert any(name.startswith(f"flask_chat/{needed}") for name in wheel_names)


def test_the_wheel_holds_nothing_else(wheel_names):
    tops = {name.partition("/")[0] for name in wheel_names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"flask_chat"}


def test_the_wheel_carries_the_licence(wheel_names):
    assert any(".dist-info/" in name and name.endswith("LICENSE") for name in wheel_names)


@pytest.mark.parametrize("folder", ["flask_chat", "templates", "host_example", "tests", "scripts"])
def test_the_source_archive_holds_the_repository(source_names, checkout, folder):
    assert {f"{folder}/{name}" for name in files(checkout / folder)} <= source_names


@pytest.mark.parametrize(
    "name", ["setup.py", "tox.ini", "toxfile.py", "Makefile", "LICENSE", ".ci/run"]
)
def test_the_source_archive_holds_the_frame(source_names, name):
    assert name in source_names
