"""The demo as people start it: ``python -m host_example``."""

import os
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def start(tmp_path):
    """Start the demo on a port with a database of its own; it is ended with the test."""
    started = []

    def run(port, *arguments):
        environ = {**os.environ, "PORT": str(port)}
        environ["DATABASE_URL"] = f"sqlite:///{tmp_path / 'demo.db'}"
        process = subprocess.Popen(
            [sys.executable, "-m", "host_example", *arguments],
            cwd=ROOT,
            env=environ,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def wait_until_open(process):
    for line in process.stdout:
        if "is open at" in line:
            return line
    return pytest.fail(f"the demo did not open: {process.stderr.read()}")


def status_of(port, path):
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize("farewell", [signal.SIGTERM, signal.SIGINT])
def test_it_opens_serves_and_closes(start, port, farewell):
    demo = start(port)
    assert f"http://127.0.0.1:{port}" in wait_until_open(demo)
    assert status_of(port, "/login") == 200
    demo.send_signal(farewell)
    assert demo.wait(timeout=20) == 0
    assert "registrar, teacher, student, guardian" in demo.stdout.read()
    assert demo.stderr.read() == ""


def test_a_taken_port_is_explained_in_one_sentence(start):
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        demo = start(taken)
        output, complaints = demo.communicate(timeout=20)
    assert demo.returncode == 1
    assert output == ""
    assert complaints.startswith(f"Port {taken} is taken;")
    assert complaints.count("\n") == 1


def test_a_file_that_is_no_database_is_explained_and_reset_cures_it(start, port, tmp_path):
    (tmp_path / "demo.db").write_text("not a database at all, and long enough to be looked at" * 9)
    demo = start(port)
    _, complaints = demo.communicate(timeout=20)
    assert demo.returncode == 1
    assert "make demo-reset" in complaints
    wait_until_open(start(port, "--reset"))
    assert status_of(port, "/login") == 200
