"""Rules that imports cannot tell: who commits, who reads the configuration, how long a file is.

Every rule reads syntax trees, not text, so a word in a comment offends nobody.
"""

import ast
import configparser
import shlex
import statistics

import pytest

from tests.architecture.sources import (
    PACKAGE,
    ROOT,
    Source,
    calls,
    functions,
    last_name,
    python_sources,
    script_files,
)

LONGEST_FILE = 400
LONGEST_FUNCTION = 80
USUAL_FILE = 150
USUAL_FUNCTION = 40  # of twenty functions, nineteen are shorter


def offences(rule, *, allowed: tuple[str, ...]) -> list[str]:
    """Where in the package a rule is broken; `allowed` are paths below flask_chat/."""
    return [
        offence
        for source in python_sources("flask_chat")
        if not source.name.removeprefix("flask_chat/").startswith(allowed)
        for offence in rule(source)
    ]


def commits(source: Source) -> list[str]:
    return [
        source.at(call)
        for call in calls(source)
        if isinstance(call.func, ast.Attribute)
        and (
            call.func.attr == "commit"
            or (call.func.attr == "remove" and "session" in last_name(call.func.value))
        )
    ]


def prints(source: Source) -> list[str]:
    return [source.at(call) for call in calls(source) if last_name(call.func) == "print"]


def configuration_reads(source: Source) -> list[str]:
    handed_on = [
        arg for call in calls(source) if last_name(call.func) == "read" for arg in call.args
    ]
    return [
        source.at(node)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "config"
        and last_name(node.value).endswith("app")
        and node not in handed_on  # to config.read(), the one place where it is looked into
    ]


def test_only_database_py_commits_or_removes_a_session():
    found = offences(commits, allowed=("database.py",))
    assert not found, (
        f"{found}: use database.transaction() or database.released(); "
        "whoever opened a transaction ends it, and they know who that was"
    )


def test_only_the_command_line_prints():
    found = offences(prints, allowed=("cli/",))
    assert not found, f"{found}: a library logs, through logging.getLogger(__name__)"


def test_only_config_py_reads_the_apps_configuration():
    found = offences(configuration_reads, allowed=("config.py",))
    assert not found, f"{found}: declare a setting in config.py and ask for that"


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (commits, "db.session.commit()"),
        (commits, "self.host.session().remove()"),
        (prints, "print('here')"),
        (configuration_reads, "current_app.config['X']"),
        (configuration_reads, "self._app.config.get('X')"),
    ],
)
def test_a_rule_notices_the_line_it_forbids(rule, line):
    assert rule(Source(PACKAGE / "room.py", ast.parse(line)))


@pytest.mark.parametrize(
    "line", ["members.remove(ana)", "self.config.idle_seconds", "read(app.config)"]
)
def test_no_rule_minds_an_innocent_line(line):
    source = Source(PACKAGE / "room.py", ast.parse(line))
    assert not commits(source) + configuration_reads(source) + prints(source)


def file_lengths() -> dict[str, int]:
    """Lines per file of ours, in both languages; catalogues and migrations are lists, not code."""
    paths = [source.path for source in python_sources("flask_chat", "host_example")]
    code = [path for path in paths if "versions" not in path.parts]
    code += [path for path in script_files() if "i18n" not in path.parts]
    return {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in code
    }


def function_lengths() -> dict[str, int]:
    """Lines per function of the package, docstrings not counted."""
    return {
        f"{source.at(function)} {function.name}": function.end_lineno
        - function.lineno
        + 1
        - docstring_lines(function)
        for source in python_sources("flask_chat")
        if "versions" not in source.path.parts
        for function in functions(source)
    }


def docstring_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    if ast.get_docstring(function) is None:
        return 0
    return function.body[0].end_lineno - function.body[0].lineno + 1


def test_no_file_outgrows_its_noun():
    long = {name: lines for name, lines in file_lengths().items() if lines > LONGEST_FILE}
    assert not long, f"split by noun, never into utils: {long}"


def test_files_are_usually_short():
    assert statistics.median(file_lengths().values()) <= USUAL_FILE


def test_no_function_fills_two_screens():
    long = {name: lines for name, lines in function_lengths().items() if lines > LONGEST_FUNCTION}
    assert not long, f"one level of abstraction per function: {long}"


def test_functions_are_usually_short():
    lengths = sorted(function_lengths().values())
    assert lengths[int(len(lengths) * 0.95)] < USUAL_FUNCTION


def test_no_file_is_named_for_nothing():
    vague = {"utils", "util", "misc", "common", "manager", "managers"}
    found = [path.name for path in PACKAGE.rglob("*") if path.stem in vague]
    assert not found, f"name the noun: {found}"


def test_every_test_is_run_by_exactly_one_check():
    """A folder that no tox environment names is never run, and nobody would notice."""
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(ROOT / "tox.ini")
    default = [name.strip() for name in tox["tox"]["env_list"].split(",")]
    named = [
        word
        for check in default
        if "commands" in tox[f"testenv:{check}"]
        for word in shlex.split(tox[f"testenv:{check}"]["commands"].replace("\\\n", " "))
        if word.startswith("tests/")
    ]
    folders = {f"tests/{path.parts[0]}" for path in every_test_file()}
    elsewhere = {"tests/journeys"}  # marked `browser`, which that check asks for
    assert sorted(named) == sorted(folders - elsewhere), (
        "every folder with tests belongs to exactly one default check of tox.ini"
    )


def every_test_file():
    """Every file with Python tests, from tests/."""
    return [path.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("test_*.py")]


def test_every_widget_test_has_the_name_the_runner_looks_for():
    unseen = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests" / "widget").rglob("*js")
        if "node:test" in path.read_text(encoding="utf-8") and not path.name.endswith(".test.js")
    ]
    assert not unseen, f"name these *.test.js, or they are never run: {unseen}"
