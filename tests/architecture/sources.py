"""The repository's files, read as text and as syntax trees."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "flask_chat"


class Source(NamedTuple):
    """One Python file."""

    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        """Its path from the top of the repository, as messages should show it."""
        return self.path.relative_to(ROOT).as_posix()

    def at(self, node: ast.AST) -> str:
        """Where a node stands, in the form editors understand."""
        return f"{self.name}:{node.lineno}"


def python_sources(*folders: str) -> list[Source]:
    """Every Python file below the folders; an empty answer would make each rule pass unasked."""
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    assert paths, f"no Python files below {folders}"
    return [Source(path, ast.parse(path.read_text(encoding="utf-8"), str(path))) for path in paths]


def script_files() -> list[Path]:
    """Every browser module of ours; what is published by others is not ours to judge."""
    paths = sorted((PACKAGE / "static").rglob("*.js"))
    ours = [path for path in paths if "vendor" not in path.parts]
    assert ours, "no browser modules below flask_chat/static"
    return ours


def calls(source: Source) -> Iterator[ast.Call]:
    """Every call in a file."""
    return (node for node in ast.walk(source.tree) if isinstance(node, ast.Call))


def functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function in a file, methods and inner ones included."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return (node for node in ast.walk(source.tree) if isinstance(node, kinds))


def last_name(node: ast.expr) -> str:
    """The word nearest to the dot: `session` of `self.db.session`, also of `db.session()`."""
    if isinstance(node, ast.Call):
        return last_name(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    return ""
