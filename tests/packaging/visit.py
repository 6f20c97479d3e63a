"""Visit the tiny host as a browser would, and print what was found as JSON."""

import importlib.metadata
import json
import re
from pathlib import Path

from tiny_host import create_app

import flask_chat


def visit() -> dict:
    client = create_app().test_client()
    anonymous = client.get("/").text
    client.get("/sign-in")
    page = client.get("/")
    script = re.search(r'src="([^"]+/widget\.js)"', page.text)
    widget = client.get(script[1]) if script else None
    return {
        "package": str(Path(flask_chat.__file__).parent),
        "version": flask_chat.__version__,
        "distributions": sorted(
            distribution.name.lower() for distribution in importlib.metadata.distributions()
        ),
        "anonymous": anonymous,
        "page": page.text,
        "page status": page.status_code,
        "full page status": client.get("/chat/").status_code,
        "widget path": script and script[1],
        "widget status": widget and widget.status_code,
        "widget type": widget and widget.mimetype,
    }


print(json.dumps(visit()))
