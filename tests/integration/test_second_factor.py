"""Second factors and old passwords: what is refused and what is changed is on the trail, and told by mail."""

from __future__ import annotations

import time
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING, Any

import pytest
from allauth.account.internal.flows import login
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.urls import reverse

from accounts.acting import acting_as, set_acting
from accounts.afterwards import do_what_waits
from accounts.services.signing_in import remove_factor
from audit.models import TrailEntry
from tests.factories.people import PASSWORD, make_board, make_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from accounts.models import Board, User

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"
NEW = "another-long-sentence"


@pytest.fixture(autouse=True)
def quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def the_last_code_too(settings: Any) -> None:
    """Take the code of the half minute before: a test may be slower than it lasts."""
    settings.MFA_TOTP_TOLERANCE = 1


@pytest.fixture
def boards(db: None) -> tuple[Board, Board]:
    return make_board(), make_board()


@pytest.fixture
def person(boards: tuple[Board, Board]) -> User:
    user = make_user("member", *boards)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def with_app(person: User) -> User:
    """The person, with an authenticator app and recovery codes."""
    totp.TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)
    return person


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Callable[[Callable[[], Any]], Any]:
    """Return what answers a request, commits and does what waits for the end of it."""

    def answered(request: Callable[[], Any]) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            answer = request()
        do_what_waits()
        return answer

    return answered


def code() -> str:
    counter = int(time.time()) // 30
    return str(totp.format_hotp_value(totp.hotp_value(SECRET, counter)))


def entries(kind: str, board: Board) -> list[TrailEntry]:
    with acting_as(make_user("administrator", board)):
        return list(TrailEntry.objects.filter(kind=kind, board_id=board.pk).order_by("pk"))


def on_each(kind: str, boards: tuple[Board, Board], count: int = 1) -> list[TrailEntry]:
    """Return the entries of a kind, having seen that each board has `count` of them."""
    found = [entries(kind, board) for board in boards]
    assert [len(rows) for rows in found] == [count, count], kind
    return [entry for rows in found for entry in rows]


def sign_in(client: Client, user: User) -> Any:
    set_acting(None)
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


def confirmed(client: Client, user: User) -> None:
    """Sign in, and have said again who it is: what allauth wants before it changes a second factor."""
    client.force_login(user)
    session = client.session
    said = {"method": "password", "at": time.time(), "reauthenticated": True}
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [said]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()
    set_acting(None)


def test_a_wrong_code_at_sign_in_is_entered(client, boards, with_app):
    assert sign_in(client, with_app).url == reverse("mfa_authenticate")
    answer = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "Incorrect code" in answer.content.decode()
    for entry in on_each("account.second_factor_refused", boards):
        assert (entry.actor_id, entry.subject_id, entry.detail) == (None, with_app.pk, {})
    assert client.post(reverse("mfa_authenticate"), {"code": code()}).status_code == 302
    on_each("account.second_factor_refused", boards)
    on_each("account.signed_in", boards)


def test_codes_beyond_the_limit_are_one_entry(client, boards, with_app):
    sign_in(client, with_app)
    for _ in range(8):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    on_each("account.second_factor_refused", boards, 5)
    on_each("account.sign_in_limited", boards)


def test_a_wrong_code_in_a_session_names_whose_it_is(client, boards, with_app):
    client.force_login(with_app)
    set_acting(None)
    client.post(reverse("mfa_reauthenticate"), {"code": "000000"})
    for entry in on_each("account.second_factor_refused", boards):
        assert entry.actor_id == entry.subject_id == with_app.pk


def a_key(user: User) -> str:
    handle = urlsafe_b64encode(user_pk_to_url_str(user).encode()).decode().rstrip("=")
    return f'{{"id": "AA", "rawId": "AA", "type": "public-key", "response": {{"userHandle": "{handle}"}}}}'


def test_a_wrong_key_is_entered(client, boards, with_app):
    sign_in(client, with_app)
    client.post(reverse("mfa_authenticate"), {"credential": a_key(with_app)})
    on_each("account.second_factor_refused", boards)


def test_a_wrong_passkey_is_entered_once_and_one_of_nobody_is_not(client, boards, person):
    set_acting(None)
    for _ in range(3):
        client.post(reverse("mfa_login_webauthn"), {"credential": a_key(person)})
    for entry in on_each("account.second_factor_refused", boards):
        assert (entry.actor_id, entry.subject_id) == (None, person.pk)
    for sent in ("{}", '{"response": 1}', "[]"):
        assert client.post(reverse("mfa_login_webauthn"), {"credential": sent}).status_code == 302
    on_each("account.second_factor_refused", boards)


def test_a_removed_factor_is_entered_and_its_owner_is_told(client, boards, with_app, committed):
    confirmed(client, with_app)
    assert committed(lambda: client.post(reverse("mfa_deactivate_totp"))).status_code == 302
    assert not Authenticator.objects.exists()
    told = on_each("account.second_factor_removed", boards, 2)
    assert {e.detail["factor"] for e in told} == {"totp", "recovery_codes"}
    assert {(e.actor_id, e.subject_id) for e in told} == {(with_app.pk, with_app.pk)}
    (sent,) = mail.outbox
    assert sent.to == [with_app.email]
    assert "The authenticator app was removed." in sent.body


def test_an_added_factor_is_entered(client, boards, person, monkeypatch, committed):
    confirmed(client, person)
    monkeypatch.setattr(totp, "get_totp_secret", lambda regenerate=False: SECRET)
    answer = committed(lambda: client.post(reverse("mfa_activate_totp"), {"code": code()}))
    assert answer.status_code == 302, answer.content.decode()
    told = on_each("account.second_factor_added", boards, 2)
    assert {e.detail["factor"] for e in told} == {"totp", "recovery_codes"}
    assert [m.body.split("\n")[0] for m in mail.outbox] == ["An authenticator app was added."]


def test_new_recovery_codes_are_entered(client, boards, with_app, committed):
    confirmed(client, with_app)
    committed(lambda: client.post(reverse("mfa_generate_recovery_codes")))
    assert {e.detail["factor"] for e in on_each("account.second_factor_reset", boards)} == {
        "recovery_codes"
    }


def test_the_trail_says_which_factor_it_was(client, boards, with_app):
    confirmed(client, with_app)
    client.post(reverse("mfa_deactivate_totp"))
    client.force_login(make_user("administrator", boards[0]))
    page = client.get(reverse("boards:trail")).content.decode()
    assert "Removed a second factor" in page
    assert "authenticator app" in page


def changed(client: Client, old: str) -> Any:
    sent = {"oldpassword": old, "password1": NEW, "password2": NEW}
    return client.post(reverse("account_change_password"), sent)


def test_a_wrong_old_password_is_entered(client, boards, person):
    client.force_login(person)
    set_acting(None)
    assert changed(client, "a-guess").status_code == 200
    for entry in on_each("account.password_refused", boards):
        assert (entry.actor_id, entry.subject_id, entry.detail) == (person.pk, person.pk, {})
    assert not mail.outbox


def test_a_changed_password_is_told_by_mail_with_nothing_of_the_request(client, person, committed):
    client.force_login(person)
    set_acting(None)
    client.defaults["HTTP_USER_AGENT"] = "Call 0900 1234 at once"
    assert committed(lambda: changed(client, PASSWORD)).status_code == 302
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([person.email], "Rechallenge: your account was changed")
    assert "Your password was changed." in sent.body
    assert "0900" not in sent.body and NEW not in sent.body


def test_what_was_changed_stands_when_the_mail_server_is_down(client, person, settings, committed):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    client.force_login(person)
    set_acting(None)
    assert committed(lambda: changed(client, PASSWORD)).status_code == 302
    person.refresh_from_db()
    assert person.check_password(NEW)


def test_a_superuser_removes_a_lost_factor_and_sees_no_secret(client, boards, with_app, committed):
    superuser = make_user("administrator", make_board(), is_staff=True, is_superuser=True)
    client.force_login(superuser)
    factor = Authenticator.objects.get(type="totp")
    page = client.get(reverse("admin:mfa_authenticator_change", args=[factor.pk]))
    assert page.status_code == 200
    assert SECRET not in page.content.decode()
    assert client.get(reverse("admin:mfa_authenticator_add")).status_code == 403
    remove = reverse("admin:mfa_authenticator_delete", args=[factor.pk])
    assert committed(lambda: client.post(remove, {"post": "yes"})).status_code == 302
    assert not Authenticator.objects.exists()
    told = on_each("account.second_factor_removed", boards, 2)
    assert {(e.actor_id, e.subject_id) for e in told} == {(superuser.pk, with_app.pk)}
    assert [m.to for m in mail.outbox] == [[with_app.email]]


def test_several_factors_are_removed_at_once(client, boards, with_app):
    client.force_login(make_user("administrator", is_staff=True, is_superuser=True))
    chosen = [str(pk) for pk in Authenticator.objects.values_list("pk", flat=True)]
    sent = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    assert client.post(reverse("admin:mfa_authenticator_changelist"), sent).status_code == 302
    assert not Authenticator.objects.exists()
    on_each("account.second_factor_removed", boards, 2)


def test_recovery_codes_stay_while_another_factor_does(boards, with_app):
    superuser = make_user("administrator", is_staff=True, is_superuser=True)
    Authenticator.objects.create(user=with_app, type="webauthn", data={})
    Authenticator.objects.get_or_create(
        user=with_app, type="recovery_codes", defaults={"data": {"seed": "s", "used_mask": 0}}
    )
    remove_factor(by=superuser, authenticator=Authenticator.objects.get(type="totp"))
    assert set(Authenticator.objects.values_list("type", flat=True)) == {
        "webauthn", "recovery_codes",
    }  # fmt: skip
    on_each("account.second_factor_removed", boards, 1)


def test_staff_who_are_no_superusers_see_no_second_factors(client, with_app):
    client.force_login(make_user("administrator", is_staff=True))
    assert client.get(reverse("admin:mfa_authenticator_changelist")).status_code == 403
