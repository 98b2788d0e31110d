"""What a step changes stands above its button: the difference, the cases and the decisions that it reaches."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import acting_as
from accounts.models import Board, Membership, User
from audit.models import TrailEntry
from cases.models import Case, CaseFacts
from evidence import services
from evidence.conditions import Fact, FactState
from evidence.curation.case_reach import CaseReach, case_reach
from evidence.curation.counting import Question, count_now
from evidence.models import Source, StatementVersion, VersionSource
from followup.services.protocols import load_protocols
from tests.factories.meetings import make_item, make_meeting, make_signed, make_version
from tests.factories.people import by_acting, make_board, make_user
from tests.factories.record import make_case
from tests.integration.curation import reach_of

pytestmark = pytest.mark.django_db
OLD = {"fact": "irae_any", "op": "is", "value": True}
NEW = {"all": [OLD, {"fact": "irae_worst_grade", "op": "<=", "value": 2}]}


def address(version: StatementVersion, name: str) -> str:
    return reverse("admin:evidence_version_step", args=[version.pk, name])


def fill(case: Case, **facts: Fact) -> Case:
    with acting_as(case.referred_by):
        CaseFacts.objects.filter(case=case).update(**CaseFacts.columns(facts))
    return case


def with_irae(by: User, board: Board, grade: int | None) -> Case:
    facts = {"irae_any": Fact.known(True)}
    if grade is not None:
        facts["irae_worst_grade"] = Fact.number(grade)
    return fill(make_case(by, board), **facts)


def make_curator(user: User, board: Board) -> User:
    """The same person, who curates as well."""
    Membership.objects.get_or_create(user=user, board=board, role="curator")
    return User.objects.get(pk=user.pk)


def found_by(user: User, before: Any, after: Any) -> CaseReach:
    """What changes for whom when a condition takes the place of another."""
    sides = [None if one is None else StatementVersion(condition=one) for one in (before, after)]
    question = Question(*sides)
    with acting_as(user):
        return case_reach(user, question, count_now(user, question))


@pytest.fixture
def published(source: Source) -> StatementVersion:
    version = make_version(condition=OLD, code="S77")
    VersionSource.objects.none()
    return version


@pytest.fixture
def in_review(published: StatementVersion, author: User, source: Source) -> StatementVersion:
    draft = services.new_draft_from(by=author, version=published)
    VersionSource.objects.create(version=draft, source=source)
    draft.condition, draft.says = NEW, "It says less."
    by_acting(services.save_draft)(by=author, version=draft)
    return by_acting(services.submit)(by=author, version=draft)


def test_where_words_alone_change_nothing_is_counted_and_decisions_are_still_named(
    client: Client, board: Board, second: User, author: User, published: Any, source: Source
) -> None:
    chair = make_user("chair", make_board())
    with_irae(chair, chair.memberships.get().board, 4)
    draft = services.new_draft_from(by=author, version=published)
    VersionSource.objects.create(version=draft, source=source)
    draft.says = "It says it in other words."
    by_acting(services.save_draft)(by=author, version=draft)
    by_acting(services.submit)(by=author, version=draft)
    client.force_login(second)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address(draft, "publish")).content.decode()
    assert "None, on any board: only words change." in page
    assert "fewer than 5" not in page and "open cases on your boards" not in page
    assert "whose cases you may not see" not in page
    assert "Signed decisions that name the published version" in page
    assert not [one for one in queries if '"irae_worst_grade"' in one["sql"]]
    # A row of a rule that answers otherwise is no change of words.
    row = {"source": "heo-2021", "action": "stop", "says": "Stop.", "mark": "seen",
           "condition": {"always": True}}  # fmt: skip
    StatementVersion.objects.filter(pk=draft.pk).update(state="draft", submitted_at=None)
    StatementVersion.objects.filter(pk=draft.pk).update(rules=[row])
    assert "only words change" not in client.get(address(draft, "publish")).content.decode()


def test_whoever_publishes_sees_the_difference_the_cases_and_the_decisions(
    client: Client, board: Board, second: User, published: Any, in_review: Any
) -> None:
    load_protocols()
    Membership.objects.create(user=second, board=board, role="member", specialty="pulmonology")
    chair, elsewhere = make_user("chair", board), make_board()
    stranger = make_user("chair", elsewhere)
    severe, unclear = with_irae(chair, board, 4), with_irae(chair, board, None)
    mild, foreign = with_irae(chair, board, 1), with_irae(stranger, elsewhere, 4)
    for person, place in ((chair, board), (stranger, elsewhere)):
        item = make_item(person, make_meeting(person, place))
        make_signed(person, item, statements={published.public_id: ""})
    client.force_login(second)
    page = client.get(address(in_review, "publish")).content.decode()
    assert "<del>Something invented.</del>" in page and "<ins>It says less.</ins>" in page
    assert "<del>any irAE: yes</del>" in page
    assert "<ins>any irAE: yes and worst irAE grade is 2 or less</ins>" in page
    assert "applies → does not apply: 1" in page and "applies → cannot tell: 1" in page
    assert "2 of 4 open cases on your boards." in page
    assert severe.reference in page and unclear.reference in page
    assert mild.reference not in page and foreign.reference not in page
    # The other board's case, and the case that its decision was about.
    assert "2 open cases stand on boards whose cases you may not see" in page
    assert "decision 1, signed" in page and "relied on it" in page
    assert "1 was signed on a board whose decisions you may not see" in page
    assert TrailEntry.objects.filter(actor=second, kind="list.read").exists()
    retire = client.get(address(published, "retire")).content.decode()
    assert "applies → not shown: 3" in retire and mild.reference in retire


def test_a_curator_without_patients_sees_bare_totals_alone(
    client: Client, board: Board, second: User, published: Any, in_review: Any
) -> None:
    chair = make_user("chair", board)
    case = with_irae(chair, board, 4)
    client.force_login(second)
    page = client.get(address(in_review, "publish")).content.decode()
    assert case.reference not in page and "on your boards" not in page
    assert "1 open case stands on a board whose cases you may not see" in page
    assert "Publish as second person" in page


def test_whoever_wrote_it_is_told_so_and_finds_no_button(
    client: Client, author: User, in_review: Any
) -> None:
    client.force_login(author)
    page = client.get(address(in_review, "publish")).content.decode()
    assert "A second curator has to publish it" in page
    assert '<button type="submit" class="button default">' not in page


def test_whoever_publishes_reads_the_errata_of_the_section(
    client: Client, second: User, author: User, published: Any, source: Source
) -> None:
    client.force_login(second)
    for section, there, not_there in (
        ("4", ("E01", "E08", "E23"), ("E11", "E24")),
        ("3,9", ("E05", "E11", "E12"), ("E08",)),
        ("", ("E01", "E11", "E23"), ("E05", "E24")),
        ("5", ("E25",), ("E01",)),
        ("x", ("None is listed",), ("E01",)),
    ):
        draft = by_acting(services.new_draft_from)(by=author, version=published)
        with acting_as(author):
            VersionSource.objects.create(version=draft, source=source)
        draft.section, draft.says = section, "It says less."
        by_acting(services.save_draft)(by=author, version=draft)
        by_acting(services.submit)(by=author, version=draft)
        page = client.get(address(draft, "publish")).content.decode()
        assert "knows the wordings written down for it and no others" in page
        listed = page[page.index('id="errata"') :]
        assert all(each in listed for each in there), section
        assert not any(f">{each}<" in listed for each in not_there), section
        back = client.get(address(draft, "send-back")).content.decode()
        assert 'id="errata"' not in back
        by_acting(services.send_back)(by=second, version=draft, reason="Next.")
        by_acting(services.retire)(by=author, version=draft, reason="Next.")


def test_a_step_back_and_a_retirement_ask_why_and_keep_what_was_typed(
    client: Client, second: User, published: Any, in_review: Any
) -> None:
    client.force_login(second)
    refused = client.post(address(in_review, "send-back"), {"reason": "  "})
    assert refused.status_code == 422 and "Say why" in refused.content.decode()
    long = "No. " * 90
    kept = client.post(address(in_review, "send-back"), {"reason": long})
    assert "at most 300 characters" in kept.content.decode() and long in kept.content.decode()
    client.post(address(in_review, "send-back"), {"reason": "It says too little."})
    in_review.refresh_from_db()
    assert (in_review.state, in_review.sent_back_because) == ("draft", "It says too little.")
    change = reverse("admin:evidence_statementversion_change", args=[in_review.pk])
    assert "It says too little." in client.get(change).content.decode()
    seen = reach_of(client.get(address(published, "retire")).content.decode())
    client.post(address(published, "retire"), {"reason": "Its source was withdrawn.", **seen})
    published.refresh_from_db()
    assert (published.state, published.retired_because) == ("retired", "Its source was withdrawn.")
    for name in ("publish", "retire", "send-back"):
        assert client.get(address(published, name)).status_code == 302
    assert client.get(address(published, "burn")).status_code == 404


def test_the_cases_cost_two_statements_however_many_there_are(board: Board) -> None:
    chair = make_user("chair", board)
    counts = []
    for _round in range(2):
        for _case in range(3):
            with_irae(chair, board, 4)
        with CaptureQueriesContext(connection) as queries:
            found = found_by(make_curator(chair, board), OLD, NEW)
        counts.append([q for q in queries if 'FROM "cases_casefacts"' in q["sql"]])
    assert found.changed == 6 and [len(asked) for asked in counts] == [2, 2]


def test_what_says_nothing_before_and_after_is_no_change(board: Board) -> None:
    chair = make_user("chair", board)
    without = fill(make_case(chair, board), irae_any=Fact.known(False))
    asked = with_irae(chair, board, 1)
    found = found_by(make_curator(chair, board), None, OLD)
    assert [(case.reference, case.statement) for case in found.cases] == [
        (asked.reference, "not shown → applies")
    ]
    assert found.compared == 2 and without.reference not in repr(found)


def test_open_cases_of_the_boards_asked_are_answered_by_who_may_see_them(board: Board) -> None:
    chair = make_user("chair", board)
    grades = [Fact.number(3), Fact.number(1), Fact.absent(FactState.MISSING), Fact.number(4)]
    cases = [fill(make_case(chair, board), irae_worst_grade=grade) for grade in grades]
    with acting_as(chair):
        Case.objects.filter(pk=cases[3].pk).update(state="closed")
    elsewhere = make_board("Elsewhere")
    fill(make_case(make_user("member", elsewhere), elsewhere), irae_worst_grade=Fact.number(4))
    node = {"fact": "irae_worst_grade", "op": ">=", "value": 3}
    found = found_by(make_curator(chair, board), None, node)
    assert found.compared == 3
    assert {case.reference: case.statement for case in found.cases} == {
        cases[0].reference: "not shown → applies",
        cases[2].reference: "not shown → cannot tell",
    }
