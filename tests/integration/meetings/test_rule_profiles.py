"""By whose rules a board has its marks set: chosen in the admin, said where the mark stands, kept with a decision."""

from __future__ import annotations

import json
from html import unescape
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Board
from accounts.services.boards import save_board
from cases.guidance import agents_of
from evidence.conditions import Fact
from evidence.matching import match
from evidence.presenters import guidance
from evidence.ruled import profile_words
from evidence.rulings import Profile
from meetings.models import Decision
from tests.factories.meetings import make_version
from tests.factories.people import make_user
from tests.integration.meetings.browsing import page, send, text_of

pytestmark = pytest.mark.django_db
GRADE = "nephritis_worst_grade"


def row(source, action, condition=None):
    return {
        "source": source, "action": action, "says": f"Invented {action}.", "mark": "seen",
        "condition": condition or {"always": True},
    }  # fmt: skip


@pytest.fixture
def version(db):
    rules = [row("us-label-x", "withhold"), row("eu-smpc-x", "stop")]
    return make_version(
        condition={"always": True}, signal="stop", title="Invented nephritis", rules=rules
    )


def shown(version, profile, **facts):
    (found,) = guidance(match([version], facts), facts, None, profile).applies
    return found


def test_the_strictest_sets_the_mark_unless_the_board_goes_by_another(version):
    plain = shown(version, Profile())
    assert (plain.signal_code, plain.marked_by) == ("stop", "") and plain.does_differ
    by_us = shown(version, Profile("us_label"))
    assert by_us.signal_code == "withhold" and by_us.never_folded
    assert by_us.marked_by == "", "the tag names whom the board goes by"
    assert (by_us.signal, by_us.signal_colour) == ("EU text: stop for good (certain)", "red")
    assert (by_us.beside, by_us.beside_colour) == ("Board's profile (US label): withhold", "amber")
    assert [rule.source for rule in by_us.rules] == ["eu-smpc-x", "us-label-x"]
    by_eu = shown(version, Profile("eu_smpc"))
    assert (by_eu.signal_code, by_eu.marked_by) == ("stop", "by EU text")
    silent = shown(version, Profile("esmo"))
    assert silent.signal_code == "stop"
    assert silent.marked_by == "by EU text; what this board goes by says nothing here"


LABEL = ["pembrolizumab"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((), "us-label-x"),
        (("pembrolizumab",), "us-label-x"),
        (("nivolumab", "pembrolizumab"), "us-label-x"),
        (("nivolumab",), "us-label-x, read for another agent"),
    ],
)
def test_a_label_of_one_agent_says_where_it_is_read_for_another(db, given, words):
    rules = [{**row("us-label-x", "stop"), "agents": LABEL}, row("asco-x", "resume")]
    version = make_version(condition={"always": True}, signal="stop", rules=rules)
    (card,) = guidance(match([version], {}), {}, None, Profile(), given).applies
    assert [rule.source for rule in card.rules] == [words, "asco-x"]
    assert card.chips[0][0] == f"{words}: stop for good"
    # The mark is the stricter reading, whatever agent is meant.
    assert card.signal_code == "stop"


def test_where_the_rows_of_a_board_have_ended_the_mark_says_so(db):
    now = {"fact": "nephritis_grade_now", "op": ">", "value": 1}
    rules = [row("us-label-x", "withhold", now), row("eu-smpc-x", "stop")]
    version = make_version(condition={"always": True}, signal="stop", rules=rules)
    facts = {"nephritis_grade_now": Fact.number(1)}
    card = shown(version, Profile("us_label"), **facts)
    assert card.marked_by == "by EU text; no row of US label holds here now"
    order = shown(version, Profile("local", ("nccn", "us_label")), **facts)
    assert order.marked_by == card.marked_by


def test_the_agents_of_a_case_are_the_decided_the_proposed_or_the_given(db):
    course = SimpleNamespace(drugs=["nivolumab", "ipilimumab"])
    courses = SimpleNamespace(all=lambda: [course, SimpleNamespace(drugs=[])])
    case = SimpleNamespace(proposed_drugs=[], patient=SimpleNamespace(courses=courses))
    assert agents_of(case) == {"nivolumab", "ipilimumab"}
    case.proposed_drugs = ["durvalumab"]
    assert agents_of(case) == {"durvalumab"}
    assert agents_of(case, ["pembrolizumab"]) == {"pembrolizumab"}


def test_a_profile_is_named():
    assert profile_words(Profile()) == "Mark by: strictest of all sources"
    assert profile_words(Profile("eu_smpc")) == "Mark by: EU text"
    assert profile_words(Profile("local", ("nccn", "us_label"))).endswith("of NCCN, US label")


def test_what_was_published_as_words_alone_stands_as_it_is(db):
    old = make_version(
        condition={"fact": GRADE, "op": ">=", "value": 3},
        signal="stop", title="Invented old rule", rules=[{"source": "us-label-x", "says": "Stop."}],
    )  # fmt: skip
    card = shown(old, Profile("esmo"), **{GRADE: Fact.number(3)})
    assert (card.signal_code, card.differ, card.marked_by) == ("stop", "", "")
    assert [(rule.says, rule.action) for rule in card.rules] == [("Stop.", "")]


def test_whoever_changes_boards_sets_the_profile_and_an_order_is_checked(board):
    root = make_user("administrator", board, is_staff=True, is_superuser=True)
    chosen = {"rule_profile": "local", "rule_order": "nccn,asco"}
    with pytest.raises(ValidationError) as unexplained:
        save_board(by=root, board=board, values=chosen)
    assert set(unexplained.value.message_dict) == {"rule_reason"}
    save_board(by=root, board=board, values={**chosen, "rule_reason": "As in our clinic."})
    assert Board.objects.get(pk=board.pk).rule_order == "nccn,asco"
    for order in ("nccn,nccn", "nccn,fda", " , "):
        with pytest.raises(ValidationError) as refused:
            save_board(by=root, board=board, values={"rule_order": order, "rule_reason": "No."})
        assert set(refused.value.message_dict) == {"rule_order"}


def test_a_signed_decision_keeps_the_profile_and_every_row(client, chair, draft, version):
    Board.objects.filter(pk=draft.board_id).update(rule_profile="us_label")
    asked = unescape(text_of(page(client, chair, "sign", draft.public_id)))
    told = asked[asked.index("EU text: stop for good (certain)") :]
    assert "Board's profile (US label): withhold" in told[: told.index("</li>")]
    send(client, chair, "sign", draft.public_id, data={"version": "1"})
    kept = json.loads(Decision.objects.get().snapshot)
    assert kept["profile"] == {"kind": "us_label", "order": ["us_label"]}
    (said,) = [e for e in kept["evaluations"] if e["id"] == str(version.public_id)]
    assert [(r["source"], r["action"], r["answer"]) for r in said["rows"]] == [
        ("us-label-x", "withhold", "true"), ("eu-smpc-x", "stop", "true"),
    ]  # fmt: skip
    assert said["mark"] == {
        "action": "withhold", "by": ["us_label"], "open": False, "may_be_stricter": [],
        "stricter": [{"source": "eu_smpc", "action": "stop"}],
    }  # fmt: skip
