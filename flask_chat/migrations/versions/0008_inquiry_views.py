"""Views for hosts' own reports about their offices: the queue, and the times of each round."""

from alembic import context, op

from flask_chat.migrations import views

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    dialect = context.get_context().dialect.name
    made = views.made(views.OFFICES_BEFORE, dialect)
    for statement in [*views.dropped(views.OFFICES), *made]:
        op.execute(statement)


def downgrade() -> None:
    for statement in views.dropped(views.OFFICES):
        op.execute(statement)
