"""The optimistic lock of plans and checks: what was shown must still be what stands."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from followup.models import Check, MonitoringPlan
from followup.states import OPEN_PLANS, UNDONE_CHECKS


class Outdated(ValidationError):
    """Somebody else changed the row since it was shown."""

    def __init__(self, words: str = "") -> None:
        super().__init__(
            words
            or _(
                "Somebody else has changed this since you opened it. It is shown anew: look again, then save."
            ),
            code="outdated",
        )


def require_version(stands: int, shown: int | None) -> None:
    """Raise Outdated unless the version shown (None: the caller has read it just now) still stands."""
    if shown is not None and shown != stands:
        raise Outdated


def locked_plan(plan: MonitoringPlan) -> MonitoringPlan:
    """Return `plan` read anew and locked until the transaction ends."""
    rows = MonitoringPlan.objects.select_for_update(of=("self",))
    found: MonitoringPlan = rows.select_related("case__board").get(pk=plan.pk)
    return found


def locked_check(check: Check) -> Check:
    """Return `check` read anew and locked, with its plan, case and board."""
    rows = Check.objects.select_for_update(of=("self",))
    found: Check = rows.select_related("plan__case__board", "step").get(pk=check.pk)
    return found


def hold_plans(case_id: int) -> None:
    """Hold the open plans of a case and what is to be done under them, until the transaction ends.

    For who goes on to hold the case and change them: results and doses hold plan, check and case in that order.
    """
    _hold(Q(case=case_id))


def hold_plans_of(records: Collection[int]) -> None:
    """Hold the same of every case of these patients."""
    _hold(Q(patient__in=records) | Q(patient__merged_into__in=records))


def _hold(whose: Q) -> None:
    plans = MonitoringPlan.objects.filter(whose, state__in=OPEN_PLANS)
    held = list(plans.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    checks = Check.objects.filter(plan__in=held, state__in=UNDONE_CHECKS)
    list(checks.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
