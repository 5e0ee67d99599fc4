"""A form asks what its operation needs: the names of its fields are the names of the operation's arguments."""

import inspect
from collections.abc import Iterator

import pytest

import hackathon.factory  # noqa: F401 - it imports every room, and with them every form
from hackathon.web.forms import HackForm

NEVER_ASKED = {"session", "actor"}
# How long an act was on its way, of which the view makes the moment; and from which answers a page was made.
ON_THE_WAY = {"waited", "made_from"}


def forms() -> Iterator[type[HackForm]]:
    waiting: list[type[HackForm]] = [HackForm]
    while waiting:
        for form in waiting.pop().__subclasses__():
            waiting.append(form)
            if form.__module__.startswith("hackathon.") and hasattr(form, "feeds"):
                yield form


@pytest.mark.parametrize("form", [pytest.param(form, id=form.__qualname__) for form in forms()])
def test_the_fields_of_a_form_are_the_arguments_of_its_operation(form: type[HackForm]) -> None:
    arguments = {
        name: argument
        for name, argument in inspect.signature(form.feeds).parameters.items()
        if argument.kind is inspect.Parameter.KEYWORD_ONLY
    }
    asked = {name for name in dir(form) if hasattr(getattr(form, name), "field_class")} - ON_THE_WAY
    needed = {name for name, argument in arguments.items() if argument.default is inspect.Parameter.empty}

    assert asked <= set(arguments), "a field feeds no argument"
    assert needed - asked - form.beside - NEVER_ASKED == set(), "an argument is never asked"
    assert form.beside <= set(arguments), "beside names what the operation does not take"


def test_there_are_forms_to_look_at() -> None:
    """The control: the search above finds the forms of the rooms."""
    assert len(list(forms())) > 10
