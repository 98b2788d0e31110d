"""Words of monitoring."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from followup.presenters.words import (
    ago_words,
    health_words,
    interval_words,
    moment_words,
    state_words,
    timing_words,
    value_words,
)
from followup.selectors import ReminderHealth

TODAY = date(2026, 11, 25)


def a_check(**values):
    base = {"state": "waiting", "result": "", "due_on": TODAY, "offset_days": 7, "values": {}}
    base |= {"after_last_dose": False, "upper_limits": {}}
    base["step"] = SimpleNamespace(version=SimpleNamespace(protocol=SimpleNamespace(organs=[])))
    return SimpleNamespace(**{**base, **values})


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "daily"), (7, "weekly"), (21, "every 3 weeks"), (10, "every 10 days")],
)
def test_intervals(days, words):
    assert interval_words(days) == words


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"kind": "before_first_dose"}, "before the first dose"),
        ({"kind": "days_after_first_dose", "offsets": [35]}, "week 5"),
        ({"kind": "days_after_first_dose", "offsets": [35, 84]}, "weeks 5, 12"),
        ({"kind": "days_after_first_dose", "offsets": [10, 180]}, "days 10, 180"),
        ({"kind": "at_each_dose", "until_day": 364}, "at each dose, to week 52"),
        ({"kind": "every_n_days", "every_days": 42, "until_day": 364}, "every 6 weeks, to week 52"),
        ({"kind": "at_each_dose", "while_dosed": True}, "at each dose"),
        (
            {"kind": "every_n_days", "every_days": 42, "while_dosed": True},
            "every 6 weeks while doses are given",
        ),
    ],
)
def test_timing(step, words):
    assert timing_words(SimpleNamespace(**{"while_dosed": False, **step})) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [(None, "before first dose"), (0, "first dose"), (35, "week 5"), (10, "day 10")],
)
def test_moments(day, words):
    assert moment_words(a_check(offset_days=day)) == words


@pytest.mark.parametrize(
    ("values", "words", "colour"),
    [
        ({"state": "done", "result": "abnormal"}, "abnormal", "red"),
        ({"state": "done", "result": "normal"}, "normal", "green"),
        ({"state": "cancelled"}, "cancelled", "grey"),
        ({"state": "missed"}, "missed", "red"),
        ({"state": "missed", "result": "not_done"}, "not done", "grey"),
        ({"due_on": None}, "waits for the dose", "grey"),
        ({"due_on": TODAY}, "today", "amber"),
        ({"due_on": date(2026, 11, 22)}, "3 days over", "red"),
        ({"due_on": date(2026, 11, 27)}, "in 2 days", "outline"),
    ],
)
def test_states(values, words, colour):
    assert state_words(a_check(**values), TODAY) == (words, colour)


def test_values_carry_label_and_unit():
    measures = [{"code": "alt", "label": "ALT", "unit": "U/L"}]
    check = a_check(values={"alt": "<5", "old": "3"}, measures=measures)
    assert value_words(check) == "ALT <5 U/L, old 3"


@pytest.mark.parametrize(
    ("seconds", "words"), [(20.4, "20 s ago"), (200, "3 min ago"), (7300, "2 h ago")]
)
def test_how_long_ago(seconds, words):
    assert ago_words(seconds) == words


@pytest.mark.parametrize(
    ("health", "words", "colour"),
    [
        (ReminderHealth(0, 0, None, None), "No sweep of reminders has run yet.", "amber"),
        (ReminderHealth(0, 0, 20, 30), "Reminders flow, last sweep 20 s ago.", "green"),
        (ReminderHealth(0, 0, 600, 30), "No sweep lately: last sweep 10 min ago.", "red"),
        (
            ReminderHealth(31.7, 0, 20, 30),
            "Reminders are held up: the oldest is 31 minutes late, last sweep 20 s ago.",
            "red",
        ),
        (
            ReminderHealth(0, 0, 20, None),
            "No sweep has looked for due checks yet: nobody is reminded.",
            "amber",
        ),
        (
            ReminderHealth(0, 0, 20, 7300),
            "Due checks were last looked for 2 h ago: nobody is reminded of new ones.",
            "red",
        ),
    ],
)
def test_health(health, words, colour):
    assert health_words(health) == (words, colour)


@pytest.mark.parametrize(
    ("late", "delivered", "opened", "well"),
    [
        (0, 20, 60, True),
        (15, 900, 900, True),
        (15.1, 20, 60, False),
        (0, None, 60, False),
        (0, 901, 60, False),
        (0, 20, None, False),
        (0, 20, 901, False),
    ],
)
def test_reminders_are_well_when_none_is_late_and_both_sweeps_run(late, delivered, opened, well):
    assert ReminderHealth(late, 0, delivered, opened).well is well
