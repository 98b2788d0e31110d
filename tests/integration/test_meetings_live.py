"""Following a discussion: what others do comes within the poll, and nothing typed is taken away."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as, set_acting
from cases.services.guidance import attach, detach
from followup.services.protocols import load_protocols
from meetings.models import Decision
from meetings.services.attendance import set_attendance
from meetings.services.decisions import StaleDecision, add_condition, note_dissent
from meetings.services.signing import sign_decision
from tests.factories.meetings import make_draft, make_item, make_meeting, make_version, start
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
POLL = re.compile(r'hx-get="([^"]*/live/state[^"]*)"')


class Follower:
    """Somebody on the live page, whose browser asks what the page tells it to ask."""

    def __init__(self, client, user, meeting):
        self.client, self.user = client, user
        self.page = self._get(reverse("meetings:live", args=[meeting.public_id]))

    def _get(self, address, **headers):
        self.client.force_login(self.user)
        answer = self.client.get(address, **headers)
        html = answer.content.decode()
        found = POLL.search(html)
        if found:
            self.address = found[1].replace("&amp;", "&")
        return answer if headers else html

    def poll(self):
        """Ask as the browser does every two seconds."""
        return self._get(self.address, HTTP_HX_REQUEST="true")


@pytest.fixture
def meeting(board, chair):
    set_acting(chair)
    load_protocols()
    planned = make_meeting(chair, board, in_days=0)
    start(chair, planned, make_item(chair, planned))
    return planned


@pytest.fixture
def item(meeting, chair):
    with acting_as(chair):
        return meeting.items.select_related("case", "meeting__board").get()


def kept(answer) -> str:
    """Return what a poll brings, which is no form that anybody types in."""
    html = answer.content.decode()
    assert answer.status_code == 200 and answer["HX-Reswap"] == "none"
    assert 'id="decision-form"' not in html
    return html


def test_the_chair_sees_a_members_dissent_and_goes_on_recording(client, board, chair, item):
    member = make_user("member", board)
    decision = make_draft(chair, item)
    follower = Follower(client, chair, item.meeting)
    assert follower.poll().status_code == 204
    with acting_as(member):
        note_dissent(by=member, decision=decision, user=member, reason="Wait for the echo.")
    html = kept(follower.poll())
    assert '<div id="dissents-list" hx-swap-oob="true">' in html
    assert "Wait for the echo." in html and member.name in html
    assert "data-draft-url" not in html
    assert follower.poll().status_code == 204
    # The form was filled from version 1: the dissent is no reason to refuse it.
    make_draft(chair, item, version=1, rationale="Typed meanwhile")
    with acting_as(chair):
        saved = Decision.objects.get()
    assert (saved.rationale, saved.version, saved.form_version) == ("Typed meanwhile", 3, 3)


def test_a_form_saved_by_somebody_else_is_not_written_over(chair, coordinator, item):
    make_draft(chair, item)
    make_draft(coordinator, item, version=1, rationale="Theirs")
    with pytest.raises(StaleDecision):
        make_draft(chair, item, version=1, rationale="Mine")


def test_attendance_of_another_comes_with_the_strip(client, board, chair, item):
    member = make_user("member", board, specialty="respiratory")
    follower = Follower(client, chair, item.meeting)
    with acting_as(member):
        set_attendance(by=member, meeting=item.meeting, user=member, mode="remote")
    html = kept(follower.poll())
    assert '<div id="live-top" hx-swap-oob="true">' in html and "Quorum for this case" in html


def test_guidance_attached_by_another_can_be_relied_on_at_once(client, board, chair, item):
    member = make_user("member", board)
    version = make_version(title="Laid beside it", condition={"not": {"always": True}})
    make_draft(chair, item)
    follower = Follower(client, chair, item.meeting)
    assert "Laid beside it" not in follower.page
    with acting_as(member):
        row = attach(by=member, case=item.case, version=version, answer="false")
    html = kept(follower.poll())
    assert '<div id="live-guidance" hx-swap-oob="true">' in html
    assert f"attached by {member.name}" in html
    # What was chosen for the others stays: the browser keeps the fields that it has.
    assert f'<div id="field-rely-{version.public_id}" hx-preserve="true">' in html
    assert follower.poll().status_code == 204
    with acting_as(member):
        detach(by=member, case=item.case, attached=row)
    assert "Laid beside it" not in kept(follower.poll())


def test_attached_guidance_that_applies_stands_once_and_is_marked(client, board, chair, item):
    member = make_user("member", board)
    many = [make_version(title=f"Invented {n}", condition={"always": True}) for n in range(7)]
    with acting_as(member):
        attach(by=member, case=item.case, version=many[6], answer="true")
    html = Follower(client, chair, item.meeting).page
    shown = html[html.index('id="live-guidance"') :]
    shown = shown[: shown.index("</section>")]
    assert shown.count("Invented 6") == 1
    assert shown.count(f"attached by {member.name}") == 1
    assert "Attached by members of the board" not in shown
    # It is not among those that are folded away.
    assert shown.index("Invented 6") < shown.index("app-fold")


def test_guidance_stays_as_it_is_while_only_people_come_and_go(client, board, chair, item):
    follower = Follower(client, chair, item.meeting)
    with acting_as(chair):
        set_attendance(by=chair, meeting=item.meeting, user=chair, mode="in_room")
    assert "live-guidance" not in kept(follower.poll())


def test_a_member_who_types_a_dissent_keeps_it_when_the_chair_saves(client, board, chair, item):
    member = make_user("member", board)
    follower = Follower(client, member, item.meeting)
    with acting_as(chair):
        decision = make_draft(chair, item, rationale="First words")
    begun = kept(follower.poll())
    assert (
        "First words" in begun and "Note a dissent" in begun
    )  # its form comes with the first save
    make_draft(chair, item, version=1, rationale="Other words")
    html = kept(follower.poll())
    assert "Other words" in html and "Note a dissent" not in html
    with acting_as(chair):
        decision.refresh_from_db()
        sign_decision(by=chair, decision=decision, version=decision.version)
    signed = follower.poll()
    assert "HX-Reswap" not in signed and 'id="live"' in signed.content.decode()


def test_a_condition_of_the_coordinator_reaches_the_chairs_page(client, chair, coordinator, item):
    decision = make_draft(chair, item)
    follower = Follower(client, chair, item.meeting)
    with acting_as(coordinator):
        until = timezone.localdate() + dt.timedelta(days=30)
        add_condition(by=coordinator, decision=decision, text="Echo first", expires_on=until)
    assert "Echo first" in kept(follower.poll())


@pytest.mark.parametrize("seen", ["", "x", "1.2.3.4", "7"])
def test_a_mark_that_cannot_be_read_brings_everything(client, chair, item, seen):
    client.force_login(chair)
    address = reverse("meetings:live_state", args=[item.meeting.public_id])
    answer = client.get(address, {"seen": seen}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 200 and 'id="live"' in answer.content.decode()
