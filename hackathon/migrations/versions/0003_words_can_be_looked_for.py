"""Words can be looked for: a full-text index over insights, filled with those that are there. And whoever wrote them
can object to the theme that they were put under; hours on duty move with the event's day; and who answers may do
without the letters that fetch them.

On SQLite it is a table of its own that three triggers keep; a later migration that copies the table `insight` must make
them again. On PostgreSQL it is an index over a function, which keeps itself. Accents and capitals make no difference.
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# The per cent sign comes twice: PostgreSQL's driver would take a single one for the place of a value.
PUNCTUATION = "".join(chr(code) for code in range(33, 127) if not chr(code).isalnum()).replace("%", "%%")
ACCENTED = "".join(
    letter
    for letter in map(chr, range(0xC0, 0x250))
    if letter.islower() and len(unicodedata.normalize("NFD", letter)) > 1
)
PLAIN = "".join(unicodedata.normalize("NFD", letter)[0] for letter in ACCENTED)

ON_SQLITE = (
    """CREATE VIRTUAL TABLE insight_words USING fts5(
        text, content='insight', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='3')""",
    """CREATE TRIGGER insight_words_insert AFTER INSERT ON insight BEGIN
        INSERT INTO insight_words (rowid, text) VALUES (new.id, new.text);
    END""",
    """CREATE TRIGGER insight_words_delete AFTER DELETE ON insight BEGIN
        INSERT INTO insight_words (insight_words, rowid, text) VALUES ('delete', old.id, old.text);
    END""",
    """CREATE TRIGGER insight_words_update AFTER UPDATE OF text ON insight BEGIN
        INSERT INTO insight_words (insight_words, rowid, text) VALUES ('delete', old.id, old.text);
        INSERT INTO insight_words (rowid, text) VALUES (new.id, new.text);
    END""",
    "INSERT INTO insight_words (insight_words) VALUES ('rebuild')",
)
# Without punctuation, because PostgreSQL would take words with a stop or a slash between them for an address.
ON_POSTGRESQL = (
    f"""CREATE FUNCTION words_of(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $words$
        SELECT to_tsvector('pg_catalog.simple', translate(
            lower(said), $letters${PUNCTUATION}{ACCENTED}$letters$, '{" " * (len(PUNCTUATION) - 1)}{PLAIN}'))
    $words$""",
    "CREATE INDEX ix_insight_words ON insight USING gin (words_of(text))",
)


def upgrade() -> None:
    for statement in ON_SQLITE if op.get_bind().dialect.name == "sqlite" else ON_POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)
    let_hours_move_and_letters_stop()
    op.create_table(
        "objection",
        sa.Column("insight_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["insight_id"], ["insight.id"], name=op.f("fk_objection_insight_id_insight"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["theme.id"], name=op.f("fk_objection_theme_id_theme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("insight_id", name=op.f("uq_objection_insight_id")),
    )


def let_hours_move_and_letters_stop() -> None:
    with op.batch_alter_table("membership") as batch_op:
        batch_op.add_column(sa.Column("nudged", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("reply_promise") as batch_op:
        batch_op.add_column(sa.Column("written_for", sa.Date(), nullable=True))
    op.execute(
        "UPDATE reply_promise SET written_for = (SELECT held_on FROM event WHERE event.id = reply_promise.event_id)"
    )


def downgrade() -> None:
    with op.batch_alter_table("reply_promise") as batch_op:
        batch_op.drop_column("written_for")
    with op.batch_alter_table("membership") as batch_op:
        batch_op.drop_column("nudged")
    op.drop_table("objection")
    if op.get_bind().dialect.name == "sqlite":
        for change in ("insert", "delete", "update"):
            op.execute(f"DROP TRIGGER insight_words_{change}")
        op.execute("DROP TABLE insight_words")
    else:
        op.execute("DROP INDEX ix_insight_words")
        op.execute("DROP FUNCTION words_of")
