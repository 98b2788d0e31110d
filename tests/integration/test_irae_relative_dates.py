"""An irAE that resolved before it began is refused, also where its dates are told in days from the ICI."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from cases.forms.iraes import IrAEForm
from ui.partial_dates import bounded, parse_partial_date


def course(start="3 March 2025", stop="1 June 2025", key="a", cycles=None):
    return SimpleNamespace(
        public_id=key, number=1, drugs=["nivolumab"], drugs_state="known", regimen="",
        cycles_high=cycles,
        start=parse_partial_date(start) if start else None,
        stop=parse_partial_date(stop) if stop else None,
    )  # fmt: skip


def errors(onset, resolved, courses=None, chosen="", of="resolved"):
    form = IrAEForm(
        {
            "version": "1", "entity": "colitis", "ctcae_version": "5.0", "onset": onset,
            "resolved": resolved, "course": chosen,
        },
        courses=[course()] if courses is None else courses,
    )  # fmt: skip
    form.is_valid()
    return form.errors.get(of, [])


@pytest.mark.parametrize(
    ("onset", "resolved"),
    [
        ("day 43 after ICI start", "20 March 2025"),  # begun on 15 April
        ("20 March 2025", "day 10 after ICI start"),
        ("day 43 after ICI start", "day 42 after ICI start"),
        ("day 5 after last dose", "3 June 2025"),
        ("15 April 2025", "3 days before irAE onset"),
    ],
)
def test_certainly_before_the_onset_it_is_refused(onset, resolved):
    assert "before the onset" in errors(onset, resolved)[0]


@pytest.mark.parametrize(
    ("onset", "resolved"),
    [
        ("day 43 after ICI start", "16 April 2025"),
        ("day 43 after ICI start", "April 2025"),
        ("day 43 after ICI start", "day 10 after irAE onset"),
        ("day 43 after ICI start", ""),
        ("15 April 2025", "20 April 2025"),
    ],
)
def test_else_it_is_taken(onset, resolved):
    assert not errors(onset, resolved)


def test_of_several_courses_the_chosen_one_counts_and_none_is_guessed():
    two = [course(), course(start="3 March 2023", stop="1 June 2023", key="b")]
    assert not errors("day 43 after ICI start", "20 March 2025", two)
    assert errors("day 43 after ICI start", "20 March 2025", two, chosen="a")
    assert not errors("day 43 after ICI start", "20 May 2023", two, chosen="b")


def test_an_event_of_which_no_day_is_known_gives_no_bounds():
    told = parse_partial_date("day 43 after ICI start")
    assert bounded(told, {"ICI start": None}) == told == bounded(told, {})
    start = parse_partial_date("since March 2025")
    found = bounded(told, {"ICI start": start})
    assert found.earliest is not None and found.latest is None


def test_a_cycle_that_was_never_given_is_refused_and_one_that_was_is_taken():
    six = [course(cycles=6)]
    assert errors("after cycle 7", "", six, of="onset") == ["Onset: course 1 had no cycle 7"]
    assert not errors("after cycle 6", "", six, of="onset")
    assert not errors("after cycle 7", "", of="onset")


@pytest.mark.parametrize(
    ("onset", "resolved", "refused"),
    [
        ("after cycle 7", "after cycle 3", True),
        ("after cycle 3", "after cycle 7", False),
        ("day 5 after cycle 3", "after cycle 3", False),
        ("day 5 after cycle 3", "day 2 after cycle 3", True),
        ("after cycle 7 of course 1", "after cycle 3 of course 2", False),
    ],
)
def test_cycles_are_held_against_each_other(onset, resolved, refused):
    assert bool(errors(onset, resolved)) is refused


@pytest.mark.parametrize(
    ("first", "second", "onset", "chosen", "said"),
    [
        (None, 1, "May 2025", 2, ""),
        (9, None, "May 2025", 1, "came back after this one"),
        (9, 1, "May 2025", 2, "came back after this one"),
        (None, None, "March 2025", 1, "began later than this one"),
        (None, None, "April 2025", 1, ""),
    ],
)
def test_an_event_came_back_after_one_that_was_before_it(first, second, onset, chosen, said):
    """Event 9 is the one in the form; the others say after which event they came back."""
    others = [
        SimpleNamespace(
            pk=pk, public_id=str(pk), entity="colitis", entity_text="", recurrence_of_id=after,
            onset=parse_partial_date("20 April 2025"),
        )
        for pk, after in ((1, first), (2, second))
    ]  # fmt: skip
    data = {
        "version": "1", "entity": "colitis", "ctcae_version": "5.0", "onset": onset,
        "recurrence_of": str(chosen),
    }  # fmt: skip
    form = IrAEForm(data, courses=[course()], others=others)
    form.is_valid()
    assert (said in " ".join(form.errors.get("recurrence_of", []))) and (
        bool(said) == ("recurrence_of" in form.errors)
    )
