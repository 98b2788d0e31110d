"""Errata held by their ideas: without a figure, without the study's name, in whichever words."""

from __future__ import annotations

import re

import pytest

from evidence.content import problems
from evidence.errata_guard import breaches
from evidence.errata_guard.studies import named_in
from evidence.errata_guard.wording import plain
from followup.services.protocols import problems as protocol_problems
from followup.services.protocols import read_data
from tests.integration.curation import CONTENT
from tests.unit.evidence_data.errata_in_words import BESIDE, TRUE, WRONG
from tests.unit.evidence_data.errata_wordings import CRITICAL, HIGH

EACH = [(number, text) for number, texts in WRONG.items() for text in texts]
MILD = "Prompt steroids resolve most irAEs of grade 2."


def numbers(text: str, **changes: object) -> list[str]:
    return [found.erratum for found in breaches({**CONTENT, "says": text, **changes})]


def test_every_erratum_has_some_in_words_alone_and_as_many_true_ones_stand_near() -> None:
    assert set(WRONG) == CRITICAL | HIGH
    assert all(len(texts) >= 3 for texts in WRONG.values())
    assert len(TRUE) >= len(EACH) and len(set(TRUE)) == len(TRUE)
    for _number, text in EACH:
        assert not re.search(r"%|\d of \d", text) and not named_in(plain(text)), text


@pytest.mark.parametrize(("number", "text"), EACH)
def test_a_slip_in_words_alone_is_refused_by_its_number(number: str, text: str) -> None:
    assert number in numbers(text)
    said = [str(problem) for problem in problems({**CONTENT, "says": text, "sources": ["x"]})]
    assert any(line.startswith(f"says: Erratum {number}: ") for line in said)


@pytest.mark.parametrize("text", TRUE)
def test_what_is_near_it_and_true_is_let_through(text: str) -> None:
    assert numbers(text) == []


@pytest.mark.parametrize(
    ("number", "text"), [(number, text) for number, texts in BESIDE.items() for text in texts]
)
def test_a_slip_is_refused_beside_what_may_be_said(number: str, text: str) -> None:
    assert number in numbers(text)


@pytest.mark.parametrize("number", WRONG)
def test_a_protocol_is_held_by_the_same_ideas(number: str) -> None:
    content = read_data()
    content["protocols"][0]["steps"][0]["label"] = WRONG[number][0]
    assert any(f"Erratum {number}: " in line for line in protocol_problems(content))


@pytest.mark.parametrize(
    "text",
    [
        MILD,
        "Early steroids resolve some irAEs of grade 1 or 2.",
        "Many irAEs of grade 1 are resolved by early treatment.",
        "Steroids given early resolve many irAEs of grade 1.",
    ],
)
def test_that_steroids_resolve_a_part_of_mild_iraes_is_true(text: str) -> None:
    assert numbers(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Prompt steroids resolve irAEs of grade 2.",
        "Prompt steroids resolve all irAEs of grade 2.",
        "Prompt steroids resolve most irAEs.",
        "Prompt steroids resolve most irAEs of grade 2 or more.",
        "Prompt steroids resolve most irAEs of grade 2 to 4.",
        "Prompt steroids resolve most irAEs of grade 2 and of grade 3.",
        "Prompt steroids resolve most of these irAEs of grade 2.",
        "Prompt steroids resolve most irAEs of grade 2 that come back.",
        "Prompt steroids resolve most irAEs of grade 2 on a second ICI.",
        "Most recurrent irAEs of grade 2 are resolved by early treatment.",
    ],
)
def test_more_than_that_is_the_slip_of_the_print(text: str) -> None:
    assert "E08" in numbers(text)


def test_beside_the_study_it_is_the_slip_again() -> None:
    for said in ("Guo 2022 took irAEs of grade 2 or more.", "It was 24 of 40.", "99 of 1051."):
        assert "E08" in numbers(f"{said} {MILD}")
        assert "E08" in numbers(MILD, title=said)
    assert "E08" in numbers(MILD, sources=["guo-2022"])
    assert numbers(MILD, sources=["heo-2021"]) == []


def test_no_matter_denies_nothing_and_nobody_has_shown_does() -> None:
    text = "combined blockade allows regulatory T cells to move into the tumour."
    assert "E16" in numbers(f"No matter the dose, {text}")
    assert numbers(f"Nobody has ever shown that {text}") == []
