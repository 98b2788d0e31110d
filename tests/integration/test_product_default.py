"""Where this product's own default alone stops or withholds, no tag says that a source does."""

from __future__ import annotations

import html

import pytest

from evidence.choices import Signal
from evidence.matching import match
from evidence.presenters import guidance
from evidence.rulings import Profile
from evidence.signals import written_words
from tests.factories.meetings import make_version
from tests.integration.meetings.test_rule_profiles import row, shown

pytestmark = pytest.mark.django_db
GRADE = {"fact": "nephritis_worst_grade", "op": ">=", "value": 3}
NEVER = {"not": {"always": True}}
OWN = "product-default"
STOPS, WITHHOLDS = "This product's default stops", "This product's default withholds"


def card(profile, *rules, signal="stop", condition=None):
    version = make_version(condition={"always": True}, signal=signal, rules=list(rules))
    return shown(version, Profile(profile))


@pytest.mark.parametrize("profile", ["strictest", "us_label"])
@pytest.mark.parametrize(
    ("action", "words", "colour"), [("stop", STOPS, "red"), ("withhold", WITHHOLDS, "amber")]
)
def test_the_tag_of_what_the_product_alone_says_names_no_source(profile, action, words, colour):
    found = card(profile, row(OWN, action), signal=action)
    assert (found.signal, found.signal_colour, found.beside) == (words, colour, "")
    assert found.never_folded


def test_where_a_source_says_the_same_the_tag_says_that_one_does():
    found = card("strictest", row(OWN, "stop"), row("asco-x", "stop"))
    assert found.signal == "At least one source stops for good"
    found = card("strictest", row(OWN, "stop"), row("asco-x", "withhold"))
    assert found.signal == STOPS


def test_the_tag_beside_an_open_mark_names_no_source_either():
    found = card("us_label", row("us-label-x", "stop", GRADE), row(OWN, "withhold"))
    assert (found.signal, found.beside) == ("may stop: cannot tell", WITHHOLDS)
    # What is certain takes the place of a mark that may come to the same.
    found = card("us_label", row("us-label-x", "stop", GRADE), row(OWN, "stop"))
    assert (found.signal, found.signal_colour, found.beside) == (STOPS, "red", "")


def test_what_the_product_alone_may_come_to_is_not_said_of_another_source():
    found = card("asco", row("asco-x", "resume"), row(OWN, "stop", GRADE))
    assert found.beside == "this product's default may stop: cannot tell"
    found = card(
        "asco", row("asco-x", "resume"), row(OWN, "stop", GRADE), row("nccn-x", "stop", GRADE)
    )
    assert found.beside == "another source may stop: cannot tell"


def test_not_yet_and_a_warning_keep_their_words():
    assert card("strictest", row(OWN, "withhold"), signal="not_yet").signal == "Not yet"


def test_what_is_written_on_a_statement_says_the_same():
    alone, both = (
        [row(OWN, "stop"), row("asco-x", "withhold")],
        [row(OWN, "stop"), row("asco-x", "stop")],
    )
    assert written_words(Signal.STOP, alone) == STOPS
    assert written_words(Signal.STOP, both) == "At least one source stops for good"
    assert written_words(Signal.STOP, []) == "At least one source stops for good"
    assert (
        written_words(Signal.STOP, [{"source": "x", "says": "Old."}])
        == "At least one source stops for good"
    )
    assert written_words(Signal.NONE, alone) == ""
    assert written_words(Signal.WARNING, [row(OWN, "stop")]) == "Warning"


def test_a_statements_page_and_the_list_say_it(client, member):
    client.force_login(member)
    version = make_version(
        condition=NEVER,
        signal="stop",
        title="Invented default",
        category="rule",
        rules=[row(OWN, "stop")],
    )
    for url in (version.statement.get_absolute_url(), "/evidence/"):
        text = html.unescape(client.get(url).content.decode())
        assert STOPS in text and "At least one source stops for good" not in text


def test_in_the_fold_of_what_does_not_apply_it_says_the_same():
    version = make_version(condition=NEVER, signal="stop", rules=[row(OWN, "stop")])
    assert folded(version).signal == STOPS


def folded(version):
    (found,) = guidance(match([version], {}), {}, None, Profile()).does_not_apply
    return found
