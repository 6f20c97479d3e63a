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

with context.begin_transaction():
    if schema is not None and connection.dialect.name == "postgresql":
        quoted = connection.dialect.identifier_preparer.quote(schema)
        context.execute(f"SET LOCAL search_path TO {quoted}, public")
    context.run_migrations()
