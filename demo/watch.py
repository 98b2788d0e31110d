"""Watches the decided cases: first doses, results of checks, what came back, what was closed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.acting import acting_as
from cases.models import Case
from cases.services.lifecycle import move_case
from cases.states import CaseState
from demo import typed
from demo.boards import past_meeting
from demo.clock import at
from demo.record import Entry
from followup.dosing import next_dose
from followup.models import Check, MonitoringPlan
from followup.services import (
    close_plan,
    enter_first_dose,
    give_dose,
    plan_first_dose,
    record_result,
    skip_dose,
)
from followup.services.triggers import irae_recorded
from followup.vocabulary import CloseReason, HoldReason, NotDoneReason, Result

if TYPE_CHECKING:
    from typing import Any

    from demo.people import Bench
    from demo.plan import CasePlan

DOSED = {"watch_active", "returned", "closed_watch"}
# What a normal measurement may be, by the code of the measure.
NORMAL = {
    "prednisone": (0, 7), "hb": (124, 146), "neutrophils": (3, 6), "lymphocytes": (1, 3),
    "platelets": (170, 330), "alt": (14, 38), "ast": (15, 35), "alp": (55, 110), "bilirubin": (5, 16),
    "creatinine": (62, 88), "sodium": (136, 143), "potassium": (4, 5), "glucose": (5, 7),
    "hba1c": (34, 46), "tsh": (1, 4), "ft4": (12, 19), "cortisol": (280, 520), "fvc": (78, 98),
    "dlco": (78, 88), "spo2_rest": (96, 98), "spo2_exertion": (92, 94), "calprotectin": (12, 48),
    "stools": (0, 0), "bsa": (0, 0), "crp": (1, 6), "ldh": (150, 230), "lipase": (18, 52),
    "haptoglobin": (1, 2), "troponin": (3, 11), "ck": (60, 160), "lvef": (57, 66),
    "ntprobnp": (40, 110), "protein": (3, 12),
}  # fmt: skip
# The upper limits of the laboratory of the hospital.
UPPER = {
    "alt": "40", "ast": "40", "alp": "130", "bilirubin": "20", "creatinine": "104", "ck": "190", "troponin": "14",
    "ntprobnp": "125", "lipase": "60", "ldh": "250",
}  # fmt: skip


class Watch:
    """The monitoring of one board, as its nurse does it."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.nurse = bench["nurse"]
        self.rng = Random(bench.board.name + " watch")  # noqa: S311 - the same every time
        self.today = timezone.localdate()
        self.results = 0

    def keep(self, entered: list[tuple[CasePlan, Case]]) -> int:
        """Watch every case that was rechallenged and close what is over; return the results recorded."""
        for number, (plan, case) in enumerate(entered):
            if plan.place in DOSED or plan.place == "watch_waiting":
                with acting_as(self.nurse):
                    self._watch(plan, case, number)
            if plan.place.startswith("closed"):
                self._close(plan, case)
        return self.results

    def _watch(self, plan: CasePlan, case: Case, number: int) -> None:
        monitoring = MonitoringPlan.objects.get(case=case)
        decided = self.today - timedelta(days=past_meeting(plan))
        if plan.place == "watch_waiting":
            self._results(monitoring, until=self.today - timedelta(days=1), leave=1 + number % 2)
            if number % 2:
                planned = self.today + timedelta(days=6)
                plan_first_dose(by=self.nurse, plan=monitoring, on=planned)
            return
        first_dose = decided + timedelta(days=8 + number % 5)
        self._results(monitoring, until=first_dose, leave=0)
        with at(working(first_dose)):
            known = bool(monitoring.conditions)  # the nurse says so where the record cannot judge
            enter_first_dose(by=self.nurse, plan=monitoring, on=first_dose, acknowledged=known)
        self._doses(monitoring, until=self.today - timedelta(days=5), number=number)
        # Under way, the latest checks are still owed; what is over has all its results.
        active = plan.place == "watch_active"
        until = self.today - timedelta(days=1 if active else 5)
        self._results(monitoring, until=until, leave=number % 3 if active else 0)
        if plan.place == "returned":
            self._come_back(plan, case, monitoring)

    def _doses(self, monitoring: MonitoringPlan, *, until: date, number: int) -> None:
        """Enter the doses after the first as they were expected; some are late, a few are skipped."""
        while True:
            plan = MonitoringPlan.objects.get(pk=monitoring.pk)
            following = next_dose(plan)
            late = timedelta(days=2 if following and (number + following.number) % 5 == 0 else 0)
            if following is None or following.expected_on + late > until:
                return
            with at(working(following.expected_on + late)):
                if (number + following.number) % 9 == 0:
                    skip_dose(by=self.nurse, plan=plan, reason=HoldReason.INTERCURRENT)
                else:
                    give_dose(by=self.nurse, plan=plan, on=following.expected_on + late)

    def _results(self, monitoring: MonitoringPlan, *, until: date, leave: int) -> None:
        """Record the checks due up to `until`, but the last `leave`; one in twenty was not done."""
        rows = Check.objects.filter(plan=monitoring, state="waiting", due_on__lte=until)
        checks = list(rows.select_related("step").order_by("due_on", "id"))
        for check in checks[: len(checks) - leave]:
            due = check.due_on or until
            with at(working(due)):
                if not check.step.critical and self.rng.random() < 0.05:
                    self._record(
                        check, Result.NOT_DONE, reason=self.rng.choice(NotDoneReason.values)
                    )
                else:
                    values = self._values(check)
                    limits = {code: UPPER[code] for code in values if code in UPPER}
                    self._record(
                        check,
                        Result.NORMAL,
                        measured_on=due,
                        values=values,
                        upper_limits=limits,
                    )

    def _record(self, check: Check, result: str, **more: Any) -> None:
        record_result(by=self.nurse, check=check, result=result, **more)
        self.results += 1

    def _values(self, check: Check) -> dict[str, str]:
        return {
            measure["code"]: str(self.rng.randint(*NORMAL.get(measure["code"], (1, 9))))
            for measure in check.measures
        }

    def _come_back(self, plan: CasePlan, case: Case, monitoring: MonitoringPlan) -> None:
        """Bring the case back: with the irAEs that the report tells, else by an abnormal check."""
        case = Case.objects.select_related("board").get(pk=case.pk)
        with at(working(self.today - timedelta(days=4))):
            for given in plan.after.get("new_iraes", ()):
                self._new_irae(case, given)
                case.refresh_from_db()
            if case.state != CaseState.RETURNED:
                check = (
                    Check.objects.filter(plan=monitoring, state="waiting")
                    .select_related("step")
                    .order_by("due_on", "id")
                    .first()
                )
                if check is not None:
                    measured = self.today - timedelta(days=4)
                    self._record(check, Result.ABNORMAL, measured_on=measured)

    def _new_irae(self, case: Case, given: dict[str, Any]) -> None:
        """Record a new irAE when it shows itself, and then how it went on."""
        entry = Entry(self.nurse, case)
        first = {"resolution": "ongoing", "resolution_state": "known"}
        irae = entry.irae({**typed.irae(given), **first})
        irae_recorded(by=self.nurse, case=case, irae=irae)
        entry.irae(typed.irae(given), irae)

    def _close(self, plan: CasePlan, case: Case) -> None:
        ended = working(self.today - timedelta(days=9))
        with at(ended):
            if plan.place == "closed_watch":
                reason = CloseReason.DIED if plan.published else CloseReason.COMPLETED
                with acting_as(self.nurse):
                    monitoring = MonitoringPlan.objects.get(case=case)
                    close_plan(by=self.nurse, plan=monitoring, reason=reason)
            coordinator = self.bench["coordinator"]
            with acting_as(coordinator):
                move_case(by=coordinator, case=case, to=CaseState.CLOSED)


def working(day: date) -> datetime:
    """Return a moment of the afternoon of `day`, never in the future."""
    return min(timezone.make_aware(datetime.combine(day, time(15, 20))), timezone.now())
