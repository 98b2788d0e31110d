"""Writes to steroids, dose by dose, and to second-line immunosuppressants."""

from __future__ import annotations

from copy import copy
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from cases.asof import complete_columns
from cases.derivations import peak_and_now
from cases.derivations.steroids import harmless
from cases.models import Background, Immunosuppressant, Patient, Section, SteroidCourse, SteroidDose
from cases.reading import steroid_of
from cases.services.assigning import assign, row_of
from cases.services.sections import editing, locked_version
from evidence.conditions.facts import FactState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from django.db.models import QuerySet

    from accounts.models import User
    from cases.models import Case
    from ui.partial_dates import PartialDate


def save_steroid(
    *,
    by: User,
    case: Case,
    version: int,
    values: Mapping[str, Any],
    doses: Sequence[tuple[PartialDate | None, Decimal]] | None = None,
    public_id: UUID | None = None,
) -> SteroidCourse:
    """Add a steroid course, or change the one with `public_id`.

    `doses` are the steps in the order of time, each from when and how many mg a day; None leaves them as they
    are. Where there are steps, peak and now are theirs, whatever `values` says. The day for which the dose of now
    was said: that in `values`; else of steps the day of the last one; of a dose that was typed as that of now, today.
    Where it tells of a course, and not at which dose it is given, no total counts for it that was found until then.
    """
    with editing(by=by, case=case, key=Section.STEROIDS, version=version) as current:
        row = row_of(SteroidCourse.objects.filter(patient=current.patient), current, public_id)
        before, steps = copy(row), _doses_of(row)
        assign(row, values)
        steps = list(doses) if doses is not None else steps
        found = peak_and_now(mg for _since, mg in steps)
        if found is not None:
            known = FactState.KNOWN.value
            row.peak_mg_per_day, row.now_mg_per_day = found
            row.peak_mg_per_day_state = row.now_mg_per_day_state = known
        _date_dose_of_now(row, values, before.now_mg_per_day, steps)
        row.save()
        if row.now_mg_per_day and row.now_on is not None:
            take_back_none(current.patient, row)
        if doses is not None:
            SteroidDose.objects.filter(course=row).delete()
            for since, mg in steps:
                step = SteroidDose(patient=current.patient, course=row, mg_per_day=mg)
                step.since = since
                step.save()
        if _is_told_open(row, before) or _is_vague(row, before, steps):
            _note_untold(current.patient)
    return row


def none_in_all(patient: Patient) -> QuerySet[Background]:
    """Return the row that says that no steroid is given in all; no row where that is not said."""
    return Background.objects.filter(patient=patient, steroid_total_mg=0)


def take_back_none(patient: Patient, row: SteroidCourse | None = None) -> None:
    """Take back that no steroid is given in all where a dose is told after it: by `row`, else by the list as it is.

    Of the same day the days cannot tell which of the two is newer. What only replaces is no dose beside it.
    """
    none = none_in_all(patient)
    if row is not None:
        none = none.filter(steroid_total_on__lte=row.now_on)
    if not none.exists():
        return
    rows = SteroidCourse.objects.filter(patient=patient).prefetch_related("doses")
    courses = [steroid_of(one) for one in rows]
    doses = {one.entry for one in courses if one.now_mg_per_day.low and not harmless(one, courses)}
    if doses & ({row.pk} if row is not None else doses):
        none.update(steroid_total_mg=None, steroid_total_on=None)


def _is_open(row: SteroidCourse) -> bool:
    """Whether it may be given today, and nobody told at which dose."""
    if row.now_mg_per_day_state == FactState.KNOWN:
        return False
    if row.stop_latest is not None and row.stop_latest < timezone.localdate():
        return False
    return row.now_mg_per_day_state != FactState.NOT_APPLICABLE or _goes_on(row)


def _goes_on(row: SteroidCourse) -> bool:
    return row.stop_state == FactState.NOT_APPLICABLE


def _is_told_open(row: SteroidCourse, before: SteroidCourse) -> bool:
    """Whether it is said by this, and was not `before`, that it may be given at a dose that nobody told."""
    if not _is_open(row):
        return False
    if before.pk is None or not _is_open(before):
        return True
    state = row.now_mg_per_day_state
    said = state != before.now_mg_per_day_state and state != FactState.MISSING
    later = [
        getattr(row, name)
        for name in ("start_latest", "stop_latest")
        if getattr(row, name) != getattr(before, name)
    ]
    return said or (_goes_on(row) and not _goes_on(before)) or _may_be_after(row.patient, later)


def _is_vague(
    row: SteroidCourse,
    before: SteroidCourse,
    steps: Sequence[tuple[PartialDate | None, Decimal]],
) -> bool:
    """Whether a dose is told by this of which nobody knows whether it is newer than the total that was found."""
    told = (row.now_mg_per_day, row.now_on)
    if not row.now_mg_per_day or row.now_day_said or told == (before.now_mg_per_day, before.now_on):
        return False
    since = steps[-1][0] if steps else None
    return row.now_on is None or (since is not None and _may_be_after(row.patient, [since.latest]))


def _may_be_after(patient: Patient, days: Iterable[date | None]) -> bool:
    """Whether one of `days` is not before the day on which a total was found; of no total none is."""
    known = [day for day in days if day is not None]
    told = Background.objects.filter(patient=patient)
    return bool(known) and told.filter(steroid_total_on__lte=max(known)).exists()


def _note_untold(patient: Patient) -> None:
    """Note that a course is told after the total that stands, whatever day it is where that was found."""
    found = Background.objects.values_list("steroid_total_on", flat=True).get(patient=patient)
    today = timezone.localdate()
    _set_untold(patient, max(today, found or today))


def _set_untold(patient: Patient, day: date) -> None:
    Patient.objects.filter(pk=patient.pk).update(steroid_untold_on=day)
    patient.steroid_untold_on = day


def say_dose_untold(*, by: User, case: Case, version: int) -> None:
    """Say once more that a steroid may be given, and that nobody knows at which dose."""
    with editing(by=by, case=case, key=Section.STEROIDS, version=version) as current:
        _note_untold(current.patient)


def _date_dose_of_now(
    row: SteroidCourse,
    values: Mapping[str, Any],
    before: Decimal | None,
    steps: Sequence[tuple[PartialDate | None, Decimal]],
) -> None:
    """Set for which day the dose of now was said, and whether somebody said that day."""
    changed = row.now_mg_per_day != before
    if row.now_mg_per_day is None:
        row.now_on, row.now_day_said = None, False
    elif "now_on" in values:
        row.now_day_said = row.now_on is not None
    elif steps:
        since = steps[-1][0]
        last = since.earliest if since is not None else None
        outrun = row.now_on is not None and last is not None and row.now_on < last
        if changed or outrun or not row.now_day_said:
            row.now_on, row.now_day_said = last, False
    elif row.now_on is None or changed:
        row.now_on, row.now_day_said = timezone.localdate(), True


def _doses_of(row: SteroidCourse) -> list[tuple[Any, Decimal]]:
    if row.pk is None:
        return []
    steps = SteroidDose.objects.filter(course=row).order_by("since_earliest", "id")
    return [(step.since, step.mg_per_day) for step in steps]


def save_immunosuppressant(
    *, by: User, case: Case, version: int, values: Mapping[str, Any], public_id: UUID | None = None
) -> Immunosuppressant:
    """Add a second-line agent, or change the one with `public_id`."""
    with editing(by=by, case=case, key=Section.STEROIDS, version=version) as current:
        rows = Immunosuppressant.objects.filter(patient=current.patient)
        row = row_of(rows, current, public_id)
        assign(row, values)
        row.save()
    return row


def set_second_line_complete(
    *, by: User, case: Case, version: int, complete: bool, on: PartialDate | None = None
) -> None:
    """Say that the list of second-line agents is complete as of a day, else today, or take that back."""
    with editing(by=by, case=case, key=Section.STEROIDS, version=version) as current:
        columns = complete_columns("second_line_complete_as_of", complete=complete, on=on)
        Patient.objects.filter(pk=current.patient.pk).update(**columns)
        current.patient.refresh_from_db()


@transaction.atomic
def say_steroid_total(
    *,
    by: User,
    case: Case,
    mg_per_day: Decimal | None,
    on: date | None = None,
    newly: bool = True,
) -> None:
    """Say how much steroid, in mg prednisone-equivalent a day, is given in all on a day; None takes it back.

    A check finds it, or a referral says that none is given. `newly`: it is no correction of what was said before.
    """
    version = locked_version(case, Section.STEROIDS)
    with editing(by=by, case=case, key=Section.STEROIDS, version=version) as current:
        row = Background.objects.get(patient=current.patient)
        row.steroid_total_mg = mg_per_day
        row.steroid_total_on = found_on = on if mg_per_day is not None else None
        row.save()
        untold = current.patient.steroid_untold_on
        # Of one day the days cannot tell what was said first: what is said newly is said last.
        last = newly and found_on is not None and found_on >= timezone.localdate()
        if last and found_on == untold:
            _set_untold(current.patient, untold - timedelta(days=1))
