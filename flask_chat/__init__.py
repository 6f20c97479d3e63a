"""Real-time chat inside an existing Flask app: its database, its users, its login.

::

    from flask_chat import Chat

    chat = Chat()
    chat.init_app(app, db, User)

and ``{{ chat_widget() }}`` in a template.
"""

from . import errors, refusals, signals

refusals.refuse_old_versions()  # before what is too old fails in a way that nobody understands

from .actions import Field  # noqa: E402
from .announcements import Recipients  # noqa: E402
from .extension import Chat  # noqa: E402
from .hours import Hours  # noqa: E402

__version__ = "0.1.0"

__all__ = ["Chat", "Field", "Hours", "Recipients", "__version__", "errors", "signals"]
