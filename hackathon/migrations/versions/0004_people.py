"""How people come to have a place: by coming first, by approval or by lot; companions, claims, tickets.

Everybody who has registered keeps their place, and gets a ticket.
"""

import sqlalchemy as sa
from alembic import op

from hackathon.core.codes import ticket_code

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WAY = sa.Enum("first_come", "approval", "ballot", name="way", native_enum=False, length=32)
ABOUT = sa.Enum("sector", "organisation", "team", "region", "job_role", name="about", native_enum=False, length=32)
METHOD = sa.Enum("PUBLISH", "REQUEST", "CANCEL", name="method", native_enum=False, length=32)
KIND_OF_WISH = sa.Enum("together", "apart", name="wishkind", native_enum=False, length=32)
MARK = sa.Enum("step-free", "quiet", "loop", "door", name="mark", native_enum=False, length=32)
KIND_OF_NEED = sa.Enum(
    "interpreter", "captions", "loop", "step-free", "other", name="needkind", native_enum=False, length=32
)
STATE_OF_NEED = sa.Enum(
    "asked", "booked", "confirmed", "not-possible", "nothing", name="needstate", native_enum=False, length=32
)
LEANING = sa.Enum("choices", "balanced", "mixing", name="leaning", native_enum=False, length=32)
MOVING = sa.Enum("everybody", "expected", "standing", "no-shows", name="moving", native_enum=False, length=32)

SAID = "event_id, kind, actor, subject_id, detail, at"
# The log goes with its event, and in no other way; a later migration that copies the table on SQLite makes these again.
KEPT_BY_SQLITE = (
    f"""CREATE TRIGGER activity_is_not_changed BEFORE UPDATE OF {SAID} ON activity BEGIN
        SELECT RAISE(ABORT, 'the log is not changed');
    END""",
    """CREATE TRIGGER activity_is_not_deleted BEFORE DELETE ON activity
    WHEN EXISTS (SELECT 1 FROM event WHERE event.id = OLD.event_id) BEGIN
        SELECT RAISE(ABORT, 'the log is not changed');
    END""",
)
KEPT_BY_POSTGRESQL = (
    """CREATE FUNCTION keep_activity() RETURNS trigger LANGUAGE plpgsql AS $keep$
    BEGIN
        IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM event WHERE event.id = OLD.event_id) THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'the log is not changed';
    END $keep$""",
    f"""CREATE TRIGGER activity_is_not_changed BEFORE UPDATE OF {SAID} ON activity
        FOR EACH ROW EXECUTE FUNCTION keep_activity()""",
    "CREATE TRIGGER activity_is_not_deleted BEFORE DELETE ON activity FOR EACH ROW EXECUTE FUNCTION keep_activity()",
)


def upgrade() -> None:
    with op.batch_alter_table("participant") as batch_op:
        batch_op.add_column(sa.Column("team", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("region", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("places") as batch_op:
        batch_op.add_column(sa.Column("chairs", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("oversell", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("way", WAY, nullable=False, server_default="first_come"))
        batch_op.add_column(sa.Column("claim_hours", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_check_constraint("oversell", "oversell BETWEEN 0 AND 100")
    op.execute("UPDATE places SET chairs = capacity")
    with op.batch_alter_table("registration") as batch_op:
        batch_op.add_column(sa.Column("claim_by", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("companion_of_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("booked_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("ticket", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("lot", sa.Integer(), nullable=True))
    give_tickets()
    make_letters_come_back()
    make_room_for_ballots()
    make_room_for_equality()
    make_room_for_proof()
    make_room_for_seat_plans()
    let_questions_retire()
    make_room_for_needs()
    make_room_for_invitations()
    with op.batch_alter_table("registration") as batch_op:
        batch_op.alter_column("ticket", existing_type=sa.Text(), nullable=False)
        batch_op.create_index(batch_op.f("ix_registration_companion_of_id"), ["companion_of_id"], unique=False)
        batch_op.create_unique_constraint("uq_registration_ticket", ["ticket"])
        batch_op.create_unique_constraint("uq_registration_event_id_number", ["event_id", "number"])
        batch_op.create_foreign_key(
            "fk_registration_companion_of_id_registration",
            "registration",
            ["companion_of_id"],
            ["id"],
            ondelete="CASCADE",
        )
        batch_op.create_foreign_key(
            "fk_registration_booked_by_id_participant", "participant", ["booked_by_id"], ["id"], ondelete="SET NULL"
        )


def make_letters_come_back() -> None:
    """Letters with an appointment, a plan for those of the calendar, and what is kept of one that comes back."""
    with op.batch_alter_table("event") as batch_op:
        batch_op.add_column(sa.Column("doors", sa.Time(), nullable=True))
        batch_op.add_column(sa.Column("contact_phone", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("registration") as batch_op:
        batch_op.add_column(sa.Column("assured_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("letter") as batch_op:
        batch_op.add_column(sa.Column("address_key", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("reply_to", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("calendar", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("calendar_method", METHOD, nullable=True))
        batch_op.add_column(sa.Column("once", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("returned_code", sa.Text(), nullable=True))
        batch_op.create_unique_constraint("uq_letter_once", ["once"])
        batch_op.create_index("ix_letter_event_id_kind", ["event_id", "kind"], unique=False)
    op.create_table(
        "letter_plan",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_letter_plan_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_plan")),
        sa.UniqueConstraint("event_id", "kind", name=op.f("uq_letter_plan_event_id_kind")),
    )


def keep_letters_simple() -> None:
    op.drop_table("letter_plan")
    with op.batch_alter_table("letter") as batch_op:
        batch_op.drop_index("ix_letter_event_id_kind")
        batch_op.drop_constraint("uq_letter_once", type_="unique")
        for column in (
            "returned_code",
            "returned_at",
            "once",
            "calendar_method",
            "calendar",
            "reply_to",
            "address_key",
        ):
            batch_op.drop_column(column)
    with op.batch_alter_table("registration") as batch_op:
        batch_op.drop_column("assured_at")
    with op.batch_alter_table("event") as batch_op:
        batch_op.drop_column("contact_phone")
        batch_op.drop_column("doors")


def make_room_for_ballots() -> None:
    op.create_table(
        "reserved_share",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("about", ABOUT, nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_reserved_share_percent")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_reserved_share_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reserved_share")),
        sa.UniqueConstraint("event_id", "name", name=op.f("uq_reserved_share_event_id_name")),
    )
    op.create_table(
        "draw",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("entrants", sa.JSON(), nullable=False),
        sa.Column("seed_source", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gave_up", sa.JSON(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("reserved", sa.JSON(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_draw_event_id_event"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw")),
        sa.UniqueConstraint("event_id", name=op.f("uq_draw_event_id")),
    )


def make_room_for_equality() -> None:
    op.create_table(
        "equality_count",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_equality_count_number")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_equality_count_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equality_count")),
        sa.UniqueConstraint("event_id", "question", "answer", name=op.f("uq_equality_count_event_id_question_answer")),
    )


def make_room_for_proof() -> None:
    op.create_table(
        "certificate",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("erased", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_certificate_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("reference", name=op.f("uq_certificate_reference")),
    )
    op.create_index(op.f("ix_certificate_event_id"), "certificate", ["event_id"])
    op.create_table(
        "seal",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("last_line", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_seal_event_id_event"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal")),
    )
    op.create_index("ix_seal_event_id_last_line", "seal", ["event_id", "last_line"])
    for statement in KEPT_BY_SQLITE if op.get_bind().dialect.name == "sqlite" else KEPT_BY_POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)


def give_tickets() -> None:
    registration = sa.table("registration", sa.column("id", sa.Integer), sa.column("ticket", sa.Text))
    connection = op.get_bind()
    for (number,) in connection.execute(sa.select(registration.c.id)).all():
        connection.execute(registration.update().where(registration.c.id == number).values(ticket=ticket_code()))


def make_room_for_seat_plans() -> None:
    """What tables are good for, who keeps a seat and why; wishes, needs, and runs of the mixer with their way back."""
    with op.batch_alter_table("hack_table") as batch_op:
        batch_op.add_column(sa.Column("marks", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("seat") as batch_op:
        batch_op.add_column(sa.Column("fixed", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("why", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "seat_wish",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("kind", KIND_OF_WISH, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_seat_wish_two_people")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_seat_wish_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["one_id"], ["participant.id"], name=op.f("fk_seat_wish_one_id_participant"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["participant.id"], name=op.f("fk_seat_wish_other_id_participant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_wish")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_seat_wish_one_id_other_id")),
    )
    op.create_index(op.f("ix_seat_wish_event_id"), "seat_wish", ["event_id"])
    op.create_index(op.f("ix_seat_wish_other_id"), "seat_wish", ["other_id"])
    op.create_table(
        "seat_need",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("mark", MARK, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_seat_need_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_need")),
        sa.UniqueConstraint("participant_id", "mark", name=op.f("uq_seat_need_participant_id_mark")),
    )
    op.create_table(
        "seating_run",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leaning", LEANING, nullable=True),
        sa.Column("moving", MOVING, nullable=True),
        sa.Column("seed", sa.Integer(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_seating_run_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seating_run")),
    )
    op.create_index(op.f("ix_seating_run_event_id"), "seating_run", ["event_id"])
    op.create_table(
        "placement",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("before_id", sa.Integer(), nullable=True),
        sa.Column("after_id", sa.Integer(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["after_id"], ["hack_table.id"], name=op.f("fk_placement_after_id_hack_table"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["before_id"], ["hack_table.id"], name=op.f("fk_placement_before_id_hack_table"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_placement_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["seating_run.id"], name=op.f("fk_placement_run_id_seating_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint("run_id", "participant_id", name=op.f("uq_placement_run_id_participant_id")),
    )
    op.create_index(op.f("ix_placement_participant_id"), "placement", ["participant_id"])


def let_questions_retire() -> None:
    with op.batch_alter_table("registration_question") as batch_op:
        batch_op.add_column(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))


def ask_every_question() -> None:
    with op.batch_alter_table("registration_question") as batch_op:
        batch_op.drop_column("retired_at")


def make_room_for_invitations() -> None:
    op.create_table(
        "invitation_list",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("declared_by", sa.Text(), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("invited_on", sa.Date(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("people > 0", name=op.f("ck_invitation_list_people")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_invitation_list_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_list")),
    )
    op.create_index(op.f("ix_invitation_list_event_id"), "invitation_list", ["event_id"])
    op.create_table(
        "invitee",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=True),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("participant_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_invitee_event_id_event"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["list_id"], ["invitation_list.id"], name=op.f("fk_invitee_list_id_invitation_list"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_invitee_participant_id_participant"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitee")),
        sa.UniqueConstraint("event_id", "email_key", name=op.f("uq_invitee_event_id_email_key")),
        sa.UniqueConstraint("token", name=op.f("uq_invitee_token")),
    )
    op.create_index(op.f("ix_invitee_list_id"), "invitee", ["list_id"])
    op.create_index(op.f("ix_invitee_participant_id"), "invitee", ["participant_id"])
    op.create_table(
        "list_draft",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("read_as", sa.Text(), nullable=False),
        sa.Column("heads", sa.JSON(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_list_draft_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_draft")),
    )
    op.create_index(op.f("ix_list_draft_event_id"), "list_draft", ["event_id"])


def take_invitations_away() -> None:
    for table in ("list_draft", "invitee", "invitation_list"):
        op.drop_table(table)


def make_room_for_needs() -> None:
    """What it takes to meet each need, and how long before the day."""
    op.create_table(
        "access_need",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("read_as", KIND_OF_NEED, nullable=True),
        sa.Column("kind", KIND_OF_NEED, nullable=False),
        sa.Column("state", STATE_OF_NEED, nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_access_need_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_need")),
        sa.UniqueConstraint(
            "registration_id", "question", "read_as", name=op.f("uq_access_need_registration_id_question_read_as")
        ),
    )
    op.create_table(
        "lead_time",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", KIND_OF_NEED, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("days >= 0", name=op.f("ck_lead_time_days")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_lead_time_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_time")),
        sa.UniqueConstraint("event_id", "kind", name=op.f("uq_lead_time_event_id_kind")),
    )


def take_needs_away() -> None:
    op.drop_table("lead_time")
    op.drop_table("access_need")


def take_seat_plans_away() -> None:
    for table in ("placement", "seating_run", "seat_need", "seat_wish"):
        op.drop_table(table)
    with op.batch_alter_table("seat") as batch_op:
        batch_op.drop_column("why")
        batch_op.drop_column("fixed")
    with op.batch_alter_table("hack_table") as batch_op:
        batch_op.drop_column("marks")


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for change in ("changed", "deleted"):
        op.execute(f"DROP TRIGGER activity_is_not_{change}" + ("" if on_sqlite else " ON activity"))
    if not on_sqlite:
        op.execute("DROP FUNCTION keep_activity()")
    op.drop_table("seal")
    op.drop_table("certificate")
    op.drop_table("equality_count")
    op.drop_table("draw")
    op.drop_table("reserved_share")
    ask_every_question()
    take_needs_away()
    take_invitations_away()
    take_seat_plans_away()
    keep_letters_simple()
    with op.batch_alter_table("registration") as batch_op:
        batch_op.drop_constraint("fk_registration_booked_by_id_participant", type_="foreignkey")
        batch_op.drop_constraint("fk_registration_companion_of_id_registration", type_="foreignkey")
        batch_op.drop_constraint("uq_registration_event_id_number", type_="unique")
        batch_op.drop_constraint("uq_registration_ticket", type_="unique")
        batch_op.drop_index(batch_op.f("ix_registration_companion_of_id"))
        for column in ("lot", "number", "ticket", "booked_by_id", "companion_of_id", "claim_by"):
            batch_op.drop_column(column)
    with op.batch_alter_table("places") as batch_op:
        batch_op.drop_constraint("oversell", type_="check")
        for column in ("claim_hours", "way", "oversell", "chairs"):
            batch_op.drop_column(column)
    with op.batch_alter_table("participant") as batch_op:
        batch_op.drop_column("region")
        batch_op.drop_column("team")
