"""Flask-SocketIO with gevent: a room for each conversation, several processes over Redis."""

from gevent import monkey

monkey.patch_all()

import os

import store
from flask import Flask, request, session
from flask_socketio import SocketIO, emit, join_room

app = Flask(__name__)
app.config["SECRET_KEY"] = "bench"
socketio = SocketIO(app, async_mode="gevent", message_queue=os.environ.get("BENCH_REDIS"))


@socketio.on("connect")
def connect():
    person = store.person_with(request.args.get("token"))
    if person is None:
        return False
    session["person"] = person
    for conversation in store.conversations_of(person):
        join_room(conversation)
    return True


@socketio.on("message")
def post(command):
    conversation = command["conversation"]
    message = store.add_message(session["person"], conversation, command["text"])
    emit("message", message, to=conversation)


if __name__ == "__main__":
    socketio.run(app, host="127.0.0.1", port=int(os.environ["BENCH_PORT"]))
