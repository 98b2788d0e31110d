"""Saves to choose from: no two of them read alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cases.changelog import Change, Save
from cases.presenters.moments import choices_of, chosen_moments

AT = datetime(2026, 3, 3, 14, 2, 5, 250, tzinfo=UTC)
NOBODY = {"then": None, "now": None}


def save(seconds: float, section: str = "Fitness", who: str = "A. Member") -> Save:
    change = Change(section, "", "ECOG", "1", "2")
    return Save(AT + timedelta(seconds=seconds), who, (change, change))


def times(*saves: Save) -> list[str]:
    return [choice.when for choice in choices_of(saves, NOBODY, str)]


def test_a_save_of_its_own_minute_is_told_by_the_minute():
    assert times(save(0), save(3600)) == ["3 March 2026, 14:02", "3 March 2026, 15:02"]


def test_saves_of_one_minute_by_one_person_show_their_seconds():
    alike = save(0), save(20), save(3600)
    assert times(*alike) == [
        "3 March 2026, 14:02:05",
        "3 March 2026, 14:02:25",
        "3 March 2026, 15:02",
    ]


def test_saves_of_one_minute_by_two_people_are_told_apart_by_their_names():
    assert times(save(0), save(20, who="A. Chair")) == ["3 March 2026, 14:02"] * 2


def test_saves_of_one_second_show_more():
    first, second, third = times(save(0), save(0.5), save(20))
    assert (first, second) == ("3 March 2026, 14:02:05.000250", "3 March 2026, 14:02:05.500250")
    assert third == "3 March 2026, 14:02:25"


def test_a_choice_names_the_sections_that_changed():
    both = Save(AT, "", (*save(0, "Fitness").changes, *save(0, "Tumour").changes))
    (choice,) = choices_of([both], NOBODY, lambda one: "x")
    assert choice.label == "3 March 2026, 14:02, the system, Fitness, Tumour"
    assert choice.value == "x"


def test_two_versions_that_are_compared_are_told_apart():
    later = AT + timedelta(seconds=1)
    found = chosen_moments([("then", AT, "a"), ("now", later, "b")], {AT: "A", later: "A"})
    assert [moment.label for moment in found] == [
        "3 March 2026, 14:02:05, A", "3 March 2026, 14:02:06, A",
    ]  # fmt: skip
