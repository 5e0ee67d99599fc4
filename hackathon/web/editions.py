"""Two who edit the same thing: the later sees both texts, and nobody writes over another unknowingly.

An `EditForm` carries in its page which answers it was made from. Before they are changed, inside the transaction and
behind the lock of whatever they belong to, the view asks whether they still are those:

    form = PromiseForm.from_request(obj=promise_of(reading(), event))
    if form.submitted():
        try:
            with transaction() as session:
                event = hold_event(session, code)
                form.stay_on(obj=promise_of(session, event))
                make_promise(session, event, …)

The template calls `edited(form)` of `components/edited.html` inside the form: it shows both texts where they differ.
"""

from typing import Any, Self

from wtforms import Field, HiddenField
from wtforms.fields.choices import SelectFieldBase

from hackathon.core.codes import fingerprint
from hackathon.core.errors import Refusal
from hackathon.web.forms import HackForm

WHAT_IS_EDITED = "answers on a page"
OVERTAKEN = (
    "Somebody has changed this meanwhile. What it says now stands below, and what you wrote is still here. Nothing of"
    " theirs is lost until you save once more."
)


class EditForm(HackForm):
    """A form over what is there already, and may be changed by somebody else while it is on the screen.

    `made_from` says which answers were on the page. `theirs` are those that are there now, where that is another text.
    """

    made_from = HiddenField()
    theirs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_request(cls, **start: Any) -> Self:
        form = super().from_request(**start)
        if not form.is_submitted():
            form.made_from.data = form._edition()
        return form

    def stay_on(self, **held: Any) -> None:
        """Refuse to write over answers that are not those from which the page was made, and show both."""
        now = type(self)(formdata=None, **held)
        edition = now._edition()
        if self.made_from.data in (None, "", edition):
            return
        self.theirs = tuple(
            (field.label.text, _said(field)) for field in now._asked() if _said(field) != _said(self[field.name])
        )
        self.made_from.data = edition
        raise Refusal(OVERTAKEN)

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values.items() if name != "made_from"}

    def _asked(self) -> list[Field]:
        return [field for field in self if field.name not in ("csrf_token", "made_from")]

    def _edition(self) -> str:
        return fingerprint(WHAT_IS_EDITED, *(f"{field.name}={_said(field)}" for field in self._asked()))


def _said(field: Field) -> str:
    """An answer in the words that its page has for it."""
    if isinstance(field, SelectFieldBase):
        return ", ".join(str(choice.label) for choice in field.iter_choices() if choice.selected)
    return str(field._value())
