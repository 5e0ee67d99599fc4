"""What the policy of one event says, as plain values: each is a setting, so that the page cannot say anything else."""

from dataclasses import dataclass

from hackathon.insights.models import Identity


@dataclass(frozen=True, slots=True)
class Answering:
    """What was promised an answer, within how many hours, and when somebody is there to write it."""

    what: str
    within_hours: int
    staffed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer of the registration form: who sees it and how long it is kept."""

    question: str
    seen_by: str
    until: str


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that the page says."""

    allowed: tuple[Identity, ...]
    default: Identity
    read_first: bool
    reasons: tuple[str, ...]
    care_leads: tuple[str, ...]
    tables_from: int
    figures_from: int
    licence: str
    answering: Answering | None
    kept: tuple[Kept, ...]
    contact: str
    contact_email: str
    contacts: tuple[str, ...]
    languages: tuple[str, ...]
