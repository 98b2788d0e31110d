"""What a new version does to the rules by source, row by row, and to whom; of other boards a number alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import acting_as
from accounts.models import Board, Membership, User
from audit.models import TrailEntry
from cases.answers import _asked_elsewhere, _plain, counted_elsewhere, counted_here, newest_here
from cases.lapsing import NEVER
from cases.models import Case, CaseFacts
from evidence import services
from evidence.conditions import Fact, parse
from evidence.curation.case_reach import CaseReach, case_reach
from evidence.curation.counting import Question, count_now
from evidence.curation.rule_changes import compared
from evidence.models import Source, StatementVersion, VersionSource
from tests.factories.meetings import make_version
from tests.factories.people import make_board, make_user
from tests.factories.record import make_case

pytestmark = pytest.mark.django_db
IRAE = {"fact": "irae_any", "op": "is", "value": True}


def grade(op: str, value: int) -> dict[str, Any]:
    return {"fact": "irae_worst_grade", "op": op, "value": value}


def row(source: str, action: str, condition: Any, says: str = "") -> dict[str, Any]:
    says = says or f"Invented {action}."
    return {
        "source": source,
        "action": action,
        "says": says,
        "condition": condition,
        "mark": "seen",
    }


US = row("us-label-x", "stop", grade(">=", 4))
EU = row("eu-smpc-x", "withhold", grade(">=", 3))
ESMO = row("esmo-x", "resume", grade("<=", 1))


def with_grade(by: User, board: Board, number: int | None) -> Case:
    case = make_case(by, board)
    facts = {"irae_any": Fact.known(True)}
    if number is not None:
        facts["irae_worst_grade"] = Fact.number(number)
    with acting_as(by):
        CaseFacts.objects.filter(case=case).update(**CaseFacts.columns(facts))
    return case


@pytest.fixture
def published() -> StatementVersion:
    return make_version(
        code="R77", category="rule", signal="stop", condition=IRAE, rules=[US, EU, ESMO]
    )


def reviewed(
    author: User, source: Source, version: StatementVersion, **changes: Any
) -> StatementVersion:
    """A version in review with these changes of the published one."""
    draft = services.new_draft_from(by=author, version=version)
    VersionSource.objects.create(version=draft, source=source)
    values = {**changes, "state": "in_review", "submitted_at": draft.created_at}
    StatementVersion.objects.filter(pk=draft.pk).update(**values)
    return StatementVersion.objects.get(pk=draft.pk)


NEW = [{**US, "condition": grade(">=", 3)}, EU, row("nccn-x", "continue", grade("<=", 1))]
"""It stops from grade 3 on, says nothing of resuming, and another source continues."""


@pytest.fixture
def in_review(published: StatementVersion, author: User, source: Source) -> StatementVersion:
    return reviewed(author, source, published, rules=NEW)


def page_of(client: Client, user: User, version: StatementVersion, step: str = "publish") -> str:
    client.force_login(user)
    return client.get(
        reverse("admin:evidence_version_step", args=[version.pk, step])
    ).content.decode()


def test_each_row_says_what_changed_and_which_cases_it_answers_otherwise(
    client: Client, board: Board, second: User, published: Any, in_review: Any
) -> None:
    Membership.objects.create(user=second, board=board, role="member")
    chair = make_user("chair", board)
    severe, three, mild, unclear = (with_grade(chair, board, n) for n in (4, 3, 1, None))
    text = page_of(client, second, in_review)
    assert "us-label-x: Stop for good" in text
    assert (
        "<del>worst irAE grade is 4 or more</del> <ins>worst irAE grade is 3 or more</ins>" in text
    )
    assert "does not apply → applies: 1" in text
    assert "nccn-x: Continue" in text and "not shown → applies: 1" in text
    assert "not shown → cannot tell: 1" in text
    assert "esmo-x: May resume" in text and "applies → not shown: 1" in text
    # A row that stayed and is answered as before is not listed.
    assert "eu-smpc-x: Withhold" not in text and "Rules by source</th>" not in text
    assert "Withhold → Stop for good: 1" in text
    assert three.reference in text and mild.reference in text and unclear.reference in text
    assert severe.reference not in text


def test_a_condition_of_the_statement_changes_the_rows_that_stayed(
    client: Client, board: Board, second: User, author: User, published: Any, source: Any
) -> None:
    in_review = reviewed(author, source, published, condition={"not": IRAE})
    Membership.objects.create(user=second, board=board, role="member")
    case = with_grade(make_user("chair", board), board, 4)
    text = page_of(client, second, in_review)
    assert "unchanged" in text and "applies → does not apply: 1" in text
    assert "Stop for good → no mark: 1" in text and case.reference in text


def test_a_version_that_differs_in_its_rules_alone_is_not_called_the_same(
    client: Client, author: User, second: User, published: Any
) -> None:
    draft = services.new_draft_from(by=author, version=published)
    values = {"rules": NEW, "state": "in_review", "submitted_at": draft.created_at}
    StatementVersion.objects.filter(pk=draft.pk).update(**values)
    text = page_of(client, second, draft)
    assert "The same as version 1 but for its rules by source." in text


def test_a_rule_that_is_retired_takes_its_marks_away(
    client: Client, board: Board, second: User, published: Any
) -> None:
    Membership.objects.create(user=second, board=board, role="member")
    with_grade(make_user("chair", board), board, 4)
    text = page_of(client, second, published, "retire")
    assert "Stop for good → no mark: 1" in text and "removed" in text


@pytest.mark.parametrize(
    ("number", "words"), [(4, "fewer than 5 open cases"), (7, "at least 5 open cases")]
)
def test_of_other_boards_a_curator_reads_a_number_and_no_name(
    client: Client, second: User, in_review: Any, number: int, words: str
) -> None:
    elsewhere = make_board()
    chair = make_user("chair", elsewhere)
    cases = [with_grade(chair, elsewhere, 3) for _ in range(number)]
    with_grade(chair, elsewhere, 4)
    text = page_of(client, second, in_review)
    assert f"On other boards, {words} are answered otherwise." in text
    assert not [case.reference for case in cases if case.reference in text]
    assert elsewhere.name not in text


def test_without_cases_elsewhere_nothing_is_said_of_them(second: User, published: Any) -> None:
    with acting_as(second):
        question = Question(before=published)
        found = case_reach(second, question, count_now(second, question))
    assert found.elsewhere is None and CaseReach().elsewhere_words == ""


def test_a_version_without_rows_has_no_part_of_its_own(client: Client, second: User) -> None:
    plain = make_version(code="S78", condition=IRAE)
    assert "row by row" not in page_of(client, second, plain, "retire")
    assert compared(plain, None).rows == ()
    # Until release 7 a rule was a source and its words.
    old = make_version(
        code="R78", condition=IRAE, rules=[{"source": "us-label-x", "says": "Stop."}]
    )
    assert compared(old, None).rows == ()


def test_rows_go_on_as_the_one_that_is_nearest(published: Any) -> None:
    def kinds(*rules: Any) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
        found = compared(published, StatementVersion(condition=IRAE, rules=list(rules))).rows
        return [
            (one.kind, one.name.split(":")[0], [(p.label, p.before, p.after) for p in one.parts])
            for one in found
        ]

    more = row("us-label-x", "withhold", grade(">=", 2))
    assert kinds(more, {**US, "says": "Other words."}, EU, {**ESMO, "agents": ["nivolumab"]}) == [
        ("same", "eu-smpc-x", []),
        ("changed", "us-label-x", [("What it says", "Invented stop.", "Other words.")]),
        ("changed", "esmo-x", [("Drugs", "none", "nivolumab")]),
        ("added", "us-label-x", []),
    ]
    laxer = row("us-label-x", "withhold", grade(">=", 4), US["says"])
    assert kinds(laxer) == [
        ("changed", "us-label-x", [("Action", "Stop for good", "Withhold")]),
        ("removed", "eu-smpc-x", []),
        ("removed", "esmo-x", []),
    ]


def test_the_cases_are_read_twice_however_many_rows_and_cases_there_are(
    board: Board, published: Any, in_review: Any
) -> None:
    chair, counts = make_user("chair", board), []
    Membership.objects.create(user=chair, board=board, role="curator")
    for _round in range(2):
        for _case in range(3):
            with_grade(chair, board, 3)
        with acting_as(chair), CaptureQueriesContext(connection) as queries:
            question = Question(published, in_review)
            found = case_reach(chair, question, count_now(chair, question))
        counts.append([q["sql"] for q in queries if 'FROM "cases_casefacts"' in q["sql"]])
    assert found.changed == 6 and found.unnamed == 0
    assert [len(asked) for asked in counts] == [2, 2]
    # Each reads the table once: no answer is asked for by a statement of its own.
    assert all(sql.count('FROM "cases_casefacts"') == 1 for sql in counts[1])


def test_a_curator_without_patients_sees_the_rows_and_no_case(
    client: Client, board: Board, second: User, in_review: Any
) -> None:
    case = with_grade(make_user("chair", board), board, 3)
    text = page_of(client, second, in_review)
    assert "us-label-x: Stop for good" in text and "none is answered otherwise" in text
    assert case.reference not in text
    with acting_as(second):
        assert newest_here(second, [parse(IRAE)], ["t"], 5) == []
        assert counted_here(second, [parse(IRAE)]) == {}


def test_the_numbers_are_for_curators_and_never_of_their_own_boards(
    board: Board, second: User
) -> None:
    chair = make_user("chair", board)
    with_grade(chair, board, 3)
    nodes = [parse(IRAE), parse(grade(">=", 4))]
    with (
        acting_as(chair),
        pytest.raises(DatabaseError, match="only curators"),
        transaction.atomic(),
    ):
        counted_elsewhere(chair, nodes)
    with acting_as(second):
        assert counted_elsewhere(second, nodes) == {"tf": 1}
    Membership.objects.create(user=second, board=board, role="member")
    with acting_as(second):
        assert counted_elsewhere(second, nodes) == {}


@pytest.mark.parametrize(
    "node",
    [
        {"column": "case_id", "op": "exact", "value": "1"},
        {"column": "x) OR true --", "op": "exact", "value": "1"},
        {"column": "irae_any", "op": "exact OR true", "value": "true"},
    ],
)
def test_the_database_takes_columns_of_facts_and_known_operators_alone(
    second: User, today: Any, node: Any
) -> None:
    with (
        acting_as(second),
        pytest.raises(DatabaseError, match=r"no (column|operator)"),
        transaction.atomic(),
    ):
        _asked_elsewhere([{"true": node, "false": node}], today)


@pytest.mark.parametrize("days", [-2, 2, 400])
def test_cases_of_other_boards_are_counted_as_of_today_alone(
    second: User, today: Any, days: int
) -> None:
    with (
        acting_as(second),
        pytest.raises(DatabaseError, match="as of today"),
        transaction.atomic(),
    ):
        _asked_elsewhere([], today + timedelta(days=days))


def test_who_looked_at_the_reach_of_a_draft_stands_on_the_trail(
    client: Client, second: User, published: Any, in_review: Any
) -> None:
    page_of(client, second, in_review)
    page_of(client, second, in_review, "send-back")
    with acting_as(second):
        entry = TrailEntry.objects.get(kind="evidence.reach_read")
        assert (entry.actor, entry.detail) == (second, {"step": "publish"})


def test_a_constant_is_quoted(second: User, today: Any) -> None:
    node = {"column": "stop_reason", "op": "in", "value": ["x') OR true OR ('1' = '1"]}
    with acting_as(second):
        assert _asked_elsewhere([{"true": node, "false": node}], today) == {}
    with pytest.raises(ValueError, match="positive"):
        _plain(~NEVER)


@pytest.fixture
def today() -> Any:
    from django.utils import timezone

    return timezone.localdate()
