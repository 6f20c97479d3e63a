"""The views that hosts' own reports read: how they are made, and how they go.

Said in SQL, not by the models: a view has to stay what its migration has made. Where a later
release changes one, the text of before stays for the migration that made it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

#: Messages of people that are not deleted; ``begins`` where somebody else wrote the one before.
#: What an office says among itself answers nobody.
_TURNS = """
SELECT turns.*,
       {seconds} AS response_seconds
FROM (
    SELECT conversation_id, kind, subject_kind, subject_key, turn, author_id,
           COUNT(*) AS messages, MIN(created_at) AS started_at, MAX(created_at) AS ended_at,
           LEAD(MIN(created_at)) OVER (PARTITION BY conversation_id ORDER BY turn) AS answered_at,
           LEAD(author_id) OVER (PARTITION BY conversation_id ORDER BY turn) AS answered_by_id
    FROM (
        SELECT said.*,
               SUM(begins) OVER (PARTITION BY conversation_id ORDER BY seq) AS turn
        FROM (
            SELECT m.conversation_id, c.kind, c.subject_kind, c.subject_key,
                   m.seq, m.author_id, m.created_at,
                   CASE WHEN LAG(m.seq) OVER one IS NOT NULL
                             AND LAG(m.author_id) OVER one {same} m.author_id
                        THEN 0 ELSE 1 END AS begins
            FROM {schema}chat_message m
            JOIN {schema}chat_conversation c ON c.id = m.conversation_id
            WHERE m.kind = 'user' AND m.deleted_at IS NULL AND c.kind <> 'notes'
            WINDOW one AS (PARTITION BY m.conversation_id ORDER BY m.seq)
        ) said
    ) told
    GROUP BY conversation_id, kind, subject_kind, subject_key, turn, author_id
) turns
"""

_THREADS = """
SELECT conversation_id, subject_kind, subject_key, messages, started_at, last_message_at,
       last_author_id
FROM (
    SELECT m.conversation_id, c.subject_kind, c.subject_key, m.seq,
           COUNT(*) OVER one AS messages,
           MIN(m.created_at) OVER one AS started_at,
           m.created_at AS last_message_at,
           m.author_id AS last_author_id,
           ROW_NUMBER() OVER (PARTITION BY m.conversation_id ORDER BY m.seq DESC) AS place
    FROM {schema}chat_message m
    JOIN {schema}chat_conversation c ON c.id = m.conversation_id
    WHERE m.kind = 'user' AND m.deleted_at IS NULL AND c.subject_kind IS NOT NULL
    WINDOW one AS (PARTITION BY m.conversation_id)
) said
WHERE place = 1
"""

_UNANSWERED = """
SELECT conversation_id, kind, subject_kind, subject_key, author_id, messages,
       started_at AS waiting_since, ended_at AS last_message_at
FROM {schema}chat_turn_view
WHERE answered_at IS NULL AND kind NOT IN ('self', 'announcement')
"""

#: What was written to an office. Whether whoever has it still works there only the host's rows say.
_INQUIRIES = """
SELECT conversation_id, inbox, opened_with, writer_id, assignee_id,
       CASE WHEN closed_at IS NOT NULL THEN 'closed'
            WHEN snoozed_until > {now} THEN 'waiting'
            WHEN assignee_id IS NULL THEN 'new'
            ELSE 'assigned' END AS state,
       round, opened_at, waiting_since, {waiting} AS waiting_seconds, snoozed_until, closed_at
FROM {schema}chat_inquiry
WHERE round > 0
"""

_ROUNDS = """
SELECT i.conversation_id, r.number AS round, r.inbox, i.writer_id,
       r.opened_at, r.asked_at, r.first_answer_at, r.answered_by_id, {response} AS response_seconds,
       r.closed_at, r.closed_by_id, {resolution} AS resolution_seconds
FROM {schema}chat_inquiry_round r
JOIN {schema}chat_inquiry i ON i.id = r.inquiry_id
"""

#: As version 0008 made it, before an office could begin a round.
_ROUNDS_BEFORE = _ROUNDS.replace("r.asked_at, ", "").replace("{response}", "{response_before}")

#: In this order: the last reads the first.
TALK = {
    "chat_turn_view": _TURNS,
    "chat_thread_view": _THREADS,
    "chat_unanswered_view": _UNANSWERED,
}
OFFICES = {"chat_inquiry_view": _INQUIRIES, "chat_inquiry_round_view": _ROUNDS}
OFFICES_BEFORE = {"chat_inquiry_view": _INQUIRIES, "chat_inquiry_round_view": _ROUNDS_BEFORE}
NAMES = (*TALK, *OFFICES)

_NOW = {
    "postgresql": "clock_timestamp()",
    "sqlite": "(strftime('%Y-%m-%d %H:%M:%f', 'now') || '000')",
}


def _seconds(dialect: str, begin: str, end: str) -> str:
    """The time between two moments; nothing, where one of them has not come."""
    if dialect == "postgresql":
        return f"CAST(EXTRACT(EPOCH FROM {end} - {begin}) AS double precision)"
    return f"ROUND((julianday({end}) - julianday({begin})) * 86400.0, 3)"


def _says(dialect: str) -> dict[str, str]:
    return {
        "same": "IS NOT DISTINCT FROM" if dialect == "postgresql" else "IS",
        "now": _NOW[dialect],
        "seconds": _seconds(dialect, "started_at", "answered_at"),
        "waiting": _seconds(dialect, "waiting_since", _NOW[dialect]),
        "response": _seconds(dialect, "r.asked_at", "r.first_answer_at"),
        "response_before": _seconds(dialect, "r.opened_at", "r.first_answer_at"),
        "resolution": _seconds(dialect, "r.opened_at", "r.closed_at"),
    }


def made(views: Mapping[str, str], dialect: str, schema: str = "") -> list[str]:
    """What makes these views.

    :param schema: where the tables are, with its quotes and dot; nothing where they are found.
    """
    return [
        f"CREATE VIEW {schema}{name} AS {text.format(schema=schema, **_says(dialect))}"
        for name, text in views.items()
    ]


def dropped(views: Iterable[str], schema: str = "") -> list[str]:
    """What takes them away; harmless where they are not."""
    return [f"DROP VIEW IF EXISTS {schema}{name}" for name in reversed([*views])]


def make_anew(connection: Connection, schema: str | None) -> None:
    """Make them for tables that no migration of ours has made."""
    place = ""
    if schema is not None:
        place = connection.dialect.identifier_preparer.quote(schema) + "."
    for statement in [
        *dropped(NAMES, place),
        *made({**TALK, **OFFICES}, connection.dialect.name, place),
    ]:
        connection.exec_driver_sql(statement)
