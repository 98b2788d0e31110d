"""What was measured: biomarkers and ECOG as points, results of the laboratory as trends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cases.derivations.blood import INDICES, rounded, series_of
from cases.lab_entry import is_doubtful, unit_words
from cases.lab_reading import blood_of
from cases.models import Bleeding
from cases.presenters.indices import SHORT
from cases.reading import WEIGHT
from cases.rules import days_held
from cases.timeline.content import Mode, Point, Trend, Value
from cases.timeline.places import Places
from evidence.conditions import Fact
from evidence.conditions.words import interval_words
from ui import formatting
from ui.formatting import number

if TYPE_CHECKING:
    from datetime import date

    from cases.models import Analyte, BiomarkerResult, Case, LabResult

# A picture with more rows is no longer read at a look; what is left out is named.
MOST = 8
ENOUGH = 2
LEADING_INDEX = "nlr"


def points(
    biomarkers: Iterable[BiomarkerResult], status: Any, background: Any, places: Places
) -> Iterator[Point]:
    """Yield what was measured once, with its value, and the last bleeding of the background."""
    for row in biomarkers:
        if row.state == "known":
            name, unit = ("PD-L1 TPS", " %")
            if row.kind == "tmb":
                name, unit = "TMB", f" {row.get_unit_display()}"
            value = row.entered or number(row.low if row.low is not None else row.high)
            text = f"{name} {value}" if value.endswith(unit.strip()) else f"{name} {value}{unit}"
            at = places.when(row.sampled)
            if not at.placed:
                words = {"before": _("before ICI"), "after": _("after ICI")}
                timing = words.get(row.timing, _("before or after ICI, not said"))
                text = f"{text}, {timing}"
            yield Point(text, at)
    if status is not None and status.ecog is not None:
        yield Point(f"ECOG {status.ecog}", places.when(status.assessed))
    if background is not None and background.bleeding not in (None, Bleeding.NONE):
        # A bleeding without a day stays among what has no place on the axis.
        bleeding = str(background.get_bleeding_display())
        yield Point(bleeding, places.when(background.bled), _("Bleeding"))


def trends(case: Case, mode: Mode) -> tuple[tuple[Trend, ...], tuple[str, ...]]:
    """Return the trends that are drawn, and the names of those that are left out.

    An analyte that a curator marks is drawn from its first value on, others and indices from two on. First
    the ratio of neutrophils to lymphocytes, then what is marked, the rest, the other indices.
    """
    lists: Any = case.patient
    rows: list[LabResult] = list(lists.lab_results.all())
    by_analyte: dict[int, list[LabResult]] = defaultdict(list)
    for row in rows:
        by_analyte[row.analyte_id].append(row)
    analytes = sorted(
        (found[0].analyte for found in by_analyte.values()),
        key=lambda a: (not a.charted, a.position, a.code),
    )
    placed = mode == "calendar"
    days = {day: formatting.date(day) for day in {row.taken_on for row in rows}}
    ratios = list(_indices(case, days, placed=placed)) if rows else []
    leading = [trend for key, trend in ratios if key == LEADING_INDEX]
    found = [
        *leading,
        *(
            t
            for a in analytes
            if (t := _trend(a, by_analyte[a.pk], days, placed=placed)) is not None
        ),
        *(trend for key, trend in ratios if key != LEADING_INDEX),
    ]
    return tuple(found[:MOST]), tuple(t.name for t in found[MOST:])


def _trend(
    analyte: Analyte, rows: list[LabResult], days: dict[date, str], *, placed: bool
) -> Trend | None:
    """Return an analyte's values in its canonical unit, those that cannot be left out."""
    kept = sorted((r for r in rows if not is_doubtful(r)), key=lambda r: (r.taken_on, r.pk))
    if len(kept) < (1 if analyte.charted else ENOUGH):
        return None
    values = tuple(
        Value(
            float(r.taken_on.toordinal()),
            float(r.value),
            ("" if r.comparator == "=" else r.comparator) + number(r.value),
            days[r.taken_on],
            bound=r.comparator != "=",
        )
        for r in kept
    )
    return Trend(analyte.label, unit_words(analyte.unit), values, placed, len(rows) - len(kept))


def _indices(case: Case, days: dict[date, str], *, placed: bool) -> Iterator[tuple[str, Trend]]:
    blood = blood_of(
        case.patient,
        weight_holds_days=days_held(case, WEIGHT),
        doses_hold_days=days_held(case, "steroid_now"),
    )
    for index in INDICES:
        values = []
        for derived in series_of(index, blood):
            if derived.day is None or derived.value is None:
                continue
            low, high = rounded(index.key, derived.value)
            words = interval_words(Fact.between(low, high), _)
            values.append(
                Value(
                    float(derived.day.toordinal()), float(low), words, days[derived.day],
                    bound=low != high,
                )
            )  # fmt: skip
        if len(values) >= ENOUGH:
            yield index.key, Trend(SHORT[index.key], _("worked out"), tuple(values), placed)
