"""What organisers are asked about places."""

from datetime import time
from typing import Any, Self

from wtforms.validators import InputRequired, NumberRange, Optional

from hackathon.core.clock import local, moment_at
from hackathon.events.models import Event
from hackathon.participants.models import Places, Way
from hackathon.participants.operations import set_places
from hackathon.web.editions import EditForm
from hackathon.web.fields import ChooseOne, Day, WholeNumber

MOST_PLACES = 100_000
MOST_HOURS = 24 * 28
CUT_OFF = time(17, 0)


class PlacesForm(EditForm):
    """How many places there are, how they are given, and until when one may be given up without leaving it empty."""

    feeds = staticmethod(set_places)
    _timezone: str

    chairs = WholeNumber(
        "Chairs in the room",
        validators=[
            InputRequired("Write how many chairs there are"),
            NumberRange(1, MOST_PLACES, message="Write a number of chairs from 1 upwards"),
        ],
    )
    oversell = WholeNumber(
        "Places beyond the chairs, in a hundred (optional)",
        description="Some people will not come. With 20, you give 96 places for 80 chairs.",
        validators=[Optional(), NumberRange(0, 100, message="Write a number from 0 to 100")],
    )
    way = ChooseOne(
        "How are places given?",
        {
            Way.FIRST_COME: "Whoever registers first has one",
            Way.APPROVAL: "An organiser says yes or no to each person",
            Way.BALLOT: "By lot, under a rule that you publish",
        },
        invalid_choice_message="Choose how places are given",
        invalid_value_message="Choose how places are given",
    )
    claim_hours = WholeNumber(
        "Hours to take a place that is offered (optional)",
        description="After that it goes to the next person who waits. Leave it empty to give places at once.",
        validators=[Optional(), NumberRange(0, MOST_HOURS, message=f"Write a number of hours from 0 to {MOST_HOURS}")],
    )
    cut_off = Day(
        "Last day to give a place up (optional)",
        description="Until 5pm on this day. Later than that, an empty chair counts as a no-show.",
        validators=[Optional()],
    )

    @classmethod
    def about(cls, event: Event, places: Places | None) -> Self:
        form = cls.from_request(**cls.answers(event, places))
        form._timezone = event.timezone
        return form

    @staticmethod
    def answers(event: Event, places: Places | None) -> dict[str, Any]:
        """What is kept, as the form asks for it."""
        if places is None:
            return {"chairs": event.expected_people, "way": Way.FIRST_COME}
        cut_off = local(places.closes_at, event.timezone).date() if places.closes_at else None
        kept = {name: getattr(places, name) for name in ("chairs", "oversell", "way", "claim_hours")}
        return {**kept, "cut_off": cut_off}

    @property
    def values(self) -> dict[str, Any]:
        day = self.cut_off.data
        return {
            **super().values,
            "oversell": self.oversell.data or 0,
            "claim_hours": self.claim_hours.data or 0,
            "cut_off": moment_at(day, CUT_OFF, self._timezone) if day else None,
        }
