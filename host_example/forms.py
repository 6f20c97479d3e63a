"""The forms people fill in."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length

from host_example.models import ApplicationStatus


class LoginForm(FlaskForm):
    username = StringField("Username", [InputRequired(), Length(max=60)])
    password = PasswordField("Password", [InputRequired(), Length(max=200)])


class StatusForm(FlaskForm):
    """A decision about an application, with a word on why; the template draws the choices."""

    status = StringField("New status", [AnyOf([status.value for status in ApplicationStatus])])
    note = TextAreaField("Note for the timeline", [Length(max=2000)])


class NoteForm(FlaskForm):
    text = TextAreaField("Add a note", [InputRequired(), Length(max=2000)])
