"""A confirmation does what it was asked for, by the browser that sent it, under its own name, and nothing else."""

from __future__ import annotations

import html
import json
import re
import time
import uuid
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.urls import resolve, reverse
from pghistory.models import Context

from accounts.acting import acting_as, set_acting
from accounts.confirming import WAITS
from accounts.sign_in_forms import ReauthenticateKeyForm
from audit.models import TrailEntry
from tests.factories.deeds import (
    asked,
    confirm,
    knowing,
    merging,
    open_again,
    signed_in_ago,
)
from tests.factories.people import make_user
from tests.factories.posted import fields_of
from tests.integration.test_second_factor import a_key

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.django_db


def test_what_somebody_else_sent_in_the_same_session_is_not_done_by_it(client, opened):
    """Whoever stole a session sends a form while its owner confirms that they want to open it."""
    signed_in_ago(client, opened.user, 0)
    fields = opened.fields(client)
    signed_in_ago(client, opened.user, opened.minutes + 21)
    led_to = client.get(opened.address).url
    set_acting(None)
    assert asked(open_again(client).post(opened.address, fields), opened.address)
    assert confirm(client, led_to).url == opened.address
    assert WAITS not in client.session and not opened.is_done()


def test_what_somebody_else_sent_meanwhile_is_not_done_in_place_of_ones_own(client, opened):
    signed_in_ago(client, opened.user, 0)
    fields = opened.fields(client)
    signed_in_ago(client, opened.user, opened.minutes + 21)
    led_to = client.post(opened.address, fields).url
    set_acting(None)
    open_again(client).post(opened.address, fields)
    assert confirm(client, led_to).url == opened.address
    assert not opened.is_done()


def test_what_changes_the_account_is_done_by_its_own_confirmation_alone(client, member):
    """Of the sign-in library's pages, which ask by a page of their own."""
    TOTP.activate(knowing(member), "JBSWY3DPEHPK3PXP")
    remove = reverse("mfa_deactivate_totp")
    signed_in_ago(client, member, 0)
    led_to = client.get(remove).url
    thief = open_again(client)
    assert asked(thief.post(remove), remove)
    assert confirm(client, led_to).url == remove
    assert Authenticator.objects.exists()
    client.logout()
    signed_in_ago(client, member, 0)
    assert confirm(client, client.post(remove).url).url != remove
    assert not Authenticator.objects.exists()


def test_what_waited_before_the_update_is_not_done(client, opened):
    """The library's own state names no browser."""
    signed_in_ago(client, opened.user, opened.minutes + 21)
    led_to = client.get(opened.address).url
    session = client.session
    session[STATE_SESSION_KEY] = {"request": json.dumps({"path": opened.address})}
    session.save()
    assert confirm(client, led_to).url == opened.address


def test_a_code_confirms_in_place_of_the_password(client, step, settings):
    settings.MFA_TOTP_TOLERANCE = 1
    TOTP.activate(step.user, "JBSWY3DPEHPK3PXP")
    signed_in_ago(client, step.user, 0)
    fields = step.fields(client)
    signed_in_ago(client, step.user, step.minutes + 21)
    page = client.get(client.post(step.address, fields).url).content.decode()
    by_code = reverse("mfa_reauthenticate")
    (led_to,) = [
        html.unescape(link) for link in re.findall(r'href="([^"]+)"', page) if by_code in link
    ]
    sent = fields_of(client.get(led_to).content.decode(), by_code)
    code = format_hotp_value(hotp_value("JBSWY3DPEHPK3PXP", int(time.time()) // 30))
    assert client.post(by_code, {**sent, "code": code}).status_code == 302
    assert step.is_done()


def test_a_refused_key_asks_again_and_what_was_sent_goes_on_waiting(client, opened, monkeypatch):
    key = Authenticator.objects.create(user=opened.user, type="webauthn", data={"name": "Key"})
    opened.user.set_unusable_password()
    opened.user.save()
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.begin_authentication", lambda _user: {})
    signed_in_ago(client, opened.user, 0)
    fields = opened.fields(client)
    signed_in_ago(client, opened.user, opened.minutes + 21)
    led_to = client.post(opened.address, fields).url
    by_key = reverse("mfa_reauthenticate_webauthn")
    assert urlsplit(led_to).path == by_key
    set_acting(None)
    sent = fields_of(client.get(led_to).content.decode(), by_key)
    again = client.post(by_key, {**sent, "credential": a_key(opened.user)})
    assert urlsplit(again.url).path == by_key
    page = client.get(again.url).content.decode()
    assert "Incorrect code" in page
    monkeypatch.setattr(ReauthenticateKeyForm, "clean_credential", lambda _form: key)
    set_acting(None)
    assert client.post(by_key, {**fields_of(page, by_key), "credential": "[1]"}).status_code == 302
    assert opened.is_done()


def test_the_history_names_what_was_done_and_not_the_page_of_confirming(client, board, member):
    step = merging(board, member)
    signed_in_ago(client, step.user, 0)
    fields = step.fields(client)
    signed_in_ago(client, step.user, step.minutes + 21)
    led_to = client.post(step.address, fields).url
    earlier = set(Context.objects.values_list("pk", flat=True))
    confirm(client, led_to)
    (made,) = Context.objects.exclude(pk__in=earlier)
    assert made.metadata["url"] == f"POST {resolve(step.address).route}"
    assert made.metadata["user"] == step.user.pk


def test_a_refusal_after_it_names_what_was_refused(client, board, member):
    chair = knowing(make_user("chair", board))
    case = uuid.uuid4()
    signed_in_ago(client, chair, 31)
    led_to = client.post(reverse("meetings:erase", args=[case]), {}).url
    assert confirm(client, led_to).status_code == 404
    with acting_as(make_user("administrator", board)):
        entry = TrailEntry.objects.get(kind="access.not_found")
    assert entry.detail == {"view": "meetings:erase", "ids": {"public_id": str(case)}}
