"""flask-sock under gevent, as one writes it on the first day."""

from gevent import monkey

monkey.patch_all()

import json
import os
from collections import defaultdict

import store
from flask import Flask, request
from flask_sock import Sock
from gevent.pywsgi import WSGIServer
from simple_websocket import ConnectionClosed

app = Flask(__name__)
sock = Sock(app)
sockets = defaultdict(set)


@sock.route("/ws")
def chat(ws):
    person = store.person_with(request.args.get("token"))
    if person is None:
        ws.close(4001)
        return
    sockets[person].add(ws)
    try:
        ws.send(json.dumps({"type": "ready"}))
        while True:
            command = json.loads(ws.receive())
            conversation = command["conversation"]
            message = store.add_message(person, conversation, command["text"])
            for member in store.members_of(conversation):
                tell(member, message)
    finally:
        sockets[person].discard(ws)


def tell(person, message):
    for ws in list(sockets.get(person, ())):
        try:
            ws.send(json.dumps(message))
        except (ConnectionClosed, OSError):
            sockets[person].discard(ws)


if __name__ == "__main__":
    address = "127.0.0.1", int(os.environ["BENCH_PORT"])
    WSGIServer(address, app, log=None, backlog=8192).serve_forever()
