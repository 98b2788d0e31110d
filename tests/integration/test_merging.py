"""Two records of one patient become one: who may, what moves, that nothing is lost, and that it happens once."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from accounts.acting import acting_as, set_acting
from audit.models import TrailEntry
from cases.access import PatientOwned
from cases.changelog import saves_of
from cases.models import (
    Case,
    CaseFacts,
    CaseSection,
    ICICourse,
    IrAE,
    OrganReview,
    Patient,
    PatientErasure,
    PatientIdentity,
    PatientMerge,
    PerformanceStatus,
    Tumour,
)
from cases.searching import found_by
from cases.services.history import save_tumour
from cases.services.identity import save_identity
from cases.services.lifecycle import Question, move_case, refer_case
from cases.states import CaseState
from followup.models import MonitoringPlan
from followup.services import close_plan
from meetings.models import Decision, Letter
from meetings.services.erasure import erase_patient
from meetings.services.merging import RecordsChanged, merge_patients, state_of
from meetings.verification import faults
from tests.factories.line import make_line
from tests.factories.marked import make_marked
from tests.factories.meetings import run_sql
from tests.factories.monitoring import make_plan
from tests.factories.people import make_board, make_user
from tests.factories.record import add_course, make_case, make_patient
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db

# What the merge itself changes, beside whose a row is.
CHANGED = {
    "id", "patient_id", "public_id", "number", "version", "changed_by_id", "changed_at", "holds_number",
    "merged_into_id", "sex", "courses_complete_as_of", "treatments_complete_as_of", "updated_at",
    "responses_complete_as_of", "steroids_complete_as_of", "second_line_complete_as_of",
}  # fmt: skip
# Who the patient is is filled up from the other record; facts are derived anew.
NEW = {"cases_patientmerge", "cases_patientidentity", "cases_casefacts"}


@pytest.fixture
def both(board, other_board):
    """The coordinator of two boards, who acts."""
    user = make_user("coordinator", board, other_board)
    set_acting(user)
    return user


@pytest.fixture
def two(board, other_board, both, member, stranger):
    """A case of each of two records of one patient, on two boards."""
    kept = make_case(member, board, patient=make_patient(member, board, family_name="Sample"))
    other = make_case(
        stranger, other_board, patient=make_patient(stranger, other_board, family_name="Sampel")
    )
    set_acting(both)
    return kept, other


def merge(by, kept, other, *taken, seen=None):
    keep, absorb = Patient.objects.get(pk=kept), Patient.objects.get(pk=other)
    token = state_of(keep, absorb) if seen is None else seen
    return merge_patients(by=by, keep=keep, absorb=absorb, taken=taken, seen=token)


@transaction.atomic
def merge_in_sql(kept, other):
    run_sql("SELECT rechallenge_merge_patients(%s, %s, '{}', '{}')", kept, other)


def tables():
    """Return every table of rows about a patient, histories left out."""
    owned = [m for m in apps.get_models() if issubclass(m, PatientOwned)]
    more = [apps.get_model("cases", n) for n in ("Patient", "PatientIdentity")]
    more += [apps.get_model("cases", n) for n in ("Tumour", "PerformanceStatus", "Background")]
    return sorted({m._meta.db_table for m in [*owned, *more]})


def contents():
    """Return what every row says, table by table, but for whose it is."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT to_jsonb(t) FROM {table} t")
            rows = [r if isinstance(r, dict) else json.loads(r) for (r,) in cursor.fetchall()]
            found[table] = Counter(
                json.dumps({k: v for k, v in r.items() if k not in CHANGED}, sort_keys=True)
                for r in rows
            )
    return found


def test_whole_lines_of_two_boards_become_one_and_no_row_is_lost(board, other_board):
    line, marked = make_line(board), make_marked(other_board)
    both = make_user("coordinator", board, other_board)
    set_acting(both)
    kept, other = line.case.patient_id, marked.patient.pk
    # A death would close the plan that is open, and is another test's.
    row = PatientIdentity.objects.get(patient=other)
    row.died = None
    row.save()
    before = contents()
    hashes = dict(Decision.objects.values_list("pk", "snapshot_sha256"))
    assert merge(both, kept, other, "tumour", "organs", "labs") is True
    after = contents()
    for table in before.keys() - NEW:
        assert after[table] == before[table], table
    assert sum(after["cases_casefacts"].values()) == sum(before["cases_casefacts"].values())
    assert sum(after["cases_patientmerge"].values()) == 1
    assert PatientIdentity.objects.count() == 2
    # Everything that hangs on a case, and every list, is the kept patient's now.
    for model in (Case, Decision, Letter, MonitoringPlan, IrAE, ICICourse, CaseFacts, CaseSection):
        assert set(model.objects.values_list("patient_id", flat=True)) == {kept}, model
    numbers = list(ICICourse.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    # What was signed verifies, and stays frozen.
    assert dict(Decision.objects.values_list("pk", "snapshot_sha256")) == hashes
    assert faults() == []
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Decision.objects.filter(signed_at__isnull=False).update(outcome="defer")
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        run_sql("UPDATE meetings_decision SET patient_id = %s", other)
    assert {e.patient_id for e in TrailEntry.objects.filter(kind="patient.merged")} == {kept}
    assert {e.patient_id for e in TrailEntry.objects.filter(kind="patient.absorbed")} == {other}


def test_both_boards_see_the_united_record_and_nobody_else(two, both, member, stranger):
    kept, other = two
    outsider = make_user("member", make_board())
    merge(both, kept.patient_id, other.patient_id)
    for person in (member, stranger):
        with acting_as(person):
            assert Case.objects.visible_to(person).count() == 2
            assert PatientMerge.objects.visible_to(person).count() == 1
    with acting_as(outsider):
        assert Case.objects.count() == PatientMerge.objects.count() == 0
        assert PatientIdentity.objects.count() == 0


def test_what_is_not_chosen_stays_readable_with_the_absorbed_record(two, both):
    kept, other = two
    for case, stage in ((kept, "kept stage"), (other, "other stage")):
        version = CaseSection.objects.get(case=case, key="tumour").version
        with acting_as(case.referred_by):
            save_tumour(
                by=case.referred_by, case=case, version=version, values={"stage_text": stage}
            )
    PerformanceStatus.objects.filter(patient=kept.patient).update(ecog=1, ecog_state="known")
    PerformanceStatus.objects.filter(patient=other.patient).update(ecog=2, ecog_state="known")
    merge(both, kept.patient_id, other.patient_id, "identity", "tumour")
    assert Tumour.objects.get(patient=kept.patient_id).stage_text == "other stage"
    assert Tumour.objects.get(patient=other.patient_id).stage_text == "kept stage"
    assert PerformanceStatus.objects.get(patient=kept.patient_id).ecog == 1
    assert PerformanceStatus.objects.get(patient=other.patient_id).ecog == 2
    assert PatientIdentity.objects.get(patient=kept.patient_id).family_name == "Sampel"
    row = PatientIdentity.objects.get(patient=other.patient_id)
    assert (row.family_name, row.holds_number) == ("Sample", False)
    assert Patient.objects.get(pk=other.patient_id).merged_into_id == kept.patient_id


def test_a_death_a_birth_date_and_a_number_known_to_one_record_alone_are_kept(two, both, stranger):
    kept, other = two
    with acting_as(stranger):
        save_identity(
            by=stranger,
            case=other,
            version=1,
            values={
                "birth_date": date(1962, 5, 6),
                "died": parse_partial_date("March 2025"),
                "national_scheme": "nhs",
                "national_number": "9434765919",
            },
        )
    merge(both, kept.patient_id, other.patient_id)
    row = PatientIdentity.objects.get(patient=kept.patient_id)
    assert row.family_name == "Sample"
    assert str(row.died) == "March 2025"
    assert (row.birth_date, row.national_number) == (date(1962, 5, 6), "9434765919")


def test_courses_are_numbered_by_time_and_completeness_is_both_records(two, both):
    kept, other = two
    add_course(kept.referred_by, kept, start=parse_partial_date("March 2024"), drugs=["nivolumab"])
    add_course(other.referred_by, other, start=parse_partial_date("2021"), drugs=["pembrolizumab"])
    add_course(other.referred_by, other, drugs=["durvalumab"])
    Patient.objects.filter(pk=kept.patient_id).update(
        courses_complete_as_of=date(2026, 1, 5), steroids_complete_as_of=date(2026, 1, 5)
    )
    merge(both, kept.patient_id, other.patient_id)
    courses = ICICourse.objects.filter(patient=kept.patient_id).order_by("number")
    assert [c.drugs[0] for c in courses] == ["pembrolizumab", "durvalumab", "nivolumab"]
    patient = Patient.objects.get(pk=kept.patient_id)
    assert patient.courses_complete_as_of is None
    assert patient.steroids_complete_as_of == date(2026, 1, 5)


def test_the_history_of_both_records_is_told_in_one(two, both):
    kept, other = two
    add_course(other.referred_by, other, drugs=["pembrolizumab"], regimen="Told before")
    merge(both, kept.patient_id, other.patient_id)
    case = Case.objects.select_related("patient__identity").get(pk=kept.pk)
    told = " ".join(c.new for s in saves_of(case)[0] for c in s.changes)
    assert "Told before" in told
    found = [c.pk for c in found_by(both, "Sampel")]
    assert set(found) == {kept.pk, other.pk}


def test_a_second_press_changes_nothing(two, both):
    kept, other = two
    assert merge(both, kept.patient_id, other.patient_id) is True
    before = TrailEntry.objects.count(), CaseSection.objects.get(case=kept, key="tumour").version
    assert merge(both, kept.patient_id, other.patient_id) is False
    after = TrailEntry.objects.count(), CaseSection.objects.get(case=kept, key="tumour").version
    assert after == before


def test_a_page_that_is_out_of_date_does_nothing(two, both, stranger):
    kept, other = two
    seen = state_of(kept.patient, other.patient)
    with acting_as(stranger):
        save_identity(by=stranger, case=other, version=1, values={"given_name": "Changed"})
    with pytest.raises(RecordsChanged):
        merge(both, kept.patient_id, other.patient_id, seen=seen)
    assert not PatientMerge.objects.exists()


def test_one_board_is_not_enough(two, board):
    kept, other = two
    half = make_user("coordinator", board)
    both = make_user("chair", board)
    for person in (half, both):
        with acting_as(person), pytest.raises((PermissionDenied, Patient.DoesNotExist)):
            merge(person, kept.patient_id, other.patient_id)


def test_the_database_asks_for_both_roles_too(two, board, other_board, both):
    kept, other = two
    for person in (make_user("coordinator", board), make_user("chair", board, other_board)):
        with acting_as(person), pytest.raises(DatabaseError, match="may not merge"):
            merge_in_sql(kept.patient_id, other.patient_id)
    set_acting(both)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        PatientMerge.objects.create(patient=kept.patient, absorbed=other.patient, by=both)


def test_not_while_both_are_watched(board, other_board, two, both):
    nurses = make_user("nurse", board), make_user("nurse", other_board)
    plans = [
        make_plan(nurse, where) for nurse, where in zip(nurses, (board, other_board), strict=True)
    ]
    set_acting(both)
    one, other = (plan.patient_id for plan in plans)
    with pytest.raises(ValidationError, match="open monitoring plan"):
        merge(both, one, other)
    with pytest.raises(DatabaseError, match="open monitoring plan"):
        merge_in_sql(one, other)
    with acting_as(nurses[1]):
        close_plan(by=nurses[1], plan=plans[1], reason="completed")
    assert merge(both, one, other) is True
    assert set(MonitoringPlan.objects.values_list("patient_id", flat=True)) == {one}


def test_nobody_who_was_erased_and_nobody_twice(two, both, board):
    kept, other = two
    chair = make_user("chair", board)
    third = make_case(kept.referred_by, board)
    with acting_as(chair):
        erase_patient(by=chair, patient=third.patient, reason="request")
    set_acting(both)
    with pytest.raises(ValidationError, match="erased"):
        merge(both, kept.patient_id, third.patient_id)
    merge(both, kept.patient_id, other.patient_id)
    with pytest.raises(ValidationError, match="before"):
        merge(both, other.patient_id, kept.patient_id)
    with pytest.raises(ValidationError, match="one record already"):
        merge(both, kept.patient_id, kept.patient_id)


def test_a_merged_record_takes_no_case(two, both, stranger, other_board):
    kept, other = two
    merge(both, kept.patient_id, other.patient_id)
    with acting_as(stranger), pytest.raises(DatabaseError, match="merged"), transaction.atomic():
        refer_case(
            by=stranger,
            board=other_board,
            patient=Patient.objects.get(pk=other.patient_id),
            question=Question("Again?"),
        )


def test_a_record_that_took_one_in_can_be_merged_itself(two, both, member, board):
    kept, other = two
    last = make_case(member, board)
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    merge(both, last.patient_id, kept.patient_id)
    assert set(
        Patient.objects.exclude(pk=last.patient_id).values_list("merged_into_id", flat=True)
    ) == {last.patient_id}
    assert set(Case.objects.values_list("patient_id", flat=True)) == {last.patient_id}


def test_erasing_the_kept_record_reaches_the_absorbed_one(two, both, board):
    kept, other = two
    merge(both, kept.patient_id, other.patient_id)
    chair = make_user("chair", board)
    chair_there = make_user("chair", other.board)
    with acting_as(chair_there):
        move_case(by=chair_there, case=other, to=CaseState.CLOSED)
    set_acting(chair)
    erase_patient(by=chair, patient=Patient.objects.get(pk=kept.patient_id), reason="request")
    assert PatientErasure.objects.count() == 2
    with connection.cursor() as cursor:
        for table in ("cases_patientidentity", "cases_patientidentityevent"):
            cursor.execute(f"SELECT count(*) FROM {table} WHERE family_name <> ''")
            assert cursor.fetchone() == (0,)


def test_organs_asked_about_in_both_are_not_doubled(two, both):
    kept, other = two
    for case, organs in ((kept, ("lung", "skin")), (other, ("lung", "liver"))):
        for organ in organs:
            OrganReview.objects.create(
                patient=case.patient,
                organ=organ,
                asked_on=date(2026, 1, 1),
                asked_by=case.referred_by,
            )
    merge(both, kept.patient_id, other.patient_id)
    rows = OrganReview.objects.values_list("patient_id", "organ")
    assert set(rows) == {
        (kept.patient_id, "lung"),
        (kept.patient_id, "skin"),
        (kept.patient_id, "liver"),
        (other.patient_id, "lung"),
    }
