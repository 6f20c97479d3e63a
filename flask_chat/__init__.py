"""Real-time chat inside an existing Flask app: its database, its users, its login.

::

    from flask_chat import Chat

    chat = Chat()
    chat.init_app(app, db, User)

and ``{{ chat_widget() }}`` in a template.
"""

from . import errors, signals
from .actions import Field
from .extension import Chat

__version__ = "0.1.0"

__all__ = ["Chat", "Field", "__version__", "errors", "signals"]
