"""Reads what the values of a check are held against: limits of the laboratory, baseline, organs once affected."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from cases.family import records_of
from cases.models import IrAE, LabResult
from followup.limits import Yardstick, exact, needs_upper
from followup.models import Check
from followup.states import CheckState

if TYPE_CHECKING:
    from collections.abc import Mapping

# Code of a measure -> analytes of the record that are measured in the same unit.
ANALYTES = {
    "alt": ("alt",),
    "ast": ("ast",),
    "alp": ("alp",),
    "bilirubin": ("bilirubin",),
    "creatinine": ("creatinine",),
    "ck": ("ck",),
    "troponin": ("troponin_t", "troponin_i"),
    "ntprobnp": ("nt_probnp",),
    "lipase": ("lipase",),
    "ldh": ("ldh",),
}
LOOKED_AT = 40


def upper_limits_known(check: Check) -> dict[str, str]:
    """Return the newest upper limit of the laboratory for each measure of a check, from checks, else the record.

    None for troponin from the record where both troponins have one: they are not comparable.
    """
    codes = [m["code"] for m in check.measures if needs_upper(m["code"])]
    if not codes:
        return {}
    patient = check.plan.case.patient
    found: dict[str, str] = {}
    rows = Check.objects.filter(patient__in=records_of(patient), upper_limits__has_any_keys=codes)
    for limits in rows.order_by("-measured_on", "-id").values_list("upper_limits", flat=True)[
        :LOOKED_AT
    ]:
        for code, limit in limits.items():
            found.setdefault(code, limit)
    lacking = {analyte: code for code in codes if code not in found for analyte in ANALYTES[code]}
    if lacking:
        found |= _of_record(patient.pk, lacking)
    return {code: found[code] for code in codes if code in found}


def _of_record(patient_id: int, lacking: Mapping[str, str]) -> dict[str, str]:
    rows = LabResult.objects.filter(
        patient=patient_id, analyte__code__in=lacking, reference_high__isnull=False
    ).order_by("-taken_on", "-id")
    newest: dict[str, Decimal] = {}
    for analyte, limit in rows.values_list("analyte__code", "reference_high")[:LOOKED_AT]:
        assert limit is not None  # they were filtered for it
        newest.setdefault(analyte, limit)
    by_code: dict[str, set[str]] = {}
    for analyte, limit in newest.items():
        by_code.setdefault(lacking[analyte], set()).add(f"{limit.normalize():f}")
    return {code: limits.pop() for code, limits in by_code.items() if len(limits) == 1}


def yardstick_of(check: Check, upper_limits: Mapping[str, str]) -> Yardstick:
    """Return what the values of a check are held against, with the upper limits entered beside them."""
    organs = IrAE.objects.filter(patient=check.plan.case.patient).values_list("organ", flat=True)
    return Yardstick(
        upper={code: Decimal(limit) for code, limit in upper_limits.items()},
        baseline=_baseline(check),
        organs=frozenset(organs),
    )


def _baseline(check: Check) -> dict[str, Decimal]:
    """Return the newest values before the first dose of the plan, bounds left out; none for a check before it."""
    if check.offset_days is None:
        return {}
    rows = Check.objects.filter(plan=check.plan_id, offset_days__isnull=True, state=CheckState.DONE)
    found: dict[str, Decimal] = {}
    for values in rows.order_by("-measured_on", "-id").values_list("values", flat=True):
        for code, value in values.items():
            number = exact(value)
            if number is not None:
                found.setdefault(code, number)
    return found


def shown_yardstick(check: Check) -> Yardstick:
    """Return what can be said without a query: the limits entered, and the organs of the protocol that rules."""
    return Yardstick(
        upper={code: Decimal(limit) for code, limit in check.upper_limits.items()},
        organs=frozenset(check.step.version.protocol.organs),
    )
