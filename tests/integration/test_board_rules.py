"""A board's chair chooses whose stopping rules set its marks, on a page that everybody of the board reads."""

from __future__ import annotations

import html
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import acting_as
from accounts.models import Board
from accounts.policies import NotAllowed
from accounts.presenters import profile_label
from accounts.services.boards import choose_rules, rules_seen, save_board
from audit.models import TrailEntry
from tests.factories.people import by_acting, make_board, make_user
from tests.factories.posts import rules_of_us
from tests.factories.record import make_case

pytestmark = pytest.mark.django_db
WHY = "The label that our pharmacy goes by."


@pytest.fixture
def chair(board):
    return make_user("chair", board)


def page(client, user, board):
    client.force_login(user)
    answer = client.get(reverse("boards:rules", args=[board.public_id]))
    return answer.status_code, re.sub(r"\s+", " ", answer.content.decode())


def html_of(answer):
    return html.unescape(re.sub(r"\s+", " ", answer.content.decode()))


def send(client, user, board, **fields):
    client.force_login(user)
    data = {**rules_of_us(board), **fields}
    return client.post(reverse("boards:rules", args=[board.public_id]), data)


def test_the_chair_chooses_with_a_reason_and_everybody_reads_it(client, board, chair):
    member = make_user("member", board)
    assert send(client, chair, board).status_code == 302
    board.refresh_from_db()
    assert (board.rule_profile, board.rule_reason, board.rule_set_by) == ("us_label", WHY, chair)
    for reader in (member, make_user("curator", board), chair):
        status, html = page(client, reader, board)
        assert status == 200 and "The US label" in html and WHY in html and chair.name in html
        assert ('name="rule_profile"' in html) == (reader == chair)
    assert "for the 2 people who may open them" in page(client, member, board)[1]
    with acting_as(chair):
        entry = TrailEntry.objects.get(kind="board.rules_changed")
    assert (entry.actor, entry.board_id) == (chair, board.pk)
    assert entry.detail == {"before": ["strictest", ""], "after": ["us_label", ""]}


def test_nobody_is_offered_a_publisher_of_whom_no_rule_was_read(client, board, chair):
    # Chosen before only those were offered, and by default in every order.
    Board.objects.filter(pk=board.pk).update(rule_profile="esmo")
    html = page(client, chair, board)[1]
    offered = re.findall(r'name="rule_profile" value="(\w+)"', html)
    assert offered == ["strictest", "us_label", "eu_smpc", "asco", "nccn", "local"]
    assert "no rule of theirs is published yet: ESMO, SITC" in html
    assert '<option value="esmo"' not in html and '<option value="nccn" selected' in html
    assert send(client, chair, board, rule_profile="sitc").status_code == 422
    assert send(client, chair, board, rule_profile="local", place_1="esmo").status_code == 422
    board.refresh_from_db()
    assert board.rule_profile == "esmo"


def test_the_case_follows_and_leads_to_the_page(client, board, chair):
    case = make_case(chair, board)
    send(client, chair, board)
    html = client.get(reverse("cases:detail", args=[case.public_id])).content.decode()
    address = reverse("boards:rules", args=[board.public_id])
    assert f'<a href="{address}">Mark by: US label</a>' in html


@pytest.mark.parametrize("role", ["member", "coordinator", "nurse", "curator", "administrator"])
def test_nobody_else_of_the_board_changes_it(client, board, role):
    somebody = make_user(role, board)
    assert send(client, somebody, board).status_code == 403
    with pytest.raises(NotAllowed):
        by_acting(choose_rules)(
            by=somebody, board=board, profile="asco", order="", reason=WHY, seen=rules_seen(board)
        )
    board.refresh_from_db()
    assert (board.rule_profile, board.rule_set_by) == ("strictest", None)


def test_of_another_board_nothing_is_seen_or_changed(client, board, chair):
    other = make_board()
    assert page(client, chair, other)[0] == 404
    assert send(client, chair, other).status_code == 404
    # Whoever is a member there and a chair here chooses here alone.
    both = make_user("member", other)
    both.memberships.create(board=board, role="chair")
    assert send(client, both, other).status_code == 403
    assert send(client, both, board).status_code == 302


def test_an_order_of_our_own_is_asked_for_place_by_place(client, board, chair):
    own = {"rule_profile": "local", "place_1": "nccn", "place_2": "", "place_3": "eu_smpc"}
    assert send(client, chair, board, **own).status_code == 302
    board.refresh_from_db()
    assert board.rule_order == "nccn,eu_smpc"
    assert "The first that says something of: NCCN, The EU text" in page(client, chair, board)[1]
    twice = send(client, chair, board, **own, place_4="nccn")
    assert twice.status_code == 422 and "one place at most" in twice.content.decode()
    none = send(client, chair, board, rule_profile="local", place_1="")
    assert none.status_code == 422 and "at least one source" in none.content.decode()
    assert profile_label("strictest", board.rule_order) == "The strictest of all sources"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"rule_reason": "  "}, "Enter"),
        ({"rule_reason": "x" * 301}, "300"),
        ({"rule_profile": "fda"}, "fda"),
        ({"rule_profile": "strictest"}, "This is what holds already."),
        ({"seen": "us_label||"}, "has changed this meanwhile"),
    ],
)
def test_what_cannot_be_taken_is_said_and_what_was_typed_stays(client, board, chair, fields, words):
    refused = send(client, chair, board, **fields)
    html = refused.content.decode()
    assert refused.status_code == 422 and words in html
    if "rule_reason" not in fields:
        assert WHY in html
    board.refresh_from_db()
    assert board.rule_profile == "strictest"


@pytest.mark.parametrize(("reason", "words"), [("  ", "Say why"), ("x" * 301, "at most 300")])
def test_the_service_asks_for_a_reason_too(board, chair, reason, words):
    with pytest.raises(ValidationError, match=words):
        by_acting(choose_rules)(
            by=chair, board=board, profile="asco", order="", reason=reason, seen=rules_seen(board)
        )


def test_two_chairs_at_once_the_second_is_told_who_was_first(board, chair):
    second, seen = make_user("chair", board), rules_seen(board)
    choose = by_acting(choose_rules)
    choose(by=chair, board=board, profile="asco", order="", reason=WHY, seen=seen)
    with pytest.raises(ValidationError, match=f"{chair.name} has changed this"):
        choose(by=second, board=board, profile="esmo", order="", reason=WHY, seen=seen)


def test_the_refusal_shows_what_holds_keeps_the_reason_and_a_second_press_works(
    client, board, chair
):
    first, seen = make_user("chair", board), rules_seen(board)
    by_acting(choose_rules)(
        by=first, board=board, profile="asco", order="", reason="As in the trial.", seen=seen
    )
    refused = send(client, chair, board, seen=seen)
    text = html_of(refused)
    assert refused.status_code == 422 and WHY in text
    assert f"{first.name} has changed this meanwhile: ASCO." in text and "As in the trial." in text
    assert re.search(r'app-strong">[^<]*ASCO', text), "what holds now"
    (renewed,) = re.findall(r'name="seen" value="([^"]*)"', text)
    board.refresh_from_db()
    assert (board.rule_profile, renewed) == ("asco", rules_seen(board))
    assert send(client, chair, board, seen=renewed).status_code == 302
    board.refresh_from_db()
    assert board.rule_profile == "us_label"


def test_what_else_is_wrong_with_a_board_does_not_stop_its_chair(board, chair):
    Board.objects.filter(pk=board.pk).update(hospital="")
    choose = by_acting(choose_rules)
    choose(by=chair, board=board, profile="asco", order="", reason=WHY, seen=rules_seen(board))
    assert Board.objects.get(pk=board.pk).rule_profile == "asco"


def test_every_choice_stays_readable_newest_first_and_costs_the_same(client, board, chair):
    empty = page(client, chair, board)[1]
    assert "Nobody has chosen yet" in empty
    counts = []
    for profile in ("us_label", "eu_smpc", "nccn", "asco"):
        board.refresh_from_db()
        send(client, chair, board, rule_profile=profile, rule_reason=f"Reason of {profile}.")
        with CaptureQueriesContext(connection) as asked:
            html = page(client, chair, board)[1]
        counts.append(len(asked))
    shown = re.findall(r"Reason of (\w+)\.", html)
    assert shown == ["asco", "nccn", "eu_smpc", "us_label"] and len(set(counts)) == 1
    # Another change of the board is none of its rules.
    root = make_user("administrator", board, is_staff=True, is_superuser=True)
    board.refresh_from_db()
    by_acting(save_board)(by=root, board=board, values={"hospital": "Another Hospital"})
    assert re.findall(r"Reason of (\w+)\.", page(client, chair, board)[1]) == shown


def test_the_admin_asks_why_as_well(client, board):
    root = make_user("administrator", board, is_staff=True, is_superuser=True)
    client.force_login(root)
    sent = {
        "name": board.name, "hospital": board.hospital, "zone": board.zone, "active": "on",
        "oligoprogression_definition": "review", "rule_profile": "nccn",
    }  # fmt: skip
    address = reverse("admin:accounts_board_change", args=[board.pk])
    refused = client.post(address, sent)
    assert "Say why" in refused.content.decode()
    assert client.post(address, {**sent, "rule_reason": WHY}).status_code == 302
    stands = Board.objects.get(pk=board.pk)
    assert (stands.rule_profile, stands.rule_set_by, stands.rule_reason) == ("nccn", root, WHY)
    other = client.post(address, {**sent, "rule_profile": "sitc", "rule_reason": f"{WHY} Now."})
    assert other.status_code == 200 and "sitc is not one of" in other.content.decode()
    assert TrailEntry.objects.filter(kind="board.rules_changed", actor=root).exists()
    with acting_as(root):
        save_board(by=root, board=stands, values={"name": "Renamed"})
    assert TrailEntry.objects.filter(kind="board.rules_changed").count() == 1
