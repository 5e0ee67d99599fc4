"""How forms are asked and answered. A form checks shape and feeds one operation; the operation checks rules."""

from collections.abc import Callable
from typing import Any, ClassVar, Self

from flask_wtf import FlaskForm

from hackathon.core.errors import Refusal


class HackForm(FlaskForm):
    """Questions that feed one operation.

    `feeds` is that operation: a test holds the names of the fields against its arguments. `beside` names arguments of
    the operation that the view knows by itself (who acts, which row), so that no field asks for them.
    """

    feeds: ClassVar[Callable[..., Any]]
    beside: ClassVar[frozenset[str]] = frozenset()

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
