"""Secrets of second factors: encrypted where they are kept, and a code still signs in."""

from __future__ import annotations

from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from cryptography.fernet import InvalidToken
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from accounts.second_factors import SEALED, MFAAdapter, opened, sealed
from accounts.services.second_factors import recovery_codes_are_lost
from tests.factories.people import PASSWORD, make_user

pytestmark = pytest.mark.django_db
migration = import_module("accounts.migrations.0008_second_factors_encrypted")
OTHER = "another-secret-key-of-more-than-fifty-characters-0123456789-x"


@pytest.fixture
def person(board):
    user = make_user("member", board)
    user.set_password(PASSWORD)
    user.save()
    return user


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def kept() -> str:
    """Return all that the database has of second factors, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        return str(cursor.fetchone()[0])


def sign_in(client: Any, person: Any, typed: str) -> bool:
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    client.post(reverse("mfa_authenticate"), {"code": typed})
    return "_auth_user_id" in client.session


def test_what_is_kept_is_not_the_secret_and_a_code_of_it_signs_in(client, person):
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    assert secret not in kept() and SEALED in kept()
    assert sign_in(client, person, code(secret))


def test_a_recovery_code_signs_in_too(client, person):
    TOTP.activate(person, generate_totp_secret())
    codes = RecoveryCodes.activate(person)
    seed = opened(codes.instance.data["seed"])
    assert seed not in kept()
    assert sign_in(client, person, codes.get_unused_codes()[0])


def test_a_secret_that_was_kept_in_clear_signs_in_before_and_after_the_migration(client, person):
    secret = generate_totp_secret()
    Authenticator.objects.create(user=person, type="totp", data={"secret": secret})
    old = {"seed": "ab" * 40, "used_mask": 5, "migrated_codes": ["12345678"]}
    Authenticator.objects.create(user=person, type="recovery_codes", data=old)
    public = {"name": "Key", "credential": {"id": "public"}}
    Authenticator.objects.create(user=person, type="webauthn", data=public)
    assert TOTP(Authenticator.objects.get(type="totp")).validate_code(code(secret))
    with connection.schema_editor() as editor:
        migration.encrypt(apps, editor)
        once = kept()
        migration.encrypt(apps, editor)
    assert kept() == once, "what is encrypted stays as it is"
    assert not any(told in once for told in (secret, old["seed"], "12345678"))
    assert Authenticator.objects.get(type="webauthn").data == public
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes"))
    assert (codes.get_unused_codes(), codes.instance.data["used_mask"]) == (["12345678"], 5)
    assert opened(Authenticator.objects.get(type="totp").data["secret"]) == secret
    with connection.schema_editor() as editor:
        migration.decrypt(apps, editor)
    assert Authenticator.objects.get(type="totp").data == {"secret": secret}
    assert Authenticator.objects.get(type="recovery_codes").data == old


def test_an_earlier_secret_key_still_opens_and_a_lost_one_lets_nobody_in(client, person, settings):
    secret, before = generate_totp_secret(), settings.SECRET_KEY
    TOTP.activate(person, secret)
    settings.SECRET_KEY = OTHER
    assert not sign_in(client, person, code(secret))
    with pytest.raises(InvalidToken):
        opened(Authenticator.objects.get().data["secret"])
    # By chance each time: nobody who knows what stands in its place makes a code.
    adapter, text = MFAAdapter(), Authenticator.objects.get().data["secret"]
    assert adapter.decrypt(text) != adapter.decrypt(text)
    settings.SECRET_KEY_FALLBACKS = [before]
    assert sign_in(client, person, code(secret))


def encrypt_anew(*options: str) -> str:
    out = StringIO()
    call_command("encrypt_second_factors", *options, stdout=out)
    return out.getvalue()


def test_after_the_secret_key_was_changed_the_old_one_can_go(client, person, settings):
    secret, before = generate_totp_secret(), settings.SECRET_KEY
    TOTP.activate(person, secret)
    recovery = RecoveryCodes.activate(person).get_unused_codes()
    old = {"seed": sealed("ab" * 40), "used_mask": 0, "migrated_codes": [sealed("12345678")]}
    other = make_user("member", person.boards[0])
    Authenticator.objects.create(user=other, type="recovery_codes", data=old)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OTHER, [before]
    stored = kept()
    assert "3 second factors would be encrypted anew, 0 had" in encrypt_anew("--dry-run")
    assert kept() == stored
    assert "3 second factors were encrypted anew, 0 had" in encrypt_anew()
    once = kept()
    assert "0 second factors were encrypted anew, 3 had" in encrypt_anew()
    assert kept() == once
    settings.SECRET_KEY_FALLBACKS = []
    assert RecoveryCodes(Authenticator.objects.get(user=other)).get_unused_codes() == ["12345678"]
    assert RecoveryCodes.activate(person).get_unused_codes() == recovery
    assert sign_in(client, person, code(secret))


def test_what_no_key_opens_is_left_and_the_command_fails(person, settings):
    TOTP.activate(person, generate_totp_secret())
    settings.SECRET_KEY = OTHER
    RecoveryCodes.activate(person)
    stored = kept()
    with pytest.raises(CommandError, match="1 second factors are opened by none"):
        encrypt_anew()
    assert kept() == stored


@pytest.mark.parametrize("name", ["mfa_view_recovery_codes", "mfa_download_recovery_codes"])
def test_recovery_codes_that_no_key_opens_are_not_shown(client, person, settings, name):
    TOTP.activate(person, generate_totp_secret())
    codes = RecoveryCodes.activate(person).get_unused_codes()
    assert sign_in(client, person, codes[0])
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    shown = client.get(reverse(name))
    assert shown.status_code == 200 and codes[1] in shown.content.decode()
    Authenticator.objects.filter(type="recovery_codes").update(
        data={"seed": f"{SEALED}lost", "used_mask": 0}
    )
    answer = client.get(reverse(name), follow=True)
    assert answer.redirect_chain and answer.status_code == 200
    assert "can no longer be read, and let nobody in" in answer.content.decode()


def test_who_has_no_recovery_codes_has_lost_none(board):
    assert not recovery_codes_are_lost(make_user("chair", board))


def test_two_secrets_alike_are_kept_unlike():
    assert sealed("JBSWY3DPEHPK3PXP") != sealed("JBSWY3DPEHPK3PXP")
