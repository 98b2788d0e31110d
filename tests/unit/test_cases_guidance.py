"""What of the guidance is in sight on the page of a case, and what is folded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from cases.presenters.bearings import MOST, OTHERS, _apart, _ranked, _waiting, marks_of
from cases.presenters.page import SHOWN, Group, _groups, at_once
from evidence.choices import Signal, is_efficacy_elsewhere
from evidence.conditions import FACTS, Answer, Fact, FactState
from evidence.missing import MissingFact
from evidence.presenters import Guidance, MatchCard
from evidence.signals import signal_words


def card(title: str, *, never_folded: bool = False) -> MatchCard:
    words: dict[str, Any] = dict.fromkeys(
        ("code", "url", "says", "does_not_say", "colour", "certainty", "signal", "signal_colour",
         "indirect", "category", "section"), "",
    )  # fmt: skip
    lists: dict[str, Any] = dict.fromkeys(
        ("because", "missing", "sources", "rules", "contradictions", "corrections"), ()
    )
    return MatchCard(
        version_id=uuid4(), version_number=1, title=title, answer=Answer.TRUE, findings=0,
        never_folded=never_folded, **words, **lists,
    )  # fmt: skip


def grouped(**cards: tuple[MatchCard, ...]) -> dict[str, Group]:
    empty = dict.fromkeys(("applies", "cannot_tell", "does_not_apply", "differ"), ())
    found = Guidance(**{**empty, **cards}, missing=())
    case: Any = None
    return {group.key: group for group in _groups(case, found, [], may_attach=False)}


def test_what_holds_or_warns_is_in_sight_wherever_it_stands() -> None:
    plain = tuple(card(f"plain {n}") for n in range(SHOWN + 2))
    alarms = tuple(card(f"alarm {n}", never_folded=True) for n in range(3))
    groups = grouped(applies=(*plain, *alarms))
    assert list(groups) == ["hold", "applies"]
    assert [row.card.title for row in groups["hold"].shown] == ["alarm 0", "alarm 1", "alarm 2"]
    assert groups["hold"].more == ()
    assert [row.card for row in groups["applies"].shown] == list(plain[:SHOWN])
    assert [row.card for row in groups["applies"].more] == list(plain[SHOWN:])
    assert groups["applies"].more_text == "2 more"


def test_what_cannot_be_told_stands_in_full_below_what_it_waits_for() -> None:
    plain, alarm = card("plain"), card("alarm", never_folded=True)
    group = grouped(cannot_tell=(plain, alarm))["cannot_tell"]
    assert group.shown == ()
    assert [row.card.title for row in group.more] == ["plain", "alarm"]
    assert group.more_text == "All 2 in full"


def test_efficacy_in_other_tumours_is_folded_and_a_warning_from_there_is_not() -> None:
    groups = grouped(applies=(card("here"), replace(card("there"), elsewhere=True)))
    assert list(groups) == ["applies", "elsewhere"] and groups["elsewhere"].shown == ()
    assert [row.card.title for row in groups["elsewhere"].more] == ["there"]
    assert is_efficacy_elsewhere("kidney cancer", "regimen", "")
    assert not is_efficacy_elsewhere("kidney cancer", "regimen", "warning")
    assert not is_efficacy_elsewhere("", "regimen", "")
    assert not is_efficacy_elsewhere("melanoma", "recurrence", "")


@pytest.mark.parametrize("signal", [one for one in Signal if one])
def test_what_may_stop_but_cannot_be_told_is_never_red(signal: Signal) -> None:
    assert signal_words(signal, untold=False) == signal.label
    assert "cannot tell" in signal_words(signal, untold=True)
    assert signal_words(Signal.NONE, untold=True) == ""


def test_what_does_not_apply_stays_folded() -> None:
    group = grouped(does_not_apply=tuple(card(str(n)) for n in range(SHOWN)))["does_not_apply"]
    assert group.shown == () and len(group.more) == SHOWN


def lacking(title: str, *lacks: str, signal: str = "") -> MatchCard:
    made = card(title, never_folded=bool(signal))
    return replace(made, lacks=lacks, signal_code=signal, answer=Answer.UNDETERMINED)


def asked(*keys: str) -> list[MissingFact]:
    return [MissingFact(key, key, key, 1) for key in keys]


def test_what_cannot_be_told_stands_once_under_the_first_fact_it_lacks() -> None:
    both, late = lacking("both", "ecog", "tmb"), lacking("late", "tmb")
    waiting = _waiting((both, late, lacking("else", "age")), ("tmb", "ecog"), {})
    assert {key: [one.title for one in rows] for key, rows in waiting.items()} == {
        "tmb": ["both", "late"], OTHERS: ["else"],
    }  # fmt: skip
    many = _ranked(asked(*list(FACTS)[: MOST + 3]), {})
    assert len(many) == MOST


def test_what_follows_from_others_is_ranked_under_the_one_that_can_be_entered() -> None:
    facts = {
        "best_response": Fact(FactState.MISSING),
        "progression_timing": Fact(FactState.MISSING),
    }
    ranked = _ranked(asked("resistance_review", "ecog", "best_response", "resistance_sitc"), facts)
    assert [(key, one.key) for key, one in ranked.items()] == [
        ("best_response", "resistance_review"), ("ecog", "ecog"),
    ]  # fmt: skip
    waiting = _waiting((lacking("one", "resistance_sitc"),), tuple(ranked), facts)
    assert list(waiting) == ["best_response"]
    known = {**facts, "best_response": Fact(FactState.KNOWN, "PR")}
    assert list(_ranked(asked("resistance_review"), known)) == ["progression_timing"]


def test_the_folded_say_how_many_may_stop_hold_or_warn() -> None:
    cards = (lacking("a", "ecog", signal="stop"), lacking("b", "ecog", signal="withhold"))
    assert marks_of((*cards, cards[0], lacking("plain", "ecog"))) == (
        ("2 may stop", "amber"), ("1 may hold or warn", "outline"),
    )  # fmt: skip
    assert marks_of((lacking("plain", "ecog"),)) == ()


def test_what_may_stop_stands_by_its_name_outside_the_fold() -> None:
    stop, hold = lacking("a", "ecog", signal="stop"), lacking("b", "ecog", signal="withhold")
    plain = lacking("plain", "ecog")
    assert _apart((hold, stop, plain)) == ((stop,), (hold, plain))


def test_the_bar_says_at_once_what_stops_and_what_cannot_be_told() -> None:
    stops = replace(card("stop", never_folded=True), signal_code="stop")
    open_ = replace(stops, is_open=True)
    found = Guidance(
        (stops, open_), (lacking("a", "ecog", signal="stop"), lacking("b")), (), (), ()
    )
    assert at_once(found) == (
        (1, "stops now", "red", "stop"), (1, "may stop", "amber", "cannot_tell"),
        (2, "cannot tell", "", "cannot_tell"),
    )  # fmt: skip
    assert at_once(Guidance((), (), (), (), ())) == ()
