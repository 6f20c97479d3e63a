"""The package in every form it travels in, each in an environment of its own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NOT_IN_GIT = shutil.ignore_patterns(
    ".git",
    ".tox",
    ".venv",
    ".*_cache",
    "__pycache__",
    "node_modules",
    "build",
    "dist",
    "*.egg-info",
)


class Environment(NamedTuple):
    """A virtual environment, and the folder its commands run in."""

    folder: Path
    variables: dict[str, str]

    def run(self, program: str, *arguments: str) -> str:
        """Run a program of the environment and return what it prints; fail with all it said."""
        ran = subprocess.run(
            [self.folder / "bin" / program, *arguments],
            cwd=self.folder,
            env=self.variables,
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, f"{program} {' '.join(arguments)}\n{ran.stdout}\n{ran.stderr}"
        return ran.stdout

    def install(self, *requirements: str) -> None:
        """Install with pip, from its cache where it can."""
        self.run("python", "-m", "pip", "--disable-pip-version-check", "install", *requirements)

    def pip(self, *arguments: str) -> Any:
        """Ask pip for what it answers as JSON."""
        answer = self.run("python", "-m", "pip", "--disable-pip-version-check", *arguments)
        return json.loads(answer)

    def beside(self, checkout: Path) -> "Environment":
        """The same environment with a checkout on Python's path, and a database of its own."""
        database = f"sqlite:///{self.folder / 'checkout.sqlite'}"
        variables = {**self.variables, "PYTHONPATH": str(checkout), "DATABASE_URL": database}
        return self._replace(variables=variables)


def make_environment(folder: Path) -> Environment:
    """Build an empty environment with the tiny host in it."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    for name in ("tiny_host.py", "visit.py"):
        shutil.copy(HERE / name, folder)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return Environment(folder, {**inherited, "DATABASE_URL": f"sqlite:///{folder / 'tiny.sqlite'}"})


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository without what building leaves behind."""
    return shutil.copytree(ROOT, tmp_path_factory.mktemp("copy") / "flask-chat", ignore=NOT_IN_GIT)


@pytest.fixture(scope="session")
def archives(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The source archive, and the wheel built from it: by extension, `gz` and `whl`."""
    folder = tmp_path_factory.mktemp("dist")
    built = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, checkout],
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return {path.suffix.removeprefix("."): path for path in folder.iterdir()}


@pytest.fixture(scope="session")
def from_wheel(archives: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The wheel and what it requires, nothing more: no extra may be needed to start."""
    environment = make_environment(tmp_path_factory.mktemp("wheel"))
    environment.install(str(archives["whl"]))
    return environment


@pytest.fixture(scope="session")
def from_editable(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An editable install: the code stays in the checkout, templates/ beside it."""
    environment = make_environment(tmp_path_factory.mktemp("editable"))
    environment.install("setuptools>=69", "wheel")
    environment.install("--no-build-isolation", "--editable", str(checkout))
    return environment


@pytest.fixture(scope="session")
def from_checkout(from_wheel: Environment, checkout: Path) -> Environment:
    """The bare checkout on PYTHONPATH, before the wheel that is also installed there."""
    return from_wheel.beside(checkout)


@pytest.fixture(scope="session")
def from_long_ago(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """What a host may have that was built on the lowest versions and never upgraded."""
    environment = make_environment(tmp_path_factory.mktemp("long-ago"))
    lowest = (ROOT / "tests" / "constraints-lowest.txt").read_text(encoding="utf-8")
    environment.install(*(
        line for line in lowest.splitlines() if line[:1].isalpha() and "gevent" not in line
    ))  # fmt: skip
    return environment


@pytest.fixture(scope="session", params=["wheel", "editable", "checkout"])
def environment(request: pytest.FixtureRequest) -> Environment:
    """Each form in turn."""
    return request.getfixturevalue(f"from_{request.param}")


@pytest.fixture(scope="session")
def visit(environment: Environment) -> dict:
    """What a visitor of the tiny host finds."""
    environment.run("flask", "--app", "tiny_host", "chat", "init-db")
    return json.loads(environment.run("python", "visit.py"))
