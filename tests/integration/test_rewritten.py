"""Where an age limit became longer, open cases are told anew by themselves: what was too old may hold again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from structlog.testing import capture_logs

from accounts.acting import acting_as
from accounts.models import Membership
from cases.limits import lengthened
from cases.models import Case, CaseFacts, LimitSweep, Section, SweepState
from cases.presenters.rules import followed_words
from cases.rules_admin import _sweep_steps
from cases.services import limits, rewriting
from cases.services.facts import refresh_facts
from cases.services.history import set_complete
from cases.services.sections import locked_version
from cases.services.steroids import save_steroid
from cases.states import CaseState
from cases.tasks import rewrite_facts
from cases.whole_record import fetch_record
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
        "indication": "other_disease", "indication_state": "known", "now_mg_per_day": 5,
        "now_mg_per_day_state": "known", "now_on": day,
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


def test_a_board_where_nobody_may_edit_is_taken_up_once_somebody_may(world):
    member, board, curators = world
    cases = [on_steroids(member, board, days=20) for _n in range(2)]
    with transaction.atomic():
        make_board("Board without anybody")
    publish(curators, **{DOSE: 30})
    with as_worker():
        limits.follow()
    seats = Membership.objects.filter(board=board)
    seats.exclude(role="curator").update(active=False)
    rewriting.rewrite()
    assert (sweep().rewrite_state, sweep().rewritten) == (SweepState.DONE, 0)
    assert len(sweep().boards_left) == 2
    assert "2 boards wait for somebody who may edit their cases" in followed_words(sweep())
    assert rewrite_facts() == 0
    seats.update(active=True)
    assert rewriting.rewrite(seconds=0) == 0
    assert rewriting._take_up(sweep().pk)
    assert [dose(member, case)[0] for case in cases] == [5, None]
    # The other case, and the end of the board.
    assert rewrite_facts() == 2
    assert [dose(member, case)[0] for case in cases] == [5, 5]
    assert (sweep().rewrite_state, sweep().rewritten) == (SweepState.DONE, 2)
    assert "1 board waits for somebody who may edit its cases" in followed_words(sweep())
    LimitSweep.objects.update(rewrite_state=SweepState.CANCELLED)
    assert not rewriting._take_up(sweep().pk)


@pytest.fixture
def broken(monkeypatch):
    """The keys of cases that the database refuses to write."""
    keys: set[int] = set()

    def refuse(*, case):
        if case.pk in keys:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        return refresh_facts(case=case)

    monkeypatch.setattr(rewriting, "refresh_facts", refuse)
    return keys


def test_a_case_that_raises_is_passed_over_and_tried_again_when_a_curator_says_so(world, broken):
    member, board, curators = world
    cases = [on_steroids(member, board, days=20) for _n in range(3)]
    version = publish(curators, **{DOSE: 30})
    with as_worker():
        limits.follow()
    broken.add(cases[1].pk)
    with capture_logs() as logs:
        rewriting.rewrite()
    assert [dose(member, case)[0] for case in cases] == [5, None, 5]
    assert (sweep().rewrite_state, sweep().rewritten) == (SweepState.DONE, 2)
    assert sweep().failed_cases == [cases[1].pk]
    told = [one for one in logs if one["event"] == "limits.not_rewritten"]
    assert [(one["kind"], len(one)) for one in told] == [("DataError", 3)]
    words = followed_words(sweep())
    assert "2 open cases were written anew, for a limit is longer; 1 case could not be" in words
    assert _sweep_steps(version) == ["go_on"]
    broken.clear()
    with transaction.atomic(), acting_as(curators[0]):
        limits.go_on(by=curators[0], version=version)
    assert _sweep_steps(version) == ["stop"]
    rewriting.rewrite()
    assert [dose(member, case)[0] for case in cases] == [5, 5, 5]
    assert (sweep().rewritten, sweep().failed_cases) == (3, [])
    assert _sweep_steps(version) == []


def test_where_too_many_raise_it_stops_and_begins_again_when_a_curator_says_so(
    world, broken, monkeypatch
):
    member, board, curators = world
    cases = [on_steroids(member, board, days=20) for _n in range(2)]
    version = publish(curators, **{DOSE: 30})
    with as_worker():
        limits.follow()
    monkeypatch.setattr(rewriting, "MOST_FAILED", 1)
    broken.add(cases[0].pk)
    rewriting.rewrite()
    assert sweep().rewrite_state == SweepState.CANCELLED
    assert "was stopped after 0; 1 case could not be" in followed_words(sweep())
    assert [dose(member, case)[0] for case in cases] == [None, None]
    broken.clear()
    with transaction.atomic(), acting_as(curators[0]):
        limits.go_on(by=curators[0], version=version)
    rewriting.rewrite()
    assert [dose(member, case)[0] for case in cases] == [5, 5]


def test_a_case_that_was_read_before_a_save_is_read_again_under_the_lock(world):
    member, board, _curators = world
    case = on_steroids(member, board, days=20)
    with transaction.atomic(), acting_as(member):
        old = Case.objects.select_related("patient__merged_into").get(pk=case.pk)
        fetch_record([old.patient])
        day = timezone.localdate()
        said = {"now_mg_per_day": 7, "now_mg_per_day_state": "known", "now_on": day}
        save_steroid(
            by=member,
            case=case,
            version=locked_version(case, Section.STEROIDS),
            values=said,
            public_id=case.patient.steroids.get().public_id,
        )
    assert dose(member, case)[0] == 7
    with transaction.atomic(), acting_as(member), CaptureQueriesContext(connection) as asked:
        refresh_facts(case=old)
    assert dose(member, case)[0] == 7
    texts = [one["sql"] for one in asked]
    held = next(n for n, text in enumerate(texts) if "FOR NO KEY UPDATE" in text)
    assert not any("cases_steroidcourse" in text for text in texts[:held])
    assert any('FROM "cases_case"' in text for text in texts[held:])
