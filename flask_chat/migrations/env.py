"""Run by Alembic with a connection that the caller has opened."""

from typing import Any

from alembic import context

from flask_chat.migrations import VERSION_TABLE

given = context.config.attributes
connection, schema = given["connection"], given["schema"]
options: dict[str, Any] = {
    "version_table": VERSION_TABLE,
    "version_table_schema": schema,
    "transaction_per_migration": True,
    "render_as_batch": connection.dialect.name == "sqlite",
}
if context.is_offline_mode():
    context.configure(
        dialect_name=connection.dialect.name, literal_binds=True, as_sql=True, **options
    )
else:
    context.configure(connection=connection, **options)

path = None
if schema is not None and connection.dialect.name == "postgresql":
    path = f"{connection.dialect.identifier_preparer.quote(schema)}, public"

with context.begin_transaction():
    if path is not None:
        # What is only printed commits after each version, and LOCAL would end with the first.
        local = "" if context.is_offline_mode() else "LOCAL "
        context.execute(f"SET {local}search_path TO {path}")
    context.run_migrations()
    if path is not None and context.is_offline_mode():
        context.execute("RESET search_path")
