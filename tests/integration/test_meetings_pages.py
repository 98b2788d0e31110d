"""The pages of meetings through the client: who may, what they show, in how many queries."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as, set_acting
from audit.models import TrailEntry
from cases.models import Case, IrAE
from cases.services.lifecycle import move_case
from cases.services.tasks import owe_fact
from followup.models import MonitoringPlan
from followup.services.protocols import load_protocols
from meetings.models import AgendaItem, Attendance, Decision, Meeting
from meetings.services.decisions import add_condition
from meetings.services.meetings import set_current_item, start_meeting
from tests.factories.meetings import make_draft, make_item, make_meeting, make_signed, make_version
from tests.factories.people import make_user
from tests.factories.record import CANARY, make_case

pytestmark = pytest.mark.django_db

NAME = CANARY.upper()
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def protocols(db):
    load_protocols()


@pytest.fixture
def meeting(coordinator, board):
    set_acting(coordinator)
    return make_meeting(coordinator, board)


@pytest.fixture
def item(coordinator, meeting):
    set_acting(coordinator)
    return make_item(coordinator, meeting)


@pytest.fixture
def draft(coordinator, item):
    return make_draft(coordinator, item)


def page(client, user, name, *args, **extra):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.get(reverse(f"meetings:{name}" if name != "home" else name, args=args), **extra)


def send(client, user, name, *args, data=None, **extra):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.post(reverse(f"meetings:{name}", args=args), data or {}, **extra)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def queries(client, user, name, *args) -> int:
    page(client, user, name, *args)
    with CaptureQueriesContext(connection) as found:
        assert page_again(client, name, *args).status_code == 200
    return len([q for q in found if "SAVEPOINT" not in q["sql"]])


def page_again(client, name, *args):
    return client.get(reverse(f"meetings:{name}" if name != "home" else name, args=args))


READERS = ("member", "chair", "coordinator", "nurse", "registry")
ALL = (*READERS, "curator", "administrator")
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


def fill(coordinator, meeting, cases: int) -> None:
    for i in range(cases):
        case = make_case(coordinator, meeting.board)
        IrAE.objects.create(
            patient=case.patient,
            organ="lung" if i % 2 else "colon",
            entity="pneumonitis" if i % 2 else "colitis",
            ctcae_version="5.0",
            worst_grade=2,
            worst_grade_state="known",
        )
        owe_fact(by=coordinator, case=case, fact="ecog", owner=coordinator, due_on=None)
        make_item(coordinator, meeting, case)
        waiting = make_case(coordinator, meeting.board)
        owe_fact(by=coordinator, case=waiting, fact="ecog", owner=None, due_on=None)


def test_the_agenda_takes_at_most_15_queries_whatever_its_length(client, coordinator, meeting):
    fill(coordinator, meeting, 2)
    two = queries(client, coordinator, "agenda", meeting.public_id)
    fill(coordinator, meeting, 18)
    assert queries(client, coordinator, "agenda", meeting.public_id) == two <= 15


@pytest.mark.parametrize(("name", "most"), [("triage", 18), ("home", 24), ("list", 7)])
def test_other_lists_take_the_same_queries_whatever_their_length(
    client, coordinator, meeting, name, most
):
    fill(coordinator, meeting, 2)
    two = queries(client, coordinator, name)
    fill(coordinator, meeting, 18)
    assert queries(client, coordinator, name) == two <= most


def test_the_live_page_takes_a_fixed_number_of_queries(client, coordinator, meeting):
    fill(coordinator, meeting, 2)
    start_meeting(by=coordinator, meeting=meeting)
    two = queries(client, coordinator, "live", meeting.public_id)
    fill(coordinator, meeting, 10)
    assert queries(client, coordinator, "live", meeting.public_id) == two <= 32


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


def test_the_calendar_file_names_no_patient(client, coordinator, meeting, item):
    response = page(client, coordinator, "calendar", meeting.public_id)
    body = response.content.decode()
    assert response["Content-Type"] == "text/calendar"
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
    assert TrailEntry.objects.filter(kind="meeting.read").count() == 1


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


def decision_data(**extra):
    return {
        "version": "0",
        "outcome": "same_agent",
        "drug": "pembrolizumab",
        "second_drug": "",
        "dose_interval": "21",
        "rationale": "Because",
        "patient_preference": "",
        "defer_fact": "",
        "defer_owner": "",
        "defer_on": "",
        **extra,
    }


def test_the_whole_decision_is_recorded_by_the_form(client, coordinator, item):
    version = make_version(condition={"all": []})
    data = decision_data(
        **{f"rely-{version.public_id}": "board-choice", "second_drug": "ipilimumab"}
    )
    response = send(client, coordinator, "record", item.public_id, data=data)
    assert response.status_code == 302
    decision = Decision.objects.get()
    assert decision.drugs == ["pembrolizumab", "ipilimumab"]
    assert decision.statements.get().deviation_reason == "board-choice"
    html = text_of(page(client, coordinator, "record", item.public_id))
    assert "Because" in html and 'name="version" value="1"' in html


@pytest.mark.parametrize(
    "extra",
    [
        {"outcome": "defer"},
        {"drug": ""},
        {"second_drug": "pembrolizumab"},
        {"outcome": "nonsense"},
        {"defer_on": "soon"},
    ],
)
def test_a_wrong_record_form_keeps_what_was_typed(client, coordinator, item, extra):
    data = decision_data(rationale="Typed <here>", **extra)
    for headers in ({}, HTMX):
        response = send(client, coordinator, "record", item.public_id, data=data, **headers)
        assert response.status_code == 422
        assert "Typed &lt;here&gt;" in response.content.decode()
    assert not Decision.objects.exists()


def test_a_conflict_shows_who_changed_what_and_keeps_what_was_typed(
    client, coordinator, chair, item
):
    make_draft(coordinator, item, rationale="The first words")
    with acting_as(chair):
        make_draft(chair, item, version=1, rationale="The chair's words", outcome="no_rechallenge")
    data = decision_data(version="1", rationale="My own words")
    response = send(client, coordinator, "record", item.public_id, data=data)
    html = text_of(response)
    assert response.status_code == 409
    assert f"{chair.name} saved this decision while you were typing" in html
    assert "The first words → <b>The chair&#39;s words</b>" in html
    assert "Same agent → <b>No rechallenge</b>" in html
    assert "My own words" in html and 'name="version" value="2"' in html
    data["version"] = "2"
    assert send(client, coordinator, "record", item.public_id, data=data).status_code == 302
    assert Decision.objects.get().rationale == "My own words"


def test_what_was_typed_is_kept_and_comes_back(client, coordinator, item):
    client.force_login(coordinator, backend="allauth.account.auth_backends.AuthenticationBackend")
    kept = reverse("cases:draft", args=[f"decision:{item.case.public_id}"])
    assert client.post(kept, decision_data(rationale="Half a sent")).status_code == 204
    assert "Half a sent" in page(client, coordinator, "record", item.public_id).content.decode()
    send(client, coordinator, "record", item.public_id, data=decision_data(rationale="A sentence"))
    assert "Half a sent" not in page(client, coordinator, "record", item.public_id).content.decode()


def test_conditions_and_dissent_by_their_forms(client, coordinator, chair, draft):
    data = {
        "text": "Low dose",
        "expires_on": "2099-01-01",
        "fact": "steroid_now",
        "op": "<=",
        "value": "10",
    }
    response = send(client, coordinator, "condition_add", draft.public_id, data=data, **HTMX)
    html = text_of(response)
    assert "Low dose" in html and "cannot tell yet" in html
    assert 'value="2" form="decision-form" hx-swap-oob="true"' in html
    wrong = {**data, "value": "", "text": ""}
    response = send(client, coordinator, "condition_add", draft.public_id, data=wrong)
    assert response.status_code == 422 and "Enter the figure" in response.content.decode()
    condition = draft.conditions.get()
    send(client, coordinator, "condition_remove", condition.public_id)
    assert not draft.conditions.exists()
    data = {"user": str(chair.public_id), "reason": "Not now"}
    send(client, coordinator, "dissent_add", draft.public_id, data=data)
    assert draft.dissents.get().reason == "Not now"
    send(client, coordinator, "dissent_withdraw", draft.public_id, chair.public_id)
    assert not draft.dissents.exists()


def test_signing_asks_signs_once_and_gives_the_letter(client, chair, item, draft):
    asked = text_of(page(client, chair, "sign", draft.public_id))
    assert "nobody can change" in asked and "monitoring plan is opened" in asked
    assert "not quorate" in asked
    first = send(client, chair, "sign", draft.public_id, data={"version": "1"})
    second = send(client, chair, "sign", draft.public_id, data={"version": "1"})
    assert first.url == second.url == reverse("meetings:decision", args=[draft.public_id])
    html = text_of(client.get(first.url))
    assert "had been signed before" in html
    assert MonitoringPlan.objects.count() == 1
    assert TrailEntry.objects.filter(kind="decision.signed").count() == 1
    decision = Decision.objects.get()
    assert decision.snapshot_sha256 in html
    letter = page(client, chair, "letter", draft.public_id)
    assert letter.content.startswith(b"%PDF")
    assert CANARY.lower() not in letter["Content-Disposition"].lower()
    assert TrailEntry.objects.filter(kind="letter.downloaded").count() == 1
    assert page(client, chair, "record", item.public_id).status_code == 302
    assert page(client, chair, "sign", draft.public_id).status_code == 302


def test_a_changed_draft_is_read_again_before_it_is_signed(client, chair, coordinator, item, draft):
    make_draft(coordinator, item, version=1, rationale="Other words")
    response = send(client, chair, "sign", draft.public_id, data={"version": "1"})
    assert response.status_code == 409 and "Other words" in response.content.decode()


def test_an_incomplete_draft_says_what_is_lacking(client, chair, coordinator, item):
    draft = make_draft(coordinator, item, rationale="")
    response = send(client, chair, "sign", draft.public_id, data={"version": "1"})
    assert response.status_code == 422
    assert "Write the rationale" in response.content.decode()


def test_followers_get_nothing_until_something_changes(client, coordinator, chair, member, board):
    set_acting(coordinator)
    meeting = make_meeting(coordinator, board)
    first, second = make_item(coordinator, meeting), make_item(coordinator, meeting)
    meeting = start_meeting(by=coordinator, meeting=meeting)
    seen = Meeting.objects.get().revision
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("meetings:live_state", args=[meeting.public_id])

    def poll(seen: int, shown: AgendaItem):
        return client.get(address, {"seen": seen, "item": str(shown.public_id)}, **HTMX)

    assert poll(seen, first).status_code == 204
    with acting_as(coordinator):
        set_current_item(by=coordinator, meeting=meeting, item=second)
    response = poll(seen, first)
    assert response.status_code == 200
    assert second.case.reference in response.content.decode()
    assert "2 of 2" in response.content.decode()
    seen = Meeting.objects.get().revision
    assert poll(seen, second).status_code == 204
    with acting_as(coordinator):
        make_draft(coordinator, second, rationale="Seen by all")
    assert "Seen by all" in poll(seen, second).content.decode()


def test_the_recorders_form_is_not_taken_away_by_a_poll(client, coordinator, chair, board):
    set_acting(coordinator)
    meeting = make_meeting(coordinator, board)
    item = make_item(coordinator, meeting)
    start_meeting(by=coordinator, meeting=meeting)
    seen = Meeting.objects.get().revision
    make_draft(coordinator, item)
    client.force_login(chair, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("meetings:live_state", args=[meeting.public_id])
    response = client.get(address, {"seen": seen, "item": str(item.public_id)}, **HTMX)
    assert response["HX-Reswap"] == "none"
    assert 'hx-swap-oob="true"' in response.content.decode()
    assert "decision-form" not in response.content.decode()


def test_live_before_the_start_and_after_the_end(client, coordinator, member, board):
    set_acting(coordinator)
    meeting = make_meeting(coordinator, board)
    assert "has not started" in page(client, member, "live", meeting.public_id).content.decode()
    send(client, coordinator, "start", meeting.public_id)
    assert "No case is up" in page(client, member, "live", meeting.public_id).content.decode()
    assert send(client, coordinator, "close", meeting.public_id).status_code == 302
    assert "is closed" in page(client, member, "live", meeting.public_id).content.decode()


def test_the_next_case_is_brought_up_by_a_button(client, coordinator, meeting, item):
    other = make_item(coordinator, meeting)
    start_meeting(by=coordinator, meeting=meeting)
    response = send(client, coordinator, "current", other.public_id, **HTMX)
    assert other.case.reference in response.content.decode()
    assert send(client, coordinator, "current", item.public_id).status_code == 302
    assert AgendaItem.objects.get(current_since__isnull=False) == item


def test_home_says_what_is_asked_of_a_specialist(client, coordinator, board, meeting):
    fill(coordinator, meeting, 4)
    lung = make_user("member", board, specialty="respiratory")
    owe_fact(
        by=coordinator,
        case=meeting.items.first().case,
        fact="ecog",
        owner=lung,
        due_on=timezone.localdate() - dt.timedelta(days=1),
    )
    html = text_of(page(client, lung, "home"))
    assert "You are needed for 2 of 4 cases" in html
    assert "Will you be there?" in html and "1 day over" in html
    assert "no sweep has run yet" in html


def test_home_of_the_chair_leads_to_what_waits_for_a_signature(client, chair, coordinator, draft):
    html = text_of(page(client, chair, "home"))
    assert "Waiting for your signature" in html
    assert reverse("meetings:sign", args=[draft.public_id]) in html
    assert "Waiting for your signature" not in text_of(page(client, coordinator, "home"))


def test_home_of_a_curator_shows_drafts_and_no_patient(client, board, coordinator, item):
    make_version(state="draft", published_at=None, title="Being written")
    html = text_of(page(client, make_user("curator", board), "home"))
    assert "Being written" in html and NAME not in html


def test_home_shows_what_came_back(client, chair, coordinator, board, item):
    decision = make_signed(chair, item)
    with acting_as(chair):
        case = Case.objects.get(pk=decision.case_id)
        move_case(by=chair, case=case, to="returned", reason="abnormal_check")
    html = text_of(page(client, coordinator, "home"))
    assert "Abnormal safety check" in html


def test_nothing_of_meetings_is_kept_by_the_browser(client, coordinator, meeting):
    response = page(client, coordinator, "agenda", meeting.public_id)
    assert "no-store" in response["Cache-Control"]


def test_records_of_reads(client, chair, draft):
    page(client, chair, "decision", draft.public_id)
    assert TrailEntry.objects.filter(kind="decision.read", subject_id=draft.pk).exists()
