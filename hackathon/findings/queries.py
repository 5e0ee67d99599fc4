"""What the figures come to: sentences that record and do not interpret."""

from collections.abc import Iterable, Sequence

from hackathon.core.words import in_a_row
from hackathon.events.models import Place
from hackathon.figures.document import NOBODY_CHECKED_IN, NOT_KNOWN, Figures
from hackathon.maths.rates import Rate
from hackathon.maths.standing import Rule, Standing
from hackathon.results.document import VoteOutcome
from hackathon.results.queries import Tally


def findings(
    figures: Figures,
    *,
    under: Sequence[tuple[str, int]],
    said: int,
    tallies: Sequence[Tally],
    chosen: VoteOutcome | None,
) -> Iterable[str]:
    """Five sentences at most, each a figure in words. `under` is how many of the insights `said` each theme has."""
    largest, number = leaders(under)
    if number:
        about = in_a_row(f"“{title}”" for title in largest)
        yield f"Most was said about {about}: {Rate(number, said).text} insights{' each' if len(largest) > 1 else ''}."
    by_standing = {standing: [each for each in tallies if each.standing is standing] for standing in Standing}
    if agreed := by_standing[Standing.AGREED]:
        best = max(agreed, key=lambda tally: tally.support.share)
        yield (
            f"{len(agreed)} of {len(tallies)} statements were agreed. The widest support among them,"
            f" {best.support.text}, is for: {best.statement.text}"
        )
    if contested := by_standing[Standing.CONTESTED]:
        divided = "; ".join(
            f"“{tally.statement.text.rstrip('.')}” ({tally.support.text} for, {tally.disagree.text} against)"
            for tally in contested
        )
        yield f"{counted(len(contested), 'statement')} divided people: {divided}."
    if unclear := by_standing[Standing.NOT_CLEAR]:
        unsure = "; ".join(
            f"“{tally.statement.text.rstrip('.')}” ({tally.not_clear.text} said so)" for tally in unclear
        )
        verb = "was" if len(unclear) == 1 else "were"
        yield f"{counted(len(unclear), 'statement')} {verb} not clear to many: {unsure}."
    if chosen is not None:
        yield f"{chosen.message}."
    forward = figures.follow_through.recommendations_taken_forward
    if forward.of:
        ideas = figures.follow_through.ideas_taken_forward_rate
        with_them = f", and with them {ideas.text} ideas" if ideas.n else ""
        yield f"{forward.text} recommendations are taken forward{with_them}."


def method(figures: Figures) -> Iterable[str]:
    """How insights came under themes, how paper counts, and how soon people were answered."""
    theming = figures.theming
    if theming.coder_agreement is not None:
        kappa = f" (Cohen's kappa {theming.coder_kappa:.2f})" if theming.coder_kappa is not None else ""
        yield (
            "Two people put the insights under themes, each without seeing what the other did. They agreed on"
            f" {theming.coder_agreement.text}{kappa}. Where they differ, the first one's theme stands here."
        )
    elif theming.theming_coverage_coder_a is not None:
        yield f"One person put the insights under themes: {theming.theming_coverage_coder_a.text} found a place."
    else:
        yield "Insights stand under the theme that their contributors chose."
    looked_at = theming.theming_coverage_coder_a
    if looked_at is not None and (rest := theming.theming_coverage_at_capture.of - looked_at.of):
        yield f"The theme that the contributor chose stands for {counted(rest, 'insight')} not looked at."
    if figures.contributions.paper_share.n:
        share = figures.contributions.paper_share.text
        yield f"Paper counts as much as a phone: {share} contributions in the room came on cards."
    replies = figures.replies
    if replies.reply_rate is not None:
        yield (
            f"Community managers promised to answer: {replies.reply_rate.text} were answered within the promised"
            " hours, by the clock on the wall."
        )


def rule_words(rule: Rule) -> str:
    """By which rule statements stand."""
    return (
        f"Agreed: support of {rule.agreed_at:.0%} or more and disagreement of {rule.agreed_max_disagree:.0%} or"
        f" less. Contested: {rule.contested_each_side:.0%} or more on each side. Both take"
        f" {rule.minimum_ballots} ballots or more on that statement, and leave out “not clear to me”. Not clear:"
        f" {rule.not_clear_at:.0%} or more said so; this comes before the other two."
    )


def standfirst(figures: Figures) -> str:
    """Who took part and how much they said, in two sentences."""
    people, said = figures.taking_part.participants, figures.contributions
    contributions = counted(said.contributions, "contribution")
    if people is None:
        in_room = said.contributions_by_place.get(Place.ROOM.value, 0)
        how_many = f"How many people took part is {NOT_KNOWN.format(NOBODY_CHECKED_IN)}."
        return f"{how_many} {contributions} came in, {in_room} of them from the room."
    if not people["total"]:
        return "Nobody has taken part yet."
    return (
        f"{counted(people['total'], 'person', 'people')} took part: {people['room']} in the room and"
        f" {people['outside']} from outside. They made {contributions}."
    )


def missing(figures: Figures) -> str:
    """Who could have been there and was not."""
    people, part = figures.people, figures.taking_part
    parts = []
    if part.participation_rate and (absent := part.participation_rate.of - part.participation_rate.n) > 0:
        parts.append(f"{counted(absent, 'person', 'people')} who could have taken part did not.")
    if people.no_show_rate and people.no_show_rate.n:
        parts.append(f"{people.no_show_rate.text} with a confirmed place did not come.")
    if people.still_waiting:
        parts.append(f"{counted(people.still_waiting, 'person', 'people')} waited for a place in vain.")
    return " ".join(parts)


def leaders(numbers: Sequence[tuple[str, int]]) -> tuple[list[str], int]:
    """What has the largest number, all of it where several have the same, and the number."""
    largest = max((number for _, number in numbers), default=0)
    return [name for name, number in numbers if number == largest], largest


def counted(number: int, one: str, more: str = "") -> str:
    return f"{number} {one if number == 1 else more or one + 's'}"
