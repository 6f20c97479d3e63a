"""The app for a server: ``gunicorn -k gevent host_example.wsgi:app``.

Reads DATABASE_URL, CHAT_BUS_URL, SECRET_KEY and SESSION_COOKIE_SECURE from the environment.
"""

from gevent import monkey

monkey.patch_all()  # before every other import: a module that came earlier may keep blocking parts

from host_example import create_app

app = create_app()
