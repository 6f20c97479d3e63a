"""Let a load generator from outside measure our server: its adapter, and how to start it.

    python -m benchmarks.referee FOLDER [its own options] --peers flask_chat,node_ws

FOLDER holds a generator that nobody here wrote: ``run.py`` with its ``PEER`` table, ``adapters.py``
with ``ADAPTERS``, ``loadgen.py``, and the servers it knows. It is copied and runs as it is; the
copy learns about us in two lines. Run it with a Python that has what the folder asks for; ours is
served by the Python of this checkout's ``.venv``. Two figures out of two harnesses that have
nothing in common are worth more than one.
"""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORK = HERE.parent / ".bench"
OURS = HERE.parent / ".venv" / "bin" / "python"
COOKIES = WORK / "referee-cookies.json"
TEMPLATE, FILE = WORK / "referee.template", WORK / "referee.db"


class FlaskChat:
    """How the generator speaks to us; the methods are those of its own adapters."""

    def prepare(self, base: list[str], users: object) -> None:
        """Take the sessions that were signed beforehand: nobody signs in while it is measured."""
        self._cookies = json.loads(COOKIES.read_text())

    def url(self, base: str, user: int) -> str:
        return f"{base}/chat/ws"

    def headers(self, user: int) -> dict[str, str]:
        return {"Cookie": self._cookies[user - 1]}

    def on_open(self) -> None:
        """We speak first."""

    def control(self, data: bytes) -> tuple[bool, None]:
        """Whether this is the first frame; our heartbeats want no answer in text."""
        return data.startswith(b'{"type":"hello"'), None

    def message(self, conversation: int, text: str) -> bytes:
        mark = text[2:12]
        draft = {"conversation": str(conversation), "body": text, "client_id": f"bench-{mark}"}
        return json.dumps({"type": "message.post", "ref": mark, "data": draft}).encode()


def main() -> None:
    """Copy the generator, introduce us, and run it with the options that were given."""
    folder, *options = sys.argv[1:]
    WORK.mkdir(exist_ok=True)
    copy = WORK / "referee"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy, copy_function=shutil.copyfile)
    _prepare()
    path = f"import sys; sys.path.append({str(HERE.parent)!r}); "
    _append(copy / "adapters.py", path + "from benchmarks import referee; "
            "ADAPTERS['flask_chat'] = referee.FlaskChat")  # fmt: skip
    os.environ.setdefault("BENCH_WORK", str(WORK / "referee-work"))
    sys.argv = [str(copy / "run.py"), *options]
    sys.path.insert(0, str(copy))
    run = runpy.run_path(str(copy / "run.py"), run_name="run")
    command = [str(OURS), str(HERE / "referee.py"), "serve", "{port}"]
    run["PEER"]["flask_chat"] = {"dir": "node", "cmd": command, "adapter": "flask_chat"}
    run["main"]()


def serve(port: str) -> None:
    """Our host with a fresh copy of the school."""
    for end in ("", "-wal", "-shm"):
        Path(f"{FILE}{end}").unlink(missing_ok=True)
    shutil.copyfile(TEMPLATE, FILE)
    environment = {
        **os.environ,
        "BENCH_DB": f"sqlite:///{FILE}",
        "BENCH_SET_CHAT_ALLOW_MISSING_ORIGIN": "true",
    }
    # The generator's own modules have common names; ours must not find them.
    environment["PYTHONPATH"] = str(HERE.parent)
    os.execve(OURS, [str(OURS), str(HERE / "host.py"), port], environment)


def _prepare() -> None:
    """The school and its sessions, made by the Python that has our package."""
    code = (
        "import json; from benchmarks import referee, school; "
        "school.fill(f'sqlite:///{referee.TEMPLATE}', referee.HERE.parent); "
        "referee.COOKIES.write_text(json.dumps(school.cookies()))"
    )
    TEMPLATE.unlink(missing_ok=True)
    subprocess.run([str(OURS), "-c", code], check=True, cwd=HERE.parent)


def _append(file: Path, line: str) -> None:
    file.write_text(f"{file.read_text()}\n{line}\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(sys.argv[2])
    else:
        main()
