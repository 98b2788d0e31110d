"""Merging two records of one patient. It cannot be taken back.

The history moves to the record that is kept. Cases stay where they were made, with all that hangs on them, and
read the patient through `Patient.merged_into`: what was signed is not touched. See docs/adr/0021.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Model
from django.utils.translation import gettext as _

from audit.services import record
from cases.asof import latest_of
from cases.differing import KEYED, Pair, doubles, pairs_of
from cases.family import records_of
from cases.holding import hold_records
from cases.models import (
    CaseSection,
    ICICourse,
    Immunosuppressant,
    Metastasis,
    OrganReview,
    OtherTreatment,
    Patient,
    PatientErasure,
    PatientIdentity,
    PatientMerge,
    ResponseAssessment,
    Section,
    SteroidCourse,
)
from cases.numbering import in_order
from cases.oneortwo import LISTS
from cases.policies import check_merge
from cases.services.facts import refresh_patient
from cases.services.following import drafts_follow, ids_of, tasks_follow
from cases.services.numbering import ASIDE, renumber
from cases.services.oneortwo import Pairs, pairs_between, united
from cases.services.tasks import settle_patient
from cases.services.twins import Twins, keep_said, left_behind, refer_to_kept, twins_of
from cases.services.uniting import recount, unite_reviews
from cases.whole_record import HISTORY

if TYPE_CHECKING:
    from collections.abc import Collection

    from accounts.models import User

# Lists whose completeness was said of one record's rows alone.
COMPLETE: dict[str, type[Any]] = {
    "courses_complete_as_of": ICICourse,
    "treatments_complete_as_of": OtherTreatment,
    "responses_complete_as_of": ResponseAssessment,
    "steroids_complete_as_of": SteroidCourse,
    "second_line_complete_as_of": Immunosuppressant,
    "metastases_complete_as_of": Metastasis,
}


class RecordsChanged(Exception):
    """One of the two records was changed after the page was shown; nothing was done."""


def obstacles(keep: Patient, absorb: Patient) -> list[str]:
    """Return in words why the second record cannot be merged into the first; empty when it can."""
    if keep.pk == absorb.pk:
        return [_("Both are cases of one record already.")]
    both = [keep.pk, absorb.pk]
    if PatientErasure.objects.filter(patient__in=both).exists():
        return [_("One of the two was erased: nothing is left by which it could be merged.")]
    found = []
    if keep.merged_into_id or absorb.merged_into_id:
        found.append(_("One of the two is merged into another record already."))
    if Patient.objects.filter(merged_into=absorb).exists():
        found.append(
            _("Another record was merged into the one that would go. Keep that one instead.")
        )
    if keep.provenance != absorb.provenance:
        found.append(_("One is a real patient, the other is not."))
    rows = {row.patient_id: row for row in PatientIdentity.objects.filter(patient__in=both)}
    return found + _persons(rows[keep.pk], rows[absorb.pk])


def _persons(one: PatientIdentity, other: PatientIdentity) -> list[str]:
    """Return what says that they are two persons, or what has to be settled by people first."""
    found = []
    numbers = {one.national_number, other.national_number} - {""}
    if one.national_scheme == other.national_scheme and len(numbers) > 1:
        found.append(
            _(
                "Their national numbers differ: these are two people, or one number has to be corrected."
            )
        )
    if str(one.died or "") != str(other.died or ""):
        found.append(
            _(
                "Only one of the two says that the patient died, or they name different days. Enter the"
                " death in both, or take it back, before they are merged: it ends the monitoring."
            )
        )
    return found


def state_of(keep: Patient, absorb: Patient) -> str:
    """Return a token of how both records stand; another one means that something was saved since."""
    rows = CaseSection.objects.filter(patient__in=records_of(keep) | records_of(absorb))
    stands = [keep.pk, *rows.order_by("pk").values_list("pk", "version")]
    return hashlib.sha256(repr(stands).encode()).hexdigest()[:32]


@transaction.atomic
def merge_patients(
    *, by: User, keep: Patient, absorb: Patient, taken: Collection[str], seen: str
) -> PatientMerge:
    """Merge `absorb` into `keep`; a merge that is done already is returned as it is.

    `taken` names the pairs of `cases.differing` that come from the absorbed record although the kept one says
    something else; what the kept one does not say is taken in any case. `seen` is `state_of` as the page showed
    it. Raises RecordsChanged, or ValidationError with what stands in the way.
    """
    check_merge(by, keep, absorb)
    hold_records(keep, absorb)
    done = PatientMerge.objects.filter(patient=keep, absorbed=absorb).first()
    if done is not None:
        return done
    keep, absorb = _fresh(keep), _fresh(absorb)
    if in_the_way := obstacles(keep, absorb):
        raise ValidationError(in_the_way)
    if state_of(keep, absorb) != seen:
        raise RecordsChanged
    _release_number(absorb)
    twins = twins_of(keep, absorb)
    courses = list(ICICourse.objects.filter(patient__in=[keep, absorb]))
    same = twins[ICICourse]
    numbers = _by_time([row for row in courses if row.pk not in same], keep.pk)
    counted = numbers | {other: numbers[mine] for other, mine in same.items()}
    for patient in (keep, absorb):
        recount(patient, courses, counted)
    # Read once the days count from the new numbers, for an exchange writes all that it read.
    pairs = [p for p in pairs_of(keep, absorb) if p.fills or (p.differs and p.key in taken)]
    for pair in pairs:
        _exchange(pair)
    doubled = pairs_between(keep, absorb, twins)
    Patient.objects.filter(pk=keep.pk).update(
        **_completeness(keep, absorb, doubled),
        courses_complete_through=_through(keep, absorb),
        steroid_untold_on=_last_day(keep.steroid_untold_on, absorb.steroid_untold_on),
        entry_pairs=united(keep, absorb, twins, doubled),
    )
    unite_reviews(keep, absorb)
    merge = _unite(keep, absorb, [pair.key for pair in pairs], numbers, twins)
    _take_number(keep)
    _follow(by, keep)
    detail = {"other": absorb.pk, "merge": merge.pk}
    record(
        "patient.merged", by=by, board=keep.board, patient_id=keep.pk, subject=keep, detail=detail
    )
    detail = {"other": keep.pk, "merge": merge.pk}
    record(
        "patient.absorbed",
        by=by,
        board=absorb.board,
        patient_id=absorb.pk,
        subject=absorb,
        detail=detail,
    )
    return merge


def merges_of(patient: Patient) -> list[PatientMerge]:
    """Return the merges of the patient, the newest first."""
    rows = PatientMerge.objects.filter(patient=patient)
    return list(rows.select_related("by", "absorbed__board", "absorbed__identity").order_by("-pk"))


def _fresh(patient: Patient) -> Patient:
    found: Patient = Patient.objects.select_related("board").get(pk=patient.pk)
    return found


def _follow(by: User, patient: Patient) -> None:
    """Derive anew, and let every form be out of date that was opened on the record as it was."""
    sections = CaseSection.objects.filter(patient__in=records_of(patient))
    sections.exclude(key=Section.QUESTION).update(version=F("version") + 1)
    refresh_patient(patient=patient)
    settle_patient(by=by, patient=patient)


def _release_number(absorb: Patient) -> None:
    PatientIdentity.objects.filter(patient=absorb).update(holds_number=False)


def _take_number(patient: Patient) -> None:
    """Let the patient's record hold its hospital number unless another one does."""
    row = PatientIdentity.objects.get(patient=patient)
    if row.holds_number:
        return
    try:
        with transaction.atomic():
            PatientIdentity.objects.filter(pk=row.pk).update(holds_number=True)
    except IntegrityError:
        return


def _exchange(pair: Pair) -> None:
    """Let each of the two rows say what the other said: nothing is lost."""
    values = [{name: getattr(row, name) for name in pair.columns} for row in (pair.one, pair.other)]
    for row, said in zip((pair.other, pair.one), values, strict=True):
        for name, value in said.items():
            setattr(row, name, value)
        row.save(update_fields=list(pair.columns))


def _completeness(keep: Patient, absorb: Patient, pairs: Pairs) -> dict[str, date | None]:
    """Return since when each list of the united record is complete: only where both said so of theirs.

    A record without a row in a list says nothing about it, and takes nothing from what the other says. Of a list in
    which a row of either may be one of the other nobody has said how many there are.
    """
    doubled = {LISTS[key][0] for key, rows in pairs.items() if rows}
    found: dict[str, date | None] = {}
    for name, model in COMPLETE.items():
        said = []
        for patient in (keep, absorb):
            told = (getattr(patient, name), getattr(patient, latest_of(name)))
            if told[0] or model.objects.filter(patient=patient).exists():
                said.append(told)
        every = bool(said) and model not in doubled and all(first for first, _last in said)
        older = min(said, key=lambda told: (told[0], told[1] or told[0])) if every else (None, None)
        found[name], found[latest_of(name)] = older
    return found


def _through(keep: Patient, absorb: Patient) -> int | None:
    """Return up to which entry the courses of both were before the eyes of who called each list complete.

    A record without a course takes nothing from what the other covers; where neither has one, none is covered.
    """
    said = [patient for patient in (keep, absorb) if patient.courses_complete_as_of is not None]
    said = [row for row in said if ICICourse.objects.filter(patient=row).exists()] or said
    through = [patient.courses_complete_through for patient in said]
    known = [key for key in through if key is not None]
    return min(known) if known and len(known) == len(through) else None


def _last_day(*days: date | None) -> date | None:
    return max((day for day in days if day is not None), default=None)


def _unite(
    keep: Patient, absorb: Patient, swapped: list[str], numbers: dict[int, int], twins: Twins
) -> PatientMerge:
    """Move the lists of `absorb` to `keep` and say that it is merged; the keys are compared after both."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        refer_to_kept(twins)
        keep_said(twins)
        ids = ids_of(twins)
        tasks_follow(absorb, ids)
        moved = _move(keep, absorb, twins)
        renumber(numbers)
        cursor.execute(
            "SELECT rechallenge_merge_patients(%s, %s, %s, %s)",
            [keep.pk, absorb.pk, json.dumps(moved), json.dumps(swapped)],
        )
        (pk,) = cursor.fetchone()
        drafts_follow(keep, absorb, ids)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    merge: PatientMerge = PatientMerge.objects.get(pk=pk)
    return merge


def _move(keep: Patient, absorb: Patient, twins: Twins) -> dict[str, list[int]]:
    """Move the lists of `absorb` to `keep`, but for rows that `keep` has already; return which moved."""
    moved = {}
    for model in HISTORY:
        rows: Any = model._default_manager.filter(patient=absorb)
        rows = rows.exclude(**left_behind(model, twins))
        if model is OrganReview:
            # What either record asked was about its own list: the kept one's rows stand for both.
            rows = rows.none()
        if model in KEYED:
            rows = rows.exclude(pk__in=[other.pk for _one, other in doubles(model, keep, absorb)])
        moved[model.__name__] = list(rows.order_by("pk").values_list("pk", flat=True))
        _bring(model, moved[model.__name__], keep)
    return moved


def _bring(model: type[Model], ids: list[int], to: Patient) -> None:
    aside = {"number": F("number") + ASIDE} if model is ICICourse else {}
    model._default_manager.filter(pk__in=ids).update(patient=to, **aside)


def _by_time(courses: list[ICICourse], kept: int) -> dict[int, int]:
    """Return the number of each course by its first dose; one that no date places follows the one before it."""
    since = {row.patient_id: date.min for row in courses}
    placed = []
    for row in sorted(courses, key=lambda row: row.number):
        start: date | None = row.start_earliest or row.start_latest
        since[row.patient_id] = max(since[row.patient_id], start or date.min)
        placed.append((since[row.patient_id], row.patient_id != kept, row.number, row.pk))
    places = {pk: float(place) for place, (*_when, pk) in enumerate(sorted(placed), start=1)}
    return {row.pk: number for number, row in enumerate(in_order(courses, places), start=1)}
