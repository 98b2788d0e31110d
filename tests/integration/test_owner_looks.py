"""The owner reads identities while a function looks for people, and at no other time."""

from __future__ import annotations

from django.db import transaction

from accounts.acting import acting_as
from tests.factories.people import make_board, make_user
from tests.factories.record import CANARY, make_case

SEARCH = "SELECT case_id FROM rechallenge_search_cases(%s, '{}', '{}')"


def test_a_search_leaves_no_identity_open_behind_it(committed_db, superuser):
    with transaction.atomic():
        board = make_board()
        member = make_user("member", board)
        with acting_as(member):
            case = make_case(member, board)
    superuser.execute("SET ROLE rechallenge_owner")
    superuser.execute("PREPARE everybody AS SELECT count(*) FROM cases_patientidentity")
    for _again in range(7):  # past the plans that are made for one execution
        with superuser.transaction():
            superuser.execute("SELECT set_config('app.user_id', %s, true)", [str(member.pk)])
            # Found by its beginning, and once more by what it holds: whoever calls takes each once.
            assert set(superuser.execute(SEARCH, [CANARY]).fetchall()) == {(case.pk,)}
            assert superuser.execute("EXECUTE everybody").fetchone() == (0,)
        assert superuser.execute("SELECT count(*) FROM cases_patientidentity").fetchone() == (0,)
        assert superuser.execute(SEARCH, [CANARY]).fetchall() == []
    superuser.execute("RESET ROLE")
    assert superuser.execute("SELECT count(*) FROM cases_patientidentity").fetchone() == (1,)
