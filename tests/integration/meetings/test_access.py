"""Who may open and send what, and what stays with the board."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.acting import set_acting
from audit.models import TrailEntry
from meetings.services.decisions import add_condition
from meetings.services.meetings import start_meeting
from tests.factories.meetings import make_draft, make_item, make_meeting, make_signed
from tests.factories.people import make_user
from tests.factories.record import make_case
from tests.integration.meetings.browsing import (
    ALL,
    NAME,
    READERS,
    page,
    send,
)

pytestmark = pytest.mark.django_db


PAGES = {
    "list": (READERS, ()),
    "agenda": (READERS, ("meeting",)),
    "live": (READERS, ("meeting",)),
    "live_state": (READERS, ("meeting",)),
    "calendar": (READERS, ("meeting",)),
    "triage": (("chair", "coordinator"), ()),
    "new": (("chair", "coordinator"), ()),
    "close": (("chair", "coordinator"), ("meeting",)),
    "record": (("chair", "coordinator"), ("item",)),
    "decision": (READERS, ("draft",)),
    "sign": (("chair",), ("draft",)),
    "home": (ALL, ()),
}


@pytest.mark.parametrize("role", ALL)
def test_each_page_is_for_its_roles(client, board, meeting, item, draft, role):
    rows = {"meeting": meeting, "item": item, "draft": draft}
    user = make_user(role, board)
    for name, (allowed, needs) in PAGES.items():
        args = [rows[need].public_id for need in needs]
        response = page(client, user, name, *args)
        assert response.status_code == (200 if role in allowed else 403), name


ACTIONS = {
    "start": (("chair", "coordinator"), "meeting"),
    "add": (("chair", "coordinator"), "meeting"),
    "item_move": (("chair", "coordinator"), "item"),
    "item_minutes": (("chair", "coordinator"), "item"),
    "attendance": (("member", "chair", "coordinator", "nurse"), "meeting"),
    "condition_add": (("chair", "coordinator"), "draft"),
    "dissent_add": (("member", "chair", "coordinator", "nurse"), "draft"),
    "sign": (("chair",), "draft"),
}


@pytest.mark.parametrize("role", ALL)
def test_each_action_is_for_its_roles(client, board, coordinator, meeting, item, draft, role):
    user = make_user(role, board)
    set_acting(coordinator)
    waiting = make_case(coordinator, board)
    rows = {"meeting": meeting, "item": item, "draft": draft}
    data = {
        "add": {"case": str(waiting.public_id)},
        "attendance": {"mode": "remote"},
        "item_move": {"to": "down"},
        "item_minutes": {"minutes": "5"},
        "condition_add": {"text": "x", "expires_on": "2099-01-01"},
        "dissent_add": {"user": str(user.public_id), "reason": "y"},
        "sign": {"version": "1"},
    }
    for name, (allowed, need) in ACTIONS.items():
        response = send(client, user, name, rows[need].public_id, data=data.get(name))
        expected = {200, 302, 409} if role in allowed else {403}
        # Who reads decisions but can not be named as dissenting is told by the form.
        if name == "dissent_add" and role in ("coordinator", "registry"):
            expected = {422}
        assert response.status_code in expected, name


@pytest.mark.parametrize(
    ("name", "need"),
    [
        ("agenda", "meeting"),
        ("live", "meeting"),
        ("live_state", "meeting"),
        ("calendar", "meeting"),
        ("close", "meeting"),
        ("record", "item"),
        ("decision", "signed"),
        ("letter", "signed"),
        ("sign", "draft"),
    ],
)
def test_a_foreign_id_is_not_found_and_the_owner_sees_it(
    client, board, other_board, chair, name, need
):
    set_acting(chair)
    meeting = make_meeting(chair, board)
    item, signed_item = make_item(chair, meeting), make_item(chair, meeting)
    rows = {"meeting": meeting, "item": item, "draft": make_draft(chair, item)}
    rows["signed"] = make_signed(chair, signed_item)
    start_meeting(by=chair, meeting=meeting)
    stranger = make_user("chair", other_board)
    address = rows[need].public_id
    assert page(client, stranger, name, address).status_code == 404
    response = page(client, chair, name, address)
    assert response.status_code == 200
    if name not in ("live_state", "calendar", "letter"):
        assert NAME in response.content.decode()


def test_foreign_ids_in_posts_are_not_found(client, board, other_board, chair):
    set_acting(chair)
    meeting = make_meeting(chair, board)
    item = make_item(chair, meeting)
    draft = make_draft(chair, item)
    row = add_condition(
        by=chair, decision=draft, text="x", expires_on=timezone.localdate() + dt.timedelta(days=9)
    )
    stranger = make_user("chair", other_board)
    for name, args in {
        "start": [meeting.public_id],
        "add": [meeting.public_id],
        "attendance": [meeting.public_id],
        "item_move": [item.public_id],
        "item_minutes": [item.public_id],
        "current": [item.public_id],
        "record": [item.public_id],
        "sign": [draft.public_id],
        "condition_add": [draft.public_id],
        "condition_remove": [row.public_id],
        "dissent_add": [draft.public_id],
        "move": [item.case.public_id],
    }.items():
        assert send(client, stranger, name, *args).status_code == 404, name
    own = make_meeting(stranger, other_board)
    foreign_case = {"case": str(item.case.public_id), "minutes": "5"}
    assert send(client, stranger, "add", own.public_id, data=foreign_case).status_code == 404
    foreign_meeting = {"to": f"meeting:{own.public_id}"}
    assert send(client, chair, "item_move", item.public_id, data=foreign_meeting).status_code == 404


def test_nothing_of_meetings_is_kept_by_the_browser(client, coordinator, meeting):
    response = page(client, coordinator, "agenda", meeting.public_id)
    assert "no-store" in response["Cache-Control"]


def test_records_of_reads(client, chair, draft):
    page(client, chair, "decision", draft.public_id)
    assert TrailEntry.objects.filter(kind="decision.read", subject_id=draft.pk).exists()
