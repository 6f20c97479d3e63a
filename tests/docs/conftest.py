"""The example apps of the pages, each brought to life in a folder of its own."""

import importlib.util
import sys

import pytest

from tests.docs.pages import block


@pytest.fixture
def bring_to_life(tmp_path, monkeypatch):
    """Import a block of a page as a module; its database lies in the test's own folder."""
    made = []

    def bring(page, name):
        file = tmp_path / f"example_{len(made)}.py"
        file.write_text(block(page, name), encoding="utf-8")
        spec = importlib.util.spec_from_file_location(file.stem, file)
        module = importlib.util.module_from_spec(spec)
        # Flask looks here for the folder that the app lives in.
        monkeypatch.setitem(sys.modules, file.stem, module)
        spec.loader.exec_module(module)
        made.append(module)
        return module

    yield bring
    for module in made:
        with module.app.app_context():
            module.db.session.remove()
            module.db.engine.dispose()


@pytest.fixture
def school(bring_to_life):
    """The app of the quickstart, after its third step."""
    module = bring_to_life("docs/quickstart.md", "school")
    run = module.app.test_cli_runner().invoke
    for command in (["fill"], ["chat", "init-db"]):
        result = run(args=command)
        assert result.exit_code == 0, result.output
    return module


@pytest.fixture
def people(school):
    """Ana and Ben, as a host's tests would have them."""
    with school.app.app_context():
        found = list(school.db.session.scalars(school.db.select(school.User)))
        school.db.session.expunge_all()
    return found
