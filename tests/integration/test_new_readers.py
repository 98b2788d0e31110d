"""Whoever gets a role that reads patients is told of to the board's other chairs: by mail and on their start page."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import trail
from accounts.acting import set_acting
from accounts.afterwards import after_the_answer, do_what_waits, something_waits
from accounts.permissions import PATIENT_ROLES, Role
from accounts.services.memberships import end_membership, give_membership
from audit.services import record
from tests.factories.people import make_board, make_user
from tests.factories.record import CANARY, make_case

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from accounts.models import Board, User

pytestmark = pytest.mark.django_db
TITLE = "New access to patients"


@pytest.fixture
def administrator(board: Board) -> User:
    return make_user("administrator", board)


@pytest.fixture
def give(
    board: Board, administrator: User, django_capture_on_commit_callbacks: Any
) -> Callable[..., list[str]]:
    """Return what gives a role, by the administrator, and tells who got a mail of it."""

    def given(user: User, role: str, by: User = administrator, **rest: Any) -> list[str]:
        mail.outbox.clear()
        set_acting(by)
        with django_capture_on_commit_callbacks(execute=True):
            give_membership(by=by, board=board, user=user, role=role, **rest)
        do_what_waits()
        return sorted(address for sent in mail.outbox for address in sent.to)

    return given


def home(client: Client, user: User) -> str:
    client.force_login(user)
    return client.get(reverse("home")).content.decode()


def test_the_other_chairs_are_told_by_mail_and_on_their_start_page(
    client, board, administrator, chair, member, give
):
    make_case(member, board)
    second, elsewhere = make_user("chair", board), make_user("chair", make_board())
    alias = make_user("registry", make_board())
    assert give(alias, "chair") == sorted([chair.email, second.email])
    sent = mail.outbox[0]
    assert f"{administrator.name} has given {alias.name} the role “Chair”" in sent.body
    assert board.name in sent.body
    assert CANARY not in sent.body and "RC-" not in sent.body
    for told in (chair, second):
        page = home(client, told)
        assert TITLE in page
        assert alias.name in page and f"given by {administrator.name}" in page
    for not_told in (elsewhere, member, administrator):
        assert TITLE not in home(client, not_told)
    assert TITLE not in home(client, alias)


@pytest.mark.parametrize("role", list(Role))
def test_only_roles_that_read_patients_are_told_of(role, chair, give):
    somebody = make_user("member", make_board())
    expected = [chair.email] if role in PATIENT_ROLES else []
    assert give(somebody, role) == expected


def test_without_another_chair_the_other_administrators_are_told(board, administrator, give):
    other = make_user("administrator", board)
    somebody = make_user("member", make_board())
    assert give(somebody, "chair") == [other.email]
    switched_off = make_user("chair", board, is_active=False)
    assert switched_off.email not in give(somebody, "nurse")


def test_another_specialty_is_no_news_and_a_role_given_again_is(board, administrator, chair, give):
    somebody = make_user("member", make_board())
    assert give(somebody, "member", specialty="hepatology") == [chair.email]
    assert give(somebody, "member", specialty="radiology") == []
    end_membership(by=administrator, membership=somebody.memberships.get(board=board))
    assert give(somebody, "member", specialty="radiology") == [chair.email]


def test_the_start_page_names_a_role_once_while_it_stands(
    client, board, administrator, chair, give
):
    somebody = make_user("member", make_board())
    give(somebody, "member", specialty="hepatology")
    give(somebody, "member", specialty="radiology")
    assert [row.name for row in trail.new_readers(chair, 8)] == [somebody.name]
    own = somebody.memberships.get(board=board)
    end_membership(by=administrator, membership=own)
    assert not trail.new_readers(chair, 8) and TITLE not in home(client, chair)
    give(somebody, "member", specialty="radiology")
    give(somebody, "nurse")
    assert [row.role for row in trail.new_readers(chair, 8)] == ["Monitoring nurse", "Member"]


def test_another_specialty_names_nobody_whose_role_is_old(client, board, chair, member, give):
    give(member, "member", specialty="radiology")
    assert not trail.new_readers(chair, 8) and TITLE not in home(client, chair)


def test_an_entry_that_does_not_say_whether_the_role_was_new_counts(
    board, administrator, chair, nurse
):
    detail = {"role": "nurse", "specialty": ""}
    record("membership.given", by=administrator, board=board, subject=nurse, detail=detail)
    set_acting(chair)
    assert [row.name for row in trail.new_readers(chair, 8)] == [nurse.name]


def test_the_start_page_tells_of_it_for_two_weeks(client, chair, give, monkeypatch):
    give(make_user("member", make_board()), "nurse")
    assert TITLE in home(client, chair)
    later = timezone.now() + timedelta(days=15)
    monkeypatch.setattr(trail.timezone, "now", lambda: later)
    assert not trail.new_readers(chair, 8)


def test_the_start_page_costs_two_queries_however_many_there_are(client, chair, give):
    counts = []
    for more in (1, 6):
        for _ in range(more):
            give(make_user("member", make_board()), "member")
        home(client, chair)
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("home"))
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_a_role_is_given_while_the_mail_server_is_down(board, chair, give, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    somebody = make_user("member", make_board())
    assert give(somebody, "nurse") == []
    assert somebody.memberships.filter(board=board, role="nurse", active=True).exists()


def test_however_many_are_told_the_mail_server_is_asked_once(
    board, chair, give, settings, monkeypatch
):
    chairs = [chair, *(make_user("chair", board) for _ in range(3))]
    assert give(make_user("member", make_board()), "nurse") == sorted(c.email for c in chairs)
    assert len(mail.outbox) == 1
    asked = []

    def down(*server: Any, **_rest: Any) -> None:
        asked.append(server)
        raise TimeoutError

    monkeypatch.setattr(smtplib, "SMTP", down)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert give(make_user("member", make_board()), "nurse") == []
    assert len(asked) == 1


def test_what_fails_after_the_answer_keeps_nothing_behind_it():
    done = []
    for call in (lambda: 1 / 0, lambda: done.append("mailed")):
        after_the_answer(call)
    do_what_waits()
    assert done == ["mailed"] and not something_waits()
