"""A task that was waited for tells who has it by then."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from accounts.acting import acting_as
from cases.models import FactTask
from cases.services.tasks import ask_once, hold_tasks, owe_fact, take_back
from tests.factories.people import make_board, make_user
from tests.factories.record import make_case
from tests.integration.test_merging_races import until_waiting


@pytest.fixture
def owed(committed_db):
    """A fact of a case that nobody has, its member, and who else sits on the board."""
    board = make_board("North")
    member, other = make_user("member", board), make_user("nurse", board)
    with transaction.atomic(), acting_as(member):
        case = make_case(member, board)
        owe_fact(by=member, case=case, fact="ecog", owner=None, due_on=None)
    return member, other, case


def held_by(member, other, case, superuser, work):
    """Give the fact to `other`, as one who holds no case does, while `work` waits for it."""

    def second():
        try:
            with transaction.atomic(), acting_as(member):
                return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic(), acting_as(member):
            FactTask.objects.filter(case=case, fact="ecog").update(owner=other)
            run = pool.submit(second)
            until_waiting(superuser, run)
        return run.result(timeout=60)


def test_the_owner_is_read_after_the_wait(owed, superuser):
    member, other, case = owed
    found = held_by(*owed, superuser, lambda: hold_tasks(case, ["ecog", "histology"]))
    assert {fact: task.owner for fact, task in found.items()} == {"ecog": other}
    with transaction.atomic(), acting_as(member):
        assert hold_tasks(case, ["histology"]) == {}


def test_nobody_is_asked_over_the_head_of_who_was_asked_meanwhile(owed, superuser):
    member, other, case = owed
    asked = {"by": member, "case": case, "fact": "ecog"}
    ask = lambda: ask_once(**asked, owner=member, due_on=None)  # noqa: E731
    assert held_by(*owed, superuser, ask) is None
    with transaction.atomic(), acting_as(member):
        assert FactTask.objects.get().owner == other
        assert take_back(**asked, owner=str(other.public_id))
