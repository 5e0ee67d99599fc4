"""What the front desk sends, and what somebody types who says themselves that they are here."""

from collections.abc import Sequence
from typing import Self

from wtforms import HiddenField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from hackathon.arrivals.operations import (
    check_in,
    say_here_by_words,
    type_in_register,
    undo_check_in,
    welcome_walk_in,
)
from hackathon.participants.models import Registration
from hackathon.web.acts import ActForm
from hackathon.web.fields import ChooseSome, Email, Words, YesOrNo
from hackathon.web.forms import HackForm

DESKS = "ABCDEFGH"
LONGEST_WORDS = 254


class CheckInForm(ActForm):
    """Somebody is here. `desk` is the letter under which a laptop works, `early` whether it knows that the day is still
    to come."""

    feeds = staticmethod(check_in)

    desk = HiddenField(
        default="", validators=[Optional(), Regexp(f"^[{DESKS}]$", message="A desk is a letter from A to H")]
    )
    early = YesOrNo("They are here all the same")


class UndoForm(ActForm):
    """Somebody is not here after all. `of` is the act that is taken back, where it is one of this laptop."""

    feeds = staticmethod(undo_check_in)
    of = HiddenField(
        default="", validators=[Optional(), Regexp(r"^[0-9A-Za-z-]{8,64}$", message="There is no such act")]
    )


class WalkInForm(ActForm):
    """Three fields, one of them needed."""

    feeds = staticmethod(welcome_walk_in)

    name = Words("Name", validators=[InputRequired("Write a name"), Length(max=80, message="The name is too long")])
    organisation = Words(
        "Organisation (optional)", validators=[Length(max=120, message="This must be 120 characters or fewer")]
    )
    email = Email(
        "Email address (optional)",
        validators=[
            Optional(),
            Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s.]+$", message="Write an email address like name@example.org"),
            Length(max=LONGEST_WORDS, message="The email address is too long"),
        ],
    )
    desk = CheckInForm.desk
    early = CheckInForm.early


class HereForm(HackForm):
    """For whoever does not have their own page at hand."""

    feeds = staticmethod(say_here_by_words)

    typed = Words(
        "Your ticket, or your email address",
        description="The ticket is the eight letters and figures under the QR code in your letter or on your badge.",
        validators=[
            InputRequired("Write your ticket or your email address"),
            Length(max=LONGEST_WORDS, message="This is too long"),
        ],
    )


class RegisterForm(HackForm):
    """The ticks on the printed list."""

    feeds = staticmethod(type_in_register)

    people = ChooseSome("Who was ticked?", validators=[InputRequired("Tick at least one person")])
    early = CheckInForm.early

    @classmethod
    def listing(cls, registrations: Sequence[Registration]) -> Self:
        form = cls.from_request()
        form.people.offer({each.id: each.participant.name for each in registrations})
        return form
