"""Deeds that cannot be undone, and somebody who says again who they are before them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from django.test import Client
from django.urls import reverse

from accounts.acting import acting_as, set_acting
from accounts.idling import SIGNED_IN
from cases.models import BulkJob, PatientErasure, PatientMerge
from meetings.models import Decision
from meetings.services.meetings import start_meeting
from tests.factories.meetings import make_draft, make_item, make_meeting
from tests.factories.people import PASSWORD, make_user
from tests.factories.posted import fields_of
from tests.factories.record import make_case

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import Board, User

MINUTE = 60
REAUTHENTICATE = reverse("account_reauthenticate")


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
