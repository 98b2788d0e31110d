"""What cannot be undone asks again who it is, when that was said a while ago; nothing that was sent is lost by it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from accounts.acting import acting_as, set_acting
from accounts.idling import SIGNED_IN
from audit.models import TrailEntry
from cases.models import BulkJob, PatientErasure, PatientMerge
from meetings.models import Decision
from meetings.services.meetings import start_meeting
from tests.factories.meetings import make_draft, make_item, make_meeting
from tests.factories.people import PASSWORD, make_user
from tests.factories.posted import fields_of
from tests.factories.record import make_case
from tests.integration.test_cases_pages import HTMX

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

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
    return answer.status_code == 302 and answer.url == leads_to(address)


def leads_to(address: str) -> str:
    return f"{REAUTHENTICATE}?{urlencode({'next': address})}"


def confirm(client: Client, address: str, typed: str = PASSWORD) -> Any:
    set_acting(None)
    return client.post(REAUTHENTICATE, {"password": typed, "next": address})


def test_it_is_asked_before_the_form_is_opened_and_leads_back(client, opened):
    signed_in_ago(client, opened.user, opened.minutes - 1)
    assert client.get(opened.address).status_code == 200
    signed_in_ago(client, opened.user, opened.minutes + 1)
    answer = client.get(opened.address)
    assert asked(answer, opened.address)
    page = client.get(answer.url).content.decode()
    assert "Confirm that it is you" in page and "cannot be taken back" in page
    back = confirm(client, opened.address)
    assert (back.status_code, back.url) == (302, opened.address)
    assert client.get(opened.address).status_code == 200
    assert not opened.is_done()


def test_what_was_sent_is_done_once_it_is_confirmed(client, step):
    signed_in_ago(client, step.user, 0)
    fields = step.fields(client)
    signed_in_ago(client, step.user, step.minutes + 21)
    assert asked(client.post(step.address, fields), step.address)
    assert not step.is_done()
    refused = confirm(client, step.address, "a-guess")
    assert refused.status_code == 200
    assert not step.is_done()
    assert confirm(client, step.address).status_code == 302
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
    assert answer.headers["HX-Redirect"] == leads_to(step.address)
    done = confirm(client, step.address)
    assert done.status_code == 302 and not done.has_header("HX-Redirect")
    assert step.is_done()


def test_what_was_sent_and_left_is_not_done_by_another_confirmation(client, opened):
    signed_in_ago(client, opened.user, 0)
    fields = opened.fields(client)
    signed_in_ago(client, opened.user, opened.minutes + 21)
    client.post(opened.address, fields)
    assert asked(client.get(opened.address), opened.address)
    assert confirm(client, opened.address).url == opened.address
    assert not opened.is_done()


def test_whoever_may_not_do_it_is_refused_and_not_asked(client, step, board):
    signed_in_ago(client, make_user("nurse", board), 100)
    assert client.post(step.address, {}).status_code == 403


def test_a_wrong_password_there_is_on_the_trail(client, step, board):
    signed_in_ago(client, step.user, step.minutes + 1)
    confirm(client, step.address, "a-guess")
    with acting_as(make_user("administrator", board)):
        (entry,) = TrailEntry.objects.filter(kind="account.sign_in_refused")
    assert entry.subject_id == step.user.pk


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
