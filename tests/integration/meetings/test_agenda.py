"""Planning a meeting, its agenda, who comes, and the triage that fills it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.acting import set_acting
from audit.models import TrailEntry
from cases.models import Case
from cases.services.tasks import owe_fact
from meetings.models import AgendaItem, Attendance, Meeting
from tests.factories.meetings import make_item, make_meeting
from tests.factories.people import make_user
from tests.factories.record import CANARY, make_case
from tests.integration.meetings.browsing import (
    HTMX,
    NAME,
    fill,
    page,
    send,
    text_of,
)

pytestmark = pytest.mark.django_db


def test_a_meeting_is_planned_from_the_form(client, coordinator, board):
    data = {"board": str(board.public_id), "day": "2030-05-06", "start": "14:30", "minutes": "45"}
    response = send(client, coordinator, "new", data={**data, "place": "Room 2"})
    meeting = Meeting.objects.get()
    assert response.url == reverse("meetings:agenda", args=[meeting.public_id])
    assert (meeting.day, meeting.start, meeting.minutes) == (
        dt.date(2030, 5, 6),
        dt.time(14, 30),
        45,
    )


def test_a_wrong_form_keeps_what_was_typed(client, coordinator, board):
    data = {"board": str(board.public_id), "day": "", "start": "14:30", "minutes": "999"}
    response = send(client, coordinator, "new", data={**data, "place": "Room <2>"})
    assert response.status_code == 422
    html = response.content.decode()
    assert "Room &lt;2&gt;" in html and 'value="999"' in html
    assert not Meeting.objects.exists()


def test_meetings_are_paged_by_position(client, coordinator, board):
    for i in range(27):
        make_meeting(coordinator, board, in_days=i)
    first = page(client, coordinator, "list")
    after = re.search(r'href="([^"]*after=[^"]*)"', first.content.decode())
    assert first.content.decode().count("/calendar") == 0 and after
    second = client.get(after.group(1).replace("&amp;", "&"))
    assert second.content.decode().count('scope="row"') == 2


def test_the_calendar_file_names_no_patient(client, settings, coordinator, meeting, item):
    response = page(client, coordinator, "calendar", meeting.public_id)
    body = response.content.decode()
    assert response["Content-Type"] == "text/calendar"
    # The site's own address, whatever name the request came by.
    assert f"URL:{settings.BASE_URL}/meetings/" in response.content.decode().replace("\r\n ", "")
    assert f"DTSTART;TZID=Europe/London:{meeting.day:%Y%m%d}T140000" in body
    assert "BEGIN:VTIMEZONE" in body
    assert CANARY.lower() not in body.lower() and item.case.reference not in body


def test_the_agenda_shows_who_is_needed_and_who_comes(client, coordinator, board, meeting):
    fill(coordinator, meeting, 2)
    lung = make_user("member", board, specialty="respiratory")
    Attendance.objects.create(meeting=meeting, user=lung, mode="deputy", deputy="D. Eputy")
    html = text_of(page(client, coordinator, "agenda", meeting.public_id))
    assert "Respiratory medicine, D. Eputy" in html
    assert "no gastroenterology" in html
    assert "10 of 60 min booked" in html
    read = TrailEntry.objects.get(kind="list.read")
    assert (read.board_id, read.actor_id) == (meeting.board_id, coordinator.pk)
    # Two are on the agenda, two can be put on it: all four are named.
    assert read.detail == {"view": "meetings:agenda", "count": 4}


def test_the_time_beyond_the_end_is_hatched(client, coordinator, meeting):
    make_item(coordinator, meeting, minutes=50)
    assert "min over" not in text_of(page(client, coordinator, "agenda", meeting.public_id))
    make_item(coordinator, meeting, minutes=17)
    html = text_of(page(client, coordinator, "agenda", meeting.public_id))
    assert "7 min over" in html and "url(#timebar-hatch)" in html


def test_items_are_moved_shortened_and_taken_off(client, coordinator, board, meeting, item):
    other = make_item(coordinator, meeting)
    send(client, coordinator, "item_move", item.public_id, data={"to": "down"})
    assert AgendaItem.objects.get(pk=item.pk).position == 2
    response = send(
        client, coordinator, "item_minutes", item.public_id, data={"minutes": "9"}, **HTMX
    )
    assert response.status_code == 200 and "<html" not in response.content.decode()
    assert AgendaItem.objects.get(pk=item.pk).minutes == 9
    later = make_meeting(coordinator, board, in_days=14)
    send(
        client, coordinator, "item_move", item.public_id, data={"to": f"meeting:{later.public_id}"}
    )
    assert later.items.get().case == item.case
    send(client, coordinator, "item_move", other.public_id, data={"to": "off"})
    assert not meeting.items.exists()
    assert (
        send(
            client, coordinator, "item_move", later.items.get().public_id, data={"to": "x"}
        ).status_code
        == 404
    )


def test_a_case_is_added_from_the_agenda(client, coordinator, board, meeting):
    case = make_case(coordinator, board)
    data = {"case": str(case.public_id), "minutes": "8"}
    send(client, coordinator, "add", meeting.public_id, data=data)
    assert meeting.items.get().minutes == 8
    response = send(client, coordinator, "add", meeting.public_id, data={"case": "x"})
    assert response.status_code == 422


def test_a_refused_addition_shows_what_was_chosen_and_nobody_is_chosen_beforehand(
    client, coordinator, board, meeting
):
    first, second = make_case(coordinator, board), make_case(coordinator, board)
    fresh = text_of(page(client, coordinator, "agenda", meeting.public_id))
    assert '<option value="" selected>Choose a case</option>' in fresh
    data = {"case": str(second.public_id), "minutes": "x"}
    response = send(client, coordinator, "add", meeting.public_id, data=data, **HTMX)
    html = text_of(response)
    assert response.status_code == 422
    assert f'<option value="{second.public_id}" selected>' in html
    assert f'<option value="{first.public_id}">' in html
    assert 'id="add-minutes" name="minutes" type="text" value="x"' in html
    assert 'href="#add-minutes"' in html and 'id="add-minutes-error"' in html
    # Pressed again without a choice, nobody is listed.
    data = {"case": "", "minutes": "5"}
    response = send(client, coordinator, "add", meeting.public_id, data=data)
    assert response.status_code == 422 and "Choose a case" in text_of(response)
    assert not meeting.items.exists()


def test_a_reply_without_a_deputys_name_is_asked_again(client, member, coordinator, board):
    set_acting(coordinator)
    meeting = make_meeting(coordinator, board)
    response = send(client, member, "attendance", meeting.public_id, data={"mode": "deputy"})
    assert response.status_code == 422
    assert "Name the deputy" in response.content.decode()
    data = {"mode": "deputy", "deputy": "D. Eputy", "next": "home"}
    assert send(client, member, "attendance", meeting.public_id, data=data).url == reverse("home")
    assert Attendance.objects.get().deputy == "D. Eputy"


def test_triage_shows_what_is_missing_and_moves_cards(client, coordinator, board, meeting):
    case = make_case(coordinator, board, urgent=True)
    owe_fact(
        by=coordinator,
        case=case,
        fact="ecog",
        owner=coordinator,
        due_on=timezone.localdate() - dt.timedelta(days=2),
    )
    html = text_of(page(client, coordinator, "triage"))
    assert NAME in html and "no owner" in html and "2 days over" in html
    assert "0 of 60 min booked, 60 free" in html
    send(client, coordinator, "move", case.public_id, data={"to": f"meeting:{meeting.public_id}"})
    assert meeting.items.get().case == case
    send(client, coordinator, "move", case.public_id, data={"to": "ready"})
    assert Case.objects.get().state == "ready" and not meeting.items.exists()
    response = send(client, coordinator, "move", case.public_id, data={"to": "nonsense"})
    assert response.status_code == 302 and Case.objects.get().state == "ready"


def test_urgent_cases_alone(client, coordinator, board):
    calm, urgent = make_case(coordinator, board), make_case(coordinator, board, urgent=True)
    client.force_login(coordinator, backend="allauth.account.auth_backends.AuthenticationBackend")
    html = client.get(reverse("meetings:triage") + "?show=urgent").content.decode()
    assert urgent.reference in html and calm.reference not in html


def test_triage_says_why_no_proposal_is_there(client, coordinator, board, meeting):
    case = make_case(coordinator, board)
    case.proposed_drugs, case.proposed_regimen = [], None
    for state, words in (("unknown", "proposal unknown"), ("missing", "proposal not entered")):
        case.proposed_regimen_state = state
        case.save()
        assert words in text_of(page(client, coordinator, "triage"))


def test_the_picture_of_the_minutes_can_be_scrolled_by_keyboard(client, coordinator, board):
    meeting = make_meeting(coordinator, board)
    make_item(coordinator, meeting)
    html = text_of(page(client, coordinator, "agenda", meeting.public_id))
    wrap = re.search(
        r'<div class="app-picture-wrap"([^>]*)> ?<svg class="app-picture app-timebar"', html
    )
    assert wrap is not None
    assert 'tabindex="0" role="region" aria-label="Minutes to scale' in wrap[1]
