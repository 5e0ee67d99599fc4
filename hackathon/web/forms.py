"""How forms are asked and answered. A form checks shape and feeds one operation; the operation checks rules."""

from collections.abc import Callable
from typing import Any, ClassVar, Self

from flask_wtf import FlaskForm
from wtforms import Field

from hackathon.core.errors import Refusal


class HackForm(FlaskForm):
    """Questions that feed one operation.

    `feeds` is that operation: a test holds the names of the fields against its arguments. `beside` names arguments of
    the operation that the view knows by itself (who acts, which row), so that no field asks for them.
    """

    feeds: ClassVar[Callable[..., Any]]
    beside: ClassVar[frozenset[str]] = frozenset()

    class Meta(FlaskForm.Meta):
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Make a field once, and copy it for every form: making it costs more than reading what came."""
            made = vars(unbound_field).setdefault("made", {})
            name = options.get("prefix", ""), options["name"]
            if name not in made:
                made[name] = {**vars(super().bind_field(form, unbound_field, options)), "_form": None, "meta": None}
            field: Field = object.__new__(unbound_field.field_class)
            vars(field).update(made[name], _form=form, meta=self)
            return field

    @classmethod
    def from_request(cls, **start: Any) -> Self:
        """The form as the browser sent it; or empty, or holding the values it starts with."""
        return cls(**start)

    def submitted(self) -> bool:
        """Whether somebody sent the form and every answer has the right shape."""
        return bool(self.validate_on_submit())

    @property
    def values(self) -> dict[str, Any]:
        """The answers, by the names of the operation's arguments."""
        return {name: value for name, value in self.data.items() if name != "csrf_token"}

    def refuse(self, refusal: Refusal) -> None:
        """Show a rule's no beside the answer that it is about, or at the first question."""
        names = [name for name in self._fields if name != "csrf_token"]
        name = refusal.field if refusal.field in names else (names[0] if names else "csrf_token")
        self._fields[name].errors = [*self._fields[name].errors, refusal.message]
