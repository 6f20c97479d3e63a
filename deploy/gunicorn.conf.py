"""gunicorn for an app with the chat: ``gunicorn -c deploy/gunicorn.conf.py 'school.wsgi:app'``.

The module that is named must have gevent patch the standard library before it imports anything
else. More than one worker needs ``CHAT_BUS_URL=redis://…``; with ``memory://`` one of them serves
the sockets and the clients of the others poll.
"""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gevent"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))

# Sockets and requests are counted together: more than CHAT_SOCKETS_PER_WORKER, which is 4000.
worker_connections = 5000

# The goodbye to the sockets takes CHAT_DRAIN_SECONDS (5) and at most four fifths of this.
graceful_timeout = 15

# A worker that has served so many requests is replaced, each at another moment. A socket is one
# request; its people are told when to come back.
max_requests = 50_000
max_requests_jitter = 5_000

# Proxies that may say https: the app's own ProxyFix decides what is believed of the rest.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")

# A socket would be one line, written when it ends. The chat logs them itself, by ids.
accesslog = None
errorlog = "-"
