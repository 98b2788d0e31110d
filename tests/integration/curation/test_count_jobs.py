"""Where many cases are open a worker counts whom a version or a condition reaches; nobody passes it in silence."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from kombu.exceptions import OperationalError
from structlog.testing import capture_logs

from accounts.acting import acting_as
from accounts.models import Board, Membership, User
from audit.models import TrailEntry
from cases.models import Case
from evidence import services, tasks
from evidence.curation import count_jobs, counting, reach_page
from evidence.curation.counting import Question
from evidence.models import ReachCount, Source, StatementVersion, VersionSource
from evidence.shown import shown
from tests.factories.meetings import make_version
from tests.factories.people import by_acting, make_board, make_user
from tests.integration.curation import reach_of, sent
from tests.integration.curation.test_case_reach import IRAE, US, grade, with_grade

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def told(monkeypatch: Any) -> list[str]:
    """Every count is one of many cases, and the workers are told of nothing."""
    found: list[str] = []
    monkeypatch.setattr(counting, "AT_ONCE", 0)
    monkeypatch.setattr(count_jobs, "poke", lambda public_id, user_id: found.append(public_id))
    return found


@pytest.fixture
def in_review(author: User, source: Source) -> StatementVersion:
    published = make_version(condition=IRAE, code="S77")
    draft = services.new_draft_from(by=author, version=published)
    VersionSource.objects.create(version=draft, source=source)
    draft.condition = {"all": [IRAE, grade("<=", 2)]}
    by_acting(services.save_draft)(by=author, version=draft)
    return by_acting(services.submit)(by=author, version=draft)


@pytest.fixture
def member(board: Board, second: User) -> User:
    """A curator who sees the board's cases."""
    Membership.objects.create(user=second, board=board, role="member")
    return second


def step(version: StatementVersion, part: str = "step") -> str:
    return reverse(f"admin:evidence_version_{part}", args=[version.pk, "publish"])


def run(job: ReachCount, user: User) -> ReachCount:
    count_jobs.run(job.public_id, user.pk)
    with acting_as(user):
        job.refresh_from_db()
    return job


def job_of(user: User) -> ReachCount:
    with acting_as(user):
        return ReachCount.objects.get()


def severe(board: Board) -> Case:
    return with_grade(make_user("chair", board), board, 4)


def test_the_page_opens_at_once_and_shows_the_numbers_when_they_are_there(
    client: Client, board: Board, member: User, in_review: Any, told: list[str]
) -> None:
    case = severe(board)
    client.force_login(member)
    page = client.get(step(in_review)).content.decode()
    assert "any irAE: yes and worst irAE grade is 2 or less" in page
    assert "Counting over 1 open cases: 0 of 3 parts" in page and case.reference not in page
    assert 'hx-trigger="every 1s"' in page and reach_of(page) == {}
    with acting_as(member):
        assert not TrailEntry.objects.filter(kind="evidence.reach_read").exists()
    # Whoever opens it again follows the same count.
    client.get(step(in_review))
    job = run(job_of(member), member)
    assert (job.state, job.done_parts, job.takings) == ("done", 3, 1)
    assert job.result == {"here": {"tf": 1}, "named": [[case.pk, "tf"]], "elsewhere": None}
    part = client.get(step(in_review, "reach"), headers=HTMX).content.decode()
    assert "<html" not in part and "every 1s" not in part and "Counted at" in part
    assert case.reference in part and "applies → does not apply: 1" in part
    with acting_as(member):
        assert TrailEntry.objects.filter(kind="evidence.reach_read").count() == 1
        assert TrailEntry.objects.filter(actor=member, kind="list.read").exists()
    answer = client.post(step(in_review), {"shown": shown(in_review), **reach_of(part)})
    in_review.refresh_from_db()
    assert answer.status_code == 302 and in_review.state == "published"
    with acting_as(member):
        assert not TrailEntry.objects.filter(kind="evidence.reach_waived").exists()


def test_nobody_publishes_past_the_count_in_silence(
    client: Client, board: Board, member: User, in_review: Any, told: list[str]
) -> None:
    severe(board)
    client.force_login(member)
    page = client.get(step(in_review)).content.decode()
    assert 'name="unseen"' in page
    for sent_ in ({}, {"reach": "made-up"}, {"reach": "x:y:z"}):
        answer = client.post(step(in_review), {"shown": shown(in_review), **sent_})
        assert answer.status_code == 422
        assert "read first which open cases" in answer.content.decode()
    client.post(step(in_review), {"shown": shown(in_review), "unseen": "1"})
    in_review.refresh_from_db()
    assert in_review.state == "published"
    with acting_as(member):
        entry = TrailEntry.objects.get(kind="evidence.reach_waived")
        assert (entry.actor, entry.detail) == (member, {"step": "publish"})


def test_what_was_seen_of_one_question_says_nothing_of_another(
    client: Client, board: Board, member: User, author: User, in_review: Any, source: Any
) -> None:
    client.force_login(member)
    seen = reach_of(client.get(step(in_review)).content.decode())
    other = by_acting(services.new_draft_from)(by=author, version=in_review)
    with acting_as(author):
        VersionSource.objects.get_or_create(version=other, source=source)
    by_acting(services.submit)(by=author, version=other)
    answer = client.post(step(other), {"shown": shown(other), **seen})
    assert seen and answer.status_code == 422
    # Nor is it of use to somebody else, or once another board came into sight.
    with acting_as(None):
        Membership.objects.create(user=member, board=make_board(), role="member")
    assert client.post(step(in_review), {"shown": "x", **seen}).status_code == 422


def test_a_count_is_cancelled_and_begun_anew(
    client: Client, board: Board, member: User, in_review: Any, told: list[str]
) -> None:
    severe(board)
    client.force_login(member)
    client.get(step(in_review))
    first = job_of(member)
    client.post(step(in_review, "reach"), {"count": "cancel"})
    assert run(first, member).state == "cancelled"
    page = client.get(step(in_review)).content.decode()
    assert "The count was cancelled." in page and "every 1s" not in page
    client.post(step(in_review, "reach"), {"count": "nothing"})
    client.post(step(in_review, "reach"), {"count": "again"})
    again = job_of(member)
    assert again.pk != first.pk and run(again, member).state == "done"
    client.post(step(in_review, "reach"), {"count": "cancel"})
    assert job_of(member).state == "done"


def test_a_count_that_is_cancelled_while_it_runs_keeps_nothing(
    member: User, board: Board, in_review: Any, told: list[str], monkeypatch: Any
) -> None:
    severe(board)
    with acting_as(member):
        job = count_jobs.asked(by=member, question=Question(after=in_review))

    def cancels(user: User, question: Question, result: dict[str, Any]) -> None:
        count_jobs.cancel(by=user, count=job)

    monkeypatch.setattr(count_jobs, "PARTS", (cancels, *counting.PARTS))
    run(job, member)
    assert (job.state, job.result, job.done_parts) == ("cancelled", {}, 0)


def test_only_a_step_that_is_open_and_reaches_cases_has_a_count(
    client: Client, member: User, in_review: Any
) -> None:
    client.force_login(member)
    for name in ("send-back", "retire", "burn"):
        address = reverse("admin:evidence_version_reach", args=[in_review.pk, name])
        assert client.get(address).status_code == 404
    part = client.get(step(in_review, "reach"))
    assert part.status_code == 200 and "No case is open." in part.content.decode()


def test_a_worker_that_fails_says_so_and_is_not_tried_for_ever(
    client: Client, member: User, board: Board, in_review: Any, told: list[str], monkeypatch: Any
) -> None:
    severe(board)
    client.force_login(member)
    client.get(step(in_review))
    job = job_of(member)
    with acting_as(member):
        ReachCount.objects.update(takings=count_jobs.MOST_TAKINGS - 1)
    assert run(job, member).state == "failed"
    assert "The count failed." in client.get(step(in_review)).content.decode()
    # One that has ended, somebody who is no user, a question of somebody else: nothing is done.
    for user_id in (member.pk, 0):
        count_jobs.run(job.public_id, user_id)
    client.post(step(in_review, "reach"), {"count": "again"})
    again = job_of(member)
    stranger = make_user("curator", board)
    tasks.count_reach(str(again.public_id), stranger.pk)
    assert job_of(member).state == "waiting"
    Membership.objects.filter(user=member, role="curator").update(active=False)
    assert run(again, member).state == "failed"


def test_a_curator_counts_a_condition_over_all_open_cases_of_their_boards(
    client: Client, board: Board, author: User, member: User
) -> None:
    chair, elsewhere = make_user("chair", board), make_board()
    cases = {n: with_grade(chair, board, n) for n in (1, 4, None)}
    many = [with_grade(chair, board, 4) for _ in range(5)]
    foreign = with_grade(make_user("chair", elsewhere), elsewhere, 4)
    data = {**sent(condition=grade(">=", 3)), "_edit": "condition:count:"}
    address = reverse("admin:evidence_version_editor", args=["condition"])
    client.force_login(author)
    assert "Count what it answers" not in client.post(address, data).content.decode()
    client.force_login(member)
    asked = client.post(address, {**data, "_edit": "condition:show:"}).content.decode()
    assert "Count what it answers" in asked and "The newest of them" not in asked
    text = client.post(address, data).content.decode()
    table = text[text.index("The newest of them") :]
    numbers = [
        row.split("</td>")[0].split(">")[-1] for row in table.split('data-label="Open cases"')[1:]
    ]
    assert numbers == ["6", "1", "1"]
    # The newest five of each answer are named.
    assert all(case.reference in table for case in many)
    assert cases[4].reference not in table and foreign.reference not in text
    assert cases[1].reference in table and cases[None].reference in table
    with acting_as(member):
        assert TrailEntry.objects.filter(actor=member, kind="list.read").exists()
        assert not ReachCount.objects.exists()


def test_a_condition_over_many_open_cases_is_counted_by_a_worker(
    client: Client, board: Board, second: User, member: User, told: list[str]
) -> None:
    case = severe(board)
    client.force_login(member)
    data = {**sent(condition=grade(">=", 3)), "_edit": "condition:count:"}
    address = reverse("admin:evidence_version_editor", args=["condition"])
    text = client.post(address, data).content.decode()
    job = job_of(member)
    follow = reverse("admin:evidence_version_count", args=[job.public_id])
    assert f'hx-get="{follow}"' in text and "Counting: 0 of 3 parts" in text
    part = client.post(follow, headers=HTMX).content.decode()
    assert "Cancelled" in part and "every 1s" not in part
    client.post(address, data)
    assert run(job_of(member), member).state == "done"
    job = job_of(member)
    part = client.get(
        reverse("admin:evidence_version_count", args=[job.public_id]), headers=HTMX
    ).content.decode()
    assert case.reference in part and '<td data-label="Open cases">1</td>' in part
    assert client.get(follow).status_code == 404
    client.force_login(make_user("curator", board, is_staff=True))
    stranger = reverse("admin:evidence_version_count", args=[job.public_id])
    assert client.get(stranger).status_code == 404


def test_a_broker_that_is_away_stops_nobody(
    member: User, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    asked: list[dict[str, Any]] = []

    def away(*_args: Any, **sent_: Any) -> None:
        asked.append(sent_)
        raise OperationalError("amqp://user:password@broker")

    monkeypatch.setattr(count_jobs.current_app, "send_task", away)
    with (
        capture_logs() as logs,
        django_capture_on_commit_callbacks(execute=True),
        acting_as(member),
    ):
        job = count_jobs.asked(by=member, question=Question(condition=IRAE))
    assert [(one["args"], one["queue"]) for one in asked] == [
        ([str(job.public_id), member.pk], "counts")
    ]
    assert [(one["event"], one["kind"]) for one in logs] == [("reach.not_told", "OperationalError")]
    assert "password" not in str(logs)
    # The sweep tells of it again, and whichever worker comes first counts.
    assert job_of(member).state == "waiting" and run(job, member).state == "done"


def test_whoever_follows_a_count_reads_its_row_and_counts_no_case(
    client: Client, board: Board, member: User, in_review: Any, told: list[str]
) -> None:
    severe(board)
    client.force_login(member)
    with CaptureQueriesContext(connection) as queries:
        client.get(step(in_review))
    assert sum("rechallenge_guidance_reach" in q["sql"] for q in queries) == 1
    job = job_of(member)
    assert job.open_cases == 1
    severe(board)
    for shown_, state in (("Counting over 1 open cases", "waiting"), ("Counted at", "done")):
        with CaptureQueriesContext(connection) as queries:
            part = client.get(step(in_review, "reach"), headers=HTMX).content.decode()
        assert shown_ in part and job_of(member).state == state
        sent_ = [q["sql"] for q in queries]
        assert not [one for one in sent_ if "guidance_reach" in one or "cases_casefacts" in one]
        run(job, member)
    client.post(step(in_review, "reach"), {"count": "again"})
    assert job_of(member).open_cases == 2


def test_only_a_count_that_is_there_is_cancelled(
    client: Client, board: Board, member: User, in_review: Any, told: list[str]
) -> None:
    severe(board)
    client.force_login(member)
    client.post(step(in_review, "reach"), {"count": "cancel"})
    with acting_as(member):
        assert not ReachCount.objects.exists() and told == []


def test_a_count_of_another_wording_ends_the_earlier_one_of_the_same_curator(
    board: Board, member: User, author: User, in_review: Any, told: list[str]
) -> None:
    def count(user: User, n: int) -> ReachCount:
        with acting_as(user):
            question = Question(condition=grade(">=", n))
            return count_jobs.asked(by=user, question=question)

    with acting_as(member):
        of_versions = count_jobs.asked(by=member, question=Question(after=in_review))
    of_author, done = count(author, 1), count(member, 1)
    assert run(done, member).state == "done"
    first, second, third = (count(member, n) for n in (2, 3, 4))
    assert count(member, 4).pk == third.pk
    with acting_as(author):
        of_author.refresh_from_db()
    with acting_as(member):
        for job in (of_versions, done, first, second, third):
            job.refresh_from_db()
    assert [job.state for job in (of_versions, of_author, third)] == ["waiting"] * 3
    assert [job.state for job in (done, first, second)] == ["done", "cancelled", "cancelled"]
    # Its worker finds nothing to do.
    assert run(first, member).takings == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source", "us-label-y"),
        ("action", "withhold"),
        ("mark", "reported"),
        ("agents", ["nivolumab"]),
        ("says", "Invented otherwise."),
    ],
)
@pytest.mark.parametrize("side", ["before", "after"])
def test_a_rule_that_changes_in_what_marks_rest_on_is_another_question(
    member: User, in_review: StatementVersion, side: str, field: str, value: Any
) -> None:
    def key(rules: list[Any]) -> str:
        in_review.rules = rules
        return Question(**{side: in_review}).key(member)

    first, same = key([US]), key([dict(reversed(US.items()))])
    assert first == same != key([{**US, field: value}])


def test_numbers_seen_of_other_rules_take_no_step(
    client: Client, board: Board, member: User, in_review: StatementVersion, told: list[str]
) -> None:
    """The signed word of a page says which rules it was of."""
    in_review.rules = [US]
    with acting_as(member):
        question = Question(after=in_review)
        run(count_jobs.asked(by=member, question=question), member)
        seen = reach_page.reached(member, question, in_review, "publish").seen
        assert seen and not reach_page.refusal(member, question, {"reach": seen})
        in_review.rules = [{**US, "action": "withhold"}]
        other = Question(after=in_review)
        assert reach_page.refusal(member, other, {"reach": seen})
        assert count_jobs.kept(by=member, question=other) is None
