"""What cannot be undone asks again who it is, when that was said a while ago; nothing that was sent is lost by it."""

from __future__ import annotations

import html
import json
import re
import time
import uuid
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client
from django.urls import resolve, reverse
from pghistory.models import Context

from accounts.acting import acting_as, set_acting
from accounts.confirming import WAITS
from accounts.idling import SIGNED_IN
from accounts.sign_in_forms import ReauthenticateKeyForm
from audit.models import TrailEntry
from cases.models import BulkJob, PatientErasure, PatientMerge
from meetings.models import Decision
from meetings.services.meetings import start_meeting
from tests.factories.meetings import make_draft, make_item, make_meeting
from tests.factories.people import PASSWORD, make_user
from tests.factories.posted import fields_of
from tests.factories.record import make_case
from tests.integration.test_cases_pages import HTMX
from tests.integration.test_second_factor import a_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import Board, User

pytestmark = pytest.mark.django_db
MINUTE = 60
REAUTHENTICATE = reverse("account_reauthenticate")


@pytest.fixture(autouse=True)
def quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@dataclass
class Step:
    """Something that cannot be undone: who does it where, what is sent, and what tells that it was done."""

    user: User
    address: str
    minutes: int
    fields: Callable[[Client], dict[str, Any]]
    done: Callable[[], bool]

    def is_done(self) -> bool:
        with acting_as(self.user):
            return self.done()


def knowing(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def erasing(board: Board, member: User) -> Step:
    case = make_case(member, board)
    return Step(
        knowing(make_user("chair", board)),
        reverse("meetings:erase", args=[case.public_id]),
        10,
        lambda _client: {"reason": "request", "reference": case.reference},
        PatientErasure.objects.exists,
    )


def merging(board: Board, member: User) -> Step:
    cases = [make_case(member, board) for _ in range(2)]
    address = reverse("cases:merge_with", args=[case.public_id for case in cases])

    def fields(client: Client) -> dict[str, Any]:
        shown = fields_of(client.get(address).content.decode(), address)
        return shown | {"name": "kept", "number": "kept", "one_person": "on"}

    user = knowing(make_user("coordinator", board))
    return Step(user, address, 10, fields, PatientMerge.objects.exists)


def exporting(board: Board, member: User) -> Step:
    make_case(member, board)
    return Step(
        knowing(make_user("coordinator", board)),
        reverse("cases:bulk_export"),
        10,
        lambda _client: {"board": str(board.public_id), "form": "csv"},
        BulkJob.objects.exists,
    )


def signing(board: Board, member: User) -> Step:
    chair = knowing(make_user("chair", board))
    with acting_as(chair):
        meeting = make_meeting(chair, board)
        item = make_item(chair, meeting)
        start_meeting(by=chair, meeting=meeting)
        item.refresh_from_db()
        draft = make_draft(chair, item, outcome="no_rechallenge", drugs=[], dose_interval_days=None)
    return Step(
        chair,
        reverse("meetings:sign", args=[draft.public_id]),
        60,
        lambda _client: {"version": str(draft.version)},
        Decision.objects.filter(signed_at__isnull=False).exists,
    )


@pytest.fixture(params=[erasing, merging, signing])
def opened(request: pytest.FixtureRequest, board: Board, member: User) -> Step:
    """What has a page of its own that is opened first."""
    made: Step = request.param(board, member)
    return made


@pytest.fixture(params=[erasing, merging, exporting, signing])
def step(request: pytest.FixtureRequest, board: Board, member: User) -> Step:
    made: Step = request.param(board, member)
    return made


def signed_in_ago(client: Client, user: User, minutes: float) -> None:
    client.force_login(user)
    set_acting(None)
    session = client.session
    session[SIGNED_IN] = int(time.time() - minutes * MINUTE)
    session.save()


def asked(answer: Any, address: str) -> bool:
    """Whether an answer leads to where one says who one is, and back from there."""
    return answer.status_code == 302 and leads_back(answer.url, address)


def leads_back(url: str, address: str) -> bool:
    parts = urlsplit(url)
    return parts.path == REAUTHENTICATE and parse_qs(parts.query)["next"] == [address]


def confirm(client: Client, led_to: str, typed: str = PASSWORD) -> Any:
    """Open the page that an answer led to, and send its form."""
    set_acting(None)
    where = urlsplit(led_to).path
    sent = fields_of(client.get(led_to).content.decode(), where)
    return client.post(where, {**sent, "password": typed})


def open_again(client: Client) -> Client:
    """Another browser with the same session, as whoever stole its cookie has."""
    other = Client()
    other.cookies = SimpleCookie({"sessionid": client.cookies["sessionid"].value})
    return other


def test_it_is_asked_before_the_form_is_opened_and_leads_back(client, opened):
    signed_in_ago(client, opened.user, opened.minutes - 1)
    assert client.get(opened.address).status_code == 200
    signed_in_ago(client, opened.user, opened.minutes + 1)
    answer = client.get(opened.address)
    assert asked(answer, opened.address)
    page = client.get(answer.url).content.decode()
    assert "Confirm that it is you" in page and "cannot be taken back" in page
    back = confirm(client, answer.url)
    assert (back.status_code, back.url) == (302, opened.address)
    assert client.get(opened.address).status_code == 200
    assert not opened.is_done()


def test_what_was_sent_is_done_once_it_is_confirmed(client, step):
    signed_in_ago(client, step.user, 0)
    fields = step.fields(client)
    signed_in_ago(client, step.user, step.minutes + 21)
    answer = client.post(step.address, fields)
    assert asked(answer, step.address)
    assert not step.is_done()
    refused = confirm(client, answer.url, "a-guess")
    assert refused.status_code == 200
    assert not step.is_done()
    again = fields_of(refused.content.decode(), REAUTHENTICATE)
    assert client.post(REAUTHENTICATE, {**again, "password": PASSWORD}).status_code == 302
    assert step.is_done()


def test_a_form_that_was_opened_in_time_can_be_filled_in(client, step):
    signed_in_ago(client, step.user, 0)
    fields = step.fields(client)
    signed_in_ago(client, step.user, step.minutes + 19)
    assert client.post(step.address, fields).status_code == 302
    assert step.is_done()


def test_with_scripts_the_browser_is_led_there_and_what_was_sent_is_done(client, step):
    signed_in_ago(client, step.user, 0)
    fields = step.fields(client)
    signed_in_ago(client, step.user, step.minutes + 21)
    answer = client.post(step.address, fields, headers={**HTMX, "X-Whole-Page": "yes"})
    assert leads_back(answer.headers["HX-Redirect"], step.address)
    done = confirm(client, answer.headers["HX-Redirect"])
    assert done.status_code == 302 and not done.has_header("HX-Redirect")
    assert step.is_done()


def test_what_was_sent_and_left_is_not_done_by_another_confirmation(client, opened):
    signed_in_ago(client, opened.user, 0)
    fields = opened.fields(client)
    signed_in_ago(client, opened.user, opened.minutes + 21)
    client.post(opened.address, fields)
    answer = client.get(opened.address)
    assert asked(answer, opened.address)
    assert confirm(client, answer.url).url == opened.address
    assert not opened.is_done()


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


def test_a_session_that_does_not_say_when_somebody_signed_in_is_asked(client, opened):
    signed_in_ago(client, opened.user, 0)
    session = client.session
    del session[SIGNED_IN]
    session.save()
    assert asked(client.get(opened.address), opened.address)
    assert asked(client.get(opened.address), opened.address), "nor is it taken as signed in since"


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
    (entry,) = of_kind("access.not_found", board)
    assert entry.detail == {"view": "meetings:erase", "ids": {"public_id": str(case)}}


def test_whoever_may_not_do_it_is_refused_and_not_asked(client, step, board):
    signed_in_ago(client, make_user("nurse", board), 100)
    assert client.post(step.address, {}).status_code == 403


def of_kind(kind: str, board: Board) -> list[TrailEntry]:
    with acting_as(make_user("administrator", board)):
        return list(TrailEntry.objects.filter(kind=kind))


def test_wrong_passwords_there_are_on_the_trail_with_whose_session_it_is(client, step, board):
    signed_in_ago(client, step.user, step.minutes + 21)
    led_to = client.post(step.address, {}).url
    for _ in range(7):
        page = confirm(client, led_to, "a-guess").content.decode()
    assert "Too many failed" in page
    refused = of_kind("account.confirmation_refused", board)
    assert {(e.actor_id, e.subject_id) for e in refused} == {(step.user.pk, step.user.pk)}
    (limited,) = of_kind("account.confirmation_limited", board)
    assert (len(refused), limited.actor_id) == (5, step.user.pk)
    assert not of_kind("account.sign_in_refused", board)
    assert confirm(client, led_to).status_code == 200, "beyond the limit the right one is refused"


def test_whoever_knows_the_address_keeps_nobody_from_confirming(client, step, board):
    signed_in_ago(client, step.user, 0)
    fields = step.fields(client)
    signed_in_ago(client, step.user, step.minutes + 21)
    led_to = client.post(step.address, fields).url
    set_acting(None)
    for _ in range(12):
        Client().post(reverse("account_login"), {"login": step.user.email, "password": "a-guess"})
    assert of_kind("account.sign_in_limited", board)
    assert confirm(client, led_to).status_code == 302
    assert step.is_done()


def test_the_right_password_begins_the_count_anew(client, board, member):
    step = merging(board, member)
    signed_in_ago(client, step.user, 11)
    led_to = client.get(step.address).url
    for typed in (*["a-guess"] * 4, PASSWORD, *["a-guess"] * 4):
        confirm(client, led_to, typed)
    assert confirm(client, led_to).status_code == 302


def test_a_chair_signs_one_case_after_the_other_for_an_hour(client, board, member):
    first, second = signing(board, member), signing(board, member)
    signed_in_ago(client, first.user, 59)
    assert client.post(first.address, first.fields(client)).status_code == 302
    signed_in_ago(client, second.user, 61)
    assert asked(client.get(second.address), second.address)


def test_an_export_is_handed_out_to_whoever_said_lately_who_they_are(client, board, member):
    step = exporting(board, member)
    signed_in_ago(client, step.user, 0)
    client.post(step.address, step.fields(client))
    with acting_as(step.user):
        job = BulkJob.objects.get()
    address = reverse("cases:bulk_file", args=[job.public_id])
    signed_in_ago(client, step.user, 11)
    assert asked(client.get(address), address)
