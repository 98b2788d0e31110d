"""An irAE outside the list is named by what it was and where, one of the list as the list has it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from cases.eventnames import event_asked_for, event_in_words, event_named, organ_names, organ_words
from cases.vocabulary import ELSEWHERE, UNTOLD


def row(entity="autoimmune_other", organ="brain", name="Susac syndrome"):
    return SimpleNamespace(entity=entity, organ=organ, entity_text=name)


@pytest.mark.parametrize(
    ("event", "named", "within"),
    [
        (row(), "Susac syndrome (brain and spinal cord)", "Susac syndrome (brain and spinal cord)"),
        (row(organ=UNTOLD, name="Sarcoidosis"), "Sarcoidosis (several organs, or not known which)",
         "Sarcoidosis (several organs, or not known which)"),
        (row(organ=ELSEWHERE, name="Sialadenitis"), "Sialadenitis (another organ)", "Sialadenitis (another organ)"),
        (row(organ="other", name=""), "Other autoimmune event (organ not asked)",
         "other autoimmune event (organ not asked)"),
        (row("colitis", "colon", ""), "Colitis", "colitis"),
        (row("dress", "skin", ""), "DRESS", "DRESS"),
    ],
)  # fmt: skip
def test_names(event, named, within):
    assert (event_named(event), event_in_words(event)) == (named, within)


def test_organs_in_words():
    assert organ_words("colitis", "colon") == "bowel"
    assert organ_words("autoimmune_other", UNTOLD) == "several organs, or cannot be told"
    assert organ_words("autoimmune_other", "other") == "organ not asked"


def test_what_a_search_may_look_for():
    assert event_asked_for("colitis") == "Colitis"
    assert event_asked_for("eye") == "Other autoimmune event (eye)"
    assert organ_names("eye") == ("Eye",)
    assert organ_names(UNTOLD) == ("several organs",) and organ_names(ELSEWHERE) == ()
