"""A signed decision shows to whoever reads it what stopped then, be it by a source that the board did not go by."""

from __future__ import annotations

import json
from html import unescape

import pytest

from accounts.models import Board
from evidence.rulings import ACTIONS
from meetings.models import Decision
from meetings.presenters.marks_then import marks_then
from meetings.presenters.snapshot import snapshot_view
from meetings.selectors import marked_versions_then
from meetings.services.signing import marks_of
from meetings.snapshot import marked_ids
from tests.factories.meetings import make_version
from tests.integration.meetings.browsing import page, send, text_of
from tests.integration.meetings.test_certain_elsewhere import GRADE
from tests.integration.meetings.test_rule_profiles import row

pytestmark = pytest.mark.django_db
NEVER = {"not": {"always": True}}


def listed(text: str) -> list[str]:
    """The lines of the card, each as the words in it."""
    card = text[text.index("Guidance then") : text.index("Proof")]
    return [line.split("</li>")[0] for line in card.split("<li")[1:]]


@pytest.fixture
def signed(client, chair, draft):
    Board.objects.filter(pk=draft.board_id).update(rule_profile="us_label")
    both = [row("us-label-x", "withhold"), row("eu-smpc-x", "stop")]
    make_version(condition={"always": True}, signal="stop", title="Invented nephritis", rules=both)
    waits = [row("us-label-x", "withhold"), row("eu-smpc-x", "stop", GRADE)]
    make_version(condition={"always": True}, signal="stop", title="Invented waiting", rules=waits)
    nobody = [row("us-label-x", "stop", GRADE)]
    make_version(condition={"always": True}, signal="stop", title="Invented nobody", rules=nobody)
    make_version(condition={"always": True}, signal="warning", title="Invented warning")
    make_version(condition=GRADE, signal="not_yet", title="Invented unjudged")
    make_version(condition=NEVER, signal="stop", title="Invented foreign")
    make_version(condition={"always": True}, signal="", title="Invented figure")
    send(client, chair, "sign", draft.public_id, data={"version": "1"})
    return Decision.objects.get()


def test_what_stopped_then_stands_there_with_its_source_and_what_the_board_went_by(
    client, chair, signed
):
    shown = unescape(text_of(page(client, chair, "decision", signed.public_id)))
    lines = listed(shown)
    (nephritis,) = [line for line in lines if "Invented nephritis" in line]
    assert "app-item--red" in nephritis and "Marked" not in nephritis
    stop = nephritis.index("EU text: stop for good (certain)")
    assert stop < nephritis.index("Board's profile (US label): withhold")
    (waiting,) = [line for line in lines if "Invented waiting" in line]
    assert "another source may stop: cannot tell" in waiting
    assert "another source may be stricter: EU text: stop for good" in waiting
    (warning,) = [line for line in lines if "Invented warning" in line]
    assert "Warning" in warning
    unfolded, folded = shown.split("1 rule or warning could not be judged")
    # Whoever had the irAE of a rule reads it without opening anything, as the letter names it.
    assert "Invented nobody" in unfolded and "Invented unjudged" in folded
    (nobody,) = [line for line in lines if "Invented nobody" in line]
    assert "may stop: cannot tell" in nobody and "app-item--amber" in nobody
    for title in ("Invented nobody", "Invented unjudged"):
        (line,) = [line for line in lines if title in line]
        assert "Cannot tell without: worst nephritis grade" in line
    assert not [line for line in lines if "foreign" in line or "figure" in line]


def test_the_mark_of_then_stays_whatever_is_published_or_chosen_later(client, chair, signed):
    before = listed(unescape(text_of(page(client, chair, "decision", signed.public_id))))
    Board.objects.filter(pk=signed.board_id).update(rule_profile="strictest")
    assert listed(unescape(text_of(page(client, chair, "decision", signed.public_id)))) == before


def test_a_snapshot_from_before_other_sources_were_kept_stays_as_it_is(signed):
    data = json.loads(signed.snapshot)
    assert marked_ids(signed)
    for old in ({"profile": None}, {"stricter": None}):
        kept = json.loads(signed.snapshot)
        if "profile" in old:
            del kept["profile"]
        for each in kept["evaluations"]:
            if "stricter" in old and "mark" in each:
                del each["mark"]["stricter"]
        older = Decision(snapshot=json.dumps(kept))
        assert marked_ids(older) == []
        assert marks_then(kept, []) == ()
    assert {each["mark"]["action"] for each in data["evaluations"] if "mark" in each} <= {
        *ACTIONS, "",
    }  # fmt: skip


NOT_KEPT = "Which rules and warnings were marked was not kept in this form then"
WITHHELD = "At least one source withholds until it has settled"
NONE_APPLIED = "No rule or warning applied that stops, withholds or warns."


def test_where_no_rule_stands_a_sentence_says_why(signed):
    rows = marked_versions_then(signed)
    assert snapshot_view(signed, [], rows).no_marks == ""
    unjudged = [row for row in rows if row.title == "Invented unjudged"]
    view = snapshot_view(signed, [], unjudged)
    assert view.open_marks and view.no_marks == NONE_APPLIED
    kept = json.loads(signed.snapshot)
    del kept["profile"]
    older = Decision(snapshot=json.dumps(kept), salt=signed.salt)
    assert snapshot_view(older, [], []).no_marks == f"{NOT_KEPT}; see the letter."
    # The letter of an erased patient is gone.
    older.salt = None
    assert snapshot_view(older, [], []).no_marks == f"{NOT_KEPT}."


def test_a_decision_to_which_no_rule_applied_says_so_on_its_page(client, chair, draft):
    make_version(condition={"always": True}, signal="", title="Invented figure")
    send(client, chair, "sign", draft.public_id, data={"version": "1"})
    shown = unescape(text_of(page(client, chair, "decision", Decision.objects.get().public_id)))
    card = shown[shown.index("Guidance then") : shown.index("Proof")]
    assert NONE_APPLIED in card and "app-guide-lines" not in card


@pytest.mark.parametrize(("profile", "who"), [("asco", "EU text"), ("us_label", "EU text")])
def test_what_another_source_withholds_for_certain_is_kept_beside_a_laxer_mark(
    client, chair, draft, profile, who
):
    """The board's own source lets it resume: nobody reads that nothing withheld."""
    Board.objects.filter(pk=draft.board_id).update(rule_profile=profile)
    own = "asco-x" if profile == "asco" else "us-label-x"
    both = [row(own, "resume"), row("eu-smpc-x", "withhold")]
    make_version(condition={"always": True}, signal="withhold", title="Invented rash", rules=both)
    decided = Decision.objects.select_related("board", "case__facts").get(pk=draft.pk)
    letter = marks_of(decided, decided.case.facts.as_facts())
    assert [card.title for card in letter.apply] == ["Invented rash"]
    (card,) = letter.apply
    assert (card.signal, card.beside, card.never_folded) == ("", WITHHELD, True)
    send(client, chair, "sign", draft.public_id, data={"version": "1"})
    decision = Decision.objects.get()
    shown = unescape(text_of(page(client, chair, "decision", decision.public_id)))
    (line,) = [line for line in listed(shown) if "Invented rash" in line]
    assert WITHHELD in line and f"another source is stricter: {who}: withhold" in line
    assert NONE_APPLIED not in shown
