"""What an organiser writes into a pack."""

from hackathon.handouts.operations import LONGEST_INSERT, write_insert
from hackathon.web.editions import EditForm
from hackathon.web.fields import LongWords


class InsertForm(EditForm):
    """Markdown: ## begins a heading, - an item of a list, and an empty line a new paragraph."""

    feeds = staticmethod(write_insert)
    beside = frozenset({"slot"})

    markdown = LongWords(
        "Your words",
        description=f"Up to {LONGEST_INSERT:,} characters. An empty line begins a paragraph, “- ” an item of a list, "
        "“## ” a heading. **Two stars** make words bold.",
    )
