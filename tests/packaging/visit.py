"""Visit the tiny host as a browser would, and print what was found as JSON."""

import json
import re

from tiny_host import create_app


def visit() -> dict:
    client = create_app().test_client()
    anonymous = client.get("/").text
    client.get("/sign-in")
    page = client.get("/")
    script = re.search(r'src="([^"]+/widget\.js)"', page.text)
    widget = client.get(script[1]) if script else None
    return {
        "anonymous": anonymous,
        "page status": page.status_code,
        "full page status": client.get("/chat/").status_code,
        "widget path": script and script[1],
        "widget status": widget and widget.status_code,
        "widget type": widget and widget.mimetype,
        "german": refusal(client, "de") != refusal(client, "en"),
    }


def refusal(client, language: str) -> str:
    """How somebody who speaks this language is told that there is no such conversation."""
    headers = {"Accept-Language": language}
    return client.get("/chat/api/conversations/99", headers=headers).json["error"]["detail"]


print(json.dumps(visit()))
