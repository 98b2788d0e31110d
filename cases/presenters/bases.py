"""From what a fact of irAEs, steroids or the tumour is worked out, in words, or what is missing for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.asof import day_words, told_on
from cases.derivations import prednisone_equivalent
from cases.derivations.causes import CAUSE_KEYS, ORGANS_BEHIND
from cases.derivations.iraes import NOW
from cases.derivations.record import ALL_ORGANS
from cases.derivations.steroids import harmless, may_replace, still_replaces
from cases.derivations.tumour import ACTIONABLE, SITES, UNNAMED
from cases.doubled import open_pairs
from cases.eventnames import event_named
from cases.models import BiomarkerKind, Driver, Indication, Section
from cases.presenters.lately import measured_words
from cases.presenters.words import dated_words, state_words, stated_words, step_words
from cases.reading import dose_said_on, organs_asked, steroid_of
from cases.rules import days_held
from cases.unlisted import left_open_by
from cases.vocabulary import asked_under, entity_label
from evidence.conditions import Fact, FactState
from ui import formatting
from ui.formatting import number
from ui.forms import in_sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from cases.models import BiomarkerResult, Case, DriverTest, IrAE

# Over all irAEs, so that every organ has to be asked about: the column of each event that it is read from.
OF_EVENTS = {
    "irae_worst_grade": "worst_grade",
    "irae_grade_now": "grade_now",
    "irae_resolved": "resolution",
    "first_irae_days": "onset",
    "worst_irae_days": "onset",
    "irae_recurrent": "",
    "irae_recurrent_unreplaced": "",
}
# Over the irAEs of single organs.
OF_ORGANS = dict.fromkeys(NOW, "grade_now")
# So many events are named; of more it is said how many they are.
MOST_NAMED = 3


def basis_of(case: Case, key: str, today: date) -> str:
    """Return what the fact `key` of `case` is worked out from; empty where nothing is to be told."""
    return _BASES.get(key, _of_dossiers)(case, key, today)


def cannot_tell(key: str, fact: Fact) -> bool:
    """Whether a fact that is worked out has no answer yet: nobody types it, so it is never "not entered"."""
    return fact.state not in {FactState.KNOWN, FactState.NOT_APPLICABLE} and key in _BASES


# What depends on how many irAEs there were.
COUNTED = frozenset(
    {
        *("organs_asked", "irae_resolved", "irae_recurrent", "irae_recurrent_unreplaced"),
        *("pneumonitis_recurrent", "colitis_recurrent"),
    }
)


def waiting_words(case: Case, key: str, fact: Fact) -> str:
    """Return for what a fact waits that nobody can be asked for by itself; empty where it waits for nothing else."""
    if fact.state is not FactState.MISSING:
        return ""
    if _only_organs_are_missing(case, key):
        return _("Waits for the organ review")
    if event := left_open_by(case.patient, key, _organs_behind(key)):
        words = _("Cannot be told beside “%(event)s”")
        return words % {"event": event.entity_text or entity_label(event.entity)}
    if key in COUNTED and open_pairs(case.patient, Section.IRAES):
        return _("Waits for somebody to say whether irAEs that may be one are two")
    if key == "steroid_now" and _only_the_list_is_missing(case):
        return _("Waits for somebody to say that the list of steroids is complete")
    return ""


def _organs_behind(key: str) -> frozenset[str]:
    return ORGANS_BEHIND.get(key) or (ALL_ORGANS if key in OF_EVENTS else frozenset())


def _events(case: Case, key: str) -> list[IrAE]:
    organs = _organs_behind(key)
    rows: Any = case.patient.iraes.all()
    return [row for row in rows if asked_under(row.organ) in organs]


def _not_asked(case: Case, key: str) -> int:
    return len(_organs_behind(key) - organs_asked(case.patient))


def _only_organs_are_missing(case: Case, key: str) -> bool:
    """Whether all that is entered of the events has an answer, and organs alone were not asked about."""
    if key == "organs_asked" or not _not_asked(case, key):
        return False
    if key in CAUSE_KEYS and _events(case, key):
        # Which course each followed may be open as well.
        return False
    name = {**OF_EVENTS, **OF_ORGANS}.get(key, "worst_grade")
    return not name or all(
        getattr(row, f"{name}_state") == FactState.KNOWN for row in _events(case, key)
    )


def _only_the_list_is_missing(case: Case) -> bool:
    rows: Any = list(case.patient.steroids.all())
    told = all(row.now_mg_per_day_state == FactState.KNOWN for row in rows)
    return bool(rows) and told and not any(row.now_mg_per_day for row in rows)


def _of_events(case: Case, key: str, today: date) -> str:
    """Return "0 from 1 event; 19 organs not asked"."""
    del today
    events, left = _events(case, key), _not_asked(case, key)
    count = ngettext("%(n)s event", "%(n)s events", len(events)) % {"n": len(events)}
    told = [_("no event is entered") if not events else _from(events, OF_EVENTS[key], count)]
    if left:
        told.append(ngettext("%(n)s organ not asked", "%(n)s organs not asked", left) % {"n": left})
    else:
        told.append(_("every organ asked about"))
    mine = {row.pk for row in events}
    if any({one.pk, other.pk} <= mine for one, other in open_pairs(case.patient, Section.IRAES)):
        told.append(_("two may be one"))
    return "; ".join(told)


def _from(events: list[IrAE], name: str, count: str) -> str:
    if not name:
        return _("from %(events)s") % {"events": count}
    told = [getattr(row, f"{name}_state") for row in events]
    known = [row for row, state in zip(events, told, strict=True) if state == FactState.KNOWN]
    words = _("from %(events)s") % {"events": count}
    if name in {"worst_grade", "grade_now"} and known:
        highest = max(getattr(row, name) for row in known)
        words = _("%(grade)s from %(events)s") % {"grade": highest, "events": count}
    open_ = [
        f"{event_named(row)} {state_words(state)}"
        for row, state in zip(events, told, strict=True)
        if state != FactState.KNOWN
    ]
    more = len(open_) - MOST_NAMED
    if more > 0:
        open_ = [*open_[:MOST_NAMED], _("%(n)s more") % {"n": more}]
    return f"{words} ({', '.join(open_)})" if open_ else words


def _holds(case: Case, day: date | None, key: str, today: date) -> bool:
    """Whether what was said of a fact, or of its list, on a day holds today by the rules."""
    return day is not None and (today - day).days <= days_held(case, key)


def _complete_words(case: Case, day: date | None, key: str, today: date) -> str:
    if day is None:
        return _("nobody has said that the list is complete")
    words = _("list complete as of %(date)s") if _holds(case, day, key, today) else _(
        "list complete as of %(date)s, out of date"
    )  # fmt: skip
    return words % {"date": formatting.date(day)}


def _of_steroid_now(case: Case, key: str, today: date) -> str:
    """Return each dose that counts with its day, and whether the list is complete."""
    del key
    rows: Any = list(case.patient.steroids.all())
    told = [
        _dose(case, row, today) for row in rows if row.now_mg_per_day or row.now_mg_per_day is None
    ]
    over = sum(1 for row in rows if row.now_mg_per_day is not None and not row.now_mg_per_day)
    if over:
        told.append(ngettext("%(n)s course at 0 mg", "%(n)s courses at 0 mg", over) % {"n": over})
    if not rows:
        told.append(_("no course is entered"))
    total = case.patient.background.steroid_total_mg
    if total is not None:
        words = _("%(mg)s mg/day in all on %(date)s")
        on = formatting.date(case.patient.background.steroid_total_on)
        told.insert(0, words % {"mg": number(total), "date": on})
    shown = told if len(told) <= MOST_NAMED + 1 else [
        *told[:MOST_NAMED], _("%(n)s more") % {"n": len(told) - MOST_NAMED}
    ]  # fmt: skip
    return "; ".join(
        [*shown, _complete_words(case, case.patient.steroids_complete_as_of, "steroid_now", today)]
    )


def _dose(case: Case, row: Any, today: date) -> str:
    drug = row.called if row.drug else _("steroid, drug not known")
    if row.now_mg_per_day is None:
        return _("%(drug)s: dose %(state)s") % {
            "drug": drug, "state": state_words(row.now_mg_per_day_state)
        }  # fmt: skip
    day = dose_said_on(row)
    when = formatting.date(day) if day else _("a day not known")
    told, step = _("%(drug)s %(mg)s mg/day on %(date)s"), step_words(row)
    if step:
        told, when = _("%(drug)s %(mg)s mg/day from %(date)s"), step
    words = told % {"drug": drug, "mg": number(row.now_mg_per_day), "date": when}
    if row.indication == Indication.ADRENAL_REPLACEMENT:
        words = _("%(dose)s, replacement") % {"dose": words}
        if harmless(steroid_of(row), map(steroid_of, case.patient.steroids.all())):
            listed = case.patient.steroids_complete_as_of
            if still_replaces(
                steroid_of(row), listed, lambda on: _holds(case, on, "steroid_now", today)
            ):
                return words
            return _("%(dose)s, out of date") % {"dose": words}
    if may_replace(steroid_of(row)):
        words = _("%(dose)s, for what is not entered") % {"dose": words}
    if prednisone_equivalent(row.drug or "", row.now_mg_per_day) is None:
        return _("%(dose)s, no equivalent known") % {"dose": words}
    return (
        words
        if _holds(case, day, "steroid_now", today)
        else _("%(dose)s, out of date") % {"dose": words}
    )


def _of_taper(case: Case, key: str, today: date) -> str:
    rows: Any = [r for r in case.patient.steroids.all() if r.indication in {"irae", None}]
    count = ngettext("%(n)s course for an irAE, or for what nobody said",
                     "%(n)s courses for an irAE, or for what nobody said", len(rows))  # fmt: skip
    answers = [in_sentence(stated_words(row, "not_tapered")) for row in rows]
    named = f" ({', '.join(dict.fromkeys(answers))})" if answers else ""
    complete = _complete_words(case, case.patient.steroids_complete_as_of, "steroid_now", today)
    if not rows and not case.patient.iraes.all():
        return _("no irAE is entered; %(complete)s") % {"complete": complete}
    return f"{count % {'n': len(rows)}}{named}; {complete}"


def _of_second_line(case: Case, key: str, today: date) -> str:
    rows: Any = list(case.patient.immunosuppressants.all())
    told = [
        _("%(agent)s: still given %(state)s")
        % {
            "agent": row.name or str(row.get_drug_display()),
            "state": in_sentence(stated_words(row, "still_given")),
        }
        for row in rows[:MOST_NAMED]
    ]
    if len(rows) > MOST_NAMED:
        told.append(_("%(n)s more") % {"n": len(rows) - MOST_NAMED})
    words = told or [_("no agent is entered")]
    return "; ".join(
        [*words, _complete_words(case, case.patient.second_line_complete_as_of, key, today)]
    )


def _of_site(case: Case, key: str, today: date) -> str:
    del today
    site = next(code for code, fact in SITES.items() if fact == key)
    rows: Any = case.patient.metastases.all()
    row = next((r for r in rows if r.site == site), None)
    as_of = told_on(case.patient, "metastases_complete_as_of")
    if row is not None and row.present_state != FactState.MISSING:
        day = day_words(row.said_on, row.said_latest)
        on = _(" on %(date)s") % {"date": day} if row.said_on else ""
        return _("said of this site%(on)s") % {"on": on}
    if as_of is not None:
        return _("not in the list of sites, complete as of %(date)s") % {"date": as_of}
    return _("site not told; nobody has said that the list of sites is complete")


def _of_drivers(case: Case, key: str, today: date) -> str:
    del key, today
    genes: Any = case.patient.drivers.all()
    rows = {row.gene: row for row in genes}
    asked = [*ACTIONABLE, *(gene for gene in (UNNAMED,) if gene in rows)]
    return "; ".join(
        f"{Driver(gene).label} {_result(rows[gene]) if gene in rows else state_words('missing')}"
        for gene in asked
    )


def _result(row: DriverTest) -> str:
    return in_sentence(stated_words(row, "result"))


def _of_samples(case: Case, key: str, today: date) -> str:
    del today
    rows: Any = case.patient.biomarkers.all()
    kind = BiomarkerKind.TMB if key == "tmb" else BiomarkerKind.PDL1_TPS
    timing = {"pdl1_tps_initial": "before", "pdl1_tps_recent": "after"}.get(key)
    mine = [r for r in rows if r.kind == kind and (timing is None or r.timing == timing)]
    told = [ngettext("%(n)s sample", "%(n)s samples", len(mine)) % {"n": len(mine)}]
    if mine:
        told[0] += f" ({', '.join(_taken(mine))})"
    unplaced = sum(1 for r in rows if r.kind == kind and timing is not None and not r.timing)
    if unplaced:
        words = ngettext("%(n)s sample of which nobody said when it was taken",
                         "%(n)s samples of which nobody said when they were taken", unplaced)  # fmt: skip
        told.append(words % {"n": unplaced})
    return "; ".join(told)


def _of_dossiers(case: Case, key: str, today: date) -> str:
    del today
    events: Any = case.patient.iraes.all()
    mine = [e for e in events if any(entry.item.fact == key for entry in e.dossier.all())]
    measured = measured_words(case.patient, key)
    if not mine:
        return measured
    named = ", ".join(dict.fromkeys(event_named(e) for e in mine))
    words = ngettext("from the dossier of %(n)s event: %(events)s",
                     "from the dossiers of %(n)s events: %(events)s", len(mine))  # fmt: skip
    told = words % {"n": len(mine), "events": named}
    return f"{told}; {measured}" if measured else told


def _taken(rows: Iterable[BiomarkerResult]) -> list[str]:
    return [_("taken %(date)s") % {"date": dated_words(row, "sampled")} for row in rows]


_BASES: dict[str, Callable[[Case, str, date], str]] = {
    **dict.fromkeys(OF_EVENTS, _of_events),
    "steroid_now": _of_steroid_now,
    "steroid_not_tapered": _of_taper,
    "immunosuppressant_now": _of_second_line,
    **dict.fromkeys(SITES.values(), _of_site),
    "driver_mutation": _of_drivers,
    **dict.fromkeys(("pdl1_tps_initial", "pdl1_tps_recent", "tmb"), _of_samples),
}
