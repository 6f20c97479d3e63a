"""TLS inside the server's own process: the same socket, only slower."""

import shutil
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import websocket

from .serving import Server

OPTIONS = {
    "gunicorn-gevent": ("--certfile", "--keyfile"),
    "gunicorn-pywsgi": ("--certfile", "--keyfile"),
    "gunicorn-gthread": ("--certfile", "--keyfile"),
    "werkzeug": ("--cert", "--key"),
}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    assert shutil.which("openssl"), "apt-get install --no-install-recommends openssl"
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
            "-subj", "/CN=127.0.0.1", "-keyout", str(key), "-out", str(cert),
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    return cert, key


@pytest.mark.parametrize("name", OPTIONS)
def test_a_socket_over_tls_carries_much_and_ends_with_its_code(
    start: Callable[..., Server], certificate: tuple[Path, Path], name: str
) -> None:
    (cert_option, key_option), (cert, key) = OPTIONS[name], certificate
    server = start(name, {}, cert_option, str(cert), key_option, str(key), scheme="https")
    client = websocket.create_connection(
        f"wss://127.0.0.1:{server.port}/ws", timeout=10, sslopt={"cert_reqs": ssl.CERT_NONE}
    )
    assert client.recv() == '{"type":"hello"}'
    for number in range(100):
        client.send(f"{number}")
    assert [int(client.recv()) for _ in range(100)] == list(range(100))
    client.send(f"big {4 << 20}")
    assert len(client.recv()) == (4 << 20) + 2
    client.send("close 4001")
    opcode, payload = client.recv_data()
    assert (opcode, payload[:2]) == (8, (4001).to_bytes(2, "big"))
    client.shutdown()
