"""Several events in several places under one question, and moving between them; closing events for good."""

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
    let_events_be_closed()
    let_bookings_outlive_people()
    keep_trials_and_rooms()
    let_the_last_day_move()


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


def let_events_be_closed() -> None:
    """Events that are there already are closed by nobody but a person: nobody was told of a day."""
    op.add_column("event", sa.Column("closes_after", sa.Integer(), nullable=True))
    op.add_column("event", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outside_call", sa.Column("source", sa.Text(), nullable=False, server_default=""))
    op.add_column("outside_call", sa.Column("declared_on", sa.Date(), nullable=True))
    op.add_column("places", sa.Column("confirmed", sa.Integer(), nullable=True))
    op.add_column("places", sa.Column("came", sa.Integer(), nullable=True))
    op.add_column("certificate", sa.Column("stays", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("certificate", sa.Column("closed_by", sa.Text(), nullable=True))
    op.add_column("certificate", sa.Column("digest", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "kept_figures",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_kept_figures_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_figures")),
        sa.UniqueConstraint("event_id", name=op.f("uq_kept_figures_event_id")),
    )


def let_events_stay_open() -> None:
    op.drop_table("kept_figures")
    kept = {
        "certificate": ("digest", "closed_by", "stays"),
        "places": ("came", "confirmed"),
        "outside_call": ("declared_on", "source"),
        "event": ("closed_at", "closes_after"),
    }
    for table, columns in kept.items():
        with copying(table) as batch_op:
            for column in columns:
                batch_op.drop_column(column)


def let_bookings_outlive_people() -> None:
    kind = sa.Enum(
        "interpreter", "captions", "loop", "step-free", "other", name="needkind", native_enum=False, length=32
    )
    op.add_column("access_need", sa.Column("booked_with", sa.Text(), nullable=False, server_default=""))
    op.add_column("access_need", sa.Column("booked_on", sa.Date(), nullable=True))
    op.create_table(
        "freed_booking",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("booked_with", sa.Text(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_freed_booking_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_freed_booking")),
    )
    op.create_index(op.f("ix_freed_booking_event_id"), "freed_booking", ["event_id"])


def take_freed_bookings_away() -> None:
    op.drop_table("freed_booking")
    with copying("access_need") as batch_op:
        batch_op.drop_column("booked_on")
        batch_op.drop_column("booked_with")


def keep_trials_and_rooms() -> None:
    """What strangers made of the question, and the rooms beside the one with the tables."""
    op.create_table(
        "trial",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("is_clear", sa.Boolean(), nullable=False),
        sa.Column("is_answerable", sa.Boolean(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_trial_event_id_event"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial")),
    )
    op.create_index(op.f("ix_trial_event_id"), "trial", ["event_id"])
    op.create_table(
        "room",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("where", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_room_event_id_event"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("event_id", "name", name=op.f("uq_room_event_id_name")),
    )


def let_the_last_day_move() -> None:
    """The last day to give a place up moves with the event, so it says for which day it was written."""
    op.add_column("places", sa.Column("cut_off_for", sa.Date(), nullable=True))
    op.execute("UPDATE places SET cut_off_for = (SELECT held_on FROM event WHERE event.id = places.event_id)")


def keep_the_last_day() -> None:
    with copying("places") as batch_op:
        batch_op.drop_column("cut_off_for")


def forget_trials_and_rooms() -> None:
    op.drop_table("room")
    op.drop_table("trial")


def downgrade() -> None:
    keep_the_last_day()
    forget_trials_and_rooms()
    take_freed_bookings_away()
    let_events_stay_open()
    take_series_away()
