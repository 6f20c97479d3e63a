"""``python serve.py MODULE:APP PORT``: gevent's own server, as a host would start it."""

from gevent import monkey

monkey.patch_all()  # before every other import

import importlib  # noqa: E402
import sys  # noqa: E402

from gevent.pywsgi import WSGIServer  # noqa: E402

if __name__ == "__main__":
    module, _, name = sys.argv[1].partition(":")
    app = getattr(importlib.import_module(module), name)
    WSGIServer(("127.0.0.1", int(sys.argv[2])), app, log=None, backlog=1024).serve_forever()
