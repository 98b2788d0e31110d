"""New age limits hold at once: rows that do not follow them are read on the safe side until the workers moved them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from cases.delivered import delivered_rows
from cases.loading import load as load_record_data
from cases.models import Background, Case, CaseFacts, LimitSweep, ReadinessVersion, SweepState
from cases.presenters.bar import last_said
from cases.rules import with_rules
from cases.services import limits, readiness, rewriting
from cases.services.facts import refresh_facts
from cases.tasks import follow_limits
from evidence.conditions import Answer, Fact, FactState, parse
from evidence.policies import CurationRefused
from evidence.shown import shown
from tests.factories.answers import answer_of
from tests.factories.monitoring import as_worker
from tests.factories.people import make_board, make_user
from tests.factories.record import make_case
from tests.integration.test_cases_pages import sign_in

MISSING = Fact.absent(FactState.MISSING)
DOSE, LIST, GRADE, WEIGHT = "steroid_now", "immunosuppressant_now", "irae_grade_now", "weight_kg"
SURGERY = "major_surgery"
# What is told of a case today: the days were said ten days ago, under the limits as delivered (14, 14, 28, 28).
TOLD = {
    DOSE: Fact.number(Decimal(5)),
    "steroid_not_tapered": Fact.known(False),
    LIST: Fact.known(False),
    GRADE: Fact.number(1),
    "ali": Fact.number(Decimal(20)),
    SURGERY: Fact.known(True),
}
ASKED = {
    DOSE: {"fact": DOSE, "op": "<=", "value": 10},
    "steroid_not_tapered": {"fact": "steroid_not_tapered", "op": "is", "value": False},
    LIST: {"fact": LIST, "op": "is", "value": False},
    GRADE: {"fact": GRADE, "op": "<=", "value": 1},
    "ali": {"fact": "ali", "op": ">=", "value": 18},
    SURGERY: {"fact": SURGERY, "op": "is", "value": True},
}


@pytest.fixture
def curators(board):
    load_record_data()
    return [make_user("curator", board, is_staff=True) for _n in range(2)]


@pytest.fixture
def world(committed_db):
    """A member, their board and two curators, committed, as the workers find them."""
    with transaction.atomic():
        load_record_data()
        board = make_board("North Thoracic Board")
        member = make_user("member", board)
        return member, board, [make_user("curator", board, is_staff=True) for _n in range(2)]


def told(member, board) -> Case:
    """Return a case whose facts of `TOLD` were said ten days ago."""
    with transaction.atomic():
        case = make_case(member, board)
    today = timezone.localdate()
    with transaction.atomic(), acting_as(member):
        refresh_facts(case=case)
        day = (today - timedelta(days=10)).isoformat()
        CaseFacts.objects.filter(case=case).update(
            **CaseFacts.columns(TOLD),
            as_of=today,
            doses_until=today + timedelta(days=4),
            steroids_until=today + timedelta(days=4),
            second_line_until=today + timedelta(days=4),
            grades_until=today + timedelta(days=18),
            surgery_until=today + timedelta(days=18),
            said={"ali": [day, day]},
        )
        weighed = today - timedelta(days=30)
        Background.objects.update_or_create(
            patient=case.patient,
            defaults={"weighed_earliest": weighed, "weighed_latest": weighed},
        )
    return case


def publish(curators, **changed: int) -> ReadinessVersion:
    """Publish rules that differ in these age limits."""
    first, second = curators
    rows = [
        {**row, "age_limit_days": changed[row["fact"]]} if row["fact"] in changed else row
        for row in delivered_rows()
    ]
    with transaction.atomic(), acting_as(first):
        draft = readiness.begin_draft(by=first, rules=rows, note="")
        draft = readiness.submit(by=first, version=draft)
    with transaction.atomic(), acting_as(second):
        return readiness.publish(by=second, version=draft, seen=shown(draft))


def certain(member, case) -> set[str]:
    """Return which of `TOLD` can be told today; a query and the row in memory must agree."""
    today = timezone.localdate()
    with transaction.atomic(), acting_as(member):
        facts = CaseFacts.objects.get(case=case).as_facts()
        found = {key for key, fact in TOLD.items() if facts[key] == fact}
        rows = CaseFacts.objects.filter(case=case)
        asked = {key: answer_of(rows, parse(node), as_of=today) for key, node in ASKED.items()}
        assert found == {key for key, answer in asked.items() if answer is Answer.TRUE}
        assert Answer.FALSE not in asked.values()
    return found


def moved(member, case) -> list[int]:
    """Return in how many days what is kept of a case ends to hold: doses, list of agents, grades."""
    with transaction.atomic(), acting_as(member):
        row, today = CaseFacts.objects.get(case=case), timezone.localdate()
    ends = (row.doses_until, row.steroids_until, row.second_line_until, row.grades_until)
    return [(day - today).days for day in ends]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "gone"),
    [
        ({}, set()),
        ({DOSE: 20, LIST: 20, GRADE: 60, WEIGHT: 60}, set()),
        ({DOSE: 10}, set()),
        ({DOSE: 9}, {DOSE, "steroid_not_tapered"}),
        ({LIST: 10}, set()),
        ({LIST: 9}, {LIST}),
        ({GRADE: 10}, set()),
        ({GRADE: 9}, {GRADE}),
        ({WEIGHT: 29}, {"ali"}),
        ({SURGERY: 10}, set()),
        ({SURGERY: 9}, {SURGERY}),
    ],
)
def test_what_is_too_old_under_a_new_limit_cannot_be_told_at_once(
    member, board, curators, changed, gone
):
    case = told(member, board)
    assert certain(member, case) == set(TOLD)
    publish(curators, **changed)
    assert certain(member, case) == set(TOLD) - gone
    assert LimitSweep.objects.exists() is bool(changed)


@pytest.mark.django_db
def test_surgery_that_is_recent_for_longer_warns_on_until_the_row_follows(member, board, curators):
    case = told(member, board)
    rows, today = CaseFacts.objects.filter(case=case), timezone.localdate()
    version = publish(curators, **{SURGERY: 60})
    for passed, still in ((1, True), (32, True), (33, False)):
        with transaction.atomic(), acting_as(member):
            rows.update(surgery_until=today - timedelta(days=passed))
        assert (SURGERY in certain(member, case)) is still
    with transaction.atomic(), acting_as(member):
        rows.update(surgery_until=today - timedelta(days=1), limits_by=version.pk)
    assert SURGERY not in certain(member, case), "a row that follows has its own day"


@pytest.mark.django_db
def test_rows_of_several_older_limits_are_each_read_by_their_own(member, board, curators):
    case = told(member, board)
    rows, today = CaseFacts.objects.filter(case=case), timezone.localdate()
    first = ReadinessVersion.objects.get()
    second = publish(curators, **{SURGERY: 14, DOSE: 20, GRADE: 20, WEIGHT: 20})
    third = publish(curators, **{SURGERY: 42, GRADE: 15, WEIGHT: 25})
    # Under 28, 14 and 42 days an operation of so many days ago was recent until then, and is now until day 42.
    for rules, limit in ((first, 28), (second, 14), (third, 42)):
        for passed, still in ((42, True), (43, False)):
            with transaction.atomic(), acting_as(member):
                until = today + timedelta(days=limit - passed)
                rows.update(surgery_until=until, limits_by=rules.pk)
            assert (SURGERY in certain(member, case)) is still, (limit, passed)
    # Under which rules a row was written that names none nobody knows: what may be recent warns.
    with transaction.atomic(), acting_as(member):
        rows.update(surgery_until=today - timedelta(days=28), limits_by=None)
    assert SURGERY in certain(member, case)
    # A grade said 15 days ago holds, and a dose of ten; a weight is looked at again where it may count no more.
    told_then = {first: 28, second: 20, third: 15}
    for rules, limit in told_then.items():
        for ago in (15, 16):
            with transaction.atomic(), acting_as(member):
                until = today + timedelta(days=limit - ago)
                rows.update(grades_until=until, limits_by=rules.pk)
            assert (GRADE in certain(member, case)) is (ago == 15), (limit, ago)
        assert ("ali" in certain(member, case)) is (rules is not first)
    with transaction.atomic(), acting_as(member):
        rows.update(doses_until=today, steroids_until=today, limits_by=first.pk)
    assert DOSE in certain(member, case), "written under 14 days, though 20 held between"


@pytest.mark.django_db
def test_a_row_written_under_the_new_limit_follows_it(member, board, curators):
    case = told(member, board)
    version = publish(curators, **{DOSE: 12})
    CaseFacts.objects.filter(case=case).update(
        limits_by=version.pk, doses_until=timezone.localdate()
    )
    assert DOSE in certain(member, case)
    with transaction.atomic(), acting_as(member):
        found = with_rules(Case.objects.select_related("facts", "patient")).get(pk=case.pk)
        assert last_said(found) == timezone.localdate() - timedelta(days=12)


@pytest.mark.django_db
def test_a_page_and_a_list_need_no_query_more_for_it(
    member, board, curators, django_assert_num_queries
):
    case = told(member, board)
    publish(curators, **{DOSE: 9})
    with transaction.atomic(), acting_as(member):
        rows = with_rules(Case.objects.select_related("facts", "patient__identity"))
        found = rows.get(pk=case.pk)
        found.facts.as_facts()
        with django_assert_num_queries(0):
            rows_facts = found.facts.as_facts()
    assert rows_facts[DOSE] == MISSING


def test_the_workers_move_the_days_step_by_step_and_the_admin_says_how_far(world, client):
    member, board, curators = world
    cases = [told(member, board) for _n in range(3)]
    version = publish(curators, **{DOSE: 9, LIST: 20, GRADE: 40, WEIGHT: 19})
    url = reverse("admin:cases_readinessversion_change", args=[version.pk])

    def page() -> str:
        return sign_in(client, curators[0]).get(url).content.decode()

    assert "waiting for a worker" in page() and "Stop following" in page()
    with as_worker():
        assert limits.follow(at_once=2, seconds=0) == 0
        assert limits._step(LimitSweep.objects.values_list("pk", flat=True).get(), 2)
    assert "2 of 3 cases follow" in page()
    assert [moved(member, c) for c in cases] == [[-1, -1, 10, 30]] * 2 + [[4, 4, 4, 18]]
    assert [certain(member, c) for c in cases] == [{LIST, GRADE, SURGERY}] * 3
    with as_worker():
        assert limits.follow(at_once=2) == 1
        assert follow_limits() == 0
    assert [moved(member, c) for c in cases] == [[-1, -1, 10, 30]] * 3
    assert [certain(member, c) for c in cases] == [{LIST, GRADE, SURGERY}] * 3
    assert "followed by all cases since" in page()
    assert "open cases are to be written anew" in page() and "Stop following" in page()
    assert rewriting.rewrite() == len(cases) + 1
    assert "3 open cases were written anew" in page() and "Stop following" not in page()
    with transaction.atomic(), acting_as(member):
        assert set(CaseFacts.objects.values_list("ali_state", flat=True)) == {"missing"}


def test_an_index_stays_where_the_weight_counts_under_the_new_limit(world):
    member, board, curators = world
    case = told(member, board)
    publish(curators, **{WEIGHT: 20})
    with transaction.atomic(), acting_as(member):
        weighed = timezone.localdate() - timedelta(days=25)
        Background.objects.filter(patient=case.patient).update(
            weighed_earliest=weighed, weighed_latest=weighed
        )
    assert "ali" not in certain(member, case)
    with as_worker():
        limits.follow()
    assert "ali" in certain(member, case)


def test_a_step_that_breaks_off_leaves_nothing_behind_and_is_taken_again(world):
    member, board, curators = world
    case = told(member, board)
    publish(curators, **{DOSE: 9})
    with as_worker():
        pk = LimitSweep.objects.values_list("pk", flat=True).get()
        with pytest.raises(RuntimeError), transaction.atomic():
            assert limits._step(pk, 10)
            raise RuntimeError
    assert moved(member, case)[0] == 4 and LimitSweep.objects.get().last_pk == 0
    with as_worker():
        assert limits.follow() == 1
    assert moved(member, case)[0] == -1


def test_a_row_that_was_written_by_the_old_rules_meanwhile_is_found_in_another_round(world):
    member, board, curators = world
    case = told(member, board)
    publish(curators, **{DOSE: 9})
    with as_worker():
        pk = LimitSweep.objects.values_list("pk", flat=True).get()
        assert limits._step(pk, 10)
    with transaction.atomic(), acting_as(member):
        CaseFacts.objects.update(limits_by=None, doses_until=timezone.localdate())
    with as_worker():
        assert not limits._step(pk, 10)
        assert limits._step(pk, 10) and not limits._step(pk, 10)
    assert LimitSweep.objects.get().state == SweepState.DONE
    assert moved(member, case)[0] == -5


def test_it_is_stopped_and_gone_on_with_by_a_curator(world, client):
    member, board, curators = world
    case = told(member, board)
    version = publish(curators, **{DOSE: 9})
    second = curators[1]

    def press(name: str) -> str:
        url = reverse("admin:cases_readinessversion_step", args=[version.pk, name])
        return sign_in(client, second).post(url, follow=True).content.decode()

    assert "stopped" in press("stop")
    with as_worker():
        assert limits.follow() == 0
    assert DOSE not in certain(member, case) and moved(member, case)[0] == 4
    assert "has ended already" in press("stop")
    assert "waiting for a worker" in press("go_on")
    with as_worker():
        assert limits.follow() == 1
    assert "nothing to go on with" in press("go_on")
    with transaction.atomic(), acting_as(member), pytest.raises(PermissionDenied):
        limits.stop_sweep(by=member, version=version)
    with transaction.atomic(), acting_as(member), pytest.raises(PermissionDenied):
        limits.go_on(by=member, version=version)


def test_newer_limits_end_the_sweep_of_older_ones(world, client):
    member, board, curators = world
    case = told(member, board)
    old = publish(curators, **{DOSE: 9})
    with as_worker():
        assert limits._step(LimitSweep.objects.values_list("pk", flat=True).get(), 10)
    new = publish(curators, **{DOSE: 11})
    assert LimitSweep.objects.get(version=old).state == SweepState.CANCELLED
    assert DOSE not in certain(member, case), "what holds for longer now waits for the sweep"
    with as_worker():
        assert limits.follow() == 1
    assert moved(member, case)[0] == 1 and DOSE in certain(member, case)
    with transaction.atomic(), acting_as(curators[0]), pytest.raises(CurationRefused):
        limits.go_on(by=curators[0], version=old)
    url = reverse("admin:cases_readinessversion_change", args=[old.pk])
    html = sign_in(client, curators[0]).get(url).content.decode()
    assert "stopped at 1 of 1 cases" in html and "Go on following" not in html
    assert LimitSweep.objects.get(version=new).state == SweepState.DONE


@pytest.mark.django_db
def test_the_web_cannot_move_days(member, board, curators):
    told(member, board)
    publish(curators, **{DOSE: 9})
    sweep = LimitSweep.objects.get()
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT rechallenge_follow_limits(%s, 5)", [sweep.pk])
