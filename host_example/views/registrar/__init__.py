"""The registrar's panel: applications, student records, people."""

from __future__ import annotations

from flask import Blueprint

from host_example.models import Role
from host_example.views.auth import require_role

registrar = Blueprint("registrar", __name__, url_prefix="/registrar")
registrar.before_request(require_role(Role.REGISTRAR))

# The pages hang themselves on the blueprint above.
from host_example.views.registrar import applications, people, reports, students  # noqa: E402, F401
