"""The rule on a view, the acting user, accounts, and the operations that migrations are made of."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from accounts.access import public, requires
from accounts.acting import NoTransaction, act, acting_as, set_acting
from accounts.models import User
from accounts.policies import NotAllowed
from accounts.rowsecurity import EnableRowSecurity, Freeze, GrantWorker, Revoke
from accounts.services.accounts import save_account
from audit import subjects
from audit.middleware import RefusalMiddleware
from audit.models import TrailEntry
from audit.services import record
from cases.models import Case
from tests.factories.people import make_user
from tests.factories.record import make_case


def test_a_permission_that_is_in_no_table_is_a_mistake():
    with pytest.raises(LookupError, match=r"made\.up"):
        requires("made.up")


@requires("case.view")
def guarded(request):
    return HttpResponse(str(Case.objects.count()))


@public("a test of the rule")
def opened(request):
    return HttpResponse(str(Case.objects.count()))


def asked(user, **headers):
    request = RequestFactory().get("/somewhere", headers=headers)
    request.user, request.htmx = user, bool(headers)
    return request


@pytest.mark.django_db
def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_htmx_is_told(member):
    page = guarded(asked(AnonymousUser()))
    assert (page.status_code, page.headers["Location"]) == (302, "/accounts/login/?next=/somewhere")
    assert guarded(asked(AnonymousUser(), **{"HX-Request": "true"})).status_code == 401


@pytest.mark.django_db
def test_on_an_open_view_nobody_acts(board, member):
    make_case(member, board)
    assert guarded(asked(member)).content == b"1"
    assert opened(asked(member)).content == b"0"


@pytest.mark.django_db
def test_somebody_without_a_role_acts_and_may_nothing(board, member):
    make_case(member, board)
    with acting_as(member):
        act(make_user("member"))
        assert not Case.objects.exists(), "the user before no longer acts"
        with pytest.raises(NotAllowed):
            guarded(asked(make_user("member")))


def test_nobody_acts_outside_a_transaction(committed_db):
    for attempt in (lambda: set_acting(None), lambda: act(User(pk=1))):
        with pytest.raises(NoTransaction):
            attempt()


@pytest.mark.django_db
def test_the_acting_user_and_the_memberships_cost_one_query(member, django_assert_num_queries):
    fresh = User.objects.get(pk=member.pk)
    with django_assert_num_queries(1):
        act(fresh)
        assert fresh.can_anywhere("case.view")


@pytest.mark.django_db
def test_accounts_are_found_whatever_the_case_of_their_address():
    made = User.objects.create_user("Ann@Example.org", "Ann", "secret-enough-words")
    root = User.objects.create_superuser("Root@Example.org", "Root", "secret-enough-words")
    assert made.email == "ann@example.org" and root.is_staff and root.is_superuser
    assert User.objects.get_by_natural_key("ANN@example.org") == made
    assert (made.get_full_name(), made.get_short_name(), str(made)) == ("Ann", "Ann", "Ann")


@pytest.mark.django_db
def test_a_member_is_switched_off_without_further_ado(nurse):
    root = make_user("superuser", is_superuser=True)
    assert not save_account(by=root, account=nurse, values={"is_active": False}).is_active


@pytest.mark.django_db
def test_the_character_nul_is_refused(client, member):
    client.force_login(member)
    assert client.get(reverse("cases:list") + "?state=%00").status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["email/", "confirm-email/", "confirm-email/key/"])
def test_an_address_cannot_be_changed_by_its_owner(client, member, path):
    client.force_login(member)
    assert client.get(f"/accounts/{path}").status_code == 404
    assert client.post(f"/accounts/{path}").status_code == 404


@pytest.mark.django_db
def test_only_refusals_are_entered(rf, member):
    request = rf.get("/")
    request.user, request.resolver_match = member, object()
    RefusalMiddleware(lambda r: HttpResponse()).process_exception(request, ValueError())
    assert not TrailEntry.objects.exists()


@pytest.mark.django_db
def test_an_entry_names_its_moment_and_kind(board, member):
    record("meeting.created", by=member, board=board)
    assert str(TrailEntry.objects.get()).endswith("meeting.created")


def test_what_names_subjects_is_registered_once():
    before = list(subjects._namers), list(subjects._finders)
    for namer in before[0]:
        subjects.register(namer)
    for finder in before[1]:
        subjects.register_cases(finder)
    assert (subjects._namers, subjects._finders) == before


@pytest.mark.parametrize(
    "operation",
    [
        EnableRowSecurity("a_table", "owner_id", "SELECT"),
        GrantWorker("a_table", "SELECT"),
        Revoke("a_table", "DELETE"),
        Freeze("a_table", "OLD.done", "false"),
    ],
)
def test_operations_can_be_written_into_a_migration_again(operation):
    name, args, kwargs = operation.deconstruct()
    again = type(operation)(*args, **kwargs)
    assert name == type(operation).__name__
    assert (again.sql, again.reverse_sql) == (operation.sql, operation.reverse_sql)
