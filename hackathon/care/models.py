"""What a care lead did about words whose writer cannot be answered."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base, Created
from hackathon.insights.models import Comment, SurveyAnswer


class CareGiven(Base):
    """What was done about one comment, or one answer of a survey, that tells of harm; by whom, and when.

    Several can be about the same words. Each is for the care lead alone, and its words go when the event is closed.
    """

    __tablename__ = "care_given"
    __table_args__ = (CheckConstraint("(comment_id IS NULL) <> (survey_answer_id IS NULL)", name="about_one_thing"),)

    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    survey_answer_id: Mapped[int | None] = mapped_column(ForeignKey("survey_answer.id", ondelete="CASCADE"), index=True)
    done: Mapped[str]
    given_by: Mapped[str]
    given_at: Mapped[Created]

    comment: Mapped[Comment | None] = relationship()
    survey_answer: Mapped[SurveyAnswer | None] = relationship()
