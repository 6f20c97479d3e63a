"""Views for hosts' own reports: threads, turns and their answers, what is unanswered."""

from alembic import context, op

from flask_chat.migrations import views

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    dialect = context.get_context().dialect.name
    for statement in [*views.dropped(views.TALK), *views.made(views.TALK, dialect)]:
        op.execute(statement)


def downgrade() -> None:
    for statement in views.dropped(views.TALK):
        op.execute(statement)
