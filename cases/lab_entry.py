"""From what is typed of a laboratory result to its columns, or to words that say what is wrong or doubtful.

Forms, imports and the demonstration all come through here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cases.derivations.measured import (
    Reading,
    Scale,
    ValueRefused,
    better_units,
    canonical,
    is_plausible,
    read_range,
    read_value,
)
from ui.figures import doubt_words as two_ways_words
from ui.figures import parted_in, thousands_words
from ui.formatting import date as date_words
from ui.formatting import number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cases.models import Analyte, LabResult

# A count of cells is reported per nanolitre or, a thousand times as high, per microlitre.
PER_NANOLITRE, PER_MICROLITRE, FEWEST_PER_MICROLITRE = "10^9/L", "/uL", 10
_PRETTY = (("10^9", "10⁹"), ("10^3", "10³"), ("ukat", "µkat"), ("uIU", "µIU"))


@dataclass(frozen=True)
class Typed:
    """One result as typed; `keep` repeats what was questioned and is to be kept."""

    value: str
    unit: str
    reference: str = ""
    keep: str = ""

    @property
    def sign(self) -> str:
        """What a confirmation has to repeat: it counts for this value in this unit alone."""
        return f"{''.join(self.value.split())} {self.unit}"

    @property
    def sign_of_range(self) -> str:
        """What has to be repeated where the reference range is questioned: it counts for the value as well."""
        return f"{self.sign} {''.join(self.reference.split())}"


@dataclass
class Checked:
    """The columns of a result, or what is wrong by part (value, unit, reference)."""

    columns: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    # What has to be repeated to keep a doubtful value; empty where nothing is in doubt.
    doubt: str = ""
    # What would be kept as typed: the value, or with it its range.
    kept: str = ""


def unit_words(unit: str) -> str:
    """Return a unit as it is printed: 10⁹/L, µmol/L."""
    for plain, printed in _PRETTY:
        unit = unit.replace(plain, printed)
    if unit.startswith(("umol", "ug")):
        unit = f"µ{unit[1:]}"
    return unit.replace("/uL", "/µL")


def check(analyte: Analyte, typed: Typed) -> Checked:
    """Return the columns that follow from what was typed, or what is wrong with it."""
    found = Checked()
    scales = analyte.scales
    if not typed.value.strip():
        found.errors["value"] = _("Enter the value, or clear its reference range")
        return found
    if typed.unit not in scales:
        found.errors["unit"] = _("Choose the unit")
    reading = _read(typed, found)
    if reading is None or found.errors:
        return found
    scale = scales[typed.unit]
    try:
        value = canonical(reading, scale)
    except ValueRefused as refused:
        found.errors["value"] = refusal_words(refused, typed.value)
        return found
    low, high = _reference(typed, scale, found)
    doubt = _doubt_of(analyte, reading, typed)
    if doubt is not None:
        found.doubt, found.kept = typed.sign, typed.value.strip()
        if typed.keep not in (typed.sign, typed.sign_of_range):
            found.errors["value"] = doubt(analyte, reading, typed)
    end = _parted(analyte, typed.unit, typed.reference) if "reference" not in found.errors else ""
    if end:
        found.doubt = typed.sign_of_range
        found.kept = f"{typed.value.strip()} ({typed.reference.strip()})"
        if typed.keep != typed.sign_of_range:
            found.errors["reference"] = thousands_words(end, unit_words(typed.unit))
    found.columns = {
        "analyte": analyte,
        "comparator": reading.comparator,
        "value_entered": " ".join(typed.value.split()),
        "unit_entered": typed.unit,
        "value": value,
        "reference_low": low,
        "reference_high": high,
    }
    return found


def _doubt_of(
    analyte: Analyte, reading: Reading, typed: Typed
) -> Callable[[Analyte, Reading, Typed], str] | None:
    """Return what words the question about a value; None where it is in no doubt."""
    if _parted(analyte, typed.unit, typed.value):
        return thousand_words
    low, high = Decimal(analyte.plausible_low), Decimal(analyte.plausible_high)
    if not is_plausible(analyte.scales[typed.unit].of(reading.number), low, high):
        return doubt_words
    return few_words if _is_no_count(analyte, reading, typed) else None


def _parted(analyte: Analyte, unit: str, text: str) -> str:
    """Return the first number in a value or a range whose point may part thousands: so many can be of this analyte."""
    low, high = Decimal(analyte.plausible_low), Decimal(analyte.plausible_high)
    scale = analyte.scales[unit]
    return parted_in(text, lambda n: is_plausible(scale.of(n), low, high))


def thousand_words(analyte: Analyte, _reading: Reading, typed: Typed) -> str:
    """Question a value whose point may part thousands."""
    return thousands_words(_parted(analyte, typed.unit, typed.value), unit_words(typed.unit))


def _is_no_count(analyte: Analyte, reading: Reading, typed: Typed) -> bool:
    """Whether a count per µL is so low, or no whole number, that it was rather told in 10⁹/L."""
    if (analyte.unit, typed.unit, reading.comparator) != (PER_NANOLITRE, PER_MICROLITRE, "="):
        return False
    few = 0 < reading.number < FEWEST_PER_MICROLITRE
    return few or reading.number != reading.number.to_integral_value()


def few_words(analyte: Analyte, reading: Reading, typed: Typed) -> str:
    """Question a count per µL that is far too low for one, and name the unit in which it could be."""
    sentence = _("%(value)s %(unit)s is hardly a count: per µL there are hundreds or thousands.")
    told = sentence % {"value": number(reading.number), "unit": unit_words(typed.unit)}
    return " ".join([told, *_unit_question(analyte, reading, typed.unit, analyte.unit)])


def _read(typed: Typed, found: Checked) -> Reading | None:
    try:
        return read_value(typed.value, typed.unit)
    except ValueRefused as refused:
        found.errors["value"] = refusal_words(refused, typed.value, typed.unit)
        return None


def _reference(typed: Typed, scale: Scale, found: Checked) -> tuple[Decimal | None, Decimal | None]:
    text = typed.reference
    if not text.strip():
        return None, None
    try:
        ends = read_range(text, typed.unit)
        low, high = (None if e is None else canonical(Reading("=", e), scale) for e in ends)
    except ValueRefused as refused:
        words = {
            "format": _("Enter a range such as 1.0-4.0, <250 or >60"),
            "order": _("The lower end comes first"),
        }
        found.errors["reference"] = words.get(refused.code) or refusal_words(
            refused, text, typed.unit
        )
        return None, None
    return low, high


def refusal_words(refused: ValueRefused, text: str, unit: str = "") -> str:
    """Return why a text is no result, or no range."""
    if refused.code == "ambiguous":
        parts = re.split(r"[^0-9.,]+", text)
        return next(told for part in parts if (told := two_ways_words(part, unit)))
    words = {
        "negative": _("A result cannot be negative"),
        "large": _("The value is larger than can be kept: check it and its unit"),
        "below": _("The value is less than can be told in its unit: check it and its unit"),
        "small": _("The value is smaller than can be kept: enter it as <, with the limit"),
    }
    return words.get(refused.code, _("Enter a number such as 4.2, <0.5 or >1000"))


def doubt_words(analyte: Analyte, reading: Reading, typed: Typed) -> str:
    """Question a value that cannot be, and name the unit in which it could."""
    scales = analyte.scales
    low, high = Decimal(analyte.plausible_low), Decimal(analyte.plausible_high)
    too_high = scales[typed.unit].of(reading.number) > high
    sentence = _("%(value)s %(unit)s is more than can be: at most %(limit)s %(canonical)s.")
    if not too_high:
        sentence = _("%(value)s %(unit)s is less than can be: at least %(limit)s %(canonical)s.")
    told = [
        sentence
        % {
            "value": number(reading.number),
            "unit": unit_words(typed.unit),
            "limit": number(high if too_high else low),
            "canonical": unit_words(analyte.unit),
        }
    ]
    for unit in better_units(reading, typed.unit, scales, low, high)[:1]:
        told += _unit_question(analyte, reading, typed.unit, unit)
    return " ".join(told)


def _unit_question(analyte: Analyte, reading: Reading, given: str, better: str) -> list[str]:
    scales = analyte.scales
    sizes = [scales[given], scales[better]]
    # Units whose zeros differ are not so many times one another.
    ratio = Decimal(0) if any(s.offset for s in sizes) else sizes[0].factor / sizes[1].factor
    told = []
    if ratio >= 10 and ratio == ratio.to_integral_value():
        told.append(_("%(n)s times too high?") % {"n": number(ratio)})
    elif ratio and ratio <= Decimal("0.1") and 1 / ratio == (1 / ratio).to_integral_value():
        told.append(_("%(n)s times too low?") % {"n": number(1 / ratio)})
    sentence = _("Did you mean %(unit)s? That would be %(value)s %(canonical)s.")
    would_be = scales[better].of(reading.number).normalize()
    told.append(
        sentence
        % {
            "unit": unit_words(better),
            "value": number(would_be),
            "canonical": unit_words(analyte.unit),
        }
    )
    return told


def is_doubtful(row: LabResult) -> bool:
    """Whether a result lies where it cannot be; it was kept on confirmation."""
    analyte = row.analyte
    low, high = Decimal(analyte.plausible_low), Decimal(analyte.plausible_high)
    return not is_plausible(Decimal(row.value), low, high)


def day_problem(day: date, birth_date: date | None, today: date) -> str:
    """Return why a sample cannot have been taken on that day; empty where it can."""
    if day > today:
        return _("The date lies in the future")
    if birth_date is not None and day < birth_date:
        born = date_words(birth_date)
        return _("The date is before the patient's date of birth (%(born)s)") % {"born": born}
    return ""


Key = tuple[int, date, str]


def sample_key(analyte_id: int, taken_on: date, source: str) -> Key:
    """Return what tells results of one sample day and source apart; capitals make no difference."""
    return analyte_id, taken_on, " ".join(source.split()).casefold()


def duplicate_words(row: LabResult) -> str:
    """Say that a result is recorded already."""
    source = _(", %(source)s,") % {"source": row.source} if row.source else ""
    sentence = _(
        "%(analyte)s of %(day)s%(source)s is recorded already: %(value)s %(unit)s."
        " Change that result, or name another source."
    )
    return sentence % {
        "analyte": row.analyte.label,
        "day": date_words(row.taken_on),
        "source": source,
        "value": row.value_entered,
        "unit": unit_words(row.unit_entered),
    }


def range_words(row: LabResult, scales: Mapping[str, Scale]) -> str:
    """Return the reference range in the unit of the result, as it is typed; empty without one."""
    scale = scales.get(row.unit_entered) or Scale(Decimal(1))
    ends = (row.reference_low, row.reference_high)
    low, high = (None if e is None else _in_unit(Decimal(e), scale) for e in ends)
    if low is None:
        return "" if high is None else f"<{high}"
    return f">{low}" if high is None else f"{low}-{high}"


def _in_unit(value: Decimal, scale: Scale) -> str:
    """Return a canonical value in another unit, without the dust of the division."""
    return f"{scale.back(value).quantize(Decimal('0.0001')).normalize():f}"
