"""``python serve.py MODULE:APP PORT [threads]``: make the host's tables and people as it would, the
chat's as its quickstart says, and serve it."""

import sys

if "threads" not in sys.argv:
    from gevent import monkey

    monkey.patch_all()  # before every other import

import importlib
from typing import Any


def main(module: str, name: str, port: int) -> None:
    host = importlib.import_module(module)
    app: Any = getattr(host, name)
    if name == "create_app":
        app = app()
    for each in getattr(host, "apps", [app]):
        with each.app_context():
            host.fill()
        done = each.test_cli_runner().invoke(
            args=[each.config.get("CHAT_COMMAND", "chat"), "init-db"]
        )
        assert done.exit_code == 0, done.output
    serve(app, port)


def serve(app: Any, port: int) -> None:
    if "threads" in sys.argv:
        from werkzeug.serving import run_simple

        run_simple("127.0.0.1", port, app, threaded=True)
    else:
        from gevent.pywsgi import WSGIServer

        WSGIServer(("127.0.0.1", port), app, log=None).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1].split(":"), int(sys.argv[2]))
