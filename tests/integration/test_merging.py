"""Two records of one patient: what moves, what stays to the byte, and who may."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.acting import acting_as, set_acting
from audit.models import TrailEntry
from audit.subjects import case_of
from cases.access import PatientOwned
from cases.changelog import saves_of
from cases.differing import KEYED, pairs_of
from cases.models import (
    Background,
    Case,
    CaseFacts,
    CaseSection,
    DriverTest,
    ICICourse,
    IrAE,
    OrganReview,
    Patient,
    PatientIdentity,
    PatientMerge,
    PerformanceStatus,
    SteroidCourse,
)
from cases.policies import check_view
from cases.searching import search_cases
from cases.selectors import other_cases
from cases.services.history import save_irae
from cases.services.lifecycle import Question, refer_case
from cases.services.merging import merge_patients, state_of
from cases.whole_record import HISTORY, fetch_record
from followup.models import MonitoringPlan
from followup.services import enter_first_dose
from meetings.drawing import _rows
from meetings.verification import faults
from tests.factories.line import PNEUMONITIS, make_line
from tests.factories.meetings import run_sql
from tests.factories.monitoring import make_plan
from tests.factories.people import make_board, make_user
from tests.factories.record import add_course, make_case, make_patient
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db

# Rows of the history, which move, rows that two records exchange, and what is derived or counts versions. All
# other tables about a patient hang on a case, and stay as they are.
MOVED = {model._meta.db_table for model in (*HISTORY, *KEYED)}
SINGLE = {"cases_tumour", "cases_background", "cases_performancestatus"}
DERIVED = {"cases_casesection", "cases_casefacts", "cases_patientmerge"}


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
    """Merge the record with the key `other` into that with the key `kept`."""
    keep, absorb = Patient.objects.get(pk=kept), Patient.objects.get(pk=other)
    token = state_of(keep, absorb) if seen is None else seen
    return merge_patients(by=by, keep=keep, absorb=absorb, taken=taken, seen=token)


def day(text):
    return parse_partial_date(text)


def tables():
    """Return every table of rows about a patient, histories left out."""
    owned = [m._meta.db_table for m in apps.get_models() if issubclass(m, PatientOwned)]
    return sorted({*owned, "cases_patient", "cases_patientidentity", "cases_patientaccess"})


def contents():
    """Return every row of every table about a patient, whole, by table and key."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT t.id, to_jsonb(t)::text FROM {table} t")
            found[table] = dict(cursor.fetchall())
    return found


def without(rows, *columns):
    return {
        key: {k: v for k, v in json.loads(row).items() if k not in columns}
        for key, row in rows.items()
    }


def again(case):
    """Return the case as its page reads it, with the whole record."""
    found = Case.objects.select_related("patient").get(pk=case.pk)
    fetch_record([found.patient])
    return found


def test_no_row_that_hangs_on_a_case_changes_and_what_was_signed_verifies(board, other_board):
    lines = [make_line(where) for where in (board, other_board)]
    both = make_user("coordinator", board, other_board)
    set_acting(both)
    kept, other = (line.case.patient_id for line in lines)
    before = contents()
    assert len(before["meetings_decision"]) == len(before["meetings_letter"]) == 2
    merge(both, kept, other)
    after = contents()
    hanging = set(before) - MOVED - SINGLE - DERIVED
    hanging -= {"cases_patient", "cases_patientidentity", "cases_patientaccess"}
    assert {"meetings_decision", "meetings_letter", "cases_case", "followup_check"} <= hanging
    # The course that a case asks about is named by the row of the two that say the same which is the record's.
    asked = {pk: json.loads(row)["course_id"] for pk, row in after["cases_case"].items()}
    assert set(asked.values()) <= {
        *ICICourse.objects.filter(patient=kept).values_list("pk", flat=True),
        None,
    }
    for table in sorted(hanging):
        left = ("course_id",) if table == "cases_case" else ()
        assert without(after[table], *left) == without(before[table], *left), table
    kinds = TrailEntry.objects.filter(kind__startswith="patient.").values_list("kind", "patient_id")
    assert {("patient.merged", kept), ("patient.absorbed", other)} <= set(kinds)
    # Of the lists no row is lost, and none says anything else.
    for table in sorted(MOVED):
        assert without(after[table], "patient_id", "number") == without(
            before[table], "patient_id", "number"
        ), table
    assert faults() == []
    for rows in (after["meetings_decision"], after["followup_monitoringplan"]):
        assert {json.loads(row)["patient_id"] for row in rows.values()} == {kept, other}
    # The picture of either case shows the decisions of both.
    for case in Case.objects.annotate(drawn=_rows(both)):
        assert len(case.drawn) == 2
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        run_sql("UPDATE meetings_decision SET patient_id = %s WHERE patient_id = %s", kept, other)


def test_a_case_of_either_record_shows_the_whole_record(two, both):
    kept, other = two
    add_course(kept.referred_by, kept, start=parse_partial_date("March 2024"), drugs=["nivolumab"])
    add_course(other.referred_by, other, start=parse_partial_date("2021"), drugs=["pembrolizumab"])
    add_course(other.referred_by, other, drugs=["durvalumab"])
    merge(both, kept.patient_id, other.patient_id)
    facts = []
    for case in (kept, other):
        found = again(case)
        assert found.patient_id == case.patient_id
        assert found.patient.identity.family_name == "Sample"
        drugs = [(c.number, c.drugs[0]) for c in found.patient.courses.all()]
        assert drugs == [(1, "pembrolizumab"), (2, "durvalumab"), (3, "nivolumab")]
        assert [c.pk for c in other_cases(both, found)] == [
            {kept, other}.difference({case}).pop().pk
        ]
        row = CaseFacts.objects.get(case=case)
        facts.append({k: v for k, v in vars(row).items() if k.startswith("prior_")})
        assert row.patient_id == case.patient_id
    assert facts[0] == facts[1]
    assert facts[0]["prior_courses_low"] == 3


def test_what_is_written_from_a_case_that_stayed_behind_is_in_the_record_of_both(
    two, both, stranger
):
    kept, other = two
    merge(both, kept.patient_id, other.patient_id)
    set_acting(stranger)
    version = CaseSection.objects.get(case=other, key="iraes").version
    irae = save_irae(by=stranger, case=other, version=version, values=dict(PNEUMONITIS))
    assert irae.patient_id == kept.patient_id
    for case in (kept, other):
        assert CaseFacts.objects.get(case=case).pneumonitis_worst_grade_low == 2
        assert CaseSection.objects.get(case=case, key="iraes").version == 3
    assert IrAE.objects.filter(patient=other.patient_id).count() == 0


def test_nothing_is_widened_but_to_whoever_saw_one_of_the_two(two, both, member, stranger):
    kept, other = two
    outsider = make_user("member", make_board())
    merge(both, kept.patient_id, other.patient_id)
    for person, own, foreign in ((member, kept, other), (stranger, other, kept)):
        with acting_as(person):
            assert Patient.objects.count() == 2
            check_view(person, Case.objects.get(pk=own.pk))
            with pytest.raises(PermissionDenied):
                check_view(person, Case.objects.get(pk=foreign.pk))
    with acting_as(outsider):
        assert Case.objects.count() == PatientMerge.objects.count() == 0
        assert PatientIdentity.objects.count() == Patient.objects.count() == 0


def test_what_one_record_alone_says_is_taken_and_what_differs_is_as_chosen(two, both):
    kept, other = two
    Background.objects.filter(patient=other.patient_id).update(
        interstitial_lung_disease=True,
        interstitial_lung_disease_state="known",
        weight_kg=61,
        weight_kg_state="known",
    )
    Background.objects.filter(patient=kept.patient_id).update(weight_kg=70, weight_kg_state="known")
    for case, grade in ((kept, 1), (other, 2)):
        PerformanceStatus.objects.filter(patient=case.patient_id).update(
            ecog=grade, ecog_state="known"
        )
        DriverTest.objects.create(
            patient=case.patient, gene="EGFR", result="negative", result_state="known"
        )
    DriverTest.objects.filter(patient=other.patient_id).update(result="positive")
    gene = "-".join(
        ["drivertest", *(str(DriverTest.objects.get(patient=c.patient_id).pk) for c in two)]
    )
    row = merge(both, kept.patient_id, other.patient_id, "ecog", gene)
    patient = again(other).patient
    assert patient.background.interstitial_lung_disease is True
    assert patient.background.weight_kg == 70
    assert patient.performance_status.ecog == 2
    assert [d.result for d in patient.drivers.all()] == ["positive"]
    assert row.swapped == ["ecog", "lung", gene]
    # What was not chosen stays with the record that went.
    assert PerformanceStatus.objects.get(patient=other.patient_id).ecog == 1
    assert Background.objects.get(patient=other.patient_id).weight_kg == 61
    assert CaseFacts.objects.get(case=kept).interstitial_lung_disease is True
    assert CaseFacts.objects.get(case=other).ecog_low == 2


def test_a_list_is_complete_only_where_both_said_so(two, both):
    kept, other = two
    add_course(other.referred_by, other, drugs=["pembrolizumab"])
    Patient.objects.filter(pk=kept.patient_id).update(
        courses_complete_as_of=date(2026, 1, 5), steroids_complete_as_of=date(2026, 1, 5)
    )
    merge(both, kept.patient_id, other.patient_id)
    patient = Patient.objects.get(pk=kept.patient_id)
    assert patient.courses_complete_as_of is None
    assert patient.steroids_complete_as_of == date(2026, 1, 5)


def test_an_organ_was_asked_about_only_where_both_records_said_so(two, both, member, stranger):
    kept, other = two
    early, late = date(2026, 2, 1), date(2026, 5, 1)
    for case, organ, day, who in (
        (kept, "lung", late, member), (other, "lung", early, stranger),
        (kept, "liver", early, member), (other, "liver", late, stranger),
        (kept, "skin", late, member), (other, "colon", late, stranger),
    ):  # fmt: skip
        OrganReview.objects.create(
            patient_id=case.patient_id, organ=organ, asked_on=day, asked_by=who
        )
    keep, absorb = (Patient.objects.get(pk=case.patient_id) for case in two)
    assert not [pair for pair in pairs_of(keep, absorb) if "organreview" in pair.key]
    merge(both, kept.patient_id, other.patient_id)
    rows = OrganReview.objects.filter(patient=kept.patient_id)
    assert set(rows.values_list("organ", "asked_on", "asked_by")) == {
        ("lung", early, stranger.pk), ("liver", early, member.pk),
    }  # fmt: skip
    facts = CaseFacts.objects.get(case=other).as_facts()
    assert facts["pneumonitis_worst_grade"].high == 0
    assert facts["skin_worst_grade"].state == facts["colitis_worst_grade"].state == "missing"


def test_a_date_counted_from_a_course_keeps_its_course_when_numbers_change(two, both):
    kept, other = two
    by = other.referred_by
    add_course(kept.referred_by, kept, drugs=["nivolumab"], start=day("March 2024"))
    for start in ("March 2023", "March 2025"):
        add_course(by, other, drugs=["pembrolizumab"], start=day(start))
    one = ICICourse.objects.get(patient=kept.patient_id)
    for case, entity, onset in (
        (other, "colitis", "day 5 after cycle 7 of course 2"),
        (other, "hepatitis", "after cycle 7"),
        (kept, "pneumonitis", "day 26 after ICI start"),
        (kept, "rash", "after cycle 2 of course 1"),
    ):
        row = IrAE(patient=case.patient, entity=entity, organ="other", ctcae_version="5.0")
        row.onset = day(onset)
        # Counted from its own onset, a date names no course.
        row.resolved = day("day 10 after irAE onset")
        row.save()
    steroid = SteroidCourse(patient=kept.patient, drug="prednisone", drug_state="known")
    steroid.start, steroid.stop = day("after cycle 3"), day("day 90 after ICI start")
    steroid.save()
    status = PerformanceStatus.objects.get(patient=other.patient_id)
    status.ecog, status.ecog_state, status.assessed_state = 1, "known", "known"
    status.assessed = day("after cycle 3 of course 2")
    status.save()
    merge(both, kept.patient_id, other.patient_id)
    rows = ICICourse.objects.filter(patient=kept.patient_id)
    numbers = {c.start_earliest.year: c.number for c in rows}
    assert numbers == {2023: 1, 2024: 2, 2025: 3}
    found = {row.entity: row for row in IrAE.objects.filter(patient=kept.patient_id)}
    told = {entity: str(row.onset) for entity, row in found.items()}
    assert told == {
        "colitis": "day 5 after cycle 7 of course 3",
        # Of two courses nobody said which.
        "hepatitis": "after cycle 7",
        "pneumonitis": "day 26 after ICI start",
        "rash": "after cycle 2 of course 2",
    }
    assert found["rash"].onset_text == "after cycle 2 of course 2"
    assert found["pneumonitis"].course == one
    assert found["hepatitis"].course is None
    assert {str(row.resolved) for row in found.values()} == {"day 10 after irAE onset"}
    steroid = SteroidCourse.objects.get()
    assert str(steroid.start) == "after cycle 3 of course 2"
    assert str(steroid.stop) == "day 90 after ICI start"
    status = PerformanceStatus.objects.get(patient=kept.patient_id)
    assert (status.ecog, str(status.assessed)) == (1, "after cycle 3 of course 3")


def test_the_history_the_trail_and_a_search_know_both_records(two, both, member, board):
    kept, other = two
    add_course(other.referred_by, other, drugs=["pembrolizumab"], regimen="Told before")
    merge(both, kept.patient_id, other.patient_id)
    for case in two:
        told = " ".join(c.new for s in saves_of(again(case))[0] for c in s.changes)
        assert "Told before" in told
        for words in ("Sampel", "Sample", "pembrolizumab", "Smaple", "pembrolizumap"):
            found = search_cases(both, words)
            assert {c.pk for c in found.cases} == {kept.pk, other.pk}, words
    chair = make_user("chair", board)
    set_acting(chair)
    assert set(case_of(chair, kept.public_id).records) == {kept.patient_id, other.patient_id}


def test_a_new_case_of_either_is_the_kept_patients(two, both, stranger, other_board):
    kept, other = two
    old = Patient.objects.get(pk=other.patient_id)
    merge(both, kept.patient_id, other.patient_id)
    set_acting(stranger)
    new = refer_case(by=stranger, board=other_board, patient=old, question=Question("Again?"))
    assert new.patient_id == kept.patient_id
    with pytest.raises(DatabaseError, match="merged"), transaction.atomic():
        Case.objects.create(
            patient_id=old.pk, board=other_board, reference="RC-1-1", referred_by=stranger
        )


def test_monitoring_reads_the_irae_of_the_other_record(board, other_board, both, member):
    nurse = make_user("nurse", other_board)
    plan = make_plan(nurse, other_board)
    with acting_as(member):
        kept = make_case(member, board, patient=make_patient(member, board))
        version = CaseSection.objects.get(case=kept, key="iraes").version
        save_irae(
            by=member,
            case=kept,
            version=version,
            values={
                **PNEUMONITIS,
                "organ": "heart",
                "entity": "myocarditis",
                "onset": parse_partial_date("2024"),
            },
        )
    set_acting(both)
    merge(both, kept.patient_id, plan.patient_id)
    set_acting(nurse)
    plan = MonitoringPlan.objects.get(pk=plan.pk)
    enter_first_dose(by=nurse, plan=plan, on=timezone.localdate())
    plan = MonitoringPlan.objects.get(pk=plan.pk)
    assert "myocarditis" in plan.earlier_entities
    # The course of its doses is one of the kept record, and the plan stays where it is.
    assert plan.course.patient_id == kept.patient_id != plan.patient_id
    with pytest.raises(DatabaseError, match="of another patient"), transaction.atomic():
        stray = add_course(member, make_case(member, board), drugs=["nivolumab"])
        set_acting(both)
        MonitoringPlan.objects.filter(pk=plan.pk).update(course_id=stray.pk)
