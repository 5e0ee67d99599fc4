"""What people chose with dots or a ranking stands in the write-up as the method demands."""

from pathlib import Path

import page as page_validation
import pytest
from sqlalchemy.orm import Session

from hackathon.adapters.pdf import pdf_from_html
from hackathon.core.clock import now
from hackathon.events.models import Stage
from hackathon.packs.operations import freeze_pack
from hackathon.packs.transfer import pack_on_disk
from hackathon.votes.models import Rating, VoteMethod
from hackathon.write_ups.document import WriteUp
from hackathon.write_ups.queries import write_up_of
from hackathon.write_ups.transfer import write_up_html
from tests.makers import make_ballot, make_event, make_round, make_statement
from tests.visitor import Visitor

SAYS = {
    VoteMethod.DOTS: ("Statement 1 drew the most dots, 18 of 36 (50%)", "Dots on each statement"),
    VoteMethod.RANKING: ("Statement 1 won, with 6 of 9 (67%) ballots at the last count", "How the ranking ended"),
}


def a_write_up(session: Session, method: VoteMethod) -> WriteUp:
    """Nine people: six put the first statement above all, three the second."""
    event = make_event(session, stage=Stage.AFTER)
    freeze_pack(session, event, pack_on_disk("change-model"), actor="Priya")
    statements = [
        make_statement(session, event, number=n, text=f"A statement that is long enough to wrap {'x ' * 40}{n}")
        for n in (1, 2, 3)
    ]
    make_round(session, event, method=method, dots=5, closed_at=now())
    for i in range(9):
        ballot = make_ballot(session, event, {})
        ordered = statements if i < 6 else [statements[1], statements[2], statements[0]]
        for place, statement in enumerate(ordered, start=1):
            dots = (3, 1, 0)[place - 1] if method is VoteMethod.DOTS else None
            session.add(Rating(ballot=ballot, statement=statement, dots=dots, rank=place if dots is None else None))
    session.commit()
    return write_up_of(session, event, address=f"https://hack.example.org/e/{event.code}/write-up")


@pytest.mark.parametrize("method", SAYS)
def test_the_page_and_an_accessible_pdf_say_what_people_chose(
    session: Session, client: Visitor, tmp_path: Path, method: VoteMethod
) -> None:
    write_up = a_write_up(session, method)
    html = write_up_html(write_up)
    path = tmp_path / "write-up.pdf"
    path.write_bytes(pdf_from_html(html))

    page = client.words(f"/e/{write_up.address.split('/')[-2]}/write-up")

    assert [words for words in SAYS[method] if words not in page or words not in html] == []
    assert "In secret, one ballot a person" in page
    assert "How it was counted" in page
    assert f"{SAYS[method][0]}." in write_up.findings
    result = page_validation.validate_pdf(str(path), profile="ua1")
    assert result.is_compliant, [failure.message for failure in result.failures][:5]


def test_nothing_is_said_of_how_a_vote_went_before_it_has_closed(session: Session, client: Visitor) -> None:
    event = make_event(session, stage=Stage.CONVERGE)
    freeze_pack(session, event, pack_on_disk("change-model"), actor="Priya")
    make_statement(session, event, number=1)
    voting = make_round(session, event)
    session.commit()
    claim, page = "results were shown only after the rating had closed", f"/e/{event.code}/write-up"

    while_open = client.words(page)
    voting.closed_at = now()
    session.commit()

    assert claim not in while_open
    assert claim in client.words(page)
