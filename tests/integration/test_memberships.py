"""Roles are given and ended by the services alone: who may, what is refused, what is on the trail."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from accounts.acting import acting_as, set_acting
from accounts.models import Board, Membership, User
from accounts.policies import LastAdministrator, NotAllowed, OwnMembership
from accounts.services.accounts import save_account
from accounts.services.boards import save_board
from accounts.services.memberships import end_membership, give_membership
from audit.models import TrailEntry
from tests.factories.people import make_board, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(board):
    return make_user("administrator", board)


@pytest.fixture
def root(db):
    return make_user("superuser", is_superuser=True, is_staff=True)


def held(user, board):
    return set(user.memberships.filter(board=board, active=True).values_list("role", flat=True))


def entry(kind, reader):
    with acting_as(reader):
        return TrailEntry.objects.filter(kind=kind).latest("pk")


def test_an_administrator_gives_a_role_and_ends_it(board, administrator, nurse):
    row = give_membership(by=administrator, board=board, user=nurse, role="member", specialty="")
    assert held(nurse, board) == {"nurse", "member"}
    given = entry("membership.given", administrator)
    assert (given.board_id, given.actor_id) == (board.pk, administrator.pk)
    assert (given.subject_type, given.subject_id) == ("accounts.user", nurse.pk)
    assert given.detail == {"role": "member", "specialty": "", "new": True}
    end_membership(by=administrator, membership=row)
    assert held(nurse, board) == {"nurse"}
    ended = entry("membership.ended", administrator)
    assert (ended.subject_id, ended.detail["role"]) == (nurse.pk, "member")


def test_an_ended_role_is_given_again_in_the_same_row(board, administrator, nurse):
    row = nurse.memberships.get()
    end_membership(by=administrator, membership=row)
    again = give_membership(
        by=administrator, board=board, user=nurse, role="nurse", specialty="respiratory"
    )
    assert (again.pk, again.active, again.specialty) == (row.pk, True, "respiratory")


def test_ending_twice_is_one_entry(board, administrator, nurse):
    row = nurse.memberships.get()
    end_membership(by=administrator, membership=row)
    end_membership(by=administrator, membership=row)
    with acting_as(administrator):
        assert TrailEntry.objects.filter(kind="membership.ended").count() == 1


@pytest.mark.parametrize("role", ["member", "chair", "coordinator", "nurse", "curator", "registry"])
def test_no_other_role_may(board, nurse, role):
    by = make_user(role, board)
    for act in (
        lambda: give_membership(by=by, board=board, user=nurse, role="chair"),
        lambda: end_membership(by=by, membership=nurse.memberships.get()),
    ):
        with pytest.raises(NotAllowed, match="Administrator"):
            act()
    assert held(nurse, board) == {"nurse"}


def test_an_administrator_of_another_board_may_not(board, other_board, nurse):
    by = make_user("administrator", other_board)
    with pytest.raises(NotAllowed, match=board.name):
        give_membership(by=by, board=board, user=nurse, role="chair")
    with pytest.raises(NotAllowed, match=board.name):
        end_membership(by=by, membership=nurse.memberships.get())


def test_a_superuser_may_on_every_board(board, root, nurse):
    give_membership(by=root, board=board, user=nurse, role="administrator")
    assert held(nurse, board) == {"nurse", "administrator"}


@pytest.mark.parametrize("who", ["administrator", "root"])
def test_nobody_changes_their_own(board, request, who):
    by = request.getfixturevalue(who)
    make_user("administrator", board)
    with pytest.raises(OwnMembership, match="ask another administrator"):
        give_membership(by=by, board=board, user=by, role="chair")
    for row in by.memberships.all():
        with pytest.raises(OwnMembership):
            end_membership(by=by, membership=row)
    assert "chair" not in held(by, board)


def test_the_last_administrator_stays_until_there_is_another(board, administrator, root, nurse):
    row = administrator.memberships.get()
    with pytest.raises(LastAdministrator, match="give the role to somebody first"):
        end_membership(by=root, membership=row)
    make_user("administrator", board, is_active=False)
    with pytest.raises(LastAdministrator):
        end_membership(by=root, membership=row)
    give_membership(by=root, board=board, user=nurse, role="administrator")
    end_membership(by=nurse, membership=row)
    assert not held(administrator, board)


def test_a_role_that_is_held_and_an_account_that_is_off_are_refused(board, administrator, nurse):
    with pytest.raises(ValidationError, match="has the role “Monitoring nurse”"):
        give_membership(
            by=administrator,
            board=board,
            user=nurse,
            role="nurse",
            specialty=nurse.memberships.get().specialty,
        )
    off = make_user("member", is_active=False)
    with pytest.raises(ValidationError, match="switched off"):
        give_membership(by=administrator, board=board, user=off, role="member")


def test_a_role_that_does_not_exist_is_refused(board, administrator, nurse):
    with pytest.raises(ValidationError):
        give_membership(by=administrator, board=board, user=nurse, role="owner")


def test_only_a_superuser_makes_and_changes_boards(administrator, root):
    with pytest.raises(NotAllowed, match="superuser"):
        save_board(by=administrator, board=Board(), values={"name": "Mine", "hospital": "Mine"})
    board = save_board(by=root, board=Board(), values={"name": "New Board", "hospital": "H"})
    save_board(by=root, board=board, values={"hospital": "Other"})
    with acting_as(root):
        kinds = TrailEntry.objects.filter(board_id=board.pk).order_by("pk")
        assert list(kinds.values_list("kind", flat=True)) == ["board.made", "board.changed"]
    with pytest.raises(ValidationError):
        save_board(by=root, board=Board(), values={"name": "", "hospital": "H"})


def test_switching_off_the_last_administrator_is_refused(board, administrator, root):
    with pytest.raises(LastAdministrator):
        save_account(by=root, account=administrator, values={"is_active": False})
    make_user("administrator", board)
    save_account(by=root, account=administrator, values={"is_active": False})
    administrator.refresh_from_db()
    assert not administrator.is_active
    changed = entry("account.changed", root)
    assert (changed.board_id, changed.detail) == (board.pk, {"fields": ["is_active"]})


def test_only_a_superuser_changes_accounts(administrator, nurse):
    with pytest.raises(NotAllowed):
        save_account(by=administrator, account=nurse, values={"is_superuser": True})


def test_an_account_is_made_without_a_password(root):
    account = save_account(
        by=root, account=User(), values={"email": "a@example.org", "name": "A", "is_active": True}
    )
    assert not account.has_usable_password()
    assert entry("account.made", root).subject_id == account.pk


# The database holds the same for whoever comes another way.


def test_the_database_refuses_that_somebody_changes_their_own_role(board, nurse):
    with acting_as(nurse), transaction.atomic():
        with pytest.raises(DatabaseError, match="their own memberships"), transaction.atomic():
            Membership.objects.create(user=nurse, board=board, role="chair")
        with pytest.raises(DatabaseError, match="their own memberships"), transaction.atomic():
            nurse.memberships.update(active=False)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"role": "chair"}, "ended and another one given"),
        ({"active": False}, "last administrator"),
    ],
)
def test_the_database_keeps_roles_and_last_administrators(administrator, change, words):
    set_acting(None)
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        administrator.memberships.update(**change)


def test_the_database_keeps_memberships_users_and_boards(administrator):
    for model in (Membership, User, Board):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            model.objects.all()._raw_delete("default")


def test_refusals_are_refusals():
    assert issubclass(OwnMembership, PermissionDenied)
    assert issubclass(LastAdministrator, PermissionDenied)


# Django's admin goes through the same services.


def rows(**new):
    """Return the inline's part of the admin's form with no row that is there already."""
    data = {"memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0"}
    return data | {f"memberships-0-{name}": value for name, value in new.items()}


def account(user, **changed):
    values = {"email": user.email, "name": user.name, "title": user.title, "is_active": "on"}
    return {name: value for name, value in {**values, **changed}.items() if value is not None}


def test_the_admin_gives_and_ends_roles_by_the_service(client, board, administrator, root, nurse):
    client.force_login(root)
    url = f"/admin/accounts/user/{nurse.pk}/change/"
    row = nurse.memberships.get()
    there = {
        "memberships-TOTAL_FORMS": "2",
        "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": row.pk,
        "memberships-0-user": nurse.pk,
        "memberships-0-specialty": row.specialty,
        "memberships-1-user": nurse.pk,
        "memberships-1-board": board.pk,
        "memberships-1-role": "coordinator",
        "memberships-1-specialty": "coordinator",
        "memberships-1-active": "on",
    }
    response = client.post(url, {**account(nurse), **there})
    assert response.status_code == 302, response.content.decode()
    assert held(nurse, board) == {"coordinator"}
    with acting_as(administrator):
        found = TrailEntry.objects.filter(kind__startswith="membership.", actor=root)
        assert {(e.kind, e.detail["role"]) for e in found} == {
            ("membership.ended", "nurse"),
            ("membership.given", "coordinator"),
        }


def test_the_admin_refuses_ones_own_role_beside_the_row(client, board, root):
    client.force_login(root)
    url = f"/admin/accounts/user/{root.pk}/change/"
    new = rows(user=root.pk, board=board.pk, role="chair", specialty="", active="on")
    response = client.post(url, {**account(root, is_superuser="on", is_staff="on"), **new})
    assert response.status_code == 200
    assert "Nobody changes their own roles" in response.content.decode()
    assert not held(root, board)


def test_the_admin_refuses_to_leave_a_board_without_administrator(client, administrator, root):
    client.force_login(root)
    url = f"/admin/accounts/user/{administrator.pk}/change/"
    row = administrator.memberships.get()
    keep = {
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": row.pk,
        "memberships-0-user": administrator.pk,
        "memberships-0-specialty": row.specialty,
    }
    response = client.post(url, {**account(administrator), **keep})
    assert "is the last administrator of" in response.content.decode()
    off = client.post(
        url, {**account(administrator, is_active=None), **keep, "memberships-0-active": "on"}
    )
    assert "is the last administrator of" in off.content.decode()
    row.refresh_from_db()
    administrator.refresh_from_db()
    assert row.active and administrator.is_active


def test_the_admin_says_what_a_new_role_needs(client, board, root):
    client.force_login(root)
    off = make_user("member", is_active=False)
    url = f"/admin/accounts/user/{off.pk}/change/"
    new = {"user": off.pk, "board": board.pk, "role": "chair", "specialty": ""}
    inactive = client.post(url, {**account(off), **rows(**new)})
    assert "A new role is given as active" in inactive.content.decode()
    switched_off = client.post(url, {**account(off, is_active=None), **rows(**new, active="on")})
    assert "This account is switched off" in switched_off.content.decode()


def test_the_admin_makes_boards_and_accounts_by_the_service(client, root):
    client.force_login(root)
    response = client.post(
        "/admin/accounts/board/add/",
        {
            "name": "Third Board",
            "hospital": "H",
            "zone": "Europe/London",
            "active": "on",
            "oligoprogression_definition": "review",
        },
    )
    assert response.status_code == 302
    new = {"email": "Fresh@Example.org", "name": "Fresh", "title": "", "is_active": "on"}
    response = client.post("/admin/accounts/user/add/", {**new, **rows(active="on")})
    assert response.status_code == 302, response.content.decode()
    assert not User.objects.get(email="fresh@example.org").has_usable_password()
    with acting_as(root):
        kinds = set(TrailEntry.objects.filter(actor=root).values_list("kind", flat=True))
    assert {"board.made", "account.made"} <= kinds


def test_the_admin_lets_only_superusers_change_people_and_nobody_remove_them(client, nurse, root):
    staff = make_user("curator", make_board(), is_staff=True)
    client.force_login(staff)
    assert client.get("/admin/accounts/user/add/").status_code == 403
    client.force_login(root)
    assert client.get(f"/admin/accounts/user/{nurse.pk}/change/").status_code == 200
    assert client.get(f"/admin/accounts/user/{nurse.pk}/delete/").status_code == 403
