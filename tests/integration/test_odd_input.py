"""What no page of ours sends, but somebody may: it is refused or left out, and nothing breaks."""

from __future__ import annotations

import base64
import json

import pytest
from django.urls import reverse

from accounts.acting import acting_as
from audit.models import TrailEntry
from cases.models import CaseSection, Draft
from tests.factories.meetings import make_draft, make_item, make_meeting, start
from tests.factories.monitoring import make_plan
from tests.factories.record import make_case
from ui.typed import whole_number

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("", 0), (None, 0), ("²", 0), ("１２", 0), ("-1", 0), ("9" * 30, 0), ("x", 0)],
)
def test_a_number_beside_a_form_is_plain_figures(text, number):
    assert whole_number(text) == number


def test_versions_that_are_no_number_are_old_ones(client, board, chair, nurse):
    meeting = make_meeting(chair, board, in_days=0)
    item = make_item(chair, meeting)
    start(chair, meeting, item)
    draft = make_draft(chair, item)
    client.force_login(chair)
    address = reverse("meetings:sign", args=[draft.public_id])
    assert client.post(address, {"version": "²"}).status_code in {409, 422}
    minutes = item.minutes
    client.post(reverse("meetings:item_minutes", args=[item.public_id]), {"minutes": "²"})
    with acting_as(chair):
        item.refresh_from_db()
    assert item.minutes == minutes
    plan = make_plan(nurse, board, dosed=7)
    client.force_login(nurse)
    address = reverse("followup:take_back_dose", args=[plan.public_id])
    assert client.post(address, {"version": "²"}).status_code == 302


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "1e9", "1-nan", "<nan"])
def test_a_measured_value_is_figures_alone(client, board, member, value):
    case = make_case(member, board)
    client.force_login(member)
    with acting_as(member):
        version = CaseSection.objects.get(case=case, key="tumour").version
    address = reverse("cases:item_add", args=[case.public_id, "biomarkers"])
    typed = {"measured": "pdl1_tps", "timing": "before", "value": value}
    answer = client.post(address, {"version": version, **typed})
    assert answer.status_code == 422
    assert "Enter a number such as 60" in answer.content.decode()


def test_a_sequel_that_is_none_of_the_choices_is_said_beside_it(client, board, member):
    case = make_case(member, board)
    client.force_login(member)
    address = reverse("cases:item_add", args=[case.public_id, "iraes"])
    sent = {"organ": "colon", "entity": "colitis", "sequelae": "perhaps", "sequelae_text": "Pain"}
    assert client.post(address, sent).status_code == 422


def test_a_cursor_of_many_brackets_is_no_cursor(client, board, member):
    make_case(member, board)
    client.force_login(member)
    deep = base64.urlsafe_b64encode(b"[" * 100_000).decode()
    assert client.get(reverse("cases:list"), {"after": deep[:5000]}).status_code == 200


def test_the_trail_ends_before_the_end_of_time(client, chair):
    client.force_login(chair)
    answer = client.get(reverse("boards:trail"), {"until": "9999-12-31"})
    assert answer.status_code in {200, 422}
    assert "Enter a year between 2000 and 2200" in answer.content.decode()


def test_no_note_of_what_was_referred_is_written_by_hand(client, board, member):
    client.force_login(member)
    answer = client.post(
        "/cases/drafts/referred:11111111-1111-1111-1111-111111111111", {"case": "x"}
    )
    assert answer.status_code == 404
    with acting_as(member):
        assert not Draft.objects.exists()


def test_a_search_is_on_the_trail_of_each_board(client, board, member, chair):
    client.force_login(member)
    client.post(reverse("cases:search"), {"query": "Nobody"})
    with acting_as(chair):
        entry = TrailEntry.objects.get(kind="case.searched")
        assert (entry.board_id, json.dumps(entry.detail)) == (board.pk, "{}")
