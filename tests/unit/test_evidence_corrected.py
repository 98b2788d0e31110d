"""Which corrections a version has to carry, by what it rests on and by what it carried before."""

from __future__ import annotations

import pytest

from evidence.corrected import corrections_problems, gone


def row(number, **texts):
    return {"erratum": number, "printed": "", "source_says": "", "shown": "It is so.", **texts}


def refused(corrections, findings=None, before=()):
    return [str(problem) for problem in corrections_problems(corrections, findings or {}, before)]


def test_what_it_rests_on_needs_its_correction():
    (line,) = refused([], {"s1400f-orr": ["E06"]})
    assert line.startswith("corrections: Erratum E06: s1400f-orr") and "needs" in line
    assert refused([row("E06")], {"s1400f-orr": ["E06"]}) == []
    # Once for two findings.
    assert len(refused([], {"a": ["E06"], "b": ["E06"]})) == 1


def test_what_would_not_harm_and_in_whom_it_was_found_need_none():
    assert refused([], {"a": ["E05", "E23"]}) == []
    assert refused([], before=[row("E05")]) == []


def test_a_correction_that_was_there_stays():
    (line,) = refused([row("E22")], before=[row("E16"), row("E22")])
    assert line.startswith("corrections: Erratum E16: the version before")
    # Said once, though it rests on such a finding too.
    assert len(refused([], {"a": ["E16"]}, [row("E16")])) == 1


@pytest.mark.parametrize("texts", [{"shown": " "}, {"shown": "", "source_says": " "}])
def test_a_number_alone_corrects_nothing(texts):
    assert refused([row("E06", **texts)], {"a": ["E06"]})
    assert refused([row("E06", shown="", source_says="So.")], {"a": ["E06"]}) == []


@pytest.mark.parametrize("value", [None, "E06", {"erratum": "E06"}, ["E06"], [{"erratum": 6}]])
def test_what_is_no_list_of_corrections_corrects_nothing(value):
    assert refused(value, {"a": ["E06"]})


def test_what_is_gone_is_named_with_what_it_showed_whatever_would_harm():
    left = gone([row("E12")], [row("E12"), row("E05", shown="Two."), row("E06")])
    assert [(x.erratum, x.shown, x.guarded) for x in left] == [
        ("E05", "Two.", False), ("E06", "It is so.", True),
    ]  # fmt: skip
