"""Who changed what: old and new in words, by the person, page by page, for those who may read the case."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import acting_as
from cases.changelog import saves_of, since_version
from cases.models import Case, CaseSection, ICICourse
from cases.services import history
from tests.factories.monitoring import make_irae
from tests.factories.people import make_user
from tests.factories.record import add_course
from tests.integration.test_cases_editing import FORMS, at
from tests.integration.test_cases_pages import sign_in
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(member, board):
    from tests.factories.record import make_case

    return make_case(member, board)


@pytest.fixture
def url(case):
    return reverse("cases:changes", args=[case.public_id])


def test_changes_name_person_section_field_old_and_new(client, member, chair, case, url):
    sign_in(client, member).post(at(case, "sections/fitness"), {"version": 1, "ecog": "1"})
    sign_in(client, chair).post(at(case, "iraes/add"), FORMS["iraes/add"])
    html = sign_in(client, member).get(url).content.decode()
    assert chair.name in html
    assert "Pneumonitis" in html
    assert "20 February 2025" in html
    assert "Fitness and background" in html


def test_added_changed_and_removed_items_in_words(member, case):
    row = history.save_course(by=member, case=case, version=1, values={
        "drugs": ["nivolumab"], "drugs_state": "known", "cycles_low": 39
    })  # fmt: skip
    history.save_course(by=member, case=case, version=2, public_id=row.public_id, values={
        "cycles_low": 40, "cycles_high": 40, "best_response": "PR", "best_response_state": "known"
    })  # fmt: skip
    history.remove(by=member, case=case, version=3, key="courses", public_id=row.public_id)
    told = {(c.label, c.old, c.new) for save in saves_of(case)[0] for c in save.changes}
    assert any(label == "Added" and "Drugs: nivolumab" in new for label, _old, new in told)
    assert ("Cycles", "at least 39", "40") in told
    assert ("Best response", "", "Partial response (PR)") in told or any(
        new == "Partial response (PR)" for _label, _old, new in told
    )
    assert any(label == "Removed" and "nivolumab" in old for label, old, _new in told)


def test_changes_since_a_version_of_one_section(member, case):
    history.save_fitness(by=member, case=case, version=1, status={"ecog": 1, "ecog_state": "known"})
    history.save_fitness(by=member, case=case, version=2, status={"ecog": 2, "ecog_state": "known"})
    assert CaseSection.objects.get(case=case, key="fitness").version == 3
    assert since_version(case, "fitness", 3) == []
    assert since_version(case, "fitness", 1)


def test_pages_cost_the_same_whatever_the_history(client, member, case, url):
    sign_in(client, member)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured.captured_queries)

    client.post(at(case, "sections/fitness"), {"version": 1, "ecog": "0"})
    few = cost()
    for version in range(2, 12):
        client.post(at(case, "sections/fitness"), {"version": version, "ecog": str(version % 4)})
    assert cost() <= few + 1


def test_foreign_changes_are_not_found(client, member, stranger, board, url):
    assert sign_in(client, stranger).get(url).status_code == 404
    assert sign_in(client, make_user("registry", board)).get(url).status_code == 200
    assert sign_in(client, member).get(url + "?after=rubbish").status_code == 200


def test_older_changes_stand_behind_a_link(client, member, case, monkeypatch, url):
    """In one transaction all rows have one time: the moments are told apart by the test."""
    import cases.changelog as changelog

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_caseevent")
        assert cursor.fetchone()[0] >= 1
    saves, before = saves_of(case, per_page=1)
    assert len(saves) <= 1
    assert before is None or changelog.saves_of(case, before=before)[0] is not saves
    html = sign_in(client, member).get(url).content.decode()
    assert re.search(r"Who changed what", html)


def test_which_course_is_asked_about_and_which_irae_stopped_it_are_named(member, case):
    first = add_course(member, case, drugs=["nivolumab"], start=parse_partial_date("2021"))
    second = add_course(member, case, drugs=["pembrolizumab"], start=parse_partial_date("2024"))
    event = make_irae(member, case, onset=parse_partial_date("20 February 2025"))
    with acting_as(member):
        for course in (first, second):
            Case.objects.filter(pk=case.pk).update(course=course)
        ICICourse.objects.filter(pk=second.pk).update(stopped_for=event)
        told = {(c.label, c.old, c.new) for save in saves_of(case)[0] for c in save.changes}
        assert ("Course asked about", "course 1: nivolumab", "course 2: pembrolizumab") in told
        assert ("Stopped for", "", "Pneumonitis, 20 February 2025") in told
        Case.objects.filter(pk=case.pk).update(course=None)
        ICICourse.objects.filter(pk=second.pk).update(stopped_for=None)
        event.delete()
        first.delete()
        told = {(c.label, c.old, c.new) for save in saves_of(case)[0] for c in save.changes}
    gone = ("a course that was removed since", "course 2: pembrolizumab")
    assert ("Course asked about", *gone) in told
    assert ("Stopped for", "", "an irAE that was removed since") in told
