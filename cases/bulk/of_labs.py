"""The rows of laboratory results: a result is the one of that analyte, day and source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.bulk.columns import LABS, lookup, plain
from cases.bulk.entries import COMPLETED, NEW, UNCHANGED, normal, say_broken
from cases.bulk.filling import filled
from cases.forms.doubts import after_words, is_after
from cases.forms.labs import SampleDayField
from cases.lab_entry import (
    Checked,
    Typed,
    check,
    day_problem,
    duplicate_words,
    range_words,
    sample_key,
    unit_words,
)
from cases.models import LabResult

if TYPE_CHECKING:
    from datetime import date

    from cases.bulk.entries import Group
    from cases.bulk.files import Row
    from cases.models import Analyte

DAY = SampleDayField(required=False)
TIMES = re.compile(r"^[x×]\s*(?=10)", re.IGNORECASE)
POWER = re.compile(r"^10\s*[*^]\s*(?=\d)")
FIELDS = {"value": "value", "unit": "unit", "reference": "reference"}


@dataclass
class Sample:
    """A row as far as it says which result it is."""

    row: Row
    analyte: Analyte
    taken_on: date
    typed: Typed


def enter_labs(group: Group) -> None:
    """Enter the results of a patient, those that are new in one save."""
    rows = group.rows["labs"]
    if not rows:
        return
    by_code = {a.code: a for a in group.analytes}
    words = lookup((a.code, a.label) for a in group.analytes)
    there = group.known.results() if group.known else {}
    new: list[dict[str, Any]] = []
    more: dict[LabResult, dict[str, Any]] = {}
    before = len(group) - len(rows)
    for done, row in enumerate(rows):
        group.tell(before + done)
        sample = _sample(group, row, words, by_code)
        if sample is not None:
            _enter(group, sample, there, new, more)
    if (new or more) and not group.problems:
        group.recorder.results(group.case, new, more)


def _sample(
    group: Group, row: Row, words: dict[str, str], by_code: dict[str, Analyte]
) -> Sample | None:
    """Return which result a row is, or say what is lacking."""
    wrong: dict[str, list[str]] = {n: [w] for n, w in filled(LABS, row.cells).problems.items()}
    day, analyte = None, by_code.get(words.get(plain(row["analyte"]), ""))
    try:
        day = None if "taken_on" in wrong else DAY.clean(row["taken_on"])
    except ValidationError as error:
        wrong["taken_on"] = error.messages
    lacking = {"taken_on": _("Enter: day of the sample"), "analyte": _("Choose: analyte"),
               "value": _("Enter: value"), "unit": _("Choose the unit")}  # fmt: skip
    for name, said in lacking.items():
        if not row[name] and name not in row.broken:
            wrong[name] = [said]
    if analyte is None and row["analyte"]:
        sentence = _("“%(text)s” is no analyte that is known: see the sheet Words")
        wrong["analyte"] = [sentence % {"text": row["analyte"][:60]}]
    say_broken(group, row, wrong)
    if wrong or row.broken or analyte is None or day is None:
        return None
    unit = _unit(analyte, row["unit"])
    if unit not in analyte.units:
        group.problem(row, "unit", _no_unit(analyte, row["unit"]))
        return None
    typed = Typed(row["value"], unit, row["reference"])
    return Sample(row, analyte, day, typed)


def _unit(analyte: Analyte, text: str) -> str:
    """Return the accepted unit that is meant: as it is printed, and in any capitals where that is clear.

    A power of ten as laboratories print it or as UCUM writes it: x 10⁹/L, 10*9/L.
    """
    text = POWER.sub("10^", TIMES.sub("", text))
    if text in analyte.units:
        return text
    printed = {unit_words(unit): unit for unit in analyte.units}
    if text in printed:
        return printed[text]
    alike = [unit for unit in analyte.units if plain(unit) == plain(text)]
    return alike[0] if len(alike) == 1 else text


def _no_unit(analyte: Analyte, text: str) -> str:
    told = ", ".join(unit_words(unit) for unit in analyte.units)
    words = _("“%(text)s” is no unit of %(analyte)s that is known. Write one of: %(units)s")
    return words % {"text": text[:60], "analyte": analyte.label, "units": told}


def _enter(
    group: Group,
    sample: Sample,
    there: dict[Any, LabResult],
    new: list[dict[str, Any]],
    more: dict[LabResult, dict[str, Any]],
) -> None:
    row, source = sample.row, " ".join(sample.row["source"].split())
    key = sample_key(sample.analyte.pk, sample.taken_on, source)
    recorded = there.get((sample.analyte.pk, sample.taken_on, source)) or there.get(key)
    found = _checked(sample, recorded)
    if recorded is not None:
        _beside(group, sample, recorded, found, more)
        return
    problem = day_problem(sample.taken_on, group.life.born, timezone.localdate())
    if problem:
        group.problem(row, "taken_on", problem)
    if not sample.analyte.active:
        group.problem(row, "analyte", _("This analyte is no longer offered"))
    if len(source) > 80:
        group.problem(row, "source", _("The text is longer than can be kept"))
    say_broken(group, row, {FIELDS[part]: [words] for part, words in found.errors.items()})
    if problem or found.errors or not group.may_write(row):
        return
    life = group.life
    if life.died and is_after(sample.taken_on, life.died):
        group.doubt(row, "taken_on", after_words(_("Day of the sample"), life.died))
    columns = {**found.columns, "taken_on": sample.taken_on, "source": source}
    new.append(columns)
    there[key] = LabResult(**columns)
    group.count(row, NEW)


def _checked(sample: Sample, recorded: LabResult | None) -> Checked:
    """Return the columns of a row; a doubtful value, or range, is kept where the row or the record says so."""
    typed, keep = sample.typed, ""
    if recorded is not None and recorded.value_entered == " ".join(typed.value.split()):
        # A range that is there is never replaced, so there is nothing to ask about another one.
        ranged = (recorded.reference_low, recorded.reference_high) != (None, None)
        keep = typed.sign_of_range if ranged else typed.sign
    if normal(sample.row["keep"]) == "yes":
        keep = typed.sign_of_range
    return check(sample.analyte, Typed(typed.value, typed.unit, typed.reference, keep))


def _beside(
    group: Group,
    sample: Sample,
    recorded: LabResult,
    found: Checked,
    more: dict[LabResult, dict[str, Any]],
) -> None:
    """Hold a row against the result that is there already."""
    row, typed = sample.row, sample.typed
    as_it_is = (" ".join(typed.value.split()), typed.unit) == (
        recorded.value_entered,
        recorded.unit_entered,
    )
    ranges = ("", normal(range_words(recorded, sample.analyte.scales)))
    if as_it_is and normal(typed.reference) in ranges:
        group.count(row, UNCHANGED)
        return
    if found.errors:
        say_broken(group, row, {FIELDS[part]: [words] for part, words in found.errors.items()})
        return
    value = (found.columns["comparator"], found.columns["value"])
    if not as_it_is and value != (recorded.comparator, recorded.value):
        group.problem(row, "value", duplicate_words(recorded))
        return
    ends = found.columns["reference_low"], found.columns["reference_high"]
    have = recorded.reference_low, recorded.reference_high
    if not typed.reference or ends == have:
        group.count(row, UNCHANGED)
    elif have != (None, None):
        group.problem(row, "reference", _("The record has another reference range for this result"))
    elif recorded.pk is None:
        group.problem(
            row, "reference", _("Another row of the file says this result without the range")
        )
    elif group.may_write(row):
        more[recorded] = dict(zip(("reference_low", "reference_high"), ends, strict=True))
        group.count(row, COMPLETED)
