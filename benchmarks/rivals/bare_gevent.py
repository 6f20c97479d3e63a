"""The floor: a frame that is built once and written to every socket, and nothing else.

Nobody signs in and nothing is stored. A token names a person; the person's conversations are the
ones they are known to be in, because there is only one that counts: whoever is here hears it.
"""

from gevent import monkey

monkey.patch_all()

import json
import os

from flask import Flask
from flask_sock import Sock
from gevent.pywsgi import WSGIServer
from simple_websocket import ConnectionClosed

app = Flask(__name__)
sock = Sock(app)
everybody = set()


@sock.route("/ws")
def chat(ws):
    line = ws.sock
    everybody.add(line)
    try:
        ws.send(json.dumps({"type": "ready"}))
        while True:
            frame = text_frame(json.dumps(json.loads(ws.receive())).encode())
            for other in everybody:
                other.send(frame)
    except ConnectionClosed:
        pass
    finally:
        everybody.discard(line)


def text_frame(payload):
    size = len(payload)
    head = bytes((0x81, size)) if size < 126 else b"\x81\x7e" + size.to_bytes(2, "big")
    return head + payload


if __name__ == "__main__":
    address = "127.0.0.1", int(os.environ["BENCH_PORT"])
    WSGIServer(address, app, log=None, backlog=8192).serve_forever()
