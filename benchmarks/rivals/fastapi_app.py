"""FastAPI: a dictionary of sockets, a short database session in the thread pool."""

from collections import defaultdict

import store
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from fastapi.concurrency import run_in_threadpool
from fastapi.encoders import jsonable_encoder

app = FastAPI()
sockets = defaultdict(set)


@app.websocket("/ws")
async def chat(socket: WebSocket, token: str):
    person = await run_in_threadpool(store.person_with, token)
    if person is None:
        await socket.close(4001)
        return
    await socket.accept()
    sockets[person].add(socket)
    try:
        await socket.send_json({"type": "ready"})
        while True:
            command = await socket.receive_json()
            await post(person, command["conversation"], command["text"])
    except WebSocketDisconnect:
        pass
    finally:
        sockets[person].discard(socket)


async def post(person, conversation, text):
    message = await run_in_threadpool(store.add_message, person, conversation, text)
    for member in await run_in_threadpool(store.members_of, conversation):
        for socket in list(sockets.get(member, ())):
            try:
                await socket.send_json(jsonable_encoder(message))
            except (WebSocketDisconnect, RuntimeError):
                sockets[member].discard(socket)
