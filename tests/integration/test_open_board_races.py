"""On which board a case is open stays true beside whoever saves it at the same moment, and is checked afterwards."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management.base import CommandError
from django.db import transaction

from accounts.acting import set_acting
from cases.models import Case, CaseFacts
from cases.services.facts import refresh_facts
from cases.states import CaseState
from tests.factories.people import make_board, make_user
from tests.factories.record import make_case
from tests.integration.test_commands import verify
from tests.integration.test_lots import forgotten, of_boards
from tests.integration.test_merging_races import alone, until_waiting


@pytest.fixture
def opened(committed_db):
    """A case that is open, and who saves it."""
    with transaction.atomic():
        board = make_board()
        member = make_user("member", board)
        set_acting(member)
        return make_case(member, board), member


@pytest.mark.parametrize("first", ["close", "save"])
@pytest.mark.parametrize("without_facts", [False, True])
def test_closed_and_saved_at_once_it_is_open_nowhere(opened, superuser, first, without_facts):
    case, member = opened
    if without_facts:
        superuser.execute("DELETE FROM cases_casefacts")

    def close():
        assert Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED) == 1

    def save():
        refresh_facts(case=case)

    before, after = (close, save) if first == "close" else (save, close)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            set_acting(member)
            before()
            run = pool.submit(alone, member, after)
            until_waiting(superuser, run)
            assert not run.done()
        assert run.result(timeout=60) == "done"
    assert of_boards(superuser) == {case.pk: None}


@pytest.mark.parametrize("state", [CaseState.CLOSED, CaseState.REFERRED])
def test_another_board_than_that_of_the_case_is_found_and_repaired(opened, superuser, state):
    case, member = opened
    with transaction.atomic():
        set_acting(member)
        Case.objects.filter(pk=case.pk).update(state=state)
        right = CaseFacts.objects.get(case=case).open_board_id
    wrong = case.board_id if right is None else "NULL"
    forgotten(superuser, f"UPDATE cases_casefacts SET open_board_id = {wrong}")
    with pytest.raises(CommandError, match=f"1 of 1 rows differ: {case.reference}"):
        verify(member.email)
    assert verify(member.email, repair=True) == "1 rows compared, 1 rewritten.\n"
    assert of_boards(superuser) == {case.pk: right}
    assert verify(member.email) == "1 rows compared, 0 rewritten.\n"
