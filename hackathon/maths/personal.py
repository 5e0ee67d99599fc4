"""Details in a text by which somebody could be found: suggestions to look again, never a judgement.

`static/js/personal.js` says the same in the browser; both are held to one table, `tests/maths/personal.json`.
"""

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


class Detail(enum.Enum):
    """What kind of detail a stretch of a text looks like."""

    NHS_NUMBER = "nhs_number"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"

    @property
    def words(self) -> str:
        return DETAIL_WORDS[self]


DETAIL_WORDS = {
    Detail.NHS_NUMBER: "an NHS number",
    Detail.PHONE: "a phone number",
    Detail.EMAIL: "an email address",
    Detail.ADDRESS: "an address or a postcode",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A detail, and where it stands in the text."""

    detail: Detail
    start: int
    end: int


# Arabic, Urdu and full-width digits count as ours; each takes the place of one character, so places stay true.
_OUR_DIGITS = {zero + value: str(value) for zero in (0x0660, 0x06F0, 0xFF10) for value in range(10)}
_RUN = re.compile(r"\+?[0-9](?:[ \u00a0().\-\u2010-\u2013]{0,3}[0-9])*")
_GROUP = re.compile(r"[0-9]+")
_MOST_GROUPS = 11
_ABROAD = re.compile(r"(00)?[1-9][0-9]{8,14}")
_MOBILE_WITHOUT_PLUS = re.compile(r"440?7[0-9]{9}")
_NATIONAL = re.compile(r"0[1235789][0-9]{9}|01[0-9]{8}|0[58]00[0-9]{6}")
_EMAIL = re.compile(r"[\w.+'’-]+@(?:[\w-]+\.)+[^\W\d_]{2,}")
_POSTCODE = re.compile(r"\b[A-PR-UWYZ][A-HK-Y]?[0-9][0-9A-HJKMNP-Y]?[ \u00a0]?[0-9][ABD-HJLNP-UW-Z]{2}\b", re.I)
_ORDINAL = re.compile(r"1st|2nd|3rd|[4-90]th|[0-9](?:hr|yr)")
_STREET = re.compile(
    r"\b[0-9]{1,3}[A-Za-z]?,? (?:[A-Z][\w'’-]*,? ){1,3}"
    r"(?:Street|Road|Avenue|Lane|Close|Drive|Crescent|Gardens|Terrace|Square|Grove|Mews|Court|Row|Way|St|Rd|Ave)\b"
)


def details_in(text: str) -> list[Found]:
    """The details in this text, in the order in which they stand; none overlaps another."""
    text = text.translate(_OUR_DIGITS)
    found: list[Found] = []
    for each in (*_emails(text), *_numbers(text), *_addresses(text)):
        if all(each.end <= other.start or other.end <= each.start for other in found):
            found.append(each)
    return sorted(found, key=lambda each: each.start)


def kinds_in(text: str) -> list[Detail]:
    """The kinds of detail in this text, each once, in the order in which they first stand."""
    return list(dict.fromkeys(found.detail for found in details_in(text)))


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits pass the check of the NHS number (NHS Data Model and Dictionary, modulus 11).

    The digits weigh 10, 9, … 2; the tenth is 11 less the remainder of their sum by 11, where 11 counts as 0 and 10
    makes no number. So the sum with the tenth, weighing 1, is a multiple of 11. Scotland's CHI number has the same
    check; of ten digits written at random, one in eleven passes it.
    """
    return len(digits) == 10 and sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11 == 0


def _emails(text: str) -> Iterator[Found]:
    for match in _EMAIL.finditer(text):
        yield Found(Detail.EMAIL, *match.span())


def _numbers(text: str) -> Iterator[Found]:
    """Telephone and NHS numbers: runs of digits, in groups as people write them."""
    for run in _RUN.finditer(text):
        groups = [group.span() for group in _GROUP.finditer(text, *run.span())]
        if _is_part_of_a_word(text, groups[0][0] - 1, groups[-1][1]):
            continue
        first = 0
        while first < len(groups):
            found = _longest_from(text, groups[first : first + _MOST_GROUPS], plus=first == 0 and run[0][0] == "+")
            if found is None:
                first += 1
            else:
                yield found
                first += sum(found.start <= start < found.end for start, _ in groups[first:])


def _longest_from(text: str, groups: Sequence[tuple[int, int]], *, plus: bool) -> Found | None:
    """The longest number that begins with the first of these groups."""
    for length in range(len(groups), 0, -1):
        parts = [text[start:end] for start, end in groups[:length]]
        if (detail := _number_kind(parts, plus=plus)) is not None:
            return Found(detail, groups[0][0] - plus, groups[length - 1][1])
    return None


def _number_kind(parts: Sequence[str], *, plus: bool) -> Detail | None:
    """What these groups of digits are together. Dates and times have shorter groups than numbers of people have."""
    digits, shortest = "".join(parts), min(map(len, parts))
    if not plus and shortest >= 3 and is_nhs_number(digits):
        return Detail.NHS_NUMBER
    if _ABROAD.fullmatch(digits) and (plus or digits.startswith("00")):
        return Detail.PHONE
    if _MOBILE_WITHOUT_PLUS.fullmatch(digits):
        return Detail.PHONE
    if _NATIONAL.fullmatch(digits) and len(parts[0]) >= 3 and shortest >= 2:
        return Detail.PHONE
    return None


def _is_part_of_a_word(text: str, before: int, after: int) -> bool:
    """Whether the digits belong to a reference such as INC0012345678, or to a sum of money."""
    around = text[max(before, 0) : before + 1], text[after : after + 1]
    return any(c.isalpha() or c == "_" for c in around if c) or around[0] in ("£", "$", "€")


def _addresses(text: str) -> Iterator[Found]:
    for match in _STREET.finditer(text):
        yield Found(Detail.ADDRESS, *match.span())
    for match in _POSTCODE.finditer(text):
        if not _ORDINAL.fullmatch(match[0][-3:]):
            yield Found(Detail.ADDRESS, *match.span())
