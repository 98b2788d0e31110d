"""The indices of the blood in words: value, definition, the results used and their day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cases.derivations.blood import (
    INDICES,
    Derived,
    Problem,
    Steroids,
    body_mass_index,
    indices_of,
    rounded,
)
from cases.lab_entry import is_doubtful, unit_words
from cases.presenters.words import fact_label
from evidence.conditions import Fact
from evidence.conditions.words import interval_words
from ui import formatting

if TYPE_CHECKING:
    from datetime import date

    from cases.derivations.samples import Blood
    from cases.models import LabResult

SHORT = {"nlr": "NLR", "lmr": "LMR", "plr": "PLR", "dnlr": "dNLR", "lipi": "LIPI", "ali": "ALI"}
_ANALYTES = {index.key: index.analytes for index in INDICES}


@dataclass(frozen=True)
class IndexView:
    """One index: `value` is empty where there is none, `problem` then says why."""

    short: str
    label: str
    value: str
    problem: str
    day: str
    definition: str
    inputs: str
    steroids: str
    on_steroids: bool


def definition_words(key: str, weight_days: int) -> str:
    """Return how an index is worked out."""
    return {
        "nlr": _("neutrophils ÷ lymphocytes"),
        "lmr": _("lymphocytes ÷ monocytes"),
        "plr": _("platelets ÷ lymphocytes"),
        "dnlr": _("neutrophils ÷ (leukocytes − neutrophils)"),
        "lipi": _(
            "one point for dNLR above 3, one for LDH above the upper limit of its own laboratory"
        ),
        "ali": _(
            "body mass index × albumin in g/dL ÷ NLR; weighed within %(days)s days of the sample"
        )
        % {"days": weight_days},
    }[key]


def index_views(blood: Blood, rows: Iterable[LabResult]) -> tuple[IndexView, ...]:
    """Return every index as it is shown; `rows` are the results, with their analytes."""
    found = list(rows)
    return tuple(_view(derived, blood, found) for derived in indices_of(blood))


def _view(derived: Derived, blood: Blood, rows: list[LabResult]) -> IndexView:
    value = ""
    if derived.value is not None:
        low, high = rounded(derived.key, derived.value)
        value = interval_words(Fact.between(low, high), _)
    return IndexView(
        short=SHORT[derived.key],
        label=fact_label(derived.key),
        value=value,
        problem=_problem_words(derived, blood.weight_holds_days),
        day=formatting.date(derived.day) if derived.day else "",
        definition=definition_words(derived.key, blood.weight_holds_days),
        inputs=_inputs(derived, blood, rows),
        steroids=_steroid_words(derived.steroids) if derived.day else "",
        on_steroids=derived.steroids is Steroids.YES,
    )


def _steroid_words(steroids: Steroids) -> str:
    return {
        Steroids.YES: _("on systemic steroids that day"),
        Steroids.NO: _("no systemic steroid that day"),
        Steroids.CANNOT_TELL: _("steroids that day: cannot tell"),
    }[steroids]


def _inputs(derived: Derived, blood: Blood, rows: list[LabResult]) -> str:
    """Return the results used, as entered, and for ALI weight and height."""
    if derived.day is None:
        return ""
    used = [r for r in rows if r.taken_on == derived.day]
    told = []
    for code in _ANALYTES[derived.key]:
        told += [_input(row, code) for row in used if row.analyte.code == code]
    if derived.key == "ali":
        told.append(_body_words(blood))
    return "; ".join(part for part in told if part)


def _input(row: LabResult, code: str) -> str:
    words = f"{row.analyte.label} {row.value_entered} {unit_words(row.unit_entered)}"
    if is_doubtful(row):
        words = _("%(result)s (doubtful, kept as typed)") % {"result": words}
    if code != "ldh" or row.reference_high is None:
        return words
    limit = formatting.number(row.reference_high)
    return _("%(result)s (upper limit %(limit)s %(unit)s)") % {
        "result": words,
        "limit": limit,
        "unit": unit_words(row.analyte.unit),
    }


def _body_words(blood: Blood) -> str:
    body = blood.body
    mass = body_mass_index(body)
    if mass is None or body.weighed[0] is None:
        return ""
    return _("BMI %(bmi)s kg/m² (%(kg)s kg on %(day)s, %(cm)s cm)") % {
        "bmi": f"{mass:.1f}",
        "kg": formatting.number(body.weight.low),
        "day": _span_words(*body.weighed),
        "cm": formatting.number(body.height.low),
    }


def _span_words(earliest: date | None, latest: date | None) -> str:
    if earliest == latest:
        return formatting.date(earliest)
    ends = {"first": formatting.date(earliest), "last": formatting.date(latest)}
    return _("%(first)s to %(last)s") % ends


def _analyte_words(code: str) -> str:
    return {
        "neutrophils": _("neutrophils"),
        "lymphocytes": _("lymphocytes"),
        "monocytes": _("monocytes"),
        "leukocytes": _("leukocytes"),
        "platelets": _("platelets"),
        "ldh": _("LDH"),
        "albumin": _("albumin"),
    }[code]


def _problem_words(derived: Derived, weight_days: int) -> str:
    named = ", ".join(_analyte_words(code) for code in derived.lacking)
    words = {
        Problem.MISSING: _("not entered: %(analytes)s") % {"analytes": named},
        Problem.OTHER_DAYS: _(
            "no day has all of %(analytes)s; results of different days are never put together"
        )
        % {"analytes": named},
        Problem.UNDEFINED: _("undefined: %(why)s") % {"why": _why_undefined(derived.key)},
        Problem.IMPOSSIBLE: _("not possible: more neutrophils than leukocytes"),
        Problem.NO_LIMIT: _("needs the upper limit of normal beside the LDH result"),
        Problem.NO_WEIGHT: _("needs weight and height, under fitness and background"),
        Problem.NO_HEIGHT: _("needs the height, under fitness and background"),
        Problem.OLD_WEIGHT: _("needs a weight measured within %(days)s days of the sample")
        % {"days": weight_days},
    }
    return words[derived.problem] if derived.problem else ""


def _why_undefined(key: str) -> str:
    return {
        "nlr": _("the lymphocytes are 0"),
        "plr": _("the lymphocytes are 0"),
        "lmr": _("the monocytes are 0"),
        "dnlr": _("there are no leukocytes but neutrophils"),
        "lipi": _("there are no leukocytes but neutrophils"),
        "ali": _("the lymphocytes or the neutrophils are 0"),
    }[key]
