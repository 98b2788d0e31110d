"""What is owed of a row that stays behind, and what is typed into its form, follows to the row that says the same."""

from __future__ import annotations

import json
from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.acting import acting_as, set_acting
from cases.askable import told
from cases.lived import dates_after
from cases.models import (
    Case,
    Draft,
    FactTask,
    ICICourse,
    IrAE,
    LabResult,
    Patient,
    PatientMerge,
    PerformanceStatus,
)
from cases.selectors import is_gone
from cases.services.drafts import save_draft
from cases.services.history import save_irae
from cases.services.sections import locked_version
from cases.services.tasks import owe_fact
from followup.yardsticks import _of_record
from tests.factories.meetings import run_sql
from tests.integration.test_merging import both, day, merge, two
from tests.integration.test_merging_links import every_kind
from tests.integration.test_merging_twins import course, event

pytestmark = pytest.mark.django_db
__all__ = ["both", "two"]
OPEN = {"worst_grade": None, "worst_grade_state": "not_yet", "ctcae_version": ""}


@pytest.fixture
def owed(two, both):
    """Return the irAEs of both records, the grade of each owed in its own case."""
    rows = []
    for case in two:
        set_acting(case.referred_by)
        rows.append(event(case, course(case), **OPEN))
        for key in (f"irae-worst_grade-{rows[-1].public_id.hex}", "ecog", "case-alternatives"):
            owe_fact(by=case.referred_by, case=case, fact=key, owner=case.referred_by, due_on=None)
    set_acting(both)
    return rows


def tasks(case):
    rows = FactTask.objects.filter(case=case, done_at=None)
    return set(rows.values_list("fact", flat=True))


def test_what_is_owed_of_a_twin_is_owed_of_the_row_that_stays(two, both, owed, member):
    kept, other = two
    merge(both, kept.patient_id, other.patient_id)
    key = f"irae-worst_grade-{owed[0].public_id.hex}"
    assert tasks(kept) == tasks(other) == {key, "ecog", "case-alternatives"}
    values = {"worst_grade": 3, "worst_grade_state": "known", "ctcae_version": "5.0"}
    with acting_as(member):
        version = locked_version(kept, "iraes")
        save_irae(by=member, case=kept, version=version, values=values, public_id=owed[0].public_id)
    set_acting(both)
    assert key not in tasks(kept) | tasks(other)


def test_an_item_of_a_dossier_follows_and_what_is_asked_for_there_already_is_closed(
    two, both, owed
):
    kept, other = two
    set_acting(other.referred_by)
    old, new = (row.public_id.hex for row in reversed(owed))
    for key in (f"dossier-answer-{old}-biopsy", f"irae-worst_grade-{new}"):
        FactTask.objects.create(
            case=other, patient_id=other.patient_id, fact=key, owner=other.referred_by
        )
    done = FactTask.objects.create(
        case=other, patient_id=other.patient_id, fact=f"irae-onset-{old}", done_at=timezone.now()
    )
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    rows = FactTask.objects.filter(case=other, fact=f"irae-worst_grade-{new}", done_at=None)
    assert rows.count() == 1
    assert not FactTask.objects.filter(case=other, fact__contains=old, done_at=None).exists()
    # Somebody gave that answer of the row that it names.
    done.refresh_from_db()
    assert done.fact == f"irae-onset-{old}"
    closed = FactTask.objects.get(case=other, fact=f"irae-worst_grade-{old}")
    assert closed.done_at is not None


def test_what_was_merged_before_is_asked_for_no_more(two, both, owed):
    kept, other = two
    keys = [f"irae-worst_grade-{row.public_id.hex}" for row in owed]
    dossier = f"dossier-answer-{owed[1].public_id.hex}-biopsy"
    merge(both, kept.patient_id, other.patient_id)
    patient = Patient.objects.get(pk=kept.patient_id)
    assert told(other, patient, [*keys, dossier]) == {keys[1], dossier}


def test_what_is_typed_into_the_form_of_a_twin_opens_with_the_row_that_stays(
    two, both, owed, stranger
):
    kept, other = two
    old, new = (str(row.public_id) for row in reversed(owed))
    section = f"section:{other.public_id}"
    typed = {
        f"{section}:iraes:iraes:{old}": {"sequelae_text": ["weak"]},
        f"{section}:steroids:steroids": {"purpose": [f"irae:{old}"], "drug": ["prednisone"]},
        f"{section}:iraes:dossier:{uuid4()}": {f"owner_{old.replace('-', '')}": ["me"]},
        f"section:{uuid4()}:iraes:iraes:{old}": {"sequelae_text": ["of another case"]},
    }
    with acting_as(stranger):
        for key, fields in typed.items():
            save_draft(by=stranger, key=key, fields=fields)
        before = dict(Draft.objects.values_list("pk", "saved_at"))
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    with acting_as(stranger):
        found = dict(Draft.objects.values_list("key", "fields"))
        assert dict(Draft.objects.values_list("pk", "saved_at")) == before
    swapped = {
        (key if n == 3 else key.replace(old, new)): json.loads(
            json.dumps(fields).replace(old, new).replace(old.replace("-", ""), new.replace("-", ""))
        )
        for n, (key, fields) in enumerate(typed.items())
    }
    assert found == swapped
    with acting_as(stranger):
        other = Case.objects.select_related("patient").get(pk=other.pk)
        assert not is_gone(other, f"{section}:iraes:iraes:{new}")
        assert is_gone(other, f"{section}:iraes:iraes:{old}")


def test_drafts_follow_nothing_but_the_merge_of_who_acts(two, both, member):
    kept, other = two
    follow = "SELECT rechallenge_drafts_follow(%s, %s, '[]')"
    with pytest.raises(DatabaseError, match="follow a merge alone"), transaction.atomic():
        run_sql(follow, kept.patient_id, other.patient_id)
    merge(both, kept.patient_id, other.patient_id)
    assert PatientMerge.objects.exists()
    with (
        acting_as(member),
        pytest.raises(DatabaseError, match="follow a merge alone"),
        transaction.atomic(),
    ):
        run_sql(follow, kept.patient_id, other.patient_id)


def test_what_stays_behind_is_not_held_against_a_death(two, both):
    kept, other = two
    for case in two:
        set_acting(case.referred_by)
        event(case, course(case))
        PerformanceStatus.objects.filter(patient=case.patient_id).update(
            ecog=1, ecog_state="known", assessed_earliest="2026-06-01", assessed_latest="2026-06-01",
            assessed_precision="day", assessed_state="known",
        )  # fmt: skip
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    patient = Patient.objects.get(pk=kept.patient_id)
    outside = dates_after(patient, date(2026, 1, 1))
    assert outside is not None
    # The first and the last dose, and the ECOG: once each.
    assert outside.n == 3
    row = ICICourse.objects.get(patient=patient)
    row.start, row.stop = day("1 February 2025"), day("1 July 2025")
    row.save()
    PerformanceStatus.objects.filter(patient=patient).update(
        assessed_earliest="2025-06-01", assessed_latest="2025-06-01"
    )
    assert dates_after(patient, date(2026, 1, 1)) is None


def test_a_result_that_was_not_chosen_is_no_yardstick(two, both):
    kept, other = two
    for case, high in ((kept, None), (other, 40)):
        every_kind(case)
        LabResult.objects.filter(patient=case.patient_id).update(
            reference_high=high, value=high or 20
        )
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    patient = Patient.objects.get(pk=kept.patient_id)
    assert LabResult.objects.filter(patient=other.patient_id).exists()
    assert _of_record(patient, ["alt"]) == {}
    assert IrAE.objects.filter(patient=patient).count() == 2
