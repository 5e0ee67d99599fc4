"""The rules for packs: each says what breaks it, where, and what to do about it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator

from hackathon.maths.readability import reading_age, words_in
from hackathon.packs.document import (
    BLOCK_VARIABLES,
    INLINE_VARIABLES,
    MANIFEST,
    REQUIRED_KINDS,
    VARIABLE,
    Audience,
    Document,
)
from hackathon.proofreading.document import PackProblem, PackRead

MUST_HOLD = {
    "privacy-notice": "privacy.questions",
    "glossary": "glossary",
    "access-and-travel": "insert.travel",
    "how-the-day-works": "run_sheet",
}
PLAIN_AUDIENCES = {
    *(Audience.EVERYONE, Audience.ATTENDEE, Audience.REMOTE),
    *(Audience.TABLE_HOST, Audience.CONVENOR, Audience.NOTE_TAKER),
}
OLDER_FOR_GUIDES = 2
CHOICES = ("choice", "choice-other")
JARGON = (
    *("stakeholder", "synergy", "leverage", "ideation", "deliverable", "bandwidth", "workstream", "KPI", "paradigm"),
    *("actionable", "transformational", "co-production", "facilitate", "engagement", "empower", "robust"),
    *("governance", "benchmark", "holistic", "cascade", "roll out", "rollout"),
)
_HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
_HTML = re.compile(r"<(?!https?://|mailto:)[a-zA-Z/!]")
_MINUTES = re.compile(r"\b(\d+) minutes\b")


def _ids_are_unique(pack: PackRead) -> Iterator[PackProblem]:
    manifest = pack.manifest
    sections = {
        "theme": [theme.id for theme in manifest.themes],
        "document": [document.id for document in manifest.documents],
        "card": [card.id for card in manifest.cards],
        "block": [block.id for block in manifest.blocks],
        "registration_question": [question.id for question in manifest.registration_questions],
    }
    for section, ids in sections.items():
        for position, name in enumerate(ids):
            if name in ids[:position]:
                yield pack.problem((section, position, "id"), f"the id “{name}” comes twice. Choose another one.")


def _folder_has_its_name(pack: PackRead) -> Iterator[PackProblem]:
    if pack.manifest.pack.id != pack.folder.name:
        yield pack.problem(
            ("pack", "id"),
            f"the pack is called “{pack.manifest.pack.id}” in a folder “{pack.folder.name}”. Use one name.",
        )


def _required_kinds_are_there(pack: PackRead) -> Iterator[PackProblem]:
    kinds = {document.kind for document in pack.manifest.documents}
    for kind in REQUIRED_KINDS:
        if kind not in kinds:
            yield pack.problem(("document", 0), f"no document has the kind “{kind}”. Every pack needs one.")


def _files_fit(pack: PackRead) -> Iterator[PackProblem]:
    named = Counter(document.file for document in pack.manifest.documents)
    for position, document in enumerate(pack.manifest.documents):
        if document.file not in pack.texts:
            yield pack.problem(("document", position, "file"), f"there is no file {document.file}. Write it.")
        elif named[document.file] > 1:
            yield pack.problem(("document", position, "file"), f"{document.file} belongs to two documents.")
    for path in sorted(pack.folder.glob("*.md")):
        if path.name not in named:
            yield PackProblem(path.name, 1, f"no [[document]] in {MANIFEST} names this file. Name it, or take it away.")


def _question_is_short(pack: PackRead) -> Iterator[PackProblem]:
    question = pack.manifest.hack_question
    if (number := len(words_in(question.text))) > question.max_words:
        yield pack.problem(
            ("hack_question", "text"), f"the question has {number} words. Bring it down to {question.max_words}."
        )


def _identity_is_allowed(pack: PackRead) -> Iterator[PackProblem]:
    identity = pack.manifest.identity
    if identity.default not in identity.allow:
        yield pack.problem(("identity", "default"), f"“{identity.default}” is not among those in allow. Add it there.")


def _minutes_add_up(pack: PackRead) -> Iterator[PackProblem]:
    total, promised = sum(block.minutes for block in pack.manifest.blocks), pack.manifest.pack.duration_minutes
    if total != promised:
        yield pack.problem(
            ("pack", "duration_minutes"),
            f"the blocks add up to {total} minutes, not {promised}. Change one or the other.",
        )


def _grid_fits_the_blocks(pack: PackRead) -> Iterator[PackProblem]:
    if (grid := pack.manifest.grid) is None:
        return
    sessions = [block.minutes for block in pack.manifest.blocks if block.mode == "sessions"]
    if sessions != [grid.slot_minutes] * grid.slots:
        yield pack.problem(
            ("grid", "slots"),
            f"the grid has {grid.slots} slots of {grid.slot_minutes} minutes; the blocks of mode “sessions” do not.",
        )


def _dots_fit(pack: PackRead) -> Iterator[PackProblem]:
    vote = pack.manifest.vote
    if vote.dots_on_one is not None and vote.dots_on_one > vote.dots:
        yield pack.problem(
            ("vote", "dots_on_one"),
            f"nobody who has {vote.dots} dots can put {vote.dots_on_one} on one statement. Use {vote.dots} at most.",
        )


def _captures_name_cards(pack: PackRead) -> Iterator[PackProblem]:
    cards = {card.id for card in pack.manifest.cards}
    for position, block in enumerate(pack.manifest.blocks):
        if block.capture and block.capture not in cards:
            yield pack.problem(
                ("block", position, "capture"), f"there is no card “{block.capture}”. Add a [[card]], or name another."
            )


def _cards_have_examples(pack: PackRead) -> Iterator[PackProblem]:
    for position, card in enumerate(pack.manifest.cards):
        if len(card.example) != len(card.fields):
            yield pack.problem(
                ("card", position, "example"),
                f"the card has {len(card.fields)} fields and {len(card.example)} examples. Give one for each field.",
            )


def _questions_say_who_sees_them(pack: PackRead) -> Iterator[PackProblem]:
    for position, question in enumerate(pack.manifest.registration_questions):
        place = ("registration_question", position, "sensitive")
        if question.sensitive and not question.seen_by:
            yield pack.problem(place, f"“{question.id}” is sensitive. Say in seen_by who may see the answer.")
        if question.sensitive and question.keep_days_after_event is None:
            yield pack.problem(place, f"“{question.id}” is sensitive. Say in keep_days_after_event when it is deleted.")
        if question.type in CHOICES and len(question.options) < 2:
            yield pack.problem(
                ("registration_question", position, "type"), f"“{question.id}” is a choice. Give two options or more."
            )


def _glossary_is_used(pack: PackRead) -> Iterator[PackProblem]:
    files = [document.file for document in pack.manifest.documents if document.kind != "glossary"]
    said = "\n".join(pack.texts.get(file, "") for file in files)
    for position, entry in enumerate(pack.manifest.glossary):
        if not re.search(rf"(?<!\w){re.escape(entry.term)}", said, re.I):
            yield pack.problem(
                ("glossary", position, "term"), f"no document uses “{entry.term}”. Use it, or take it out."
            )


def _begins_with_a_paragraph(pack: PackRead, document: Document) -> Iterator[PackProblem]:
    first = pack.texts[document.file].lstrip("\n").partition("\n")[0]
    if not first.strip():
        yield PackProblem(document.file, 1, "the document is empty. Write it.")
    elif re.match(r"(#|[-*+] |\d+\. |>|\||\{\{)", first):
        yield PackProblem(document.file, 1, "begin with a paragraph: the title comes from the manifest.")


def _headings_are_in_order(pack: PackRead, document: Document) -> Iterator[PackProblem]:
    level = 1
    for number, line in _numbered(pack, document):
        if found := _HEADING.match(line):
            deeper = len(found[1])
            if deeper == 1:
                yield PackProblem(document.file, number, "begin headings with ##: # is the title in the manifest.")
            elif deeper > level + 1:
                yield PackProblem(document.file, number, f"this heading skips a level. Use {'#' * (level + 1)}.")
            level = max(deeper, 2)


def _holds_only_words(pack: PackRead, document: Document) -> Iterator[PackProblem]:
    for number, line in _numbered(pack, document):
        if "![" in line:
            yield PackProblem(
                document.file, number, "packs hold no pictures. Say it in words, so that everyone has it."
            )
        elif "!" in line:
            yield PackProblem(document.file, number, "no exclamation marks: end the sentence with a full stop.")
        if _HTML.search(line):
            yield PackProblem(document.file, number, "packs hold no HTML. Write it in Markdown.")


def _variables_are_known(pack: PackRead, document: Document) -> Iterator[PackProblem]:
    for number, line in _numbered(pack, document):
        for name in VARIABLE.findall(line):
            if name in BLOCK_VARIABLES:
                if line.strip() != f"{{{{{name}}}}}":
                    yield PackProblem(document.file, number, f"{{{{{name}}}}} stands alone, in a paragraph of its own.")
            elif name not in INLINE_VARIABLES:
                yield PackProblem(document.file, number, f"{{{{{name}}}}} is not a variable. Check its spelling.")
        if "{{" in VARIABLE.sub("", line):
            yield PackProblem(document.file, number, "a variable is not closed. Write it like {{event.title}}.")
    needed = MUST_HOLD.get(document.kind)
    if needed and f"{{{{{needed}}}}}" not in pack.texts[document.file]:
        yield PackProblem(document.file, 1, f"a document of the kind “{document.kind}” needs {{{{{needed}}}}}.")


def _words_are_few(pack: PackRead, document: Document) -> Iterator[PackProblem]:
    number = sum(len(words_in(block)) for block in plain_blocks(pack.texts[document.file]))
    if number > document.max_words:
        yield PackProblem(
            document.file,
            1,
            f"{number} words, and {document.max_words} are allowed. Take out {number - document.max_words}.",
        )


def _reading_age_fits(pack: PackRead, document: Document) -> Iterator[PackProblem]:
    target = pack.manifest.pack.reading_age
    if not PLAIN_AUDIENCES & set(document.audience):
        target += OLDER_FOR_GUIDES
    if (age := reading_age(list(plain_blocks(pack.texts[document.file])))) > target:
        yield PackProblem(
            document.file, 1, f"the reading age is {age:.1f}, and {target} is allowed. Use shorter sentences and words."
        )


def _jargon_is_explained(pack: PackRead, document: Document) -> Iterator[PackProblem]:
    if not PLAIN_AUDIENCES & set(document.audience):
        return
    explained = {entry.term.casefold() for entry in pack.manifest.glossary}
    for number, line in _numbered(pack, document):
        for word in JARGON:
            if word.casefold() not in explained and re.search(rf"\b{re.escape(word)}", line, re.I):
                yield PackProblem(
                    document.file, number, f"“{word}” is jargon. Say it plainly, or explain it in the glossary."
                )


def _guide_agrees_with_the_blocks(pack: PackRead, document: Document) -> Iterator[PackProblem]:
    """A heading of the facilitator guide that says how long a block takes says what the manifest says."""
    if document.kind != "facilitator-guide":
        return
    for number, line in _numbered(pack, document):
        heading, minutes = _HEADING.match(line), _MINUTES.search(line)
        if not heading or not minutes:
            continue
        said = {word.casefold() for word in words_in(heading[2][: heading[2].index(minutes[0])])}
        alike = {
            block.id: len(said & {word.casefold() for word in words_in(block.title)}) for block in pack.manifest.blocks
        }
        meant = [block for block in pack.manifest.blocks if alike[block.id] and alike[block.id] == max(alike.values())]
        if int(minutes[1]) not in [block.minutes for block in meant]:
            planned = (
                " or ".join(f"“{block.title}” takes {block.minutes}" for block in meant) or "no block is like this"
            )
            yield PackProblem(document.file, number, f"the heading says {minutes[0]}; in the manifest, {planned}.")


def _numbered(pack: PackRead, document: Document) -> Iterator[tuple[int, str]]:
    return enumerate(pack.texts[document.file].splitlines(), 1)


def plain_blocks(markdown: str) -> Iterator[str]:
    """The words of each heading, paragraph, item and cell, without their marks. A variable counts as one word."""
    markdown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", VARIABLE.sub("name", markdown))
    block = ""
    for line in [*markdown.splitlines(), ""]:
        line = re.sub(r"[*_`]", "", line.strip())
        if (not line or re.match(r"(#+|[-+]|\d+\.|>)\s|\|", line)) and block:
            yield block
            block = ""
        if re.fullmatch(r"[|:\-\s]*", line):
            continue
        if line.startswith("|"):
            yield from (cell.strip() for cell in line.strip("|").split("|") if cell.strip())
        else:
            block = f"{block} {re.sub(r'^(#+|[-+]|[0-9]+[.]|>)[ ]+', '', line)}".strip()


MANIFEST_RULES: tuple[Callable[[PackRead], Iterator[PackProblem]], ...] = (
    _folder_has_its_name,
    _ids_are_unique,
    _required_kinds_are_there,
    _files_fit,
    _question_is_short,
    _identity_is_allowed,
    _minutes_add_up,
    _grid_fits_the_blocks,
    _dots_fit,
    _captures_name_cards,
    _cards_have_examples,
    _questions_say_who_sees_them,
    _glossary_is_used,
)
DOCUMENT_RULES: tuple[Callable[[PackRead, Document], Iterator[PackProblem]], ...] = (
    _begins_with_a_paragraph,
    _headings_are_in_order,
    _holds_only_words,
    _variables_are_known,
    _words_are_few,
    _reading_age_fits,
    _jargon_is_explained,
    _guide_agrees_with_the_blocks,
)
