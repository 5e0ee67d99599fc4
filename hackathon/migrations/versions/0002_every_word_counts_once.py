"""What a day needs: acts that are answered once, stages by the clock, comments that are looked after, paper, care.

What people have written before this is shown, counted and on time."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "act",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("receipt", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_act_event_id_event"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
        sa.UniqueConstraint("event_id", "client_id", name=op.f("uq_act_event_id_client_id")),
    )
    op.create_table(
        "stage_time",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "draft", "before", "warm_up", "diverge", "converge", "after", name="stage", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_stage_time_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_time")),
        sa.UniqueConstraint("event_id", "stage", name=op.f("uq_stage_time_event_id_stage")),
    )
    op.create_table(
        "seat_before",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_seat_before_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_seat_before_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["table_id"], ["hack_table.id"], name=op.f("fk_seat_before_table_id_hack_table"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_before")),
        sa.UniqueConstraint("participant_id", name=op.f("uq_seat_before_participant_id")),
    )
    with op.batch_alter_table("seat_before", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_before_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_before_table_id"), ["table_id"], unique=False)

    op.create_table(
        "exposure",
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_exposure_statement_id_statement"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exposure")),
        sa.UniqueConstraint("device", "statement_id", name=op.f("uq_exposure_device_statement_id")),
    )
    with op.batch_alter_table("exposure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exposure_statement_id"), ["statement_id"], unique=False)

    op.create_table(
        "card",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("typed", "illegible", "blank", name="cardstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("insight_id", sa.Integer(), nullable=True),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'typed') = (insight_id IS NOT NULL)", name=op.f("ck_card_typed_is_an_insight")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_card_event_id_event"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["insight_id"], ["insight.id"], name=op.f("fk_card_insight_id_insight"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["table_id"], ["hack_table.id"], name=op.f("fk_card_table_id_hack_table"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint("insight_id", name=op.f("uq_card_insight_id")),
        sa.UniqueConstraint("table_id", "number", name=op.f("uq_card_table_id_number")),
    )
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_event_id"), ["event_id"], unique=False)

    op.create_table(
        "care",
        sa.Column("insight_id", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("held_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("no_reply_needed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("no_reply_needed_by", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["account.id"], name=op.f("fk_care_holder_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["insight_id"], ["insight.id"], name=op.f("fk_care_insight_id_insight"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care")),
        sa.UniqueConstraint("insight_id", name=op.f("uq_care_insight_id")),
    )
    op.create_table(
        "hear_back",
        sa.Column("insight_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["insight_id"], ["insight.id"], name=op.f("fk_hear_back_insight_id_insight"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hear_back")),
        sa.UniqueConstraint("insight_id", name=op.f("uq_hear_back_insight_id")),
    )
    op.create_table(
        "insight_link",
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("linked_by", sa.Text(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_insight_link_once")),
        sa.ForeignKeyConstraint(
            ["first_id"], ["insight.id"], name=op.f("fk_insight_link_first_id_insight"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["insight.id"], name=op.f("fk_insight_link_second_id_insight"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight_link")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_insight_link_first_id_second_id")),
    )
    with op.batch_alter_table("insight_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_insight_link_second_id"), ["second_id"], unique=False)

    op.create_table(
        "carried_in",
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("insight_id", sa.Integer(), nullable=False),
        sa.Column("carried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["comment.id"], name=op.f("fk_carried_in_answer_id_comment"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["insight_id"], ["insight.id"], name=op.f("fk_carried_in_insight_id_insight"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["table_id"], ["hack_table.id"], name=op.f("fk_carried_in_table_id_hack_table"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carried_in")),
        sa.UniqueConstraint("table_id", "insight_id", name=op.f("uq_carried_in_table_id_insight_id")),
    )
    with op.batch_alter_table("carried_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_carried_in_insight_id"), ["insight_id"], unique=False)

    op.create_table(
        "concern",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("insight_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "personal",
                "unkind",
                "disclosure",
                "duplicate",
                "off_scope",
                name="hidereason",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_concern_comment_id_comment"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_concern_event_id_event"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["insight_id"], ["insight.id"], name=op.f("fk_concern_insight_id_insight"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
    )
    with op.batch_alter_table("concern", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_concern_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_concern_insight_id"), ["insight_id"], unique=False)

    op.create_table(
        "paper_ballot",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("place", sa.Enum("room", "outside", name="place", native_enum=False, length=32), nullable=False),
        sa.Column("printed_with", sa.Text(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_paper_ballot_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_ballot")),
        sa.UniqueConstraint("event_id", "code", name=op.f("uq_paper_ballot_event_id_code")),
    )

    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("late", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "hidden_reason",
                sa.Enum(
                    "personal",
                    "unkind",
                    "disclosure",
                    "duplicate",
                    "off_scope",
                    name="hidereason",
                    native_enum=False,
                    length=32,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("late", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("waits", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(
            sa.Column(
                "uncounted", sa.Enum("seed", "rehearsal", name="uncounted", native_enum=False, length=32), nullable=True
            )
        )
        batch_op.add_column(sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("late", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("rehearsal", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rehearsal", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "moderation",
                sa.Enum("after", "before", name="moderation", native_enum=False, length=32),
                nullable=False,
                server_default="after",
            )
        )
        batch_op.add_column(sa.Column("rehearsal_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("rehearsal_ended_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("hack_table", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cards_printed", sa.Integer(), nullable=False, server_default="0"))

    with op.batch_alter_table("insight", schema=None) as batch_op:
        batch_op.add_column(sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("late", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("waits", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(
            sa.Column(
                "uncounted", sa.Enum("seed", "rehearsal", name="uncounted", native_enum=False, length=32), nullable=True
            )
        )

    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("part", sa.Text(), nullable=False, server_default=""))

    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dots", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("rank", sa.Integer(), nullable=True))

    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "method",
                sa.Enum("rate", "dots", "ranking", name="votemethod", native_enum=False, length=32),
                nullable=False,
                server_default="rate",
            )
        )
        batch_op.add_column(sa.Column("dots", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("dots_on_one", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("phones_closed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("rehearsal", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_column("rehearsal")
        batch_op.drop_column("phones_closed_at")
        batch_op.drop_column("dots_on_one")
        batch_op.drop_column("dots")
        batch_op.drop_column("method")

    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.drop_column("rank")
        batch_op.drop_column("dots")

    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_column("part")

    with op.batch_alter_table("insight", schema=None) as batch_op:
        batch_op.drop_column("uncounted")
        batch_op.drop_column("waits")
        batch_op.drop_column("late")
        batch_op.drop_column("escalated_at")

    with op.batch_alter_table("hack_table", schema=None) as batch_op:
        batch_op.drop_column("cards_printed")

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_column("rehearsal_ended_at")
        batch_op.drop_column("rehearsal_since")
        batch_op.drop_column("moderation")

    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.drop_column("rehearsal")

    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.drop_column("rehearsal")
        batch_op.drop_column("late")

    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_column("told_at")
        batch_op.drop_column("uncounted")
        batch_op.drop_column("waits")
        batch_op.drop_column("late")
        batch_op.drop_column("escalated_at")
        batch_op.drop_column("hidden_reason")
        batch_op.drop_column("hidden_at")

    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.drop_column("late")

    op.drop_table("paper_ballot")

    with op.batch_alter_table("concern", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_concern_insight_id"))
        batch_op.drop_index(batch_op.f("ix_concern_event_id"))

    op.drop_table("concern")
    with op.batch_alter_table("carried_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_carried_in_insight_id"))

    op.drop_table("carried_in")
    with op.batch_alter_table("insight_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_insight_link_second_id"))

    op.drop_table("insight_link")
    op.drop_table("hear_back")
    op.drop_table("care")
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_card_event_id"))

    op.drop_table("card")
    with op.batch_alter_table("exposure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exposure_statement_id"))

    op.drop_table("exposure")
    op.drop_table("seat_before")
    op.drop_table("stage_time")
    op.drop_table("act")
