"""Where a case stands, in words: its state, what happens next, and what was done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.presenters.patient import STATE_COLOURS
from cases.states import CaseState

if TYPE_CHECKING:
    from cases.models import Case
    from cases.standing import Stage

# In these states the step is the board's, whatever goes on beside it.
WAITS_FOR_AN_AGENDA = (CaseState.REFERRED, CaseState.READY, CaseState.RETURNED)


@dataclass(frozen=True)
class Standing:
    """State, next step, and the stages under the names of their kinds, in the order they were told."""

    state: str
    colour: str
    urgent: bool
    next_step: str
    stages: tuple[tuple[str, tuple[Stage, ...]], ...]


def standing(case: Case, stages: tuple[Stage, ...], owed: int) -> Standing:
    """Return where `case` stands; `owed` counts its open facts."""
    kinds: dict[str, tuple[Stage, ...]] = {}
    for stage in stages:
        kinds[stage.label] = (*kinds.get(stage.label, ()), stage)
    state = CaseState(case.state)
    return Standing(
        state=str(state.label),
        colour=STATE_COLOURS[state],
        urgent=case.urgent,
        next_step=_next_step(state, stages, owed),
        stages=tuple(kinds.items()),
    )


def _next_step(state: CaseState, stages: tuple[Stage, ...], owed: int) -> str:
    if state in WAITS_FOR_AN_AGENDA:
        if not owed:
            return _("The coordinator is to put it on an agenda")
        return ngettext(
            "%(n)s fact is still owed; then the coordinator is to put it on an agenda",
            "%(n)s facts are still owed; then the coordinator is to put it on an agenda",
            owed,
        ) % {"n": owed}
    if state == CaseState.CLOSED:
        return _("None: the case is closed")
    told = next((stage.next_step for stage in stages if stage.next_step), "")
    words = {
        CaseState.LISTED: _("Still to be discussed by the board"),
        CaseState.DISCUSSED: _("The decision is still to be recorded and signed"),
        CaseState.DECIDED: _("None: the decision is signed, and nothing is monitored"),
        CaseState.WATCHING: _("The checks of the monitoring plan"),
    }
    return told or words[state]
