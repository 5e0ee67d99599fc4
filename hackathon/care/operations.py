"""Looking after whoever told of harm."""

from sqlalchemy.orm import Session

from hackathon.care.models import CareGiven
from hackathon.care.queries import answer_by_client_id, care_given_about
from hackathon.core.clock import now
from hackathon.events.models import Place
from hackathon.events.operations import record
from hackathon.insights.models import AuthorRole, Comment, HideReason, Insight, SurveyAnswer
from hackathon.insights.operations import AlreadySent, check_client_id, checked_words, wait_for_turn
from hackathon.staff.models import Account


def answer_in_confidence(
    session: Session, insight: Insight, *, text: str, client_id: str, account: Account
) -> Comment | None:
    """Write to whoever told of harm. It shows on the phone that holds the number, and nowhere else, ever.

    Pressed twice it is sent once: the second time there is nothing new to tell.
    """
    check_client_id(client_id)
    text, moment = checked_words(text, "answer"), now()
    wait_for_turn(session, insight.event)
    if (earlier := answer_by_client_id(session, insight, client_id)) is not None:
        if earlier.text != text:
            raise AlreadySent("The ones you sent before are kept.")
        return None
    answer = Comment(
        event=insight.event,
        insight=insight,
        client_id=client_id,
        text=text,
        place=Place.OUTSIDE,
        author_role=AuthorRole.CARE_LEAD,
        author_name=account.name,
        hidden_at=moment,
        hidden_reason=HideReason.DISCLOSURE,
        escalated_at=moment,
    )
    session.add(answer)
    session.flush()
    record(session, insight.event, "care.answered", actor=account.name, subject_id=insight.id)
    return answer


def write_down_care(session: Session, said: Comment | SurveyAnswer, *, text: str, actor: str) -> CareGiven:
    """Say what was done about words that cannot be answered: from then on they wait no more.

    Pressed twice it is written once. The log tells that it was done, and never what.
    """
    text = checked_words(text, "note")
    session.refresh(said, with_for_update=True)
    for earlier in care_given_about(session, said):
        if (earlier.done, earlier.given_by) == (text, actor):
            return earlier
    if isinstance(said, Comment):
        event, care = said.event, CareGiven(comment=said, done=text, given_by=actor)
    else:
        event, care = said.question.event, CareGiven(survey_answer=said, done=text, given_by=actor)
    session.add(care)
    session.flush()
    record(session, event, "care.given", actor=actor, subject_id=care.id)
    return care
