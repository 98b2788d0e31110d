"""Steroids and second-line agents as they are shown: doses, what they equal, how they were tapered."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.asof import told_on
from cases.derivations import prednisone_equivalent, said_of_today
from cases.derivations.steroids import (
    by_entries,
    disagreement,
    harmless,
    holds_untold,
    may_stand,
    open_total,
    still_replaces,
    told_since,
)
from cases.eventnames import event_named
from cases.models import Indication, Section
from cases.presenters.lists import Cell, Item, Note, SubList, begun_since, complete_words
from cases.presenters.words import (
    dated_words,
    end_words,
    state_words,
    stated_words,
    step_words,
    value_words,
)
from cases.reading import dose_said_on, doses_of, steroid_of
from cases.rules import days_held
from evidence.conditions import Fact, FactState
from ui import formatting
from ui.formatting import number

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from cases.models import Case, Immunosuppressant, SteroidCourse

SECOND_LINE = "immunosuppressants"


def steroid_heads() -> tuple[str, ...]:
    """Return the heads of the list of steroids."""
    return (
        _("Steroid"),
        _("Given for"),
        _("Peak"),
        _("Now"),
        _("As prednisone, worked out"),
        _("From, to"),
    )


def purpose_words(row: SteroidCourse | Immunosuppressant) -> str:
    """Return what a drug was given for, by the irAE's name where it is said."""
    if row.irae is None:
        return stated_words(row, "indication")
    event = event_named(row.irae)
    if row.indication == Indication.ADRENAL_REPLACEMENT:
        return _("adrenal replacement after %(event)s") % {"event": event}
    return event


def _dose(row: SteroidCourse, name: str) -> str:
    value = getattr(row, name)
    if value is None:
        return state_words(getattr(row, f"{name}_state"))
    return _("%(mg)s mg/day") % {"mg": number(value)}


def _as_prednisone(case: Case, row: SteroidCourse) -> str:
    if row.indication == Indication.ADRENAL_REPLACEMENT:
        if harmless(steroid_of(row), map(steroid_of, case.patient.steroids.all())):
            listed = case.patient.steroids_complete_as_of
            if not still_replaces(steroid_of(row), listed, _holds(case)):
                return _("replacement, out of date")
            return _("replacement, not counted")
        if row.now_mg_per_day is None and row.now_mg_per_day_state != FactState.NOT_APPLICABLE:
            return _("replacement of unknown dose: enter it, it may be more")
    if row.now_mg_per_day is None:
        return state_words(row.now_mg_per_day_state)
    dose = prednisone_equivalent(row.drug or "", Decimal(row.now_mg_per_day))
    if dose is None:
        return _("not possible")
    if dose and not _holds(case)(dose_said_on(row)):
        return _("%(mg)s mg/day then, out of date") % {"mg": number(dose)}
    return _("%(mg)s mg/day now") % {"mg": number(dose)}


def _holds(case: Case) -> Callable[[date | None], bool]:
    """Return whether what was said of a dose on a day is recent enough, as the rules of a case have it."""
    today, days = timezone.localdate(), days_held(case, "steroid_now")
    return lambda said: said is not None and (today - said).days <= days


def unchanged_words(case: Case) -> str:
    """Return of which replacement the word that the list is complete also says that it is unchanged; "" of none."""
    rows: Any = case.patient.steroids.all()
    courses = [steroid_of(row) for row in rows]
    holds, told = _holds(case), []
    for row, course in zip(rows, courses, strict=True):
        said, mg = dose_said_on(row), row.now_mg_per_day
        if mg and said is not None and harmless(course, courses) and not holds(said):
            words = _("%(drug)s %(mg)s mg/day, said on %(date)s")
            given = {"drug": row.called, "mg": number(mg), "date": formatting.date(said)}
            told.append(words % given)
    if not told:
        return ""
    words = _("“Complete” also says that the replacement is unchanged: %(doses)s.")
    return words % {"doses": "; ".join(told)}


def _said_words(row: SteroidCourse) -> str:
    """Return for which day the dose of now was said, or that it is the last that was told."""
    day = dose_said_on(row)
    if row.now_mg_per_day is None:
        return ""
    step = step_words(row)
    if day is None and not step:
        return _("day not known")
    rows: Any = row
    told = _("said on %(date)s")
    if rows.doses.all() and not row.now_day_said:
        told = _("last dose told, of %(date)s")
    return told % {"date": step or formatting.date(day)}


def taper_words(row: SteroidCourse) -> str:
    """Return the doses of a course over time in one line."""
    return " → ".join(
        _("%(mg)s mg from %(since)s")
        % {"mg": number(step.mg_per_day), "since": formatting.partial_date(step.since)}
        for step in row.doses.all()
    )


def steroid_item(case: Case, row: SteroidCourse) -> Item:
    """Return one steroid course as a row, its doses under it."""
    name = row.called if row.drug else state_words(row.drug_state)
    taper = taper_words(row)
    notes = [Note(_("Doses"), taper)] if taper else []
    if row.not_tapered is not None:
        told = _("not reducible to 10 mg/day within 12 weeks") if row.not_tapered else _("tapered")
        notes.append(Note(_("Taper"), told))
    elif row.not_tapered_state != FactState.MISSING:
        words = _("whether it could be brought to 10 mg/day within 12 weeks: %(state)s")
        notes.append(Note(_("Taper"), words % {"state": state_words(row.not_tapered_state)}))
    return Item(
        name=capfirst(name),
        sub="",
        cells=(
            Cell(purpose_words(row)),
            Cell(_dose(row, "peak_mg_per_day")),
            Cell(_dose(row, "now_mg_per_day"), _said_words(row)),
            Cell(_as_prednisone(case, row)),
            Cell(
                _("%(start)s to %(stop)s")
                % {"start": dated_words(row, "start"), "stop": end_words(row)}
            ),
        ),
        edit_url=reverse("cases:item", args=[case.public_id, Section.STEROIDS, row.public_id]),
        notes=tuple(notes),
    )


def second_line_name(row: Immunosuppressant) -> str:
    """Return the agent's name."""
    return row.name or str(row.get_drug_display())


def _second_line_item(case: Case, row: Immunosuppressant) -> Item:
    dates = {"start": dated_words(row, "start"), "stop": end_words(row)}
    return Item(
        name=capfirst(second_line_name(row)) if not row.name else row.name,
        sub=row.dose,
        cells=(
            Cell(purpose_words(row)),
            Cell(_("%(start)s to %(stop)s") % dates),
            Cell(stated_words(row, "still_given")),
        ),
        edit_url=reverse("cases:item", args=[case.public_id, SECOND_LINE, row.public_id]),
    )


def second_line(case: Case, *, version: int, may_edit: bool) -> SubList:
    """Return the list of second-line agents, which stands under that of steroids."""
    rows: Any = case.patient.immunosuppressants.all()
    as_of = told_on(case.patient, "second_line_complete_as_of")
    here = [case.public_id, SECOND_LINE]
    return SubList(
        title=_("Second-line immunosuppression"),
        id=f"section-{Section.STEROIDS}",
        version=version,
        heads=(_("Agent"), _("Given for"), _("From, to"), _("Still given")),
        items=tuple(_second_line_item(case, row) for row in rows),
        add_url=reverse("cases:item_add", args=here) if may_edit else "",
        add_text=_("Add agent"),
        complete=complete_words(as_of, begun_since(as_of, [row.start for row in rows])),
        complete_url=reverse("cases:complete", args=here) if may_edit else "",
        is_complete=as_of is not None,
    )


def dose_words(case: Case, fact: Fact) -> str:
    """Return the dose of today and the day for which it was said, or that what was said is out of date."""
    words, today = value_words("steroid_now", fact), timezone.localdate()
    record = doses_of(case)
    if (total := open_total(record, today)) is not None:
        return _open_above(words, said_of_today(record, today), total)
    if (found := disagreement(record, today)) is not None:
        # Between none and a dose nothing may be certain: the page says why.
        words = _("cannot tell") if fact.state is FactState.MISSING else words
        return _disagreeing(words, said_of_today(record, today), *found)
    if (total := told_since(record, today)) is not None:
        return _not_all(words, fact, said_of_today(record, today), total)
    if (range_of := by_entries(record, today)) is not None:
        ranging = _ranging(words, *range_of)
        then = may_stand(record, today)
        return _lowered(ranging, *then) if then and then[0] < range_of[0] else ranging
    if holds_untold(record, today):
        cannot = fact.state is FactState.MISSING
        return _untold(_("cannot tell") if cannot else _said(words, said_of_today(record, today)))
    if fact.state is FactState.KNOWN:
        return _said(words, said_of_today(record, today))
    days: list[Any] = [case.patient.steroids_complete_as_of]
    days += [dose_said_on(row) for row in case.patient.steroids.all() if row.now_mg_per_day]
    old = [day for day in days if day is not None and not record.recent(day, today)]
    if fact.state is FactState.MISSING and old:
        sentence = _("cannot tell, last said on %(date)s, more than %(n)s days ago")
        return sentence % {"date": formatting.date(min(old)), "n": record.doses_hold_days}
    return words


def _said(words: str, said: date | None) -> str:
    if said is None:
        return words
    return _("%(dose)s, as said on %(date)s") % {"dose": words, "date": formatting.date(said)}


def _untold(words: str) -> str:
    sentence = _(
        "%(dose)s; what a dose is for is not entered, and as replacement it would not count"
    )
    return sentence % {"dose": words}


def _not_all(words: str, fact: Fact, said: date | None, total: Decimal) -> str:
    sentence = _(
        "%(dose)s: in all %(total)s mg/day without replacement on %(date)s, and a course was told since: how much of it"
        " is given now is not known"
    )
    dose = _("cannot tell") if fact.state is FactState.MISSING else words
    return sentence % {
        "dose": dose, "date": formatting.date(said), "total": f"{total.normalize():f}",
    }  # fmt: skip


def _open_above(words: str, said: date | None, total: Decimal) -> str:
    sentence = _(
        "%(dose)s: in all %(total)s mg/day without replacement on %(date)s, a course entered has no known equivalent"
        " and may come on top"
    )
    told = {"dose": words, "date": formatting.date(said), "total": f"{total.normalize():f}"}
    return sentence % told


def _ranging(words: str, least: Decimal, most: Decimal) -> str:
    sentence = _(
        "%(dose)s; what is entered adds up to %(least)s to %(most)s mg/day: two may be one"
    )
    least_words, most_words = (f"{mg.normalize():f}" for mg in (least, most))
    return sentence % {"dose": words, "least": least_words, "most": most_words}


def _lowered(words: str, total: Decimal, found_on: date) -> str:
    sentence = _(
        "%(ranging)s; in all %(total)s mg/day without replacement on %(date)s may hold still"
    )
    told = {"ranging": words, "date": formatting.date(found_on)}
    return sentence % {**told, "total": f"{total.normalize():f}"}


def _disagreeing(words: str, said: date | None, total: Decimal, listed: Decimal) -> str:
    sentence = _(
        "%(dose)s: in all %(total)s mg/day without replacement on %(date)s, the courses entered add up to"
        " %(listed)s mg/day. Bring them up to date"
    )
    total_words, listed_words = (f"{mg.normalize():f}" for mg in (total, listed))
    told = {"dose": words, "date": formatting.date(said)}
    return sentence % {**told, "total": total_words, "listed": listed_words}


def steroids_summary(case: Case, facts: dict[str, Fact]) -> str:
    """Return the steroid dose of today in one line, with the day for which it was said."""
    rows: Any = list(case.patient.steroids.all())
    now = dose_words(case, facts["steroid_now"])
    courses = ngettext("%(n)s course", "%(n)s courses", len(rows)) % {"n": len(rows)}
    others = len(case.patient.immunosuppressants.all())
    agents = ngettext("%(n)s other agent", "%(n)s other agents", others) % {"n": others}
    parts = [_("now %(dose)s") % {"dose": now}, courses if rows else _("none entered")]
    return " · ".join([*parts, agents] if others else parts)
