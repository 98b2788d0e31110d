"""Reads what the values of a check are held against: limits of the laboratory, baseline, organs once affected."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from cases.family import records_of
from cases.models import Analyte, IrAE, LabResult
from followup.limits import Yardstick, exact, needs_upper, rule_of
from followup.models import Check
from followup.states import CheckState
from followup.vocabulary import Result

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from cases.models import Patient

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
# Those that no laboratory's upper limit is needed for; what can be is known of them too.
PLAUSIBLE = {
    **ANALYTES,
    "hb": ("haemoglobin",),
    "neutrophils": ("neutrophils",),
    "lymphocytes": ("lymphocytes",),
    "platelets": ("platelets",),
    "sodium": ("sodium",),
    "potassium": ("potassium",),
    "glucose": ("glucose",),
    "cortisol": ("cortisol",),
    "tsh": ("tsh",),
    "ft4": ("ft4",),
    "crp": ("crp",),
    "calprotectin": ("calprotectin",),
}
# Troponin T and I, and those of different makers, have limits that are not comparable: none is offered for another.
NEVER_OFFERED = frozenset({"troponin"})
LOOKED_AT = 40
# As many decimals as the box of an upper limit takes.
PLACES = 3


@dataclass(frozen=True)
class KnownLimit:
    """An upper limit of the laboratory, and of which day it is."""

    value: str
    on: date | None


def upper_limits_known(check: Check) -> dict[str, KnownLimit]:
    """Return the upper limit to be offered for each measure of a check: the newest of checks, else of the record."""
    codes = [m["code"] for m in check.measures if needs_upper(m["code"])]
    codes = [code for code in codes if code not in NEVER_OFFERED]
    if not codes:
        return {}
    found = _of_checks(check, codes)
    lacking = [code for code in codes if code not in found]
    if lacking:
        found |= _of_record(check.plan.case.patient, lacking)
    return {code: found[code] for code in codes if code in found}


def usual_uppers(check: Check, codes: Collection[str]) -> dict[str, Decimal]:
    """Return what upper limits entered with a check are compared with: the record's, the assumed, an earlier one."""
    found = {
        code: Decimal(limit.value)
        for code, limit in _of_record(check.plan.case.patient, codes).items()
    }
    for code in codes:
        rule = rule_of(code)
        if code not in found and rule is not None and rule.assumed_upper is not None:
            found[code] = rule.assumed_upper
    lacking = [code for code in codes if code not in found]
    if lacking:
        before = _of_checks(check, lacking, others=True)
        found |= {code: Decimal(limit.value) for code, limit in before.items()}
    return found


def _of_checks(
    check: Check, codes: Collection[str], *, others: bool = False
) -> dict[str, KnownLimit]:
    """Return the newest limit entered with a check of the patient for each of `codes`; `others`: not with this.

    Of checks of the same board alone: another one has another laboratory.
    """
    rows = Check.objects.filter(
        patient__in=records_of(check.plan.case.patient),
        plan__case__board=check.plan.case.board_id,
        upper_limits__has_any_keys=list(codes),
    )
    if others:
        rows = rows.exclude(pk=check.pk)
    found: dict[str, KnownLimit] = {}
    newest = rows.order_by("-measured_on", "-id").values_list("upper_limits", "measured_on")
    for limits, on in newest[:LOOKED_AT]:
        for code in set(codes) & set(limits):
            found.setdefault(code, KnownLimit(limits[code], on))
    return found


def _of_record(patient: Patient, codes: Collection[str]) -> dict[str, KnownLimit]:
    """Return the newest limit of the record's results; none for troponin where T and I have different ones."""
    lacking = {analyte: code for code in codes for analyte in ANALYTES.get(code, ())}
    rows = LabResult.objects.filter(
        patient=patient.kept, analyte__code__in=lacking, reference_high__isnull=False
    )
    newest = rows.order_by("analyte_id", "-taken_on", "-id").distinct("analyte_id")
    by_code: dict[str, dict[str, KnownLimit]] = {}
    for analyte, limit, on in newest.values_list("analyte__code", "reference_high", "taken_on"):
        assert limit is not None  # they were filtered for it
        known = KnownLimit(f"{round(limit, PLACES).normalize():f}", on)
        by_code.setdefault(lacking[analyte], {}).setdefault(known.value, known)
    return {code: next(iter(one.values())) for code, one in by_code.items() if len(one) == 1}


def yardstick_of(check: Check, upper_limits: Mapping[str, str]) -> Yardstick:
    """Return what the values of a check are held against, with the upper limits entered beside them."""
    iraes = IrAE.objects.filter(patient=check.plan.case.patient)
    organs = iraes.values_list("organ", flat=True)
    return Yardstick(
        upper={code: Decimal(limit) for code, limit in upper_limits.items()},
        baseline=_baseline(check),
        organs=frozenset(organs),
        plausible=plausible_of(m["code"] for m in check.measures),
    )


def plausible_of(codes: Iterable[str]) -> dict[str, tuple[Decimal, Decimal]]:
    """Return between which values each measure can be at all, as the record's analytes have it."""
    measure_of = {analyte: code for code in codes for analyte in PLAUSIBLE.get(code, ())}
    found: dict[str, tuple[Decimal, Decimal]] = {}
    rows = Analyte.objects.filter(code__in=measure_of)
    for analyte, low, high in rows.values_list("code", "plausible_low", "plausible_high"):
        before = found.get(measure_of[analyte], (low, high))
        found[measure_of[analyte]] = (min(low, before[0]), max(high, before[1]))
    return found


def _baseline(check: Check) -> dict[str, Decimal]:
    """Return the newest values before the first dose of the plan, bounds left out; none for a check before it.

    Of results that count as normal for the patient alone, a raised value among them where a person said so. What
    was abnormal is no yardstick: without it the laboratory's limit holds, which asks more often.
    """
    # What was found at a first dose that was taken back counts too: it was measured before the ICI was given, and the
    # day of the first dose that was given leaves out whatever was measured after it.
    if check.offset_days is None:
        return {}
    rows = Check.objects.filter(
        plan=check.plan_id, offset_days__isnull=True, state=CheckState.DONE, result=Result.NORMAL
    )
    if check.plan.first_dose_on is not None:
        rows = rows.filter(measured_on__lte=check.plan.first_dose_on)
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
