"""Several events in several places under one question, and moving between them."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_room_for_series()


def make_room_for_series() -> None:
    op.create_table(
        "series",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("tested_with", sa.Integer(), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=False),
        sa.Column("contact_email", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("code", name=op.f("uq_series_code")),
    )
    refer_to("series", table="event", column="series_id")
    refer_to("registration", table="registration", column="moves_from_id")


def take_series_away() -> None:
    refer_no_more("registration", table="registration", column="moves_from_id")
    refer_no_more("series", table="event", column="series_id")
    op.drop_table("series")


def refer_to(other: str, *, table: str, column: str) -> None:
    with copying(table) as batch_op:
        batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column])
        batch_op.create_foreign_key(f"fk_{table}_{column}_{other}", other, [column], ["id"], ondelete="SET NULL")


def refer_no_more(other: str, *, table: str, column: str) -> None:
    with copying(table) as batch_op:
        batch_op.drop_constraint(f"fk_{table}_{column}_{other}", type_="foreignkey")
        batch_op.drop_index(batch_op.f(f"ix_{table}_{column}"))
        batch_op.drop_column(column)


@contextmanager
def copying(table: str) -> Iterator[BatchOperations]:
    """SQLite changes a table by copying it. While `event` is not there, it must not look at the log's triggers."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if on_sqlite:
        op.execute("PRAGMA legacy_alter_table=ON")
    with op.batch_alter_table(table) as batch_op:
        yield batch_op
    if on_sqlite:
        op.execute("PRAGMA legacy_alter_table=OFF")


def downgrade() -> None:
    take_series_away()
