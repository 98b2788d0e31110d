"""What the sweep returns: irAEs put right, closed cases whose plan runs, conditions that ran out."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from accounts.acting import acting_as
from cases.models import Case, IrAE
from followup.models import Check, MonitoringPlan, Notice
from followup.services import sweep, triggers
from followup.services.notices import notify
from followup.services.plans import close_plan
from followup.services.sweep import open_due_checks
from followup.services.triggers import return_by_sweep
from tests.factories.monitoring import (
    as_worker,
    day,
    make_irae,
    make_plan,
    make_watched_case,
    today,
)
from tests.factories.people import make_board, make_user
from tests.factories.world import World

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def world():
    return World()


def test_a_resolution_put_right_on_the_case_page_is_judged_by_the_sweep():
    with transaction.atomic():
        board = make_board("North Thoracic Board")
        nurse = make_user("nurse", board)
        case = make_watched_case(nurse, board)
        make_irae(
            nurse, case, "hypothyroidism", organ="thyroid", grade_now=2, resolution="on_replacement"
        )
        plan = make_plan(nurse, board, case=case)
    with as_worker():
        assert open_due_checks().returned == 0
    with transaction.atomic(), acting_as(nurse):
        IrAE.objects.filter(entity="hypothyroidism").update(resolution="ongoing")
    with as_worker():
        assert open_due_checks().returned == 1
    with transaction.atomic(), acting_as(nurse):
        assert Case.objects.get(pk=plan.case_id).returned_reason == "irae_again"


@pytest.mark.parametrize(
    ("entity", "organ", "reason"),
    [("myocarditis", "heart", "new_irae"), ("pneumonitis", "lung", "irae_again")],
)
def test_an_entity_put_right_is_judged_by_the_sweep_and_back_again_is_not(
    world, entity, organ, reason
):
    with transaction.atomic():
        make_irae(
            world.nurse, world.plan.case, "arthritis", organ="joint", worst_grade=1, grade_now=1,
            resolution="ongoing",
        )  # fmt: skip
    mild = IrAE.objects.filter(entity="arthritis")
    with as_worker():
        assert open_due_checks().returned == 0
    pk = world.seen(world.nurse, mild.values_list("pk", flat=True))[0]
    row = IrAE.objects.filter(pk=pk)
    world.update(row, entity=entity, organ=organ)
    with as_worker():
        assert open_due_checks().returned == 1
    assert world.case_state == ("returned", reason)
    world.update(Case.objects.all(), state="watching", returned_reason="")
    world.update(row, entity="arthritis", organ="joint")
    with as_worker():
        assert open_due_checks().returned == 0
    assert world.case_state == ("watching", "")


@pytest.mark.parametrize(
    ("entity", "organ", "reason"),
    [("myocarditis", "heart", "new_irae"), ("pneumonitis", "lung", "")],
)
def test_an_irae_the_board_knew_never_came_back_by_being_put_right(entity, organ, reason):
    with transaction.atomic():
        board = make_board()
        nurse, chair = make_user("nurse", board), make_user("chair", board)
        case = make_watched_case(nurse, board)
        old = make_irae(
            nurse, case, "arthritis", organ="joint", worst_grade=1, grade_now=1,
            resolution="ongoing",
        )  # fmt: skip
        make_plan(nurse, board, case=case, dosed=7)

    def put(**values):
        with transaction.atomic(), acting_as(nurse):
            IrAE.objects.filter(pk=old.pk).update(**values)
        with as_worker():
            returned = open_due_checks().returned
        with transaction.atomic(), acting_as(nurse):
            found = Case.objects.values_list("returned_reason", flat=True).get(pk=case.pk)
            Case.objects.filter(pk=case.pk).update(state="watching", returned_reason="")
        return returned, found

    assert put(entity=entity, organ=organ) == (int(bool(reason)), reason)
    assert put(entity="arthritis", organ="joint") == (0, "")
    # What then gets worse than the board knew it came back.
    assert put(worst_grade=2, grade_now=2) == (1, "irae_again")
    with transaction.atomic(), acting_as(chair):
        assert Notice.objects.filter(kind="returned").count() == 1 + bool(reason)


def test_what_was_remembered_without_its_entity_brings_nothing_back_and_is_remembered_anew(world):
    plans = MonitoringPlan.objects.all()
    with transaction.atomic():
        for entity, organ, grade in (("myositis", "muscle", 2), ("colitis", "colon", 3)):
            make_irae(world.nurse, world.plan.case, entity, organ=organ, worst_grade=grade)
    with as_worker():
        open_due_checks()
    (known,) = world.seen(world.nurse, plans.values_list("known_iraes", flat=True))
    earlier = {pk: row[:4] for pk, row in known.items()}
    world.update(plans, known_iraes=earlier)
    world.update(Case.objects.all(), state="watching", returned_reason="")
    told = world.seen(world.chair, Notice.objects.all())
    with as_worker():
        assert open_due_checks().returned == 0
        assert triggers.sweep_iraes() == 0
    assert world.case_state == ("watching", "")
    assert world.seen(world.chair, Notice.objects.all()) == told
    assert world.seen(world.nurse, plans.values_list("known_iraes", flat=True)) == [known]


def test_a_closed_case_whose_plan_runs_comes_back_and_takes_the_graver_reason(world):
    with transaction.atomic(), acting_as(world.nurse):
        Case.objects.update(state="closed")
    for reason, back, shown in (
        ("missed_check", True, "missed_check"),
        ("irae_again", False, "irae_again"),
        ("new_irae", False, "irae_again"),
    ):
        with as_worker(), transaction.atomic():
            assert return_by_sweep(plan=world.plan, reason=reason) is back
        assert world.case_state == ("returned", shown)
    told = world.seen(world.chair, Notice.objects.order_by("id").values_list("kind", "reason"))
    assert told == [("returned", "missed_check"), ("irae", "irae_again"), ("irae", "new_irae")]


def test_a_condition_that_ran_out_before_the_first_dose_returns_the_case_once():
    with transaction.atomic():
        board = make_board("North Thoracic Board")
        nurse, chair = make_user("nurse", board), make_user("chair", board)
        plan = make_plan(nurse, board)
    condition = {"text": "x", "condition": None, "expires_on": today().isoformat()}
    for expires, returned, state in ((0, 0, "watching"), (-1, 1, "returned"), (-1, 0, "watching")):
        condition["expires_on"] = day(expires).isoformat()
        with transaction.atomic(), acting_as(nurse):
            MonitoringPlan.objects.filter(pk=plan.pk).update(conditions=[condition])
            # The board sends it on as decided: once told is enough.
            Case.objects.update(state="watching", returned_reason="")
        with as_worker():
            assert open_due_checks().returned == returned
        with transaction.atomic(), acting_as(nurse):
            assert Case.objects.get().state == state
    with transaction.atomic(), acting_as(chair):
        assert list(Notice.objects.values_list("kind", flat=True)) == ["returned"]


@pytest.fixture
def two_overdue():
    """Two boards' plans, each with one critical check whose days of grace are over."""
    worlds = [World(), World()]
    with as_worker():
        open_due_checks()
    for world in worlds:
        call = Check.objects.filter(
            plan=world.plan, step__code="symptom_call", step__critical=True, offset_days=7
        )
        assert world.update(call, opened_on=day(-4)) == 1
    return worlds


def refuse_one(monkeypatch, refused, error):
    """Let `error` keep the case of one plan from being returned."""

    def returning(*, plan, reason):
        if plan.pk == refused.pk:
            raise error("refused")
        return return_by_sweep(plan=plan, reason=reason)

    monkeypatch.setattr(sweep, "return_by_sweep", returning)


@pytest.mark.parametrize("error", [DatabaseError, ValueError])
def test_a_case_that_cannot_be_returned_keeps_no_other_from_it(two_overdue, monkeypatch, error):
    first, second = two_overdue
    refuse_one(monkeypatch, first.plan, error)
    with as_worker():
        swept = open_due_checks()
    assert (swept.returned, first.case_state[0], second.case_state[0]) == (
        1,
        "watching",
        "returned",
    )
    missed = Check.objects.filter(state="missed")
    assert first.seen(first.nurse, missed.all()) == [], "undone with what was refused, for the next"
    assert len(second.seen(second.nurse, missed.all())) == 1
    monkeypatch.undo()
    with as_worker():
        assert open_due_checks().returned == 1
    assert first.case_state == ("returned", "missed_check")


def test_a_check_that_was_done_while_the_sweep_ran_is_not_missed(two_overdue, monkeypatch):
    world = two_overdue[0]
    done = "SELECT id FROM followup_check WHERE state = 'waiting' ORDER BY id LIMIT 1"
    monkeypatch.setattr(sweep, "MISSED", done)
    with as_worker():
        swept = open_due_checks()
    assert (swept.missed, swept.returned) == (0, 0)
    assert world.seen(world.nurse, Check.objects.filter(state="missed")) == []


def test_two_sweeps_at_once_tell_of_a_condition_that_ran_out_once(monkeypatch):
    world = World(dosed=None)
    ran_out = [{"text": "x", "condition": None, "expires_on": day(-1).isoformat()}]
    world.update(MonitoringPlan.objects.filter(pk=world.plan.pk), conditions=ran_out)
    rows = "SELECT id, current_date FROM followup_monitoringplan"
    # As the second sweep has read the plan before the first has told of it.
    monkeypatch.setattr(sweep, "EXPIRED", f"{rows} UNION ALL {rows}")
    with as_worker():
        assert open_due_checks().returned == 1
    for leader in (world.chair, world.coordinator):
        told = Notice.objects.filter(user=leader).values_list("kind", flat=True)
        assert world.seen(leader, told) == ["returned"]


@pytest.mark.parametrize("error", [DatabaseError, ValueError])
def test_a_first_dose_that_cannot_be_told_of_keeps_no_other_from_it(monkeypatch, error):
    worlds = [World(dosed=None), World(dosed=None)]
    everything = (
        "SELECT id, current_date FROM followup_monitoringplan WHERE %(days)s > 0 ORDER BY id"
    )
    monkeypatch.setattr(sweep, "NEVER_PLANNED", everything)

    def telling(*, users, kind, plan, reference):
        if plan.pk == worlds[0].plan.pk:
            raise error("refused")
        notify(users=users, kind=kind, plan=plan, reference=reference)

    monkeypatch.setattr(sweep, "notify", telling)
    with as_worker():
        open_due_checks()
    told = [w.seen(w.chair, Notice.objects.values_list("kind", flat=True)) for w in worlds]
    assert told == [[], ["unplanned"]]


@pytest.mark.parametrize("error", [DatabaseError, ValueError])
def test_conditions_that_ran_out_are_told_of_one_by_one(monkeypatch, error):
    worlds = [World(dosed=None), World(dosed=None), World()]
    ran_out = [{"text": "x", "condition": None, "expires_on": day(-1).isoformat()}]
    for world in worlds:
        world.update(MonitoringPlan.objects.filter(pk=world.plan.pk), conditions=ran_out)
    refuse_one(monkeypatch, worlds[0].plan, error)
    # As if the third had been given its first dose since the plans were read.
    everything = "SELECT id, current_date FROM followup_monitoringplan ORDER BY id"
    monkeypatch.setattr(sweep, "EXPIRED", everything)
    with as_worker():
        assert open_due_checks().returned == 1
    assert [world.case_state for world in worlds] == [
        ("watching", ""),
        ("returned", "conditions_expired"),
        ("watching", ""),
    ]


def test_an_irae_whose_plan_was_closed_while_the_sweep_ran_is_judged_by_nobody(world, monkeypatch):
    with transaction.atomic():
        irae = make_irae(
            world.nurse, world.plan.case, "colitis", organ="colon", worst_grade=4, grade_now=4
        )
        with acting_as(world.nurse):
            close_plan(by=world.nurse, plan=world.plan, reason="other")
    monkeypatch.setattr(triggers, "UNJUDGED", f"SELECT {world.plan.pk}, {irae.pk}")
    with as_worker():
        assert triggers.sweep_iraes() == 0
    assert world.case_state == ("watching", "")
