"""A day counted from one of several courses: the forms ask from which, and take that nobody knows."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from cases.forms.doubts import Life
from cases.forms.iraes import IrAEForm
from cases.forms.treatment import ResponseForm
from ui.partial_dates import names_no_course, parse_partial_date


def course(key, start="3 March 2019"):
    return SimpleNamespace(
        public_id=key, number=int(key), drugs=["nivolumab"], drugs_state="known", regimen="",
        cycles_high=None, start=parse_partial_date(start), stop=None, start_state="known",
    )  # fmt: skip


TWO = (course("1"), course("2", "5 May 2024"))


def event(onset, courses=TWO, **told):
    form = IrAEForm(
        {"version": "1", "entity": "colitis", "ctcae_version": "5.0", "onset": onset, **told},
        courses=courses,
    )
    form.life = Life()
    form.is_valid()
    return form


@pytest.mark.parametrize(
    "told",
    [
        {"onset": "day 200 after ICI start"},
        {"onset": "day 20 after last dose"},
        {"onset": "after cycle 2"},
        {"onset": "1 June 2024", "resolved": "day 60 after ICI start"},
    ],
)
def test_of_several_courses_the_form_asks_which_one_is_meant(told):
    form = event(**told)
    (words,) = form.errors["course"]
    assert "may count from any of 2 courses" in words
    assert (told.get("resolved") or told["onset"]) in words
    # Nobody knows: that is an answer, and the course stays open.
    kept = event(**told, right=form.sign)
    assert not kept.errors
    assert kept.values()["course"] is None


@pytest.mark.parametrize(
    ("onset", "courses", "chosen"),
    [
        ("day 200 after ICI start", TWO, "2"),
        ("day 200 after ICI start", TWO[:1], ""),
        ("day 10 after rechallenge start", TWO, ""),
        ("after cycle 2 of course 1", TWO, ""),
        ("1 June 2024", TWO, ""),
        ("", TWO, ""),
    ],
)
def test_else_it_does_not_ask(onset, courses, chosen):
    assert "course" not in event(onset, courses, course=chosen).errors


def test_the_rechallenge_is_one_course_of_two_and_open_among_three():
    told = parse_partial_date("day 10 after rechallenge start")
    assert [names_no_course(told, n) for n in (1, 2, 3)] == [False, False, True]


def test_an_assessment_is_asked_about_alike():
    sent = {"version": "1", "assessed": "day 90 after ICI start", "response": "PR"}
    form = ResponseForm(sent, courses=TWO)
    form.life = Life()
    assert not form.is_valid()
    assert "Under or after" in form.errors["course"][0]
    chosen = ResponseForm({**sent, "course": "2"}, courses=TWO)
    chosen.life = Life()
    assert chosen.is_valid(), chosen.errors


@pytest.mark.parametrize("onset", ["after cycle 3 of course 2", "day 5 after rechallenge start"])
def test_a_day_that_counts_from_another_course_than_the_chosen_is_asked_about(onset):
    form = event(onset, course="1")
    (words,) = form.errors["course"]
    assert "counts from another course than the one chosen, course 1. Is it right?" in words
    assert words.startswith(f"Onset: “{parse_partial_date(onset)}”")
    kept = event(onset, course="1", right=form.sign)
    assert not kept.errors and kept.values()["course"] is TWO[0]


@pytest.mark.parametrize(
    ("onset", "chosen"),
    [
        ("after cycle 3 of course 2", "2"),
        ("after cycle 3", "1"),
        ("day 5 after rechallenge start", "2"),
        ("day 5 after ICI start", "1"),
        ("1 June 2019", "1"),
        ("", "1"),
        ("after cycle 3 of course 2", ""),
        ("after cycle 3 of course 2", "unknown"),
    ],
)
def test_else_the_chosen_course_is_not_asked_about(onset, chosen):
    assert "course" not in event(onset, course=chosen).errors


def test_what_resolved_under_a_later_course_is_not_asked_about():
    told = {"onset": "1 June 2019", "resolved": "after cycle 1 of course 2", "course": "1"}
    assert "course" not in event(**told).errors


def test_an_assessment_of_another_course_than_the_chosen_is_asked_about_alike():
    sent = {
        "version": "1",
        "assessed": "after cycle 3 of course 2",
        "response": "PR",
        "course": "1",
    }
    form = ResponseForm(sent, courses=TWO)
    form.life = Life()
    assert not form.is_valid()
    assert form.errors["course"][0].startswith("Assessed on: “after cycle 3 of course 2” counts")
