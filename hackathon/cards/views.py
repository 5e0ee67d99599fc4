"""Typing in what people wrote on numbered cards, and the list of cards that are missing."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hackathon.cards.document import CardNumber, runs
from hackathon.cards.forms import LETTERS, STATES, CardForm, MendForm
from hackathon.cards.models import Card, CardState
from hackathon.cards.operations import STATE_WORDS, enter_card, mend_card
from hackathon.cards.queries import card_at, cards_by_table, last_cards, number_of, typed_card
from hackathon.core.db import reading
from hackathon.core.errors import Refusal
from hackathon.core.group import together
from hackathon.events.models import Event
from hackathon.events.queries import event_by_code
from hackathon.insights.queries import manners_of
from hackathon.maths.personal import details_in
from hackathon.web.access import Door, my_name, open_to
from hackathon.web.pages import desk_nav

bp = Blueprint("cards", __name__)

LAST = 5


@bp.route("/desk/<code:code>/cards", methods=["GET", "POST"])
@open_to(Door.SCRIBE)
def cards(code: str) -> ResponseReturnValue:
    """One card after the other, without leaving the keyboard."""
    session = reading()
    event = event_by_code(session, code)
    form = CardForm.asking(manners_of(session, event))
    if form.submitted():
        card, actor = form.values, my_name()
        try:
            receipt = together(lambda session: enter_card(session, event_by_code(session, code), actor=actor, **card))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".cards", code=code, done=receipt.card.plain))
    return _page(event, form=form)


@bp.route("/desk/<code:code>/cards/<int(max=9999):table>-<int(max=999):card>", methods=["GET", "POST"])
@open_to(Door.SCRIBE)
def mend(code: str, table: int, card: int) -> ResponseReturnValue:
    """Put right what was typed, on the same page."""
    session, number = reading(), CardNumber(table, card)
    event = event_by_code(session, code)
    _, insight = typed_card(session, event, number)
    form = MendForm.from_request(number=number, text=insight.text, seen=insight.text)
    if form.submitted():
        mended, actor = form.values, my_name()
        try:
            receipt = together(
                lambda session: mend_card(session, event_by_code(session, code), was=number, actor=actor, **mended)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".cards", code=code, done=receipt.card.plain))
    return _page(event, form=form, mending=number)


@bp.get("/desk/<code:code>/cards/missing")
@open_to(Door.SCRIBE)
def missing(code: str) -> ResponseReturnValue:
    """What was printed or passed, and is neither typed in nor put aside: table by table, to look for and to print."""
    session = reading()
    event = event_by_code(session, code)
    return render_template(
        "cards/missing.html",
        event=event,
        desk_nav=desk_nav(event, "typing"),
        tables=cards_by_table(session, event),
        runs=runs,
    )


def _page(event: Event, *, form: CardForm | MendForm, mending: CardNumber | None = None) -> ResponseReturnValue:
    """The page with the one form: empty for the next card, with what went wrong, or with a card to mend."""
    session = reading()
    number = CardNumber.read(request.args.get("done", ""))
    done = card_at(session, event, number) if number else None
    tables = {each.table: each for each in cards_by_table(session, event)}
    table = tables.get(number.table) if number else None
    words = render_template(
        "cards/cards.html",
        event=event,
        desk_nav=desk_nav(event, "typing"),
        form=form,
        mending=mending,
        done=done,
        details=_details(done),
        table=table,
        proposed=table.next_after(number.card) if table and number else None,
        missing=sum(len(each.missing) for each in tables.values()),
        last=[(number_of(card), card) for card in last_cards(session, event, entered_by=my_name(), limit=LAST)],
        keep=CardState.TYPED,
        aside=[(state, STATES[state], letter) for letter, state in LETTERS.items()],
        state_words=STATE_WORDS,
    )
    return words, 422 if form.errors else 200


def _details(card: Card | None) -> str:
    """What the words on a card may give away of somebody, in words."""
    text = card.insight.text if card and card.insight and card.insight.hidden_at is None else ""
    return " and ".join(dict.fromkeys(found.detail.words for found in details_in(text)))
