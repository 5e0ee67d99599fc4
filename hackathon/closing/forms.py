"""On which day an event is closed, and the word that closes it at once."""

from wtforms.validators import InputRequired

from hackathon.closing.operations import close_by_hand, set_closing_day
from hackathon.web.fields import Day, Words
from hackathon.web.forms import HackForm


class ClosingDayForm(HackForm):
    """The last day before the event is closed by itself."""

    feeds = staticmethod(set_closing_day)
    beside = frozenset({"at"})

    on = Day(
        "Close it when this day is over",
        description="Twelve weeks after the event is usual: by then people have been told what became of their words.",
        validators=[InputRequired("Choose a day")],
    )


class CloseForm(HackForm):
    """The code of the event, typed by hand: a button alone is pressed too easily."""

    feeds = staticmethod(close_by_hand)
    beside = frozenset({"at", "papers"})

    typed = Words(
        "The code of this event",
        description="Type it as it stands beside its title on the plan.",
        validators=[InputRequired("Type the code of this event")],
    )
