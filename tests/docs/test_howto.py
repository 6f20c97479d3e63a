"""The feature that the how-to adds works, when a copy of the code is changed as the page says."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT

PAGE = "docs/howto/add-a-feature.md"
NEEDED = (
    "flask_chat",
    "host_example",
    "templates",
    "tests/support",
    "tests/rest",
    "docs",
    "scripts",
    "benchmarks",
)
STEP = re.compile(r"<!-- (change|file): (\S+) -->\n```\w+\n(.*?)```\n", re.DOTALL)


def copy_to(folder):
    for name in NEEDED:
        unwanted = shutil.ignore_patterns("__pycache__", "vendor", "*.png", "node_modules")
        shutil.copytree(ROOT / name, folder / name, ignore=unwanted)
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, folder)


def apply(folder, kind, path, code):
    if kind == "file":
        assert not (folder / path).exists(), f"{PAGE} makes {path}, which is there already"
        (folder / path).write_text(code, encoding="utf-8")
        return
    text = (folder / path).read_text(encoding="utf-8")
    for hunk in code.split("@@\n"):
        lines = hunk.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] in " -")
        after = "".join(line[1:] for line in lines if line[0] in " +")
        assert text.count(before) == 1, f"{PAGE} changes what {path} no longer has:\n{before}"
        text = text.replace(before, after)
    (folder / path).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """The code with the feature in it."""
    folder = tmp_path_factory.mktemp("feature")
    copy_to(folder)
    steps = STEP.findall((ROOT / PAGE).read_text(encoding="utf-8"))
    assert len(steps) > 8
    for kind, path, code in steps:
        apply(folder, kind, path, code)
    return folder


def run(folder, *command):
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )


def test_the_tests_of_the_feature_pass(changed):
    tested = run(
        changed,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/rest/test_urgent.py",
    )
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert "8 passed" in tested.stdout


def test_the_docs_learn_of_it(changed):
    assert run(changed, "scripts/generate-docs").returncode == 0
    for page, word in [
        ("configuration.md", "CHAT_URGENT"),
        ("protocol.md", "`not_offered`"),
        ("protocol.md", '"urgent"?'),
        ("commands.md", "flask chat urgent"),
        ("rest.md", "`urgent`"),
        ("openapi.json", '"urgent"'),
    ]:
        assert word in (changed / "docs" / page).read_text(encoding="utf-8")
