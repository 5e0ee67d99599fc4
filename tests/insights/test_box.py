"""The box for one thought, at a table and from outside, as a phone sees it."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.events.models import Moderation, Place, Stage
from hackathon.events.queries import log_of
from hackathon.insights.models import Insight, Source
from hackathon.packs.operations import freeze_pack
from hackathon.packs.transfer import pack_on_disk
from hackathon.tables.models import Table
from hackathon.web.access import PARTICIPANTS_KEY
from tests.makers import make_event, make_insight, make_participant, make_table, make_theme
from tests.visitor import Visitor, words_of

WORDS = "Forms travel faster than people"
PUBLIC = ("/e/k7pm/insights", "/e/k7pm/insights/1", "/e/k7pm/wall", "/e/k7pm/insights.csv")
PACKS = ["change-model", "inclusion-and-system-leadership", "open-space-unconference"]


@pytest.fixture
def table(session: Session) -> Table:
    event = make_event(session, code="K7PM")
    theme = make_theme(session, event, title="Words and names", prompt="Which words put people off?")
    table = make_table(session, event, number=7, code="TAB7", theme=theme)
    session.commit()
    return table


def thought(client: Visitor, page: str, **answers: str) -> dict[str, Any]:
    """What a phone sends when somebody has filled in the box on this page."""
    field = client.soup(page).find("input", attrs={"name": "client_id"})
    assert field is not None
    return {"text": WORDS, "identity": "anonymous", "client_id": field["value"], **answers}


def all_insights(session: Session) -> list[Insight]:
    session.rollback()
    return list(session.scalars(select(Insight).order_by(Insight.number)))


def test_a_phone_sends_a_thought_and_keeps_its_number(client: Visitor, session: Session, table: Table) -> None:
    sent = client.post_form("/t/tab7/insights", thought(client, "/t/tab7"), page="/t/tab7")

    assert (sent.status_code, sent.location) == (303, "/t/TAB7?sent=1")
    [insight] = all_insights(session)
    assert (insight.text, insight.place, insight.table_id, insight.theme_id, insight.source, insight.phase) == (
        WORDS,
        Place.ROOM,
        table.id,
        table.theme_id,
        Source.PHONE,
        Stage.DIVERGE,
    )
    for _reload in range(2):
        assert "Sent, number 1." in client.words(sent.location)
    assert "Sent." not in client.words("/t/tab7")
    assert "Your numbers on this phone 1" in client.words("/t/tab7")


def test_a_box_says_that_somebody_reads_the_words_first(client: Visitor, session: Session, table: Table) -> None:
    pages, first = (f"/t/{table.code}", f"/e/{table.event.code}/outside"), "Somebody reads it before it is shown."
    assert [first in client.words(page) for page in pages] == [False, False]

    table.event.moderation = Moderation.BEFORE
    session.commit()

    assert [first in client.words(page) for page in pages] == [True, True]


def test_a_receipt_is_shown_only_on_the_phone_that_got_it(client: Visitor, session: Session, table: Table) -> None:
    make_insight(session, table.event, number=46)
    session.commit()

    assert "Sent." not in client.words("/t/tab7?sent=46")


def test_an_id_stays_until_a_receipt_has_come(client: Visitor, table: Table) -> None:
    first, again = (thought(client, "/t/tab7") for _ in range(2))
    client.post_form("/t/tab7/insights", first, page="/t/tab7")
    afterwards = thought(client, "/t/tab7")

    assert first["client_id"] == again["client_id"] != afterwards["client_id"]


def test_a_phone_that_looks_at_many_events_keeps_the_ids_of_the_newest(client: Visitor, session: Session) -> None:
    """A browser drops a cookie above 4 KB, and with it the receipts and the link."""
    codes = [make_event(session, code=f"{letter}AAA").code for letter in "ZYXWVUTSRQPNMK"]
    session.commit()

    ids = [thought(client, f"/e/{code}/outside")["client_id"] for code in codes]

    with client.client.session_transaction() as cookie:
        assert [id for _code, id in cookie["next_ids"]] == ids[::-1][:12]
    assert thought(client, f"/e/{codes[2]}/outside")["client_id"] == ids[2]


def test_a_phone_that_writes_in_many_events_keeps_the_numbers_of_the_newest(client: Visitor, session: Session) -> None:
    codes = [make_event(session, code=f"{letter}AAA").code for letter in "ZYXWVUTSRQPNMK"]
    session.commit()

    for code in [*codes, codes[3]]:
        page = f"/e/{code}/outside"
        client.post_form(f"{page}/insights", {**thought(client, page), "text": "Words"}, page=page)

    with client.client.session_transaction() as cookie:
        held = dict(cookie["receipts"])
    newest = [codes[3], *(code for code in reversed(codes) if code != codes[3])]
    assert list(held) == newest[:12]
    assert held[codes[3]] == [2, 1]


def test_back_after_a_lost_answer_and_sent_again_is_one_insight(
    client: Visitor, session: Session, table: Table
) -> None:
    """The phone never saw the answer, nor the cookie with it: it loads the page afresh and holds the words still."""
    answers = thought(client, "/t/tab7")
    with client.client.session_transaction() as cookie:
        before = dict(cookie)
    client.post_form("/t/tab7/insights", answers, page="/t/tab7")
    client.hold(**before)
    client.hold(receipts={})

    sent = client.post_form("/t/tab7/insights", thought(client, "/t/tab7"), page="/t/tab7")

    assert (sent.status_code, sent.location) == (303, "/t/TAB7?sent=1")
    assert [insight.text for insight in all_insights(session)] == [WORDS]


def test_attack_19_sent_fifty_times_it_is_one_insight_and_one_receipt(
    client: Visitor, session: Session, table: Table
) -> None:
    answers = thought(client, "/t/tab7")

    addresses = {client.post_form("/t/tab7/insights", answers, page="/t/tab7").location for _again in range(50)}

    assert addresses == {"/t/TAB7?sent=1"}
    assert [insight.text for insight in all_insights(session)] == [WORDS]


def test_attack_19_other_words_under_an_old_id_stay_in_the_box_and_can_be_sent(
    client: Visitor, session: Session, table: Table
) -> None:
    answers = thought(client, "/t/tab7")
    client.post_form("/t/tab7/insights", answers, page="/t/tab7")

    refused = client.post_form("/t/tab7/insights", {**answers, "text": "Something else"}, page="/t/tab7")

    assert refused.status_code == 422
    assert "The ones you sent before are kept as number 1." in words_of(refused)
    assert "Something else</textarea>" in refused.text
    assert str(answers["client_id"]) not in refused.text, "the page that comes back can be sent as it stands"
    assert [insight.text for insight in all_insights(session)] == [WORDS]


def test_a_name_is_asked_for_in_words(client: Visitor, session: Session, table: Table) -> None:
    refused = client.post_form("/t/tab7/insights", thought(client, "/t/tab7", identity="named"), page="/t/tab7")

    assert refused.status_code == 422
    assert "Type your name: everybody sees it. Or choose to hide it." in words_of(refused)
    assert f"{WORDS}</textarea>" in refused.text
    assert all_insights(session) == []


def test_the_phone_remembers_how_somebody_writes(client: Visitor, session: Session, table: Table) -> None:
    named = thought(client, "/t/tab7", identity="named", author_name="Dan Smith")
    client.post_form("/t/tab7/insights", named, page="/t/tab7")
    assert client.soup("/t/tab7").select_one("#author_name[value='Dan Smith']") is not None
    assert client.soup("/t/tab7").select_one("input[value=named][checked]") is not None

    client.post_form("/t/tab7/insights", thought(client, "/t/tab7"), page="/t/tab7")

    assert client.soup("/t/tab7").select_one("input[value=anonymous][checked]") is not None
    assert client.soup("/t/tab7").select_one("#author_name[value='Dan Smith']") is None
    assert [i.author_name for i in all_insights(session)] == ["Dan Smith", ""]


def test_attack_22_an_anonymous_thought_keeps_nothing_of_a_known_person(
    client: Visitor, session: Session, table: Table, caplog: pytest.LogCaptureFixture
) -> None:
    person = make_participant(session, table.event, name="Maureen Tibbs", email="maureen.tibbs@example.org")
    session.commit()
    client.hold(**{PARTICIPANTS_KEY: {"K7PM": person.token}})
    assert "You write as Maureen Tibbs" in client.words("/t/tab7")

    client.post_form("/t/tab7/insights", thought(client, "/t/tab7"), page="/t/tab7")
    client.post_form("/t/tab7/insights", thought(client, "/t/tab7", identity="hidden"), page="/t/tab7")

    anonymous, hidden = all_insights(session)
    assert (anonymous.author_id, anonymous.author_name, anonymous.device) == (None, "", None)
    assert (hidden.author_id, hidden.author_name) == (person.id, "")
    assert [(line.actor, line.detail) for line in log_of(session, table.event)] == [("someone", {}), ("someone", {})]
    stranger = Visitor(client.app)
    everything = "".join(stranger.get(page).text for page in PUBLIC)
    for trace in ("Maureen", "maureen.tibbs", person.token):
        assert trace not in everything + caplog.text
    assert WORDS not in caplog.text


def test_another_events_link_does_not_make_an_author(client: Visitor, session: Session, table: Table) -> None:
    stranger = make_participant(session, make_event(session), name="Somebody Else")
    session.commit()
    client.hold(**{PARTICIPANTS_KEY: {"K7PM": stranger.token}})

    assert "Somebody Else" not in client.words("/t/tab7")


@pytest.mark.parametrize(
    ("stage", "words"), [(Stage.BEFORE, "The day has not begun"), (Stage.AFTER, "The day is over")]
)
def test_before_and_after_the_day_a_table_writes_from_outside(
    client: Visitor, session: Session, table: Table, stage: Stage, words: str
) -> None:
    table.event.stage = stage
    session.commit()

    assert words in client.words("/t/tab7")
    client.post_form("/t/tab7/insights", thought(client, "/t/tab7"), page="/t/tab7")

    [insight] = all_insights(session)
    assert (insight.place, insight.table_id, insight.phase) == (Place.OUTSIDE, table.id, stage)


def test_the_same_box_from_outside(client: Visitor, session: Session, table: Table) -> None:
    page = "/e/k7pm/outside"

    sent = client.post_form("/e/k7pm/outside/insights", thought(client, page, theme=str(table.theme_id)), page=page)

    assert sent.location == "/e/K7PM/outside?sent=1"
    [insight] = all_insights(session)
    assert (insight.place, insight.table_id, insight.theme_id, insight.source) == (
        Place.OUTSIDE,
        None,
        table.theme_id,
        Source.WEB,
    )
    assert "Sent, number 1." in client.words(sent.location)


def test_a_table_page_says_what_all_tables_answer_below_what_its_theme_asks(client: Visitor, table: Table) -> None:
    said = client.words("/t/tab7")

    assert said.index("Which words put people off?") < said.index(f"All tables answer: {table.event.question}")


def test_the_address_of_the_form_leads_back_to_the_box(client: Visitor, table: Table) -> None:
    assert "Which words put people off?" in client.words("/t/tab7/insights")
    assert table.event.question in client.words("/e/k7pm/outside/insights")


@pytest.mark.parametrize("pack", PACKS)
def test_the_pack_says_which_names_are_offered(client: Visitor, session: Session, table: Table, pack: str) -> None:
    on_disk = pack_on_disk(pack)
    freeze_pack(session, table.event, on_disk, actor="a test")
    session.commit()

    page = client.soup("/t/tab7")

    rule = on_disk.manifest.identity
    offered = [str(choice["value"]) for choice in page.select("input[name=identity]")]
    assert sorted(offered) == sorted(rule.allow)
    assert [str(choice["value"]) for choice in page.select("input[name=identity][checked]")] == [rule.default]
    support = on_disk.manifest.support
    assert bool(page.select(".support")) is support.notice_on_every_capture_form
    if support.notice_on_every_capture_form:
        assert support.contacts[0] in page.select(".support")[0].get_text()


def test_a_choice_that_the_pack_does_not_offer_is_refused(client: Visitor, session: Session, table: Table) -> None:
    freeze_pack(session, table.event, pack_on_disk("open-space-unconference"), actor="a test")
    session.commit()

    refused = client.post_form("/t/tab7/insights", thought(client, "/t/tab7"), page="/t/tab7")

    assert (refused.status_code, all_insights(session)) == (422, [])
    assert "Choose an answer" in words_of(refused)


def test_500_characters_fit_and_2000_are_kept_and_told(client: Visitor, session: Session, table: Table) -> None:
    long = "x" * 2000

    refused = client.post_form("/t/tab7/insights", thought(client, "/t/tab7", text=long), page="/t/tab7")
    kept = client.post_form("/t/tab7/insights", thought(client, "/t/tab7", text="é" * 500), page="/t/tab7")

    assert (refused.status_code, kept.status_code) == (422, 303)
    assert "Your thought has 2,000 characters. Shorten it to 500, or send it in parts." in words_of(refused)
    assert f"{long}</textarea>" in refused.text


ODD_WORDS = {
    "NUL": ("a\0b", "ab"),
    "right-to-left override": ("abc\u202edef", "abcdef"),
    "zero-width joiner": ("👩\u200d🌾", "👩\u200d🌾"),
    "zalgo": ("Z\u0351\u036b\u0343" * 40, "Z\u0351\u036b\u0343" * 40),
    "Arabic": ("التغيير يبدأ بكلمة", "التغيير يبدأ بكلمة"),
    "carriage returns": ("one\r\ntwo", "one\ntwo"),
    "markup": ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    "a template": ("{{ config }} {% raw %}", "{{ config }} {% raw %}"),
}


@pytest.mark.parametrize("name", ODD_WORDS)
def test_attack_18_odd_words_come_in_clean(client: Visitor, session: Session, table: Table, name: str) -> None:
    typed, kept = ODD_WORDS[name]

    sent = client.post_form("/t/tab7/insights", thought(client, "/t/tab7", text=typed), page="/t/tab7")

    assert sent.status_code == 303
    assert [insight.text for insight in all_insights(session)] == [kept]
    for page in ("/t/tab7", "/e/k7pm/insights", "/e/k7pm/insights/1", "/e/k7pm/wall"):
        shown = client.soup(page).select(".said__text, .newest__text")[0]
        assert (shown.get_text(), shown["dir"]) == (kept, "auto")


@pytest.mark.parametrize(("size", "status"), [(1_000_000, 422), (3_000_000, 413)])
def test_attack_18_a_megabyte_is_refused(
    client: Visitor, session: Session, table: Table, size: int, status: int
) -> None:
    answer = client.post_form("/t/tab7/insights", thought(client, "/t/tab7", text="x" * size), page="/t/tab7")

    assert (answer.status_code, all_insights(session)) == (status, [])


def test_attack_18_lone_surrogates_never_reach_the_database(client: Visitor, session: Session, table: Table) -> None:
    answers = thought(client, "/t/tab7")
    token = client.token_on("/t/tab7")
    body = f"csrf_token={token}&identity=anonymous&client_id={answers['client_id']}&text=a%ED%A0%80b".encode()

    sent = client.post("/t/tab7/insights", data=body, content_type="application/x-www-form-urlencoded")

    assert sent.status_code == 303
    assert all_insights(session)[0].text.encode() == b"a%ED%A0%80b"


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "", "text[]": WORDS},
        {"client_id": "../../etc"},
        {"client_id": "x" * 10_000},
        {"identity": "9e999"},
        {"identity": ""},
        {"identity": "hidden", "author_name": "x" * 5_000},
    ],
)
def test_attack_23_wrong_shapes_are_refused_in_words(
    client: Visitor, session: Session, table: Table, wrong: dict[str, str]
) -> None:
    refused = client.post_form("/t/tab7/insights", thought(client, "/t/tab7", **wrong), page="/t/tab7")

    assert (refused.status_code, all_insights(session)) == (422, [])
    assert "There is a problem" in words_of(refused)


def test_a_thought_with_nothing_else_is_a_thought(client: Visitor, session: Session, table: Table) -> None:
    sent = client.post_form("/t/tab7/insights", {"text": WORDS, "client_id[]": "12345678"}, page="/t/tab7")

    assert (sent.status_code, [insight.text for insight in all_insights(session)]) == (303, [WORDS])


@pytest.mark.parametrize("theme", ["9e999", "-1", "999999999999999999999", "1 OR 1=1"])
def test_attack_23_a_theme_that_is_none_is_refused(client: Visitor, session: Session, table: Table, theme: str) -> None:
    page = "/e/k7pm/outside"

    refused = client.post_form("/e/k7pm/outside/insights", thought(client, page, theme=theme), page=page)

    assert (refused.status_code, all_insights(session)) == (422, [])


def test_attack_16_another_events_theme_is_refused(client: Visitor, session: Session, table: Table) -> None:
    theme = make_theme(session, make_event(session))
    session.commit()
    page = "/e/k7pm/outside"

    refused = client.post_form("/e/k7pm/outside/insights", thought(client, page, theme=str(theme.id)), page=page)

    assert (refused.status_code, all_insights(session)) == (422, [])


def test_a_draft_has_no_box(client: Visitor, session: Session) -> None:
    event = make_event(session, stage=Stage.DRAFT, code="DRAF")
    make_table(session, event, code="TABD")
    session.commit()

    assert [client.get(page).status_code for page in ("/t/tabd", "/e/draf/outside", "/e/draf/insights")] == [404] * 3


def test_the_box_reads_in_forty_words(client: Visitor, session: Session, table: Table) -> None:
    freeze_pack(session, table.event, pack_on_disk("change-model"), actor="a test")
    session.commit()
    page = client.soup("/t/tab7")

    for folded in page.select(
        "details > :not(summary), .names__now:not(.names__now--first), [aria-hidden=true], [hidden]"
    ):
        folded.decompose()
    first_read = page.select(".table-band, .prompt, .act")
    words = " ".join(part.get_text(" ") for part in first_read).split()

    assert len(words) <= 40, words
