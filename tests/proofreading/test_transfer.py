"""What is wrong with a pack is found, with its line."""

import re
import shutil
from pathlib import Path

import pytest

from hackathon.packs.transfer import PACKS, pack_folders
from hackathon.proofreading.document import PackProblem
from hackathon.proofreading.transfer import check_pack

SHIPPED = ["change-model", "inclusion-and-system-leadership", "open-space-unconference"]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of a clean pack, to spoil."""
    return shutil.copytree(PACKS / "change-model", tmp_path / "change-model")


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def line_of(folder: Path, file: str, words: str) -> int:
    return next(n for n, line in enumerate((folder / file).read_text().splitlines(), 1) if words in line)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_packs_that_ship_are_clean(name: str) -> None:
    assert check_pack(PACKS / name) == []


MANIFEST_FAULTS = [
    ('schema = "hackpack/1"', 'schema = "hackpack/2"', "schema", "hackpack/1"),
    ('id = "change-model"', 'id = "other"', 'id = "other"', "Use one name"),
    ('version = "1.0.0"', 'version = "one"', "version", "three numbers, like 1.0.0"),
    ('licence = "CC-BY-4.0"', "", "[pack]", "pack licence is missing. Add it."),
    ('title = "Hack the way', 'tilte = "Hack the way', "tilte", "tilte is not a key"),
    ("duration_minutes = 405", "duration_minutes = 400", "duration_minutes", "add up to 405 minutes, not 400"),
    ("secret_until_closed = true", 'method = "stickers"', 'method = "stickers"', "'rate', 'dots' or 'ranking'"),
    ("secret_until_closed = true", 'method = "dots"\ndots = 0', "dots = 0", "greater than or equal to 1"),
    ("secret_until_closed = true", "dots_on_one = 6", "dots_on_one", "Use 5 at most"),
    (
        'text = "What would make',
        'text = "And what on earth do you all now think would make',
        "text =",
        "the question has 25 words",
    ),
    ('default = "hidden"', 'default = "named"\nallow2 = 1', "allow2", "not a key"),
    (
        'allow = ["named", "hidden", "anonymous"]',
        'allow = ["named"]',
        'default = "hidden"',
        "is not among those in allow",
    ),
    ('kind = "code-of-conduct"', 'kind = "manners"', "[[document]]", "no document has the kind “code-of-conduct”"),
    ('file = "10-purpose.md"', 'file = "11-purpose.md"', "11-purpose.md", "there is no file 11-purpose.md. Write it."),
    ('file = "10-purpose.md"', 'file = "../10-purpose.md"', "../10-purpose.md", "like 10-purpose.md, without a folder"),
    ('audience = ["remote"]', 'audience = ["ghosts"]', "ghosts", "audience"),
    ('release = "T-7d"', 'release = "7 days before"', "7 days before", "like T-14d or T+0d"),
    ('capture = "mini-hack"', 'capture = "maxi-hack"', "maxi-hack", "there is no card “maxi-hack”"),
    (
        'fields = ["I will", "by when", "remind me on"]',
        'fields = ["I will"]',
        "ask two porters",
        "1 fields and 3 examples",
    ),
    ('seen_by = ["access-lead"]\nkeep', "keep", "sensitive = true", "Say in seen_by who may see the answer"),
    ("keep_days_after_event = 14", "", "sensitive = true", "Say in keep_days_after_event"),
    ('type = "yes-no"', 'type = "choice"', 'type = "choice"', "Give two options or more"),
    ('type = "yes-no"', 'type = "choice-other"', "", "Give two options or more"),
    ('term = "cluster"', 'term = "zeitgeist"', "zeitgeist", "no document uses “zeitgeist”"),
    ('id = "language"', 'id = "tools"', "", "the id “tools” comes twice"),
]


@pytest.mark.parametrize(("old", "new", "where", "says"), MANIFEST_FAULTS)
def test_a_fault_in_the_manifest_is_named_with_its_line(pack: Path, old: str, new: str, where: str, says: str) -> None:
    spoil(pack, "pack.toml", old, new)

    problems = check_pack(pack)

    found = [problem for problem in problems if says in problem.message]
    assert found, problems
    assert found[0].file == "pack.toml"
    if where:
        assert found[0].line == line_of(pack, "pack.toml", where)


DOCUMENT_FAULTS = [
    ("10-purpose.md", "We are meeting", "## We are meeting", "begin with a paragraph"),
    ("10-purpose.md", "## What will be", "# What will be", "begin headings with ##"),
    ("10-purpose.md", "## What will be", "#### What will be", "skips a level. Use ##."),
    ("10-purpose.md", "Bring that.", "Bring that!", "no exclamation marks"),
    ("10-purpose.md", "Bring that.", "Bring ![that](a.png).", "no pictures"),
    ("10-purpose.md", "Bring that.", "Bring <b>that</b>.", "no HTML"),
    ("10-purpose.md", "{{owner.name}}", "{{owner.nmae}}", "{{owner.nmae}} is not a variable"),
    ("10-purpose.md", "{{owner.name}}", "{{owner.name", "a variable is not closed"),
    ("10-purpose.md", "Bring that.", "Bring {{run_sheet}}.", "stands alone"),
    ("10-purpose.md", "Bring that.", "Bring all stakeholders.", "“stakeholder” is jargon"),
    ("92-facilitator.md", "People bingo: 20 minutes", "People bingo: 25 minutes", "“People bingo” takes 20"),
]


@pytest.mark.parametrize(("file", "old", "new", "says"), DOCUMENT_FAULTS)
def test_a_fault_in_a_document_is_named_with_its_line(pack: Path, file: str, old: str, new: str, says: str) -> None:
    spoil(pack, file, old, new)

    (problem,) = check_pack(pack)

    assert says in problem.message
    assert (problem.file, problem.line) == (file, line_of(pack, file, new))


def test_too_many_words_and_too_hard_words_are_counted(pack: Path) -> None:
    long = "Organisational transformation necessitates interdepartmental collaboration " * 60
    spoil(pack, "10-purpose.md", "Bring that.", long)

    messages = [problem.message for problem in check_pack(pack)]

    assert any(re.match(r"\d+ words, and 250 are allowed. Take out \d+\.", message) for message in messages)
    assert any("the reading age is" in message and "11 is allowed" in message for message in messages)


@pytest.mark.parametrize(
    ("file", "needed"),
    [
        ("70-your-information.md", "privacy.questions"),
        ("80-plain-words.md", "glossary"),
        ("50-access-and-travel.md", "insert.travel"),
    ],
)
def test_a_kind_holds_what_makes_it_that_kind(pack: Path, file: str, needed: str) -> None:
    spoil(pack, file, f"{{{{{needed}}}}}", "Nothing")

    assert [problem.message for problem in check_pack(pack)] == [
        f"a document of the kind “{KINDS[file]}” needs {{{{{needed}}}}}."
    ]


KINDS = {
    "70-your-information.md": "privacy-notice",
    "80-plain-words.md": "glossary",
    "50-access-and-travel.md": "access-and-travel",
}


def test_a_file_that_nobody_names_is_found(pack: Path) -> None:
    (pack / "99-left-over.md").write_text("Left over.")

    assert [(p.file, p.line) for p in check_pack(pack)] == [("99-left-over.md", 1)]


def test_jargon_is_allowed_once_the_glossary_explains_it(pack: Path) -> None:
    spoil(pack, "10-purpose.md", "Bring that.", "Bring your KPI.")
    (pack / "pack.toml").write_text(
        (pack / "pack.toml").read_text() + '[[glossary]]\nterm = "KPI"\nplain = "A number."\n'
    )

    assert check_pack(pack) == []


def test_a_manifest_that_is_no_toml_is_named_with_its_line(pack: Path) -> None:
    spoil(pack, "pack.toml", "[pack]", "[pack")

    (problem,) = check_pack(pack)

    assert (problem.file, problem.line) == ("pack.toml", 3)


def test_a_folder_without_a_manifest_says_so(tmp_path: Path) -> None:
    assert check_pack(tmp_path) == [
        PackProblem("pack.toml", 1, "there is no pack.toml here. A pack is a folder with one.")
    ]
    assert pack_folders(tmp_path) == []


def test_the_grid_of_an_unconference_fits_its_blocks(tmp_path: Path) -> None:
    pack = shutil.copytree(PACKS / "open-space-unconference", tmp_path / "open-space-unconference")
    spoil(pack, "pack.toml", "slots = 4", "slots = 5")

    (problem,) = check_pack(pack)

    assert (problem.line, "5 slots of 45 minutes" in problem.message) == (line_of(pack, "pack.toml", "slots = 5"), True)
