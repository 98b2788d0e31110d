"""Where an age limit became longer, open cases are told anew by themselves: what was too old may hold again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.acting import acting_as
from accounts.models import Membership
from cases.limits import lengthened
from cases.models import Case, CaseFacts, LimitSweep, Section, SweepState
from cases.presenters.rules import followed_words
from cases.services import limits, rewriting
from cases.services.facts import refresh_facts
from cases.services.history import set_complete
from cases.services.sections import locked_version
from cases.services.steroids import save_steroid
from cases.states import CaseState
from cases.tasks import rewrite_facts
from evidence.policies import CurationRefused
from tests.factories.monitoring import as_worker
from tests.factories.people import make_board
from tests.factories.record import make_case
from tests.integration.test_limits_followed import DOSE, WEIGHT, publish, world
from ui.partial_dates import parse_partial_date, render_day

__all__ = ["world"]


def on_steroids(member, board, *, days: int) -> Case:
    """Return a case whose dose, and list of steroids, were said so many days ago."""
    day = timezone.localdate() - timedelta(days=days)
    with transaction.atomic():
        case = make_case(member, board)
    values = {
        "drug": "prednisolone", "drug_state": "known",
        "now_mg_per_day": 5, "now_mg_per_day_state": "known", "now_on": day,
    }  # fmt: skip
    on = parse_partial_date(render_day(day))
    with transaction.atomic(), acting_as(member):
        save_steroid(by=member, case=case, version=1, values=values)
        version = locked_version(case, Section.STEROIDS)
        set_complete(
            by=member, case=case, version=version, key=Section.STEROIDS, complete=True, on=on
        )
    return case


def dose(member, case):
    with transaction.atomic(), acting_as(member):
        row = CaseFacts.objects.get(case=case)
        return row.as_facts()[DOSE].low, row.steroid_now_state


def sweep() -> LimitSweep:
    return LimitSweep.objects.order_by("-version__number").first()


def test_what_was_too_old_holds_again_without_a_repair_by_hand(world):
    member, board, curators = world
    with transaction.atomic():
        make_board("Board without anybody")
    cases = [on_steroids(member, board, days=20) for _n in range(3)]
    with transaction.atomic(), acting_as(member):
        Case.objects.filter(pk=cases[2].pk).update(state=CaseState.CLOSED)
    assert [dose(member, case) for case in cases] == [(None, "missing")] * 3
    publish(curators, **{DOSE: 30})
    assert sweep().rewrite_state == SweepState.WAITING
    assert rewriting.rewrite() == 0, "the days follow first"
    with as_worker():
        limits.follow()
    assert [dose(member, case) for case in cases] == [(None, "missing")] * 3
    assert "are to be written anew" in followed_words(sweep())
    assert rewriting._step(sweep().pk)
    assert [dose(member, case)[0] for case in cases] == [5, None, None]
    assert "1 open cases were written anew so far" in followed_words(sweep())
    assert rewriting.rewrite(seconds=0) == 0
    # The other open case, and the step to each board after it.
    assert rewrite_facts() == 3
    assert [dose(member, case)[0] for case in cases] == [5, 5, None]
    assert (sweep().rewrite_state, sweep().rewritten) == (SweepState.DONE, 2)
    assert "2 open cases were written anew" in followed_words(sweep())
    assert rewrite_facts() == 0 and not rewriting._step(sweep().pk)


def test_it_is_stopped_gone_on_with_and_begun_anew_under_other_limits(world):
    member, board, curators = world
    cases = [on_steroids(member, board, days=20) for _n in range(2)]
    version = publish(curators, **{DOSE: 30})
    with as_worker():
        limits.follow()
    assert rewriting._step(sweep().pk)
    with transaction.atomic(), acting_as(curators[0]):
        limits.stop_sweep(by=curators[0], version=version)
    assert rewriting.rewrite() == 0
    assert "was stopped after 1" in followed_words(sweep())
    with transaction.atomic(), acting_as(curators[0]):
        limits.go_on(by=curators[0], version=version)
    with pytest.raises(CurationRefused), transaction.atomic(), acting_as(curators[0]):
        limits.go_on(by=curators[0], version=version)
    later = publish(curators, **{DOSE: 30, WEIGHT: 29})
    first, second = LimitSweep.objects.order_by("version__number")
    assert first.rewrite_state == SweepState.CANCELLED
    # Not all was told again under the first: the second does.
    assert (second.version, second.rewrite_state) == (later, SweepState.WAITING)
    with pytest.raises(CurationRefused), transaction.atomic(), acting_as(curators[0]):
        limits.go_on(by=curators[0], version=version)
    with as_worker():
        limits.follow()
    rewriting.rewrite()
    assert [dose(member, case)[0] for case in cases] == [5, 5]
    assert not lengthened(later.pk) and lengthened()


def test_a_limit_that_is_not_longer_writes_nothing_anew(world):
    member, board, curators = world
    case = on_steroids(member, board, days=5)
    publish(curators, **{DOSE: 10})
    assert sweep().rewrite_state == ""
    with as_worker():
        limits.follow()
    assert rewriting.rewrite() == 0
    assert "anew" not in followed_words(sweep())
    assert dose(member, case)[0] == 5
    publish(curators, **{DOSE: 10, WEIGHT: 31})
    assert sweep().rewrite_state == SweepState.WAITING, "a weight that counts for longer"


def test_a_board_where_nobody_may_edit_is_passed_over(world):
    member, board, curators = world
    case = on_steroids(member, board, days=20)
    publish(curators, **{DOSE: 30})
    with as_worker():
        limits.follow()
    Membership.objects.filter(board=board).exclude(role="curator").update(active=False)
    rewriting.rewrite()
    assert (sweep().rewrite_state, sweep().rewritten) == (SweepState.DONE, 0)
    Membership.objects.filter(board=board).update(active=True)
    assert dose(member, case) == (None, "missing")
    with transaction.atomic(), acting_as(member):
        refresh_facts(case=Case.objects.get(pk=case.pk))
    assert dose(member, case)[0] == 5
