"""Django Channels: a consumer, a group for each conversation, Redis between the processes."""

import os
from urllib.parse import parse_qs

import django
from django.conf import settings

PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000;"

settings.configure(
    SECRET_KEY="bench",
    USE_TZ=True,
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["channels"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ["BENCH_FILE"],
            "CONN_MAX_AGE": 60,
            "OPTIONS": {"init_command": PRAGMAS, "transaction_mode": "IMMEDIATE"},
        }
    },
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": [os.environ["BENCH_REDIS"]]},
        }
    },
)
django.setup()

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.db import models
from django.urls import path


class Person(models.Model):
    name = models.TextField()
    token = models.TextField(unique=True)

    class Meta:
        app_label, db_table, managed = "bench", "person", False


class Membership(models.Model):
    pk = models.CompositePrimaryKey("conversation", "person")
    conversation = models.IntegerField()
    person = models.IntegerField()

    class Meta:
        app_label, db_table, managed = "bench", "membership", False


class Message(models.Model):
    id = models.AutoField(primary_key=True)
    conversation = models.IntegerField()
    author = models.IntegerField()
    text = models.TextField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label, db_table, managed = "bench", "message", False


@database_sync_to_async
def signed_in(token):
    person = Person.objects.filter(token=token).first()
    if person is None:
        return None, []
    own = Membership.objects.filter(person=person.id)
    return person.id, list(own.values_list("conversation", flat=True))


@database_sync_to_async
def add_message(person, conversation, text):
    if not Membership.objects.filter(conversation=conversation, person=person).exists():
        return None
    message = Message.objects.create(conversation=conversation, author=person, text=text)
    return {
        "type": "message", "id": message.id, "conversation": conversation, "author": person,
        "text": text, "sent_at": message.sent_at.isoformat(),
    }  # fmt: skip


class Chat(AsyncJsonWebsocketConsumer):
    groups_of_mine = ()

    async def connect(self):
        token = parse_qs(self.scope["query_string"].decode())["token"][0]
        self.person, conversations = await signed_in(token)
        if self.person is None:
            await self.close(4001)
            return
        self.groups_of_mine = [f"conversation.{key}" for key in conversations]
        for group in self.groups_of_mine:
            await self.channel_layer.group_add(group, self.channel_name)
        await self.accept()
        await self.send_json({"type": "ready"})

    async def disconnect(self, code):
        for group in self.groups_of_mine:
            await self.channel_layer.group_discard(group, self.channel_name)

    async def receive_json(self, command):
        conversation = command["conversation"]
        message = await add_message(self.person, conversation, command["text"])
        if message is not None:
            event = {"type": "posted", "message": message}
            await self.channel_layer.group_send(f"conversation.{conversation}", event)

    async def posted(self, event):
        await self.send_json(event["message"])


application = ProtocolTypeRouter({"websocket": URLRouter([path("ws", Chat.as_asgi())])})
