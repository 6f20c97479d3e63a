"""Every fault of the design has a test, and every test that the table names is there."""

import re
from pathlib import Path

import pytest

from tests.support.servers import ROOT

FAULTS = range(1, 26)
LINE = re.compile(r"^\| (\d+) \| .+? \| (\S+) \| (.+?) \|$", re.MULTILINE)
TABLE = LINE.findall(Path(__file__).with_name("README.md").read_text(encoding="utf-8"))


def test_every_fault_has_a_test():
    assert {int(number) for number, _, _ in TABLE} == set(FAULTS)


@pytest.mark.parametrize(
    ("file", "name"), sorted({(file, name) for _, file, name in TABLE}), ids=lambda text: text[-40:]
)
def test_every_test_of_the_table_is_there(file, name):
    source = (ROOT / file).read_text(encoding="utf-8")
    assert f"def {name}(" in source or f"test('{name}'" in source
