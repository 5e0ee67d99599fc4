"""Questions that signing in asks."""

from wtforms.validators import InputRequired, Length, Regexp

from hackathon.staff.operations import ask_to_sign_in, rename_account, spend_digits, spend_link
from hackathon.web.fields import Email, Words, longest
from hackathon.web.forms import HackForm

AN_ADDRESS = r"[^@\s]+@[^@\s]+\.[^@\s]+$"


class SignInForm(HackForm):
    """Who asks."""

    feeds = staticmethod(ask_to_sign_in)
    beside = frozenset({"secret"})

    email = Email(
        "Your email address",
        validators=[
            InputRequired("Write your email address"),
            longest("The address", 254),
            Regexp(AN_ADDRESS, message="Write an address like name@example.org"),
        ],
    )


class SignInCodeForm(HackForm):
    """What the letter says."""

    feeds = staticmethod(spend_digits)
    beside = frozenset({"email", "secret"})

    digits = Words(
        "The six digits in the letter",
        validators=[
            InputRequired("Type the six digits in the letter"),
            Regexp(r"\s*(\d\s*){6}$", message="The code has six digits"),
        ],
    )


class SignInLinkForm(HackForm):
    """One button, so that a mail scanner that opens the link spends nothing."""

    feeds = staticmethod(spend_link)
    beside = frozenset({"token", "secret"})


class NameForm(HackForm):
    """What to call somebody."""

    feeds = staticmethod(rename_account)

    name = Words(
        "Your name",
        description="People see it in letters, in the pack and in the log of what you do.",
        validators=[InputRequired("Write your name"), Length(max=120, message="Use 120 characters or fewer")],
    )
