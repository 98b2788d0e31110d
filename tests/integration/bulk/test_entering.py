"""Rows of a file on their way into the record: new, the same, more, or something else."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.acting import acting_as
from cases.loading import load
from cases.models import (
    Case,
    CaseFacts,
    ICICourse,
    IrAE,
    LabResult,
    Patient,
    PatientIdentity,
)
from tests.factories.people import make_board, make_user
from tests.factories.record import add_course, make_case
from tests.factories.spreadsheets import (
    COURSE,
    IRAE,
    LAB,
    PATIENT,
    WHOLE,
    counts,
    dump,
    file_of,
    imported,
    told,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def analytes(db: None) -> None:
    load()


@pytest.fixture
def by(coordinator, acting):
    with acting(coordinator):
        yield coordinator


def test_a_file_becomes_a_record_through_the_services(by, board):
    outcome = imported(by, board, file_of(**WHOLE))
    assert told(outcome) == []
    assert counts(outcome) == {
        "patients_new": 1, "courses_new": 1, "iraes_new": 1, "labs_new": 1,
    }  # fmt: skip
    identity = PatientIdentity.objects.get()
    assert (identity.hospital_number, identity.family_name, identity.hospital) == (
        "N 100", "Grayling", board.hospital,
    )  # fmt: skip
    case = Case.objects.get()
    assert (case.question, case.referred_by, case.patient.board) == (
        "May it be given again?", by, board,
    )  # fmt: skip
    course = ICICourse.objects.get()
    assert (course.number, course.drugs, str(course.start)) == (1, ["pembrolizumab"], "March 2024")
    assert course.best_response_state == "missing", "an empty cell says nothing"
    irae = IrAE.objects.get()
    assert (irae.organ, irae.worst_grade, irae.grade_now_state) == ("lung", 2, "missing")
    result = LabResult.objects.get()
    assert (result.value_entered, result.entered_by) == ("210", by)
    # What is derived is there, as after a form.
    facts = CaseFacts.objects.get(case=case)
    assert (facts.irae_any, facts.pneumonitis_worst_grade_low) == (True, 2)


def test_a_trial_writes_nothing_and_finds_the_same(by, board):
    outcome = imported(by, board, file_of(**WHOLE), trial=True)
    assert told(outcome) == []
    assert counts(outcome)["iraes_new"] == 1
    assert not Patient.objects.exists()


def test_twice_changes_nothing(by, board):
    data = file_of(**WHOLE)
    imported(by, board, data)
    before = dump(board)
    outcome = imported(by, board, data)
    assert counts(outcome) == {
        "patients_same": 1, "courses_same": 1, "iraes_same": 1, "labs_same": 1,
    }  # fmt: skip
    assert dump(board) == before


def test_a_file_that_overlaps_adds_what_is_new_and_completes_what_is_there(by, board):
    imported(by, board, file_of(**WHOLE))
    more = file_of(
        courses=[
            {**COURSE, "Last dose": "5 June 2024", "Cycles": "at least 4"},
            {**COURSE, "Course": "2", "First dose": "2025"},
        ],
        iraes=[{**IRAE, "Onset": "day 40 after ICI start", "Course": "1", "Grade now": "unknown"}],
        labs=[{**LAB, "Reference range": "0-250"}, {**LAB, "Value": "300", "Source": "Clinic"}],
    )  # fmt: skip
    outcome = imported(by, board, more)
    assert told(outcome) == []
    assert counts(outcome) == {
        "courses_more": 1, "courses_new": 1, "iraes_more": 1, "labs_more": 1, "labs_new": 1,
    }  # fmt: skip
    first, second = ICICourse.objects.order_by("number")
    assert (str(first.stop), first.cycles_low, first.cycles_high) == ("5 June 2024", 4, None)
    assert str(second.start) == "2025"
    irae = IrAE.objects.get()
    assert (irae.course, irae.worst_grade, irae.grade_now_state) == (first, 2, "unknown")
    assert irae.onset.offset_days == 40
    before = dump(board)
    assert set(counts(imported(by, board, more))) == {"courses_same", "iraes_same", "labs_same"}
    assert dump(board) == before


def test_what_the_record_says_is_never_overwritten(by, board):
    imported(by, board, file_of(**WHOLE))
    before = dump(board)
    outcome = imported(
        by,
        board,
        file_of(
            patients=[{**PATIENT, "First name": "Eva"}],
            courses=[{**COURSE, "Drugs": "nivolumab"}],
            iraes=[{**IRAE, "Worst grade": "3"}],
            labs=[{**LAB, "Value": "211"}],
        ),
    )
    found = told(outcome)
    assert [(s, n, h) for s, n, h, _w in found] == [
        ("patients", 2, "First name"),
        ("courses", 2, "Drugs"),
        ("iraes", 2, "Worst grade"),
        ("labs", 2, "Value"),
    ]
    assert "The record says “Ada”" in found[0][3]
    assert "“pembrolizumab”" in found[1][3]
    assert "is recorded already: 210" in found[3][3]
    assert dump(board) == before


def test_unknown_takes_nothing_away_and_empty_says_nothing(by, board):
    imported(by, board, file_of(**WHOLE))
    before = dump(board)
    less = file_of(
        courses=[{"Hospital number": "N100", "Course": "1", "First dose": "unknown", "Drugs": ""}],
        iraes=[{**IRAE, "Worst grade": "not yet"}],
    )
    assert set(counts(imported(by, board, less))) == {"courses_same", "iraes_same"}
    assert dump(board) == before


def test_every_error_of_every_row_is_found_at_once(by, board):
    outcome = imported(
        by,
        board,
        file_of(
            patients=[
                PATIENT,
                {"Hospital number": "2", "Family name": "B", "Date of birth": "March 1950", "Sex": "both"},
                {"Family name": "Nobody"},
            ],
            courses=[
                {**COURSE, "First dose": "5 May 2024", "Last dose": "4 May 2024", "Cycles": "some"},
                {**COURSE, "Course": "first"},
                {**COURSE, "Course": "2", "Drugs": "aspirin", "First dose": "45352"},
            ],
            iraes=[
                {**IRAE, "Worst grade": "severe", "Course": "7"},
                {**IRAE, "Event": "rheumatism"},
                {**IRAE, "Hospital number": "99"},
            ],
            labs=[
                {**LAB, "Value": "1,500"},
                {**LAB, "Analyte": "ldh", "Unit": "furlong"},
                {**LAB, "Day of the sample": "March 2025"},
                {**LAB, "Day of the sample": "1 January 2190"},
            ],
        ),
        trial=True,
    )  # fmt: skip
    found = {(s, n, h): w for s, n, h, w in told(outcome)}
    assert set(found) == {
        ("patients", 3, "First name"), ("patients", 3, "Date of birth"), ("patients", 3, "Sex"),
        ("patients", 3, "Question to the board"), ("patients", 4, "Hospital number"),
        ("courses", 2, "Last dose"), ("courses", 2, "Cycles"), ("courses", 3, "Course"),
        ("courses", 4, "Drugs"), ("courses", 4, "First dose"),
        ("iraes", 2, "Worst grade"), ("iraes", 2, "Course"), ("iraes", 3, "Event"), ("iraes", 4, "Hospital number"),
        ("labs", 2, "Value"), ("labs", 3, "Unit"), ("labs", 4, "Day of the sample"),
        ("labs", 5, "Day of the sample"),
    }  # fmt: skip
    assert "1, 2, 3, 4, 5" in found["iraes", 2, "Worst grade"]
    assert "as Excel keeps a date" in found["courses", 4, "First dose"]
    assert "can be read in two ways" in found["labs", 2, "Value"]


def test_nothing_is_kept_when_one_row_is_wrong(by, board):
    outcome = imported(by, board, file_of(**WHOLE | {"labs": [{**LAB, "Value": "-1"}]}))
    assert len(told(outcome)) == 1
    assert not Patient.objects.exists()


def test_one_event_may_have_come_several_times(by, board):
    twice = [IRAE, IRAE, {**IRAE, "Onset": "2024", "Worst grade": "3"}]
    data = file_of(**WHOLE | {"iraes": twice})
    assert counts(imported(by, board, data))["iraes_new"] == 3
    assert counts(imported(by, board, data))["iraes_same"] == 3
    assert IrAE.objects.count() == 3
    fuller = file_of(iraes=[{**IRAE, "Grade now": "0"}])
    (problem,) = told(imported(by, board, fuller))
    assert "several such events" in problem[3]
    another = file_of(iraes=[{**IRAE, "Onset": "2025", "Worst grade": "3", "Course": "1"}])
    # It may be one of those without a day, graded otherwise: nobody can tell, so nothing is made of it.
    assert [h for _s, _n, h, _w in told(imported(by, board, another))] == ["Worst grade"]


def test_more_events_of_one_kind_than_anybody_has_are_refused_beside_their_rows(
    by, board, monkeypatch
):
    compared: list[Any] = []
    monkeypatch.setattr("cases.bulk.of_iraes.beside", lambda *args: compared.append(args))
    outcome = imported(by, board, file_of(**WHOLE | {"iraes": [IRAE] * 53}))
    assert [(s, n, h) for s, n, h, _w in told(outcome)] == [
        ("iraes", n, "Event") for n in (52, 53, 54)
    ]
    assert not compared
    assert not IrAE.objects.exists()


def test_another_onset_is_another_event(by, board):
    data = file_of(**WHOLE | {"iraes": [{**IRAE, "Onset": "2023"}]})
    # Before the first dose: right only if the row says so.
    assert "before the first dose" in told(imported(by, board, data))[0][3]
    first = {**IRAE, "Onset": "2023", "Onset is right": "yes"}
    assert not told(imported(by, board, file_of(**WHOLE | {"iraes": [first]})))
    outcome = imported(
        by, board, file_of(iraes=[{**IRAE, "Onset": "May 2025", "Worst grade": "1"}])
    )
    assert counts(outcome) == {"iraes_new": 1}


def test_a_value_that_seems_impossible_is_questioned_and_kept_on_a_word(by, board):
    odd = {**LAB, "Analyte": "lymphocytes", "Value": "1500", "Unit": "10^9/L"}
    (problem,) = told(imported(by, board, file_of(**WHOLE | {"labs": [odd]})))
    assert problem[2] == "Value" and "Did you mean" in problem[3]
    kept = file_of(**WHOLE | {"labs": [{**odd, "Keep as typed": "yes"}]})
    assert not told(imported(by, board, kept))
    # Once it is in the record it needs no word any more.
    assert counts(imported(by, board, file_of(labs=[odd]))) == {"labs_same": 1}


@pytest.mark.parametrize("unit", ["10*9/L", "x 10^9/L", "×10⁹/L", "X10*9/l", "10 * 9/L", "mg/dL"])
def test_a_unit_is_read_as_laboratories_write_it(by, board, unit):
    lab = {**LAB, "Analyte": "lymphocytes", "Value": "1.5", "Unit": unit}
    outcome = imported(by, board, file_of(**WHOLE | {"labs": [lab]}))
    if unit == "mg/dL":
        (problem,) = told(outcome)
        assert problem[2] == "Unit" and "“mg/dL” is no unit of" in problem[3]
        assert "10⁹/L" in problem[3]
    else:
        assert not told(outcome)
        assert LabResult.objects.get().unit_entered == "10^9/L"


def test_like_patients_are_asked_about_and_never_made_silently(by, board):
    imported(by, board, file_of(**WHOLE))
    twin = {**PATIENT, "Hospital number": "N 200"}
    (problem,) = told(imported(by, board, file_of(patients=[twin]), trial=True))
    assert problem[2] == "Family name" and "Number N 100 is a patient of a like name" in problem[3]
    said = file_of(patients=[{**twin, "Another person": "yes"}])
    assert counts(imported(by, board, said)) == {"patients_new": 1}


def test_two_new_numbers_of_one_name_and_birth_are_asked_about(by, board):
    outcome = imported(by, board, file_of(patients=[PATIENT, {**PATIENT, "Hospital number": "7"}]))
    assert [(n, h) for _s, n, h, _w in told(outcome)] == [(3, "Family name")]


def test_a_number_of_a_patient_of_another_board_is_refused_without_a_word_of_whom(by, board):
    other = make_board()
    make_case(make_user("member", other), other)
    with acting_as(make_user("member", other)):
        number = PatientIdentity.objects.get().hospital_number
    outcome = imported(by, board, file_of(patients=[{**PATIENT, "Hospital number": number}]))
    (problem,) = told(outcome)
    assert problem[2] == "Hospital number" and "cannot be entered here" in problem[3]
    assert outcome.refused_numbers == 1
    # Nor can rows be hung on that patient.
    (problem,) = told(imported(by, board, file_of(courses=[{**COURSE, "Hospital number": number}])))
    assert "No patient of yours" in problem[3]


def test_who_sees_a_patient_by_another_board_does_not_bring_them_before_this_one(board):
    other = make_board()
    both = make_user("coordinator", board, other)
    make_case(both, other)
    with acting_as(both):
        number = PatientIdentity.objects.get().hospital_number
    row = {**PATIENT, "Hospital number": number}
    outcome = imported(both, board, file_of(patients=[row]))
    assert [(h, "cannot be entered here" in w) for _s, _n, h, w in told(outcome)] == [
        ("Hospital number", True)
    ]
    assert outcome.refused_numbers == 1
    course = file_of(courses=[{**COURSE, "Hospital number": number}])
    (problem,) = told(imported(both, board, course))
    assert "No patient of yours" in problem[3]
    # On the board that knows the patient the same rows are theirs.
    assert not told(imported(both, other, course))
    with acting_as(both):
        assert not Case.objects.filter(board=board).exists()


def test_a_patient_of_the_board_needs_no_row_and_no_question(by, board, member):
    case = make_case(member, board)
    add_course(member, case, drugs=["nivolumab"])
    with acting_as(member):
        number = PatientIdentity.objects.get().hospital_number
    row = {
        "Hospital number": number,
        "Course": "1",
        "Cycles": "4",
        "Best response": "partial response (PR)",
    }
    assert counts(imported(by, board, file_of(courses=[row]))) == {"courses_more": 1}
    course = ICICourse.objects.get()
    assert (course.drugs, course.cycles_low, course.best_response) == (["nivolumab"], 4, "PR")


def test_a_question_is_put_once(by, board, member):
    imported(by, board, file_of(**WHOLE))
    other = file_of(patients=[{**PATIENT, "Question to the board": "And now?"}])
    (problem,) = told(imported(by, board, other))
    assert "another question" in problem[3]
    assert Case.objects.count() == 1


def test_a_closed_case_is_not_written_to(by, board):
    imported(by, board, file_of(**WHOLE))
    Case.objects.update(state="closed")
    assert counts(imported(by, board, file_of(**WHOLE)))["courses_same"] == 1
    (problem,) = told(imported(by, board, file_of(courses=[{**COURSE, "Cycles": "3"}])))
    assert "case is closed" in problem[3]


def test_who_the_patient_is_is_completed(by, board):
    imported(by, board, file_of(**WHOLE))
    more: dict[str, Any] = {
        **PATIENT,
        "Sex": "Female",
        "National number": "943 476 5919",
        "Date of death": "2025",
    }
    assert counts(imported(by, board, file_of(patients=[more]))) == {"patients_more": 1}
    identity = PatientIdentity.objects.select_related("patient").get()
    assert (identity.patient.sex, identity.national_number, str(identity.died)) == (
        "female", "9434765919", "2025",
    )  # fmt: skip
    assert counts(imported(by, board, file_of(patients=[more]))) == {"patients_same": 1}


def test_other_reasons_and_agents_are_the_same_however_they_are_said(by, board):
    course = {
        **COURSE, "Drugs": "nivolumab; ipilimumab", "Main reason for stopping": "irae",
        "Other reasons": "irae; progression",
    }  # fmt: skip
    irae = {
        **IRAE,
        "Course": "1",
        "Agents it followed": "ipilimumab, nivolumab",
        "In the report's words": "severe",
    }
    irae.pop("Worst grade")
    data = file_of(**WHOLE | {"courses": [course], "iraes": [irae]})
    assert not told(imported(by, board, data))
    assert IrAE.objects.get().worst_grade_state == "unknown", "a word is no grade"
    assert set(counts(imported(by, board, data))) == {
        "patients_same", "courses_same", "iraes_same", "labs_same",
    }  # fmt: skip


def test_the_number_of_queries_for_rows_that_are_there_does_not_grow(
    by, board, django_assert_max_num_queries
):
    patients = [
        {**PATIENT, "Hospital number": f"N {n}", "Family name": f"Name{n}", "Another person": "yes"}
        for n in range(12)
    ]
    data = file_of(
        patients=patients,
        courses=[{**COURSE, "Hospital number": p["Hospital number"]} for p in patients],
    )
    assert counts(imported(by, board, data))["patients_new"] == 12
    # Per patient a savepoint alone.
    with django_assert_max_num_queries(20 + 2 * 12):
        assert counts(imported(by, board, data))["courses_same"] == 12
