"""The floors hold: import-linter finds every contract of pyproject.toml kept."""

import subprocess
import sys

from tests.architecture.sources import PACKAGE, ROOT, python_sources

# What the command lint-imports does, for when its folder is not on PATH.
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as lint; lint()"


def test_every_contract_is_kept():
    linted = subprocess.run(
        [sys.executable, "-c", LINT_IMPORTS, "--no-cache", "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert linted.returncode == 0, (
        "A room imports from its own floor or a higher one. Move what both need to a lower floor, "
        "or let extension.py hand it in.\n" + linted.stdout + linted.stderr
    )


def test_every_folder_with_code_is_a_package():
    """import-linter does not look into a folder without __init__.py: it would be lawless."""
    folders = {source.path.parent for source in python_sources("flask_chat")}
    lawless = {
        folder.relative_to(ROOT).as_posix()
        for folder in folders - {PACKAGE / "migrations" / "versions"}
        if not (folder / "__init__.py").exists()
    }
    assert not lawless, f"give these folders an __init__.py: {sorted(lawless)}"
