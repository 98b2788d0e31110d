"""Signing in: limits that count across processes, what the trail keeps of an attempt, links in mails."""

from __future__ import annotations

import re
import uuid
from smtplib import SMTPServerDisconnected
from typing import Any, ClassVar

import pytest
from django.conf import settings as project_settings
from django.core import mail
from django.core.cache import cache, caches
from django.core.cache.backends import locmem
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse

from accounts.acting import acting_as, set_acting
from audit.models import TrailEntry
from rechallenge.cache import JSONSerializer, SharedCounts
from rechallenge.env import client_url
from tests.factories.people import PASSWORD, make_board, make_user

pytestmark = pytest.mark.django_db
LOGIN = reverse("account_login")
SHARED = project_settings.CACHES["default"]


@pytest.fixture(autouse=True)
def quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def valkey(settings: Any) -> None:
    """Count in Valkey as the product does, under names of this test's own."""
    use_cache(settings, SHARED["LOCATION"])


def use_cache(settings: Any, location: str) -> None:
    settings.CACHES = {
        "default": {**SHARED, "LOCATION": location, "KEY_PREFIX": uuid.uuid4().hex, "TIMEOUT": 60}
    }
    SharedCounts.away_until = 0.0


def another_process() -> None:
    """Go on as a process that has nothing in its memory: only what is in Valkey is still known."""
    for kept in (locmem._caches, locmem._expire_info, locmem._locks):
        kept.clear()
    del caches["default"]


@pytest.fixture
def person(board):
    user = make_user("member", board)
    user.set_password(PASSWORD)
    user.save()
    return user


def attempt(client, email, typed="wrong", **headers):
    return client.post(LOGIN, {"login": email, "password": typed}, headers=headers)


def refused_as_too_many(response):
    return b"Too many failed login attempts" in response.content


def entries(kind, reader):
    with acting_as(reader):
        return list(TrailEntry.objects.filter(kind=kind).order_by("pk"))


def test_the_product_counts_in_valkey_and_keeps_sessions_in_the_database():
    assert SHARED["BACKEND"] == "rechallenge.cache.SharedCounts"
    assert SHARED["LOCATION"] == client_url(project_settings.REDIS_URL)
    assert project_settings.SESSION_ENGINE == "django.contrib.sessions.backends.db"


@pytest.mark.parametrize(
    ("broker", "client"),
    [
        ("redis://h:6379/0", "redis://h:6379/0"),
        ("redis+socket:///run/v.sock?virtual_host=3", "unix:///run/v.sock?db=3"),
    ],
)
def test_the_address_of_valkey_for_the_client(broker, client):
    assert client_url(broker) == client


def test_a_limit_holds_from_one_process_to_the_next(valkey, client, person):
    for _ in range(5):
        assert not refused_as_too_many(attempt(client, person.email))
    another_process()
    assert refused_as_too_many(attempt(client, person.email, PASSWORD))


def test_without_valkey_a_process_would_not_know(settings, client, person):
    """The control of the test above."""
    for _ in range(5):
        attempt(client, person.email)
    another_process()
    assert not refused_as_too_many(attempt(client, person.email))


def test_the_address_that_the_trusted_proxy_saw_is_counted(valkey, settings, client):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for n in range(10):
        # A guesser writes what they like in front of what the proxy adds.
        sent = {"X-Forwarded-For": f"10.0.0.{n}, 203.0.113.7"}
        assert not refused_as_too_many(attempt(client, f"nobody{n}@example.org", **sent))
    another_process()
    same = attempt(client, "x@example.org", **{"X-Forwarded-For": "10.9.9.9, 203.0.113.7"})
    assert refused_as_too_many(same)
    other = attempt(client, "x@example.org", **{"X-Forwarded-For": "10.0.0.1, 203.0.113.8"})
    assert not refused_as_too_many(other)


def test_past_the_proxies_people_sign_in_and_count_by_their_own_address(
    valkey, settings, client, person
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    sent = {"X-Forwarded-For": "203.0.113.7"}
    assert attempt(client, person.email, PASSWORD, **sent).status_code == 302
    client.logout()
    for n in range(10):
        attempt(client, f"nobody{n}@example.org", **{"X-Forwarded-For": f"203.0.113.{n}"})
    assert refused_as_too_many(attempt(client, "x@example.org", **sent))


def test_without_a_trusted_proxy_what_is_sent_along_counts_for_nothing(valkey, settings, client):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    for n in range(10):
        attempt(client, f"nobody{n}@example.org", **{"X-Forwarded-For": f"203.0.113.{n}"})
    forged = attempt(client, "x@example.org", **{"X-Forwarded-For": "203.0.113.99"})
    assert refused_as_too_many(forged)


def test_without_valkey_people_sign_in_and_each_process_counts_for_itself(settings, client, person):
    use_cache(settings, "redis://127.0.0.1:1/0")
    assert attempt(client, person.email, PASSWORD).status_code == 302
    client.logout()
    for _ in range(5):
        assert not refused_as_too_many(attempt(client, person.email))
    assert refused_as_too_many(attempt(client, person.email, PASSWORD))


def test_valkey_is_asked_again_after_a_while(valkey, settings, monkeypatch):
    cache.set("here", [1, 2], 30)
    SharedCounts.away_until = float("inf")
    assert cache.get("here") is None
    SharedCounts.away_until = 0.0
    assert cache.get("here") == [1, 2]


def test_what_is_kept_is_json(valkey):
    cache.set("count", 4)
    assert cache.incr("count") == 5
    assert cache.get_many(["count", "none"]) == {"count": 5}
    assert cache.has_key("count") and not cache.add("count", 9)
    assert cache.touch("count", 50) and cache.delete("count") and cache.get("count") is None
    cache.set_many({"a": "x"}, 5)
    cache.delete_many(["a"])
    assert JSONSerializer().loads(JSONSerializer().dumps({"a": [1.5, "b"]})) == {"a": [1.5, "b"]}
    with pytest.raises(TypeError):
        JSONSerializer().dumps(object())


def test_too_many_requests_are_answered_in_words(settings, client, person):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    attempt(client, person.email)
    response = attempt(client, person.email)
    assert response.status_code == 429
    assert "Too many attempts" in response.content.decode()


# What the trail keeps.


def test_a_refused_attempt_names_the_account_and_nothing_that_was_typed(client, board, person):
    attempt(client, person.email.upper(), "my-real-password")
    (entry,) = entries("account.sign_in_refused", make_user("administrator", board))
    assert (entry.subject_type, entry.subject_id) == ("accounts.user", person.pk)
    assert (entry.actor_id, entry.board_id, entry.detail) == (None, board.pk, {})


def test_an_attempt_at_no_account_names_nobody(client, superuser, person):
    attempt(client, "nobody@example.org")
    set_acting(None)
    assert not TrailEntry.objects.exists(), "no board's people read it"


def test_attempts_beyond_the_limit_are_told_apart(client, board, person):
    for _ in range(6):
        attempt(client, person.email)
    administrator = make_user("administrator", board)
    assert len(entries("account.sign_in_refused", administrator)) == 5
    (limited,) = entries("account.sign_in_limited", administrator)
    assert limited.subject_id == person.pk


def test_attempts_beyond_the_limit_are_one_entry_a_window(client, board, person):
    other = make_user("nurse", board)
    for _ in range(9):
        attempt(client, person.email)
    for _ in range(7):
        attempt(client, other.email, **{"X-Forwarded-For": "203.0.113.9"})
    administrator = make_user("administrator", board)
    limited = entries("account.sign_in_limited", administrator)
    assert [entry.subject_id for entry in limited] == [person.pk, other.pk]
    cache.clear()
    for _ in range(6):
        attempt(client, person.email)
    assert len(entries("account.sign_in_limited", administrator)) == 3, "a window later"


def test_signing_in_and_out_is_on_the_trail_of_each_board(client):
    boards = make_board(), make_board()
    person = make_user("member", *boards)
    person.set_password(PASSWORD)
    person.save()
    assert attempt(client, person.email, PASSWORD).status_code == 302
    client.post(reverse("account_logout"))
    for board in boards:
        administrator = make_user("administrator", board)
        for kind in ("account.signed_in", "account.signed_out"):
            (entry,) = entries(kind, administrator)
            assert (entry.actor_id, entry.board_id) == (person.pk, board.pk)


def test_signing_out_twice_is_harmless(client, person):
    from accounts.adapter import AccountAdapter

    request = client.get(LOGIN).wsgi_request
    AccountAdapter().logout(request)
    assert not entries("account.signed_out", person)


def test_a_changed_password_is_on_the_trail(client, board, person):
    attempt(client, person.email, PASSWORD)
    new = "another-long-sentence"
    response = client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert response.status_code == 302, response.content.decode()
    (entry,) = entries("account.password_set", make_user("administrator", board))
    assert entry.actor_id == entry.subject_id == person.pk


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_admin_has_no_change_of_password_of_its_own(client, person, method):
    person.is_staff = True
    person.save()
    before = person.password
    client.force_login(person)
    new = "another-long-sentence"
    sent = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    answer = getattr(client, method)("/admin/password_change/", sent)
    assert answer.status_code == 302
    assert answer.url.split("?")[0] == reverse("account_change_password")
    person.refresh_from_db()
    assert person.password == before


def test_nobody_signs_up(client):
    response = client.get(reverse("account_signup"))
    assert "id_password1" not in response.content.decode()


# Links in mails.


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example.com"},
        {"X-Forwarded-Host": "evil.example.com"},
        {"Host": "127.0.0.1", "X-Forwarded-Host": "evil.example.com"},
    ],
)
def test_a_link_to_set_a_password_leads_to_the_site_whatever_the_request_said(
    settings, client, person, headers
):
    settings.ALLOWED_HOSTS = ["evil.example.com", "testserver", "127.0.0.1"]
    settings.BASE_URL = "https://mdt.example.org"
    response = client.post(
        reverse("account_reset_password"), {"email": person.email}, headers=headers
    )
    assert response.status_code == 302
    (sent,) = mail.outbox
    text = f"{sent.subject} {sent.body}"
    assert "evil" not in text and "127.0.0.1" not in text and "testserver" not in text
    assert re.search(r"https://mdt\.example\.org/accounts/password/reset/key/\S+", sent.body)
    assert sent.subject == "Rechallenge: set a new password"


# A new password, asked for by anybody.


def test_a_mail_server_that_is_down_does_not_tell_whose_address_has_an_account(
    settings, client, person
):
    settings.EMAIL_BACKEND = "tests.integration.test_sign_in.Down"
    known = client.post(reverse("account_reset_password"), {"email": person.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert Down.asked == [[person.email]]


def test_the_mail_is_sent_when_the_answer_has_gone_out(client, person, monkeypatch):
    sent_before = []

    def answered(view_answer: Any) -> Any:
        sent_before.append(len(mail.outbox))
        return view_answer

    handler = client.handler
    handler.load_middleware()
    get = handler.get_response
    monkeypatch.setattr(handler, "get_response", lambda request: answered(get(request)))
    client.post(reverse("account_reset_password"), {"email": person.email})
    assert (sent_before, len(mail.outbox)) == ([0], 1)


class Down(BaseEmailBackend):
    """A mail server that takes nothing."""

    asked: ClassVar[list[list[str]]] = []

    def send_messages(self, email_messages: Any) -> int:
        """Refuse what is sent."""
        self.asked.extend(message.to for message in email_messages)
        raise SMTPServerDisconnected("Connection unexpectedly closed")
