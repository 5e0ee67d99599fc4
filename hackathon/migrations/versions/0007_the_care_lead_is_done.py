"""What a care lead did about words that cannot be answered, and answers of a survey that are hidden with a reason."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

REASONS = ("personal", "unkind", "disclosure", "duplicate", "off_scope")


def upgrade() -> None:
    reason = sa.Enum(*REASONS, name="hidereason", native_enum=False, length=32)
    op.add_column("survey_answer", sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("survey_answer", sa.Column("hidden_reason", reason, nullable=True))
    op.create_table(
        "care_given",
        sa.Column("comment_id", sa.Integer(), nullable=True),
        sa.Column("survey_answer_id", sa.Integer(), nullable=True),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(comment_id IS NULL) <> (survey_answer_id IS NULL)", name=op.f("ck_care_given_about_one_thing")
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_care_given_comment_id_comment"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["survey_answer_id"],
            ["survey_answer.id"],
            name=op.f("fk_care_given_survey_answer_id_survey_answer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_given")),
    )
    op.create_index(op.f("ix_care_given_comment_id"), "care_given", ["comment_id"])
    op.create_index(op.f("ix_care_given_survey_answer_id"), "care_given", ["survey_answer_id"])


def downgrade() -> None:
    op.drop_table("care_given")
    with op.batch_alter_table("survey_answer") as batch_op:
        batch_op.drop_column("hidden_reason")
        batch_op.drop_column("hidden_at")
