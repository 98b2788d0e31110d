"""On which day each fact was said or measured, so that somebody can tell how old it is. Pure.

Each is a span: the first and the last day on which it may have been. A fact that several entries make up is as old
as the oldest of them; one of them without a day leaves the age of the fact unknown. What follows from fixed dates,
such as the age, is not said on any day and does not grow old.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.derivations.blood import INDICES, NEWEST, indices_of, newest_days
from cases.derivations.causes import ORGANS_BEHIND
from cases.derivations.dossier import AT_ANY, LOWEST, PEAKS, dossier_days
from cases.derivations.iraes import NOW
from cases.derivations.record import MISSING
from cases.derivations.steroids import doses_said_on, latest_total
from cases.derivations.tumour import SAMPLED, SITES, biomarker_days, site_days
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from cases.derivations.record import Event, Record, Span

Days = tuple["date", "date"]
OF_COURSES = ("prior_courses", "prior_includes_ctla4", "prior_includes_pd1_pdl1")
OF_NOW = ("irae_grade_now", "irae_resolved")
OF_STEROIDS = ("steroid_now", "steroid_not_tapered")

# Facts that have a day: an age limit on any other could never be held.
DATED = frozenset(
    {
        "disease_status",
        "ecog",
        "immunosuppressant_now",
        "major_surgery",
        *OF_COURSES,
        *OF_NOW,
        *OF_STEROIDS,
        *ORGANS_BEHIND,
        *SAMPLED,
        *SITES.values(),
        *(index.key for index in INDICES),
        *NEWEST,
        *PEAKS,
        *LOWEST,
        *AT_ANY,
    }
)

# Facts that are themselves the day on which another one was said or measured.
DAY_OF = {"ecog_on": "ecog", "pdl1_recent_on": "pdl1_tps_recent", "nlr_on": "nlr"}


def days_of(facts: Mapping[str, Fact], days: Mapping[str, Days]) -> dict[str, Fact]:
    """Return the facts that are the days of others: without a value where those have none, or nobody knows the day."""
    found = {}
    for key, of in DAY_OF.items():
        fact = facts.get(of, MISSING)
        known = fact.state is FactState.KNOWN
        found[key] = Fact.day(*days[of]) if known and of in days else MISSING
        if not known:
            found[key] = Fact.absent(fact.state)
    return found


def said(record: Record) -> dict[str, Days]:
    """Return the days of the facts that have any; what is not there has a day that nobody knows."""
    total = latest_total(record)
    one_day = {
        "disease_status": record.disease_status_on,
        "immunosuppressant_now": record.second_line_complete_on,
        **dict.fromkeys(OF_STEROIDS, doses_said_on(record)),
        **({"steroid_now": total[1]} if total is not None else {}),
        **{key: _asked(record, organs) for key, organs in ORGANS_BEHIND.items()},
        **dict.fromkeys(OF_NOW, _now(record, record.iraes, ORGANS_BEHIND["irae_any"])),
        **{
            key: _now(record, [e for e in record.iraes if matches(e)], organs)
            for key, (matches, organs) in NOW.items()
        },
        **{found.key: found.day for found in indices_of(record.blood)},
        **newest_days(record.blood),
    }
    spans: dict[str, Span] = {key: (day, day) for key, day in one_day.items()}
    spans["ecog"] = record.ecog_assessed
    spans["major_surgery"] = _operated(record)
    spans |= dict.fromkeys(OF_COURSES, record.courses_complete_on) | site_days(record)
    spans |= biomarker_days(record.results) | dossier_days(record)
    return {
        key: (first, last)
        for key, (first, last) in spans.items()
        if first is not None and last is not None
    }


def _operated(record: Record) -> Span:
    """Return when surgery was; of "none" when somebody said so."""
    none = record.background.get("major_surgery", MISSING).value is False
    return (record.surgery_said_on, record.surgery_said_on) if none else record.operated


def _oldest(days: Iterable[date | None]) -> date | None:
    """Return the first of `days`; None where one is not known, or there is none."""
    found = list(days)
    known = [day for day in found if day is not None]
    return min(known) if known and len(known) == len(found) else None


def _asked(record: Record, organs: Iterable[str]) -> date | None:
    return _oldest(record.asked_on.get(organ) for organ in organs)


def _now(record: Record, events: Iterable[Event], organs: Iterable[str]) -> date | None:
    """Return the day of what is said of irAEs now; of those that are over none is needed."""
    going_on = [e for e in events if e.goes_on]
    if not going_on:
        return _asked(record, organs)
    return _oldest(event.now_on for event in going_on)
