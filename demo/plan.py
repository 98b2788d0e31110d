"""What is to be entered for one case, as plain values: the published and the invented cases alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# Where a case may stand in the demonstration.
PLACES = (
    "referred",
    "ready",
    "next_meeting",
    "later_meeting",
    "today_meeting",
    "decided_no",
    "deferred",
    "unsigned",
    "watch_waiting",
    "watch_active",
    "returned",
    "closed_no",
    "closed_watch",
)


@dataclass(frozen=True)
class Owed:
    """A fact that somebody owes: a specialty (None: nobody yet) and days from today (past: overdue)."""

    fact: str
    specialty: str | None
    due_in_days: int


@dataclass(frozen=True)
class CasePlan:
    """One patient with one case. Values are as typed; `None` is unknown, `{"state": ...}` another state."""

    key: str
    board: str
    place: str
    family_name: str
    given_name: str
    sex: str
    age: int | None
    referred_days_ago: int
    question: dict[str, Any]
    citation: str = ""
    urgent: bool = False
    tumour: dict[str, Any] = field(default_factory=dict)
    background: dict[str, Any] = field(default_factory=dict)
    fitness: dict[str, Any] = field(default_factory=dict)
    # Site -> whether there are metastases, or words about those that there are; gene -> the result, or the
    # alteration that was found.
    metastases: dict[str, Any] = field(default_factory=dict)
    metastases_complete: bool = False
    drivers: dict[str, Any] = field(default_factory=dict)
    biomarkers: tuple[dict[str, Any], ...] = ()
    courses: tuple[dict[str, Any], ...] = ()
    treatments: tuple[dict[str, Any], ...] = ()
    responses: tuple[dict[str, Any], ...] = ()
    iraes: tuple[dict[str, Any], ...] = ()
    steroids: tuple[dict[str, Any], ...] = ()
    second_line: tuple[dict[str, Any], ...] = ()
    reports: tuple[dict[str, Any], ...] = ()
    complete: tuple[str, ...] = ()
    labs: tuple[dict[str, Any], ...] = ()
    body: dict[str, Any] = field(default_factory=dict)
    # Organs about which the source says that there was no other irAE; "iraes" in `complete` means all.
    organs_asked: tuple[str, ...] = ()
    owed: tuple[Owed, ...] = ()
    after: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.place not in PLACES:
            raise ValueError(f"{self.key}: no place {self.place!r}")

    @property
    def published(self) -> bool:
        """Whether the case is from a publication."""
        return bool(self.citation)
