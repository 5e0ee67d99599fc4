"""The two ways in which the house says no."""


class Refusal(Exception):
    """A rule says no. The message is written for the person who asked, because they will read it.

    `field` is the name of the answer that the message is about, where there is one.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotFound(Exception):
    """There is no such thing here, or it is not for the person who asked."""
