"""What the package says about itself is said once, and is true."""

import re
import zipfile
from email.message import Message
from email.parser import Parser
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import flask_chat
from tests.packaging.conftest import ROOT


@pytest.fixture(scope="module")
def metadata(archives: dict[str, Path]) -> Message:
    """The wheel's METADATA."""
    with zipfile.ZipFile(archives["whl"]) as wheel:
        name = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(wheel.read(name).decode("utf-8"))


@pytest.fixture(scope="module")
def requirements(metadata: Message) -> list[Requirement]:
    """Everything the package requires, extras included."""
    return [Requirement(line) for line in metadata.get_all("Requires-Dist")]


def test_the_version_is_the_packages(metadata):
    assert metadata["Version"] == flask_chat.__version__


def test_the_changelog_knows_the_version():
    """A released version has a heading; before its release, what it brings is under Unreleased."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## (Unreleased|{re.escape(flask_chat.__version__)})\b", changelog, re.M)


def test_python_3_11_is_enough(metadata):
    assert metadata["Requires-Python"] == ">=3.11"


def test_no_dependency_is_capped(requirements):
    """A cap would decide for the host which security releases it may install."""
    capped = [
        str(need) for need in requirements if {part.operator for part in need.specifier} != {">="}
    ]
    assert not capped


def test_every_optional_part_is_in_all(requirements):
    def needs(extra: str) -> set[str]:
        optional = [need for need in requirements if need.marker]
        return {need.name for need in optional if need.marker.evaluate({"extra": extra})}

    parts = [
        needs(extra) for extra in ("gevent", "login", "redis", "postgres", "metrics", "openapi")
    ]
    assert all(parts)
    assert needs("all") == set().union(*parts)


def test_the_lowest_versions_are_the_ones_declared(requirements):
    """`make lowest` must test the promise that setup.py makes, not an older one."""
    lines = (ROOT / "tests" / "constraints-lowest.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line for line in lines if line and not line.startswith("#")}
    run_time = [
        need
        for need in requirements
        if need.marker is None or need.marker.evaluate({"extra": "all"})
    ]
    declared = {f"{need.name}{need.specifier}".replace(">=", "==") for need in run_time}
    assert declared <= pinned
    of_flask = {Requirement(line).name.lower() for line in requires("flask")}
    assert {Requirement(line).name for line in pinned - declared} <= of_flask
