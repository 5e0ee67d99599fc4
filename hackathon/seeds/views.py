"""The page on which an organiser writes words to begin with."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.events.queries import event_by_code
from hackathon.insights.queries import card_of
from hackathon.seeds.forms import SeedForm
from hackathon.seeds.operations import MOST_SEEDS, SOWN_IN, plant_seed, remove_seed
from hackathon.seeds.queries import seed_by_number, seeds_of
from hackathon.themes.queries import themes_of
from hackathon.web.access import Door, my_name, open_to
from hackathon.web.pages import desk_nav

bp = Blueprint("seeds", __name__)


@bp.route("/desk/<code:code>/plan/seeds", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def seeds(code: str) -> ResponseReturnValue:
    event = event_by_code(reading(), code)
    form = SeedForm.from_request()
    form.offer_themes(themes_of(reading(), event))
    if form.submitted():
        try:
            with transaction() as session:
                plant_seed(session, event_by_code(session, code), actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("Everybody can read it, marked “To begin with”.", "good")
            return redirect(url_for(".seeds", code=code))
    planted = seeds_of(reading(), event)
    return render_template(
        "seeds/seeds.html",
        event=event,
        desk_nav=desk_nav(event, "plan"),
        form=form,
        cards=[card_of(seed) for seed in planted],
        may_plant=event.stage in SOWN_IN and len(planted) < MOST_SEEDS,
        most=MOST_SEEDS,
    )


@bp.post("/desk/<code:code>/plan/seeds/<int(max=999999999):number>/remove")
@open_to(Door.ORGANISER)
def remove(code: str, number: int) -> ResponseReturnValue:
    with transaction() as session:
        remove_seed(session, seed_by_number(session, event_by_code(session, code), number), actor=my_name())
    flash(f"Number {number} is gone.", "good")
    return redirect(url_for(".seeds", code=code))
