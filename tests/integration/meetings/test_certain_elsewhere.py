"""What a source holds for certain where that of the board cannot be told: on every page and in the letter."""

from __future__ import annotations

import json
from html import unescape
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Board
from cases.models import Case, IrAE, OrganReview
from cases.presenters.page import at_once
from cases.services.facts import refresh_facts
from cases.vocabulary import Organ
from evidence.loading import read
from evidence.rulings import Profile
from meetings.models import Decision
from meetings.selectors import decision_for_signing
from meetings.services.signing import marks_of
from tests.factories.meetings import make_version
from tests.integration.meetings.browsing import page, send, text_of
from tests.integration.meetings.test_rule_profiles import row, shown

pytestmark = pytest.mark.django_db

STOPS, OWN_STOPS = "At least one source stops for good", "This product's default stops"
# Of myocarditis of an unknown grade no source that was read says that it stops.
BY_WHOM = {"R06": OWN_STOPS, "R05": STOPS, "R11": STOPS}
MYOCARDITIS = {"organ": "heart", "entity": "myocarditis", "worst_grade_state": "unknown"}
NEPHRITIS = {
    "organ": "kidney", "entity": "nephritis", "ctcae_version": "5.0",
    "worst_grade_state": "unknown", "onset_grade": 3, "onset_grade_state": "known",
}  # fmt: skip
RASH = {
    "organ": "skin", "entity": "rash_maculopapular", "ctcae_version": "5.0",
    "worst_grade": 3, "worst_grade_state": "known",
}  # fmt: skip
UNLISTED = {
    "organ": "muscle", "entity": "autoimmune_other", "entity_text": "Invented overlap",
    "ctcae_version": "5.0", "worst_grade": 1, "worst_grade_state": "known",
}  # fmt: skip
SETTLED = {
    "grade_now": 0, "grade_now_state": "known",
    "resolution": "resolved", "resolution_state": "known",
}  # fmt: skip
# By rule: whom the board goes by, the irAEs, what the mark says, what it lacks, and what the snapshot keeps of it.
EXAMPLES = {
    "R06": (
        "us_label", (MYOCARDITIS,),
        "by US label, which may stop for good and cannot be told yet; "
        "certain by another source: this product's default: stop for good",
        "worst myocarditis grade",
        {"action": "stop", "stricter": [{"source": "product-default", "action": "stop"}]},
    ),
    "R05": (
        "us_label", (NEPHRITIS,),
        "by US label, which may stop for good and cannot be told yet; "
        "certain by another source: EU text: stop for good",
        "worst nephritis grade",
        {"action": "stop", "stricter": [{"source": "eu_smpc", "action": "stop"}]},
    ),
    "R11": (
        "asco", (RASH, UNLISTED),
        "by ASCO, which may let it resume and cannot be told yet; "
        "certain by another source: NCCN: stop for good",
        "myocarditis",
        {"action": "resume", "stricter": [{"source": "nccn", "action": "stop"}]},
    ),
}  # fmt: skip


def told(draft, code) -> Case:
    """The rule as it is delivered, and a record of which it cannot tell what the board's own source does."""
    profile, events, *_rest = EXAMPLES[code]
    (rule,) = [one for one in read().statements if one["code"] == code]
    kept = ("code", "condition", "signal", "rules", "title")
    make_version(**{key: rule[key] for key in kept}, category="rule")
    Board.objects.filter(pk=draft.board_id).update(rule_profile=profile)
    case, today = draft.case, timezone.localdate()
    for event in events:
        IrAE.objects.create(patient=case.patient, now_on=today, **SETTLED, **event)
    for organ in Organ.values:
        OrganReview.objects.create(
            patient=case.patient, organ=organ, asked_on=today, asked_by=draft.recorded_by
        )
    Case.objects.filter(pk=case.pk).update(
        proposed_regimen="same_agent", proposed_regimen_state="known"
    )
    case = Case.objects.get(pk=case.pk)
    refresh_facts(case=case)
    return case


@pytest.mark.parametrize("code", EXAMPLES)
def test_a_certain_stop_of_another_source_stands_on_every_page(client, chair, item, draft, code):
    case = told(draft, code)
    _profile, _events, words, lacks, _kept = EXAMPLES[code]
    client.force_login(chair, backend="allauth.account.auth_backends.AuthenticationBackend")
    opened = unescape(text_of(client.get(reverse("cases:detail", args=[case.public_id]))))
    assert "Stops now" in opened and 'href="#guidance-stop"' in opened
    line = opened[opened.index('id="guidance-stop"') :]
    line = line[: line.index("</summary>")]
    assert BY_WHOM[code] in line and f"marked {words}" in line
    assert lacks in line[line.index("cannot tell without: ") :]
    assert "may let it resume" in line or "may stop: cannot tell" not in line
    beside = unescape(text_of(page(client, chair, "record", item.public_id)))
    beside = beside[beside.index('<li class="app-item app-item--red">') :]
    beside = beside[: beside.index("</li>")]
    assert BY_WHOM[code] in beside and f"Marked {words}. Cannot tell without: " in beside
    asked = unescape(text_of(page(client, chair, "sign", draft.public_id)))
    assert "Rules and warnings that cannot be judged" not in asked
    marks = asked[asked.index("Rules and warnings that apply to this regimen") :]
    marks = marks[: marks.index("</ul>")]
    assert BY_WHOM[code] in marks and f"Marked {words}." in marks
    assert lacks in marks[marks.index("Cannot tell without: ") :]


@pytest.mark.parametrize("code", EXAMPLES)
def test_a_certain_stop_of_another_source_stands_in_letter_and_snapshot(client, chair, draft, code):
    told(draft, code)
    _profile, _events, words, lacks, kept = EXAMPLES[code]
    send(client, chair, "sign", draft.public_id, data={"version": "1"})
    letter = b"".join(page(client, chair, "letter", draft.public_id))
    text = " ".join(p.extract_text() for p in PdfReader(BytesIO(letter)).pages)
    text = " ".join(text.split()).replace("’", "'")
    assert f"{BY_WHOM[code]}: " in text and f"({words}), cannot tell without: " in text
    assert lacks in text[text.index("cannot tell without: ") :]
    assert "could not be judged" not in text
    (said,) = json.loads(Decision.objects.get().snapshot)["evaluations"]
    assert said["mark"] == {
        **kept, "by": [EXAMPLES[code][0]], "open": True, "may_be_stricter": [],
    }  # fmt: skip


@pytest.mark.parametrize("code", EXAMPLES)
def test_by_the_strictest_of_all_each_is_a_stop(client, chair, draft, code):
    told(draft, code)
    Board.objects.filter(pk=draft.board_id).update(rule_profile="strictest")
    decision = decision_for_signing(draft.pk)
    marks = marks_of(decision, decision.case.facts.as_facts())
    (card,) = marks.apply
    assert (card.signal, card.beside, card.is_open, card.waits_for) == (
        BY_WHOM[code],
        "",
        False,
        (),
    )
    assert marks.open == ()


GRADE = {"fact": "nephritis_worst_grade", "op": ">=", "value": 3}


def marked(profile, *rules):
    version = make_version(condition={"always": True}, signal="stop", rules=list(rules))
    return shown(version, Profile(profile))


def test_a_stop_beside_a_mark_that_is_laxer_for_certain_is_a_tag_of_its_own(db):
    card = marked("us_label", row("us-label-x", "withhold"), row("eu-smpc-x", "stop"))
    assert (card.signal, card.signal_colour) == ("EU text: stop for good (certain)", "red")
    assert (card.beside, card.beside_colour) == ("Board's profile (US label): withhold", "amber")
    assert card.stops and not card.is_open
    assert (card.marked_by, card.waits_for) == ("", ())


def test_a_resumption_by_the_board_beside_a_certain_stop_has_no_colour_and_names_who_else_is_stricter(
    db,
):
    rows = (row("asco-x", "resume"), row("nccn-x", "stop"), row("us-label-x", "withhold"))
    card = marked("asco", *rows)
    assert (card.signal, card.signal_colour) == ("NCCN: stop for good (certain)", "red")
    assert (card.beside, card.beside_colour) == ("Board's profile (ASCO): may resume", "outline")
    assert card.marked_by == "by ASCO; another source is stricter: US label: withhold"
    assert card.stops and card.never_folded


@pytest.mark.parametrize("profile", ["strictest", "eu_smpc"])
def test_what_is_withheld_for_certain_stands_beside_a_stop_that_cannot_be_told(profile):
    card = marked(profile, row("us-label-x", "withhold"), row("eu-smpc-x", "stop", GRADE))
    assert (card.signal, card.signal_colour) == ("may stop: cannot tell", "amber")
    assert card.beside.startswith("At least one source withholds")
    assert (card.stops, card.certain_code) == (False, "withhold")
    assert card.waits_for == ("worst nephritis grade",)


def test_a_stop_that_another_source_may_come_to_leaves_no_tag_empty(db):
    card = marked("asco", row("asco-x", "resume"), row("nccn-x", "stop", GRADE))
    assert (card.signal, card.beside) == ("", "another source may stop: cannot tell")
    assert card.never_folded and not card.stops and not card.certain_code
    both = marked("asco", row("asco-x", "stop", GRADE), row("nccn-x", "stop", GRADE))
    assert (both.signal, both.beside) == ("may stop: cannot tell", "")


def test_a_mark_that_nobody_holds_for_certain_is_named_in_the_letter_and_not_counted_twice(
    client, chair, draft
):
    rules = [row("us-label-x", "stop", GRADE)]
    make_version(condition={"always": True}, signal="stop", title="Invented open", rules=rules)
    make_version(condition=GRADE, signal="stop", title="Invented unjudged")
    decision = decision_for_signing(draft.pk)
    marks = marks_of(decision, decision.case.facts.as_facts())
    assert (marks.apply, len(marks.open), marks.unjudged) == ((), 2, 1)
    assert [card.title for card in marks.named] == ["Invented open"]
    asked = text_of(page(client, chair, "sign", draft.public_id))
    assert asked.count("Cannot tell without: worst nephritis grade") == 2


def test_a_resumption_that_cannot_be_told_says_so_in_its_fold_and_what_goes_on_too(db):
    words = {
        "withhold": "by US label, which may withhold and cannot be told yet",
        "continue": "by US label, which may let it continue and cannot be told yet",
    }
    for action, said in words.items():
        assert marked("us_label", row("us-label-x", action, GRADE)).marked_by == said
    nobody = marked("esmo", row("us-label-x", "stop", GRADE)).marked_by
    assert nobody.endswith("cannot be told yet; what this board goes by says nothing here")


def test_the_bar_counts_what_another_source_stops(db):
    card = marked("us_label", row("us-label-x", "stop", GRADE), row("eu-smpc-x", "stop"))
    assert card.is_open and card.stops

    class Found:
        applies, cannot_tell = (card,), ()

    assert at_once(Found) == ((1, "stops now", "red", "stop"),)
