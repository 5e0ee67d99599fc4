"""Questions about the stages: where the event is now, and what the clock opens."""

from typing import Any

from wtforms import HiddenField
from wtforms.validators import InputRequired, Optional

from hackathon.events.models import STAGE_WORDS, Stage
from hackathon.events.operations import move_to
from hackathon.stages.operations import plan_times
from hackathon.web.editions import EditForm
from hackathon.web.fields import ChooseOne, TimeOfDay
from hackathon.web.forms import HackForm


def _stage(word: Any) -> Stage | None:
    return next((stage for stage in Stage if stage.value == word), None)


class StageForm(HackForm):
    """Where the event is in its life. `seen` is where it was when the page was made."""

    feeds = staticmethod(move_to)

    stage = ChooseOne(
        "Where are you now?",
        {stage: words for stage, words in STAGE_WORDS.items() if stage is not Stage.DRAFT},
        validators=[InputRequired("Choose a stage")],
    )
    seen = HiddenField(filters=[_stage])


class StageTimesForm(EditForm):
    """When each stage opens by itself."""

    feeds = staticmethod(plan_times)

    warm_up = TimeOfDay(Stage.WARM_UP.words, validators=[Optional()])
    diverge = TimeOfDay(Stage.DIVERGE.words, validators=[Optional()])
    converge = TimeOfDay(Stage.CONVERGE.words, validators=[Optional()])
    after = TimeOfDay(Stage.AFTER.words, validators=[Optional()])
