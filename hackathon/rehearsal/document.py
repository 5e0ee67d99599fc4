"""What pretend people say. Every sentence says of itself that it is a sample."""

PEOPLE, MINUTES, EACH = 20, 5, 3
"""So many pretend people write so many thoughts each, spread over so many minutes: about as fast as a real table."""
EVERY_NTH_FROM_OUTSIDE, EVERY_NTH_A_COMMENT = 4, 6

SAYINGS = (
    "We use three words for one thing, and nobody asks which one is meant.",
    "The form asks for what the last form asked for.",
    "I would say more if I knew who reads it.",
    "Night shifts hear of changes from the noticeboard.",
    "It worked on our ward because two people had coffee together.",
    "Nobody told us what became of the last idea.",
    "Meetings end when it gets interesting.",
    "I need permission for things that my job already asks of me.",
    "The tool is good, and I found it by accident.",
    "People from outside ask the best questions.",
    "We measure what is easy to count.",
    "A story from a patient changed our minds faster than the slides did.",
    "I would try it if I could stop it again.",
    "Plans come down, and news goes up too late.",
    "Somebody next door has solved this already.",
    "The person with the least time speaks least.",
)
ANSWERS = (
    "The same with us, since spring.",
    "We tried that. Ask us how it went.",
    "I see it the other way round.",
    "Could we say this in the opening?",
)


def saying(number: int) -> str:
    """The words of one pretend contribution."""
    return f"Sample: {SAYINGS[number % len(SAYINGS)]}"


def answer(number: int) -> str:
    return f"Sample: {ANSWERS[number % len(ANSWERS)]}"
