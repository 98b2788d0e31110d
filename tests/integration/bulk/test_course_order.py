"""Courses of a file whose numbers do not follow their first doses, and what rows say by pointing at others."""

from __future__ import annotations

import pytest

from cases.loading import load
from cases.models import Case, ICICourse, IrAE
from tests.factories.spreadsheets import (
    COURSE,
    IRAE,
    PATIENT,
    counts,
    dump,
    file_of,
    imported,
    told,
)

pytestmark = pytest.mark.django_db

LATER = {**COURSE, "First dose": "March 2023", "Main reason for stopping": "irae"}
EARLIER = {**COURSE, "Course": "2", "Drugs": "ipilimumab", "First dose": "2019"}
OF_THE_FIRST = {**IRAE, "Course": "1", "Onset": "after cycle 3 of course 1"}


@pytest.fixture(autouse=True)
def analytes(db: None) -> None:
    load()


@pytest.fixture
def by(coordinator, acting):
    with acting(coordinator):
        yield coordinator


def numbers() -> dict[str, int]:
    return {course.drugs[0]: course.number for course in ICICourse.objects.all()}


def test_the_record_numbers_courses_by_their_first_doses_and_a_second_run_changes_nothing(
    by, board
):
    irae = {**OF_THE_FIRST, "Onset": "March 2024"}
    data = file_of(patients=[PATIENT], courses=[LATER, EARLIER], iraes=[irae])
    assert told(imported(by, board, data, trial=True)) == []
    assert told(imported(by, board, data)) == []
    assert numbers() == {"ipilimumab": 1, "pembrolizumab": 2}
    assert IrAE.objects.get().course.drugs == ["pembrolizumab"]
    before = dump(board)
    again = imported(by, board, data)
    assert told(again) == []
    assert counts(again) == {"patients_same": 1, "courses_same": 2, "iraes_same": 1}
    assert dump(board) == before


def test_what_counts_from_a_course_by_the_files_number_counts_from_that_course(by, board):
    data = file_of(patients=[PATIENT], courses=[LATER, EARLIER], iraes=[OF_THE_FIRST])
    tried = imported(by, board, data, trial=True)
    assert (told(tried), tried.doubts) == ([], [])
    assert told(imported(by, board, data)) == []
    assert str(IrAE.objects.get().onset) == "after cycle 3 of course 2"


def test_an_earlier_course_is_added_to_a_record_and_found_again(by, board):
    imported(by, board, file_of(patients=[PATIENT], courses=[LATER]))
    data = file_of(courses=[EARLIER])
    assert told(imported(by, board, data)) == []
    assert numbers() == {"ipilimumab": 1, "pembrolizumab": 2}
    assert counts(imported(by, board, data)) == {"courses_same": 1}
    # Another day for a course that is there is an error, and no further course.
    other = file_of(courses=[{**EARLIER, "Course": "1", "First dose": "2018"}])
    [(_sheet, _row, heading, words)] = told(imported(by, board, other))
    assert heading == "First dose" and "2019" in words


def test_a_file_says_which_course_is_asked_about_and_for_which_event_it_was_stopped(by, board):
    asked = {**LATER, "Asked about": "yes"}
    irae = {**IRAE, "Course stopped for it": "1"}
    data = file_of(patients=[PATIENT], courses=[asked, EARLIER], iraes=[irae])
    assert told(imported(by, board, data, trial=True)) == []
    assert told(imported(by, board, data)) == []
    course = ICICourse.objects.get(drugs=["pembrolizumab"])
    assert Case.objects.get().course == course
    assert course.stopped_for == IrAE.objects.get()
    before = dump(board)
    assert told(imported(by, board, data)) == []
    assert dump(board) == before
    # Another one than the record names is an error.
    other = {**EARLIER, "Asked about": "yes"}
    [(_sheet, _row, heading, _words)] = told(imported(by, board, file_of(courses=[other])))
    assert heading == "Asked about"
    both = file_of(courses=[asked, other])
    assert "Only one course" in told(imported(by, board, both))[0][3]
    second = {**IRAE, "Event": "colitis", "Course stopped for it": "1"}
    [(_sheet, _row, _heading, words)] = told(
        imported(by, board, file_of(courses=[LATER], iraes=[second]))
    )
    assert "names another event" in words
    nowhere = file_of(iraes=[{**IRAE, "Course stopped for it": "7"}])
    assert "no course of this number" in told(imported(by, board, nowhere))[0][3]


def test_a_closed_case_takes_no_course_to_ask_about(by, board):
    imported(by, board, file_of(patients=[PATIENT], courses=[LATER]))
    Case.objects.update(state="closed")
    asked = file_of(courses=[{**LATER, "Asked about": "yes"}])
    assert "closed" in told(imported(by, board, asked))[0][3]
