"""The last question before somebody is erased."""

from typing import Any

from hackathon.privacy.operations import erase_person
from hackathon.web.fields import ChooseOne
from hackathon.web.forms import HackForm

KEEP, TAKE = "keep", "take"


class EraseForm(HackForm):
    """What shall become of the words."""

    feeds = staticmethod(erase_person)
    beside = frozenset({"at"})

    keep_words = ChooseOne(
        "What shall become of what you wrote?",
        {KEEP: "It may stay, without my name", TAKE: "Take it back as well"},
        invalid_choice_message="Choose what shall become of what you wrote",
        invalid_value_message="Choose what shall become of what you wrote",
    )

    @property
    def values(self) -> dict[str, Any]:
        return {"keep_words": self.keep_words.data == KEEP}
