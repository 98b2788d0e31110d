"""That nobody knows from which course a date counts is kept, shown, and not asked again."""

from __future__ import annotations

import re

import pytest

from accounts.acting import acting_as
from cases.changelog import saves_of
from cases.models import (
    Case,
    ICICourse,
    Immunosuppressant,
    IrAE,
    ResponseAssessment,
    SteroidCourse,
)
from cases.services.uniting import recount
from tests.factories.labs import analytes
from tests.factories.record import add_course, make_case
from tests.factories.spreadsheets import COURSE, IRAE, WHOLE, dump, file_of, imported, told
from tests.integration.bulk.test_entering import by
from tests.integration.test_cases_iraes import TYPED, at
from tests.integration.test_cases_pages import sign_in
from tests.integration.test_cases_refer import URL as REFER
from tests.integration.test_cases_refer import typed as referral
from tests.integration.test_doubts import add, kept_at_last
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db
__all__ = ["by"]
LEFT_OUT = {"version", "resolved", "course", "onset"}
EVENT = {name: value for name, value in TYPED.items() if name not in LEFT_OUT}
EVENT |= {"onset": "day 26 after ICI start"}
SCAN = {"assessed": "day 90 after ICI start", "response": "PR"}
ASKED = "may count from any of 2 courses"
LISTS = {"iraes": (IrAE, EVENT), "responses": (ResponseAssessment, SCAN)}


@pytest.fixture
def case(client, member, board):
    made = make_case(member, board)
    sign_in(client, member)
    for start in ("3 February 2019", "5 May 2024"):
        assert add(client, made, "courses", drug_1="nivolumab", start=start).status_code == 302
    return made


def saved_again(client, case, key, row, **typed):
    """Send the form of a row as its page shows it, with what is `typed` otherwise; return the answer."""
    page = client.get(at(case, f"{key}/{row.public_id}")).content.decode()
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    chosen = re.search(r'<select[^>]*name="course".*?</select>', page, re.DOTALL)[0]
    course = re.search(r'<option value="([^"]*)" selected', chosen)
    shown = {"course": course[1] if course else "", "version": version}
    return client.post(at(case, f"{key}/{row.public_id}"), {**LISTS[key][1], **shown, **typed})


@pytest.mark.parametrize("key", LISTS)
@pytest.mark.parametrize("chosen", [True, False])
def test_it_is_kept_and_not_asked_again(client, case, key, chosen):
    model, typed = LISTS[key]
    if chosen:
        assert add(client, case, key, **typed, course="unknown").status_code == 302
    else:
        assert kept_at_last(client, case, key, ASKED, **typed)
    row = model.objects.get()
    assert (row.course, row.course_state) == (None, "unknown")
    assert "not known" in client.get(at(case, "")).content.decode()
    assert saved_again(client, case, key, row).status_code == 302
    row.refresh_from_db()
    assert row.course_state == "unknown"
    # Somebody found out; and somebody else takes it back.
    second = ICICourse.objects.get(number=2)
    assert saved_again(client, case, key, row, course=str(second.public_id)).status_code == 302
    row.refresh_from_db()
    assert (row.course, row.course_state) == (second, "missing")
    asked = saved_again(client, case, key, row, course="")
    assert asked.status_code == 422 and ASKED in asked.content.decode()
    changes = [change for save in saves_of(case)[0] for change in save.changes]
    of_course = [
        (c.old, c.new) for c in changes if c.label in ("During or after", "Under or after")
    ]
    assert ("not known", "course 2: nivolumab") in of_course


def test_what_follows_counts_from_any_of_the_courses(client, case):
    assert add(client, case, "iraes", **EVENT, course="unknown").status_code == 302
    first = Case.objects.get(pk=case.pk).facts.as_facts()["first_irae_days"]
    # 26 days after the first dose of all, or after that of the second course.
    assert first.high == 26 + 1918


def test_a_referral_that_names_the_course_takes_its_place(client, member, board):
    sign_in(client, member)
    assert client.post(REFER, referral(board)).status_code == 302
    case, event = Case.objects.get(), IrAE.objects.get()
    with acting_as(member):
        IrAE.objects.update(course=None, course_state="unknown")
    again = {**referral(board), "same_patient": str(case.patient.public_id)}
    assert client.post(REFER, again).status_code == 302
    event.refresh_from_db()
    assert (event.course, event.course_state) == (ICICourse.objects.get(), "missing")


def test_a_file_says_it_and_asks_no_more(by, board):
    analytes()
    later = COURSE | {"Course": "2", "First dose": "May 2025"}
    counted = IRAE | {"Onset": "day 26 after ICI start"}
    whole = WHOLE | {"courses": [COURSE, later]}
    silent = imported(by, board, file_of(**whole | {"iraes": [counted]}), trial=True)
    assert [doubt.field for doubt in silent.doubts] == ["course"]
    # What is said to be right with the file is kept as well.
    assert not imported(by, board, file_of(**whole | {"iraes": [counted]})).problems
    assert IrAE.objects.get().course_state == "unknown"
    before = dump(board)
    said = imported(by, board, file_of(**whole | {"iraes": [counted | {"Course": "unknown"}]}))
    assert (told(said), said.doubts) == ([], [])
    assert dump(board) == before
    # A file knows it now.
    named = imported(by, board, file_of(iraes=[counted | {"Course": "2"}]))
    assert told(named) == [] and IrAE.objects.get().course.number == 2
    wrong = imported(by, board, file_of(iraes=[counted | {"Course": "not yet"}]))
    assert [problem.field for problem in wrong.problems] == ["course"]


def test_a_file_is_asked_about_a_day_of_another_course_than_its_own(by, board):
    analytes()
    later = COURSE | {"Course": "2", "First dose": "May 2025"}
    whole = WHOLE | {"courses": [COURSE, later]}
    counted = IRAE | {"Onset": "after cycle 3 of course 2"}
    asked = imported(
        by, board, file_of(**whole | {"iraes": [counted | {"Course": "1"}]}), trial=True
    )
    assert told(asked) == [] and [doubt.field for doubt in asked.doubts] == ["course"]
    right = imported(
        by, board, file_of(**whole | {"iraes": [counted | {"Course": "2"}]}), trial=True
    )
    assert (told(right), right.doubts) == ([], [])


def test_a_merge_counts_it_from_no_course_of_its_own(member, board):
    case = make_case(member, board)
    with acting_as(member):
        only = add_course(member, case, drugs=["nivolumab"])
        for entity, state in (("colitis", "unknown"), ("rash", "missing")):
            row = IrAE(patient=case.patient, entity=entity, organ="other", course_state=state)
            row.onset = parse_partial_date("day 26 after ICI start")
            row.save()
        recount(case.patient, [only], {only.pk: 1})
        found = dict(IrAE.objects.values_list("entity", "course"))
    assert found == {"colitis": None, "rash": only.pk}


@pytest.mark.parametrize(("course", "words"), [("unknown", "not known"), ("", "not told")])
def test_the_timeline_tells_what_nobody_knows_from_what_nobody_told(
    client, member, case, course, words
):
    for key, (_model, typed) in LISTS.items():
        if course:
            assert add(client, case, key, **typed, course=course).status_code == 302
        else:
            assert kept_at_last(client, case, key, ASKED, **typed)
    with acting_as(member):
        # As it was before that was a choice; and what was given for the irAE counts as that does.
        for model in (IrAE, ResponseAssessment):
            model.objects.update(course_state=course or "missing")
        given = {"patient": case.patient, "irae": IrAE.objects.get()}
        begun = {"start": parse_partial_date("day 30 after ICI start"), "start_state": "known"}
        SteroidCourse.objects.create(drug="prednisone", drug_state="known", **given, **begun)
        Immunosuppressant.objects.create(drug="infliximab", **given, **begun)
        # Of what belongs to no irAE nobody said anything of a course.
        SteroidCourse.objects.create(
            patient=case.patient, drug="dexamethasone", drug_state="known",
            start=parse_partial_date("day 31 after ICI start"), start_state="known",
        )  # fmt: skip
    page = client.get(at(case, "")).content.decode()
    table = page[page.index("tl__table") :]
    assert f"day 26 after ICI start, course {words}" in table
    assert f"day 90 after ICI start, course {words}" in table
    assert table.count(f"day 30 after ICI start, course {words}") >= 2
    assert "day 31 after ICI start, course not told" in table
    assert f"day 26 after ICI start, course {words}" in page[: page.index("tl__table")]
    assert ("course not known" in page) is bool(course)
