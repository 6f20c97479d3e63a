from gevent import monkey

monkey.patch_all()  # noqa: E702  # before every other import, or sockets block

# The app for a server: gunicorn -k gevent host_example.wsgi:app
# It reads DATABASE_URL, CHAT_BUS_URL, SECRET_KEY and SESSION_COOKIE_SECURE from the environment.

from host_example import create_app  # noqa: E402

app = create_app()
