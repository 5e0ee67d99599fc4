"""Finding what is alike, by shared words alone: it misses what is said in other words, so it only suggests."""

from itertools import combinations, islice

from sqlalchemy.orm import Session

from hackathon.adapters.full_text import words_to_find
from hackathon.alike.document import Alike
from hackathon.events.models import Event
from hackathon.insights.models import Insight
from hackathon.insights.queries import card_of, insights_saying
from hackathon.maths.similarity import likeness, parts_sharing, stems

FEWEST_WORDS = 3
FEWEST_SHARED = 2
LOOKED_THROUGH = 100
MOST_SHOWN = 3


def alike_insights(session: Session, event: Event, words: str) -> list[Alike]:
    """Up to three that everybody may read and that share two telling words with these, the most alike first.

    Fewer than three telling words say too little. Of many, the longest are looked for; of what is found, the newest.
    """
    telling = sorted(set(stems(words)), key=lambda stem: (-len(stem), stem))
    if len(telling) < FEWEST_WORDS:
        return []
    pairs = list(combinations(words_to_find(" ".join(telling)), FEWEST_SHARED))
    found = insights_saying(session, event, pairs, limit=LOOKED_THROUGH)
    alike = zip(likeness(words, [insight.text for insight in found]), found, strict=True)
    best = sorted(alike, key=lambda pair: (-pair[0], -pair[1].number))
    suggestions = (_suggested(insight, set(telling)) for _, insight in best)
    return list(islice((each for each in suggestions if len(each.shared) >= FEWEST_SHARED), MOST_SHOWN))


def _suggested(insight: Insight, telling: set[str]) -> Alike:
    parts = parts_sharing(insight.text, telling)
    # A word may be shared in several forms: the first one stands for them.
    shared = {stems(part)[0]: part for part, is_shared in reversed(parts) if is_shared}
    return Alike(card_of(insight), tuple(parts), tuple(reversed(shared.values())))
