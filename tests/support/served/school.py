"""The example school with a test's settings over its own, and a view of its inside."""

from gevent import monkey

monkey.patch_all()  # before every other import

from host_example import create_app  # noqa: E402
from host_example.models import db  # noqa: E402
from tests.support.served import inside  # noqa: E402

app = create_app(inside.settings())
inside.attach(app, db)
