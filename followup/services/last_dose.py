"""Enters the last dose, after which nothing is asked at doses and the later watch counts from it for good.

And takes it back, where doses go on after all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Min, Q
from django.utils.translation import gettext as _

from accounts.zones import today_of
from followup.dosing import may_go_on
from followup.later import is_against
from followup.policies import check_record
from followup.services.courses import follow_course
from followup.services.dating import undone_checks
from followup.services.doses import date_late_contacts, give_dose
from followup.services.locking import locked_plan, require_version
from followup.services.noting import note
from followup.services.pausing import go_on_from
from followup.services.reaching import end_with_last_dose, go_on_after_all
from followup.services.triggers import return_by, tell
from followup.states import CheckState, PlanState, StepNotPossible
from followup.vocabulary import BACK_WITH_LAST_DOSE, END_BY_DECISION, DoseState, UnenteredDose

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from followup.models import MonitoringPlan


def _enter_unentered(
    by: User, plan: MonitoringPlan, on: date, answer: str, *, undecided: bool
) -> None:
    """Enter the dose of `on` as the next, where that is the answer; raise where nothing was answered."""
    if answer not in UnenteredDose.values:
        raise ValidationError(
            {"unentered": _("No dose is entered on that day. Say what it was, or correct the day.")}
        )
    if answer == UnenteredDose.ENTER:
        if plan.state == PlanState.HELD:
            raise ValidationError(
                {"unentered": _("Doses are held: let them go on before a dose is entered.")}
            )
        if plan.last_dose_on is not None:
            # The last dose is corrected: another came after it, at which what is asked at doses is owed.
            _stand_as_before(plan)
            if plan.state == PlanState.HELD:
                go_on_from(plan, on)
        give_dose(by=by, plan=plan, on=on, confirmed=True, undecided=undecided)
        plan.refresh_from_db()


@transaction.atomic
def enter_last_dose(
    *,
    by: User,
    plan: MonitoringPlan,
    on: date,
    reason: str,
    unentered: str = "",
    undecided: bool = False,
    version: int | None = None,
) -> MonitoringPlan:
    """Enter that no dose comes after that of `on`: nothing is asked at doses any more, the watch goes on.

    A day that is no dose entered is asked about: `unentered` has it entered as the next dose, or keeps that
    doses were given that are not entered. Late contacts, and what takes over from checks while dosed, count
    from that day. Entered again it corrects the day; after a hold it ends the hold. Ended by toxicity or
    progression the case comes back. `undecided`: that no decision to give a dose entered with it stands is known.
    """
    plan = locked_plan(plan)
    check_record(by, plan)
    require_version(plan.version, version)
    if plan.first_dose_on is None:
        raise StepNotPossible(_("The first dose is not entered yet."))
    given = plan.doses.filter(state=DoseState.GIVEN).order_by("number").last()
    latest = given.on if given else plan.first_dose_on
    if on < latest:
        raise ValidationError({"on": _("A dose was given after that day.")})
    if on > today_of(plan.case.board):
        raise ValidationError({"on": _("A dose cannot be entered before it is given.")})
    known = plan.end_reason
    if on != latest:
        _enter_unentered(by, plan, on, unentered, undecided=undecided)
    gap = {"unentered": unentered} if on != latest else {}
    news = known not in {reason, *END_BY_DECISION}
    end_doses(plan, by=by, on=on, reason=reason, bring_back=news, **gap)
    return plan


def _stand_as_before(plan: MonitoringPlan) -> None:
    """Let the doses of `plan` go on as they stood before the last was entered, a hold included.

    What is asked while they are given is asked for again, on days that follow a first dose corrected since.
    """
    stood = plan.events.filter(last_dose_on__isnull=True).latest("pgh_id")
    since = plan.events.filter(pgh_id__gt=stood.pgh_id)
    # Entered more than once, it ended what came after the earliest of its days.
    ended_on = since.aggregate(earliest=Min("last_dose_on"))["earliest"]
    assert plan.first_dose_on is not None
    moved = plan.first_dose_on - stood.first_dose_on
    next_on = stood.next_dose_on
    if next_on is not None and not plan.doses.exists():
        next_on += moved
    plan.last_dose_on, plan.end_reason, plan.next_dose_on = None, "", next_on
    if stood.state == PlanState.HELD:
        plan.state, plan.hold_reason, plan.held_on = stood.state, stood.hold_reason, stood.held_on
    plan.version += 1
    plan.save()
    go_on_after_all(plan, ended_on, moved)


def _bring_back(by: User, plan: MonitoringPlan, reason: str) -> None:
    """Return the case for a last dose that ends in toxicity or progression."""
    why = BACK_WITH_LAST_DOSE.get(reason)
    if why is None:
        return
    back = return_by(by=by, case=plan.case, reason=why)
    tell(plan=plan, case=plan.case, reason=why, back=back)


def end_doses(
    plan: MonitoringPlan,
    *,
    by: User,
    on: date,
    reason: str,
    bring_back: bool = False,
    **kept: str,
) -> None:
    """Let no dose of `plan`, locked by the caller, come after that of `on`; the watch goes on.

    `bring_back`: the case comes back where the reason asks for it.
    """
    plan.last_dose_on, plan.end_reason, plan.next_dose_on = on, reason, None
    if plan.state == PlanState.HELD:
        plan.state, plan.hold_reason, plan.held_on = PlanState.ACTIVE, "", None
    plan.version += 1
    plan.save()
    ahead = Q(due_on__isnull=True) | Q(due_on__gt=on)
    undone_checks(plan).filter(ahead, at_dose=True).update(
        state=CheckState.CANCELLED, version=F("version") + 1
    )
    date_late_contacts(plan)
    end_with_last_dose(plan)
    if bring_back:
        # After the checks, as everybody holds them; before the course, of which a closed case takes no entry.
        _bring_back(by, plan, reason)
    note(plan, by, "plan.last_dose", on=on.isoformat(), reason=reason, **kept)
    follow_course(by=by, plan=plan)


@transaction.atomic
def take_back_last_dose(
    *, by: User, plan: MonitoringPlan, version: int | None = None
) -> MonitoringPlan:
    """Take the entry of the last dose back: doses go on as they stood before it, a hold included.

    The next dose is awaited again, what ended with the last is asked for again on its days, late contacts count from
    the last dose that is known, and the record's course goes on. Not where the board decided against a rechallenge.
    """
    plan = locked_plan(plan)
    check_record(by, plan)
    require_version(plan.version, version)
    ended_on, reason = plan.last_dose_on, plan.end_reason
    if ended_on is None or not may_go_on(plan, against=is_against(plan)):
        raise StepNotPossible(_("There is no last dose to take back."))
    _stand_as_before(plan)
    date_late_contacts(plan)
    note(plan, by, "plan.last_dose_taken_back", on=ended_on.isoformat(), reason=reason)
    follow_course(by=by, plan=plan, goes_on=True)
    return plan
