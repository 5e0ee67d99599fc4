"""What a community manager writes to two people at once."""

from wtforms import HiddenField

from hackathon.community.document import HOW_LONG
from hackathon.links.operations import link_alike
from hackathon.web.fields import HiddenNumber, LongWords
from hackathon.web.second_look import SecondLook


class LinkForm(SecondLook):
    """Two answers that name each other's number."""

    feeds = staticmethod(link_alike)
    beside = frozenset({"account"})
    looks_at = ("text", "text_there")

    text = LongWords("Your reply here", description=HOW_LONG)
    text_there = LongWords("Your reply there", description=HOW_LONG)
    client_id = HiddenField()
    read_up_to = HiddenNumber(default=0)
    read_up_to_there = HiddenNumber(default=0)
