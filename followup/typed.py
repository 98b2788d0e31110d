"""The forms of the monitoring by the keys of their drafts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cases.typed import Around, Made, listing, plain
from followup.forms.checks import AssignForm, CorrectionForm, ResultForm
from followup.forms.plans import (
    CloseForm,
    DoseForm,
    FirstDoseForm,
    HoldForm,
    IraeForm,
    LastDoseForm,
    PlannedFirstForm,
    ResumeForm,
    TakeBackFirstForm,
)

if TYPE_CHECKING:
    from accounts.models import User
    from cases.typed import Fields


def _people(around: Around) -> list[User]:
    return around.users


def _irae(sent: object, _around: Around) -> Fields:
    # What was typed is shown and not checked, so every day will do.
    return IraeForm(sent, today=date.max).fields


MADE: dict[str, Made] = {
    "plan:planned-first": plain(PlannedFirstForm),
    "plan:first-dose": plain(FirstDoseForm),
    "plan:take-back-first": plain(TakeBackFirstForm),
    "plan:dose": plain(DoseForm),
    "plan:last-dose": plain(LastDoseForm),
    "plan:hold": plain(HoldForm),
    "plan:resume": plain(ResumeForm),
    "plan:close": plain(CloseForm),
    "plan:irae": _irae,
    "check:result": plain(ResultForm),
    "check:correct": plain(CorrectionForm),
    "check:assign": listing(AssignForm, people=_people),
}
