"""How a rated statement stands: agreed, contested, not clear, none of these, or on too few ballots to say."""

import enum
from dataclasses import dataclass


class Standing(enum.Enum):
    """What the ratings of a statement amount to."""

    AGREED = "agreed"
    CONTESTED = "contested"
    NOT_CLEAR = "not_clear"
    NEITHER = "neither"
    TOO_FEW = "too_few"

    @property
    def words(self) -> str:
        return "Too few ballots to say" if self is Standing.TOO_FEW else self.value.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Rule:
    """Where the lines are drawn. Shares are from 0 to 1."""

    agreed_at: float = 0.70
    agreed_max_disagree: float = 0.10
    contested_each_side: float = 0.25
    not_clear_at: float = 0.20
    minimum_ballots: int = 10

    @property
    def words(self) -> tuple[tuple[str, str], ...]:
        """The rule as it is printed beside every result: each name with what earns it, in the order of asking."""
        agree, disagree = f"{self.agreed_at:.0%}", f"{self.agreed_max_disagree:.0%}"
        side = f"{self.contested_each_side:.0%}"
        return (
            ("Not clear", f"{self.not_clear_at:.0%} or more of those who answered it marked it not clear to them."),
            (Standing.TOO_FEW.words, f"Fewer than {self.minimum_ballots} people answered it."),
            ("Agreed", f"Of those who rated it, {agree} or more agree and {disagree} or fewer disagree."),
            ("Contested", f"Of those who rated it, {side} or more agree and {side} or more disagree."),
            ("Neither", "Everything else."),
        )


def standing(rule: Rule, *, agree: int, disagree: int, neutral: int, not_clear: int) -> Standing:
    """How a statement stands when so many people marked it so.

    Support and disagreement are shares of those who rated it; "not clear" is a share of all who answered that line,
    and it comes first: what people could not follow, they can neither agree on nor dispute.
    """
    rated = agree + disagree + neutral
    answered = rated + not_clear
    if answered and not_clear / answered >= rule.not_clear_at:
        return Standing.NOT_CLEAR
    if not rated or answered < rule.minimum_ballots:
        return Standing.TOO_FEW
    if agree / rated >= rule.agreed_at and disagree / rated <= rule.agreed_max_disagree:
        return Standing.AGREED
    if min(agree, disagree) / rated >= rule.contested_each_side:
        return Standing.CONTESTED
    return Standing.NEITHER
