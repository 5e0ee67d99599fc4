"""What the access lead is asked about one need, and about how long needs take."""

from collections.abc import Mapping
from typing import Self

from wtforms.validators import InputRequired, Length, NumberRange

from hackathon.needs.models import NeedKind, NeedState
from hackathon.needs.operations import keep_need, set_lead_times
from hackathon.web.editions import EditForm
from hackathon.web.fields import ChooseOne, LongWords, WholeNumber, Words

LONGEST_NOTE = 1_000
LONGEST_BOOKED_WITH = 120
MOST_DAYS = 365


class NeedForm(EditForm):
    """How far meeting one need has come."""

    feeds = staticmethod(keep_need)

    kind = ChooseOne("What is it?", {kind: kind.words for kind in NeedKind})
    state = ChooseOne("How does it stand?", {state: state.words for state in NeedState})
    booked_with = Words(
        "Booked with (optional)",
        description="Whom to ring, and the order number. Leave the person’s name out: this stays if they are erased.",
        validators=[Length(max=LONGEST_BOOKED_WITH, message=f"Use {LONGEST_BOOKED_WITH} characters or fewer")],
    )
    note = LongWords(
        "Note (optional, but say why where it is not possible)",
        description="Who is booked, until when, what there is instead. Only access leads read it.",
        validators=[Length(max=LONGEST_NOTE, message=f"Use {LONGEST_NOTE:,} characters or fewer")],
    )


def _days(kind: NeedKind) -> WholeNumber:
    return WholeNumber(
        f"{kind.words}: days before the day",
        validators=[
            InputRequired(f"Write a number of days: {kind.words}"),
            NumberRange(0, MOST_DAYS, message=f"Write a number of days from 0 to {MOST_DAYS}"),
        ],
    )


class LeadTimesForm(EditForm):
    """How long before the day each kind of need must be booked."""

    feeds = staticmethod(set_lead_times)

    interpreter = _days(NeedKind.INTERPRETER)
    captions = _days(NeedKind.CAPTIONS)
    loop = _days(NeedKind.LOOP)
    step_free = _days(NeedKind.STEP_FREE)
    other = _days(NeedKind.OTHER)

    @classmethod
    def about(cls, days: Mapping[NeedKind, int]) -> Self:
        return cls.from_request(**start_of(days))


def start_of(days: Mapping[NeedKind, int]) -> dict[str, int]:
    """The days by the names of the form's fields."""
    return {kind.name.lower(): number for kind, number in days.items()}
