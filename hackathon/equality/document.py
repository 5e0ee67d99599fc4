"""What the equality form asks."""

from dataclasses import dataclass

PREFER_NOT = "Prefer not to say"


@dataclass(frozen=True, slots=True)
class EqualityQuestion:
    """One question, with the answers that can be counted."""

    key: str
    label: str
    options: tuple[str, ...]


QUESTIONS = (
    EqualityQuestion(
        "age", "How old are you?", ("16 to 24", "25 to 34", "35 to 49", "50 to 64", "65 or over", PREFER_NOT)
    ),
    EqualityQuestion("sex", "What is your sex?", ("Female", "Male", PREFER_NOT)),
    EqualityQuestion(
        "disability",
        "Do you have a physical or mental health condition, or an illness, that has lasted 12 months or more?",
        (
            "Yes, and it limits what I can do a lot",
            "Yes, and it limits it a little",
            "Yes, and it does not",
            "No",
            PREFER_NOT,
        ),
    ),
    EqualityQuestion(
        "ethnic-group",
        "What is your ethnic group?",
        (
            "Asian or Asian British",
            "Black, Black British, Caribbean or African",
            "Mixed or multiple ethnic groups",
            "White",
            "Another ethnic group",
            PREFER_NOT,
        ),
    ),
    EqualityQuestion("caring", "Do you look after somebody who could not do without you?", ("Yes", "No", PREFER_NOT)),
)
"""After the harmonised standards of the Government Statistical Service and the census for England and Wales of 2021."""


@dataclass(frozen=True, slots=True)
class CountedAnswers:
    """How often each answer to a question was given; None where so few did that it could be somebody."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, int | str], ...]
