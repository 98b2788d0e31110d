"""The patient's other cases, and where a new question about the patient is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from cases.presenters.patient import STATE_COLOURS
from cases.presenters.words import text_words
from cases.states import CaseState
from ui import formatting

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case


@dataclass(frozen=True)
class OtherCase:
    """Another case of the same patient that the user may see."""

    reference: str
    question: str
    state: str
    state_colour: str
    asked: str
    href: str


def other_case(other: Case, case: Case) -> OtherCase:
    """Return what the page of `case` shows of another case of its patient."""
    return OtherCase(
        reference=other.reference,
        question=text_words(case, other.question),
        state=str(other.get_state_display()),
        state_colour=STATE_COLOURS[CaseState(other.state)],
        asked=formatting.date(other.referred_at),
        href=reverse("cases:detail", args=[other.public_id]),
    )


def again_url(case: Case, user: User) -> str:
    """Return where a new question about the patient is asked; "" where the user may not, or they are erased."""
    may = user.can("case.refer", case.board) and not case.patient.identity.is_erased
    return reverse("cases:again", args=[case.public_id]) if may else ""
