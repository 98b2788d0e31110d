"""The rules for the liver go by the values, and by whether the liver held tumour when the hepatitis came."""

from __future__ import annotations

import pytest

from evidence.conditions import Answer, Fact, FactState, evaluate, parse
from tests.unit.evidence_data.reading import answer, stop_node, stops
from tests.unit.evidence_data.test_rows_by_source import said

YES, NO, OPEN = Answer.TRUE, Answer.FALSE, Answer.UNDETERMINED
FREE = {"liver_metastases": False}
HELD = {"liver_metastases": True}
THEN_FREE = {"liver_tumour_at_hepatitis": "none"}
THEN_HELD = {"liver_tumour_at_hepatitis": "present"}
DIFFERED = {"liver_tumour_at_hepatitis": "differed"}
NORMAL, RAISED = {"alt_ast_baseline_x_uln": 1}, {"alt_ast_baseline_x_uln": 1.1}
HELD_RAISED = {**HELD, **THEN_HELD, **RAISED}


def hepatitis(grade: int, alt: float = 1, bilirubin: float = 1) -> dict[str, float]:
    return {
        "hepatitis_worst_grade": grade,
        "alt_ast_peak_x_uln": alt,
        "bilirubin_peak_x_uln": bilirubin,
        "alt_ast_peak_x_baseline": alt,
    }


# Grade, ALT or AST, bilirubin, the liver -> whether R03 (free of tumour) and R04 (either liver) stop, and
# whether R33 (with metastases) is about the case.
BY_HAND = [
    # ALT 9 times the limit at grade 2 stops by both labels, the liver free of tumour.
    (hepatitis(2, 9), FREE, YES, NO, OPEN),
    (hepatitis(2, 9), {**FREE, **THEN_FREE}, YES, NO, NO),
    (hepatitis(2, 9), THEN_FREE, YES, NO, OPEN),
    (hepatitis(2, 9), HELD, OPEN, NO, YES),
    (hepatitis(2, 9), HELD_RAISED, NO, NO, YES),
    # With metastases a baseline within the limit is that of the draft R49, and this rule is not read.
    (hepatitis(3, 9), {**HELD, **THEN_HELD, **NORMAL}, NO, NO, YES),
    (hepatitis(3, 9), {**HELD, **NORMAL}, OPEN, NO, YES),
    (hepatitis(3, 9), {**HELD, **THEN_HELD}, NO, NO, YES),
    (hepatitis(2, 6), {**HELD, **THEN_HELD, **NORMAL}, NO, NO, YES),
    (hepatitis(2, 4), {**HELD, **THEN_HELD, **NORMAL}, NO, NO, YES),
    # From 3.75 to 6 times the limit: whether it stops, the rule on a rise of a week says.
    (hepatitis(2, 6), {**HELD, **THEN_HELD, "alt_ast_baseline_x_uln": 3.8}, NO, NO, YES),
    # Above 10 times every rule stops: no baseline is needed.
    (hepatitis(3, 10.1), {**HELD, **THEN_HELD, **NORMAL}, NO, YES, YES),
    (hepatitis(3, 10.1), {**HELD, **THEN_HELD}, NO, YES, YES),
    (hepatitis(2, 9), {**HELD, **THEN_FREE}, YES, NO, YES),
    (hepatitis(2, 9), {}, OPEN, NO, OPEN),
    # On the thresholds themselves.
    (hepatitis(2, 5), {**FREE, **THEN_FREE}, NO, NO, NO),
    (hepatitis(2, 5.1), {**FREE, **THEN_FREE}, YES, NO, NO),
    (hepatitis(1, 2, 3), FREE, NO, NO, NO),
    (hepatitis(1, 2, 3.1), {**FREE, **THEN_FREE}, YES, YES, NO),
    (hepatitis(3, 10), HELD_RAISED, NO, NO, YES),
    (hepatitis(3, 10.1), HELD_RAISED, NO, YES, YES),
    (hepatitis(1, 2, 3.1), HELD_RAISED, NO, YES, NO),
    (hepatitis(4, 4), HELD_RAISED, NO, YES, YES),
    # The grade alone is enough for what is free of tumour from grade 3 on.
    ({"hepatitis_worst_grade": 3}, {**FREE, **THEN_FREE}, YES, OPEN, NO),
    ({"hepatitis_worst_grade": 3}, HELD_RAISED, NO, OPEN, YES),
    ({"hepatitis_worst_grade": 2}, {**FREE, **THEN_FREE}, OPEN, OPEN, NO),
    # Both labels stop here with metastases and without: nobody need know of the liver or the baseline.
    (hepatitis(3, 12), {}, OPEN, YES, OPEN),
    (hepatitis(2, 12), HELD, OPEN, YES, YES),
    (hepatitis(2, 4, 4), {}, OPEN, YES, OPEN),
    (hepatitis(1, 2, 3.1), {}, OPEN, YES, NO),
    (hepatitis(4, 4), {}, OPEN, YES, OPEN),
    ({"bilirubin_peak_x_uln": 4}, {}, OPEN, YES, OPEN),
    ({"alt_ast_peak_x_uln": 12}, {}, OPEN, YES, OPEN),
    (hepatitis(3, 10, 3), {}, OPEN, NO, OPEN),
    # Free today and not said of then: the stricter rule stands, the others stay open.
    ({"hepatitis_worst_grade": 3}, FREE, YES, OPEN, OPEN),
    # Two events, one with and one without metastases: both rules are to be read.
    (hepatitis(2, 11), {**HELD, **DIFFERED}, YES, YES, YES),
    # No hepatitis: nothing of the liver is asked.
    (hepatitis(0, 0, 0), {}, NO, NO, NO),
]


@pytest.mark.parametrize(("values", "liver", "free", "held", "baseline"), BY_HAND)
def test_values_or_grade_and_the_liver_at_the_time(  # type: ignore[no-untyped-def]
    values, liver, free, held, baseline, statements
) -> None:
    for code, expected in (("R03", free), ("R04", held), ("R33", baseline)):
        row = statements[code]
        condition = parse(row["condition"]) if code == "R33" else stop_node(row)
        facts = {
            key: Fact.known(v) if isinstance(v, bool | str) else Fact.number(v)
            for key, v in {**values, **liver}.items()
        }
        assert evaluate(condition, facts).answer is expected, code


# Grade, ALT or AST, baseline -> whether the draft R50 would stop where the liver held tumour.
FROM_A_BASELINE = [
    (1, 5, 1, NO),
    (1, 5.1, 1, YES),
    (1, 5.1, 1.1, YES),
    (1, 5, 2.9, NO),
    (1, 5.1, 2.9, YES),
    (2, 5, 3, NO),
    # Worked out to one decimal: a baseline of 3.0 counts here and where a rise of a week is asked for.
    (2, 5.1, 3, YES),
    (2, 5.1, 3.1, NO),
    (2, 9, 3.1, NO),
    (2, 9, 5, NO),
    # Already above 5 times before: the texts that count from a baseline do not reach so far.
    (2, 7.7, 5.1, YES),
    (2, 4, 2, NO),
    (3, 4, 2, YES),
    (3, 4, 3.1, NO),
    (2, 5.1, None, OPEN),
    (3, 4, None, OPEN),
    (2, 5, None, NO),
    (2, 4.5, None, NO),
    (3, None, 2, YES),
    (2, None, 2, OPEN),
    (2, None, 4, NO),
    (None, 5.1, 2, YES),
]


@pytest.mark.parametrize(("grade", "alt", "baseline", "expected"), FROM_A_BASELINE)
def test_with_metastases_above_5_times_stops_unless_the_baseline_was_of_grade_2(  # type: ignore[no-untyped-def]
    grade, alt, baseline, expected, statements
) -> None:
    told = {
        "hepatitis_worst_grade": grade, "alt_ast_peak_x_uln": alt, "bilirubin_peak_x_uln": 1,
        "alt_ast_baseline_x_uln": baseline,
    }  # fmt: skip
    known = {key: value for key, value in told.items() if value is not None}
    for liver in (HELD, THEN_HELD, DIFFERED):
        assert stops(statements["R50"], **liver, **known) is expected
    assert stops(statements["R50"], **FREE, **THEN_FREE, **known) is NO
    # It waits to be signed off: what is published stops none of them.
    assert statements["R50"]["mark"] == "general_knowledge"
    assert not [rule for rule in statements["R33"]["rules"] if rule["action"] == "stop"]


@pytest.mark.parametrize(("bilirubin", "expected"), [(3, NO), (3.1, YES)])
def test_bilirubin_with_metastases_waits_with_the_rest_of_the_row(
    bilirubin, expected, statements
) -> None:  # type: ignore[no-untyped-def]
    told = {**hepatitis(1, 2, bilirubin), **HELD, "alt_ast_baseline_x_uln": 2}
    assert stops(statements["R50"], **told) is expected
    assert stops(statements["R50"], **{**told, "alt_ast_baseline_x_uln": 4}) is NO


EU_ROW_OF_R04 = [
    ({**HELD, **THEN_HELD, "alt_ast_baseline_x_uln": 4, "alt_ast_peak_x_uln": 12}, ""),
    ({**HELD, **THEN_HELD, "bilirubin_peak_x_uln": 4}, ""),
    ({"alt_ast_peak_x_uln": 12}, "?stop"),
    ({**HELD, "alt_ast_peak_x_uln": 12}, "?stop"),
    ({**HELD, **DIFFERED, "alt_ast_peak_x_uln": 12}, "stop"),
    ({**FREE, "alt_ast_peak_x_uln": 12}, "stop"),
    ({**THEN_FREE, "bilirubin_peak_x_uln": 4}, "stop"),
]


@pytest.mark.parametrize(("facts", "eu"), EU_ROW_OF_R04)
def test_above_10_times_the_eu_text_is_read_for_a_liver_free_of_tumour(
    facts, eu, statements
) -> None:  # type: ignore[no-untyped-def]
    """What the EU text does with liver metastases was not read; the US label stops at these values either way."""
    found = said(statements["R04"], **facts)
    assert found.get("us_label") == "stop" and found.get("eu_smpc", "") == eu


OPEN_STATES = [FactState.UNKNOWN, FactState.NOT_YET, FactState.MISSING]


@pytest.mark.parametrize("state", OPEN_STATES)
@pytest.mark.parametrize("values", [hepatitis(3, 12), hepatitis(2, 4, 4)])
def test_what_stops_with_metastases_and_without_needs_no_word_of_the_liver(  # type: ignore[no-untyped-def]
    values, state, statements
) -> None:
    """Metastases now and then, and the baseline, in whichever way they are open: one stop is shown."""
    about_liver = ("liver_metastases", "liver_tumour_at_hepatitis", "alt_ast_baseline_x_uln")
    facts = {key: Fact.number(value) for key, value in values.items()}
    del facts["alt_ast_peak_x_baseline"]
    facts |= {key: Fact.absent(state) for key in about_liver}
    found = evaluate(parse(statements["R04"]["condition"]), facts)
    assert found.answer is YES and not {reason.key for reason in found.reasons} & set(about_liver)
    for code in ("R03", "R33"):
        assert evaluate(parse(statements[code]["condition"]), facts).answer is OPEN, code


GRADE_2 = {"alt_ast_baseline_x_uln": 3.8}
WEEK, SHORTER = {"alt_ast_rise_lasted_week": True}, {"alt_ast_rise_lasted_week": False}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({**HELD, **GRADE_2, **WEEK}, YES),
        ({**THEN_HELD, **GRADE_2, **WEEK}, YES),
        ({**DIFFERED, **GRADE_2, **WEEK}, YES),
        ({**HELD, **GRADE_2, **SHORTER}, NO),
        ({**HELD, **GRADE_2}, OPEN),
        ({**HELD, **WEEK}, OPEN),
        ({**GRADE_2, **WEEK}, OPEN),
        ({**FREE, **GRADE_2, **WEEK}, OPEN),
        ({**FREE, **THEN_FREE, **GRADE_2, **WEEK}, NO),
        # Worked out to one decimal: 3.0 may have been a little more.
        ({**HELD, "alt_ast_baseline_x_uln": 3.0, **WEEK}, YES),
        ({**HELD, "alt_ast_baseline_x_uln": 2.9, **WEEK}, NO),
        ({**HELD, **RAISED, **WEEK}, NO),
    ],
)
def test_a_rise_by_half_from_grade_2_that_lasted_a_week_stops(facts, expected, statements) -> None:  # type: ignore[no-untyped-def]
    row = statements["R34"]
    assert (row["signal"], row["mark"]) == ("stop", "seen")
    assert answer(row, **facts) is expected


@pytest.mark.parametrize("state", OPEN_STATES)
def test_whether_it_lasted_is_asked_for_and_not_read_as_no(state, statements) -> None:  # type: ignore[no-untyped-def]
    facts = {"liver_metastases": Fact.known(True), "alt_ast_baseline_x_uln": Fact.number(4)}
    facts["alt_ast_rise_lasted_week"] = Fact.absent(state)
    found = evaluate(parse(statements["R34"]["condition"]), facts)
    assert (found.answer, found.missing) == (OPEN, ("alt_ast_rise_lasted_week",))


def test_a_peak_that_is_a_lower_bound_is_enough_and_one_below_is_open(statements) -> None:  # type: ignore[no-untyped-def]
    condition = stop_node(statements["R03"])
    mild = {"hepatitis_worst_grade": Fact.number(2), "bilirubin_peak_x_uln": Fact.number(1)}
    for low, expected in ((9, YES), (4, OPEN)):
        facts = {
            **mild,
            "alt_ast_peak_x_uln": Fact.between(low, None),
            "liver_metastases": Fact.known(False),
        }
        found = evaluate(condition, facts)
        assert found.answer is expected
    assert set(found.missing) == {"alt_ast_peak_x_uln"}


def test_without_hepatitis_the_values_do_not_apply(statements) -> None:  # type: ignore[no-untyped-def]
    none = Fact.absent(FactState.NOT_APPLICABLE)
    facts = {
        "hepatitis_worst_grade": Fact.number(0),
        **dict.fromkeys(("alt_ast_peak_x_uln", "bilirubin_peak_x_uln"), none),
    }
    assert evaluate(parse(statements["R03"]["condition"]), facts).answer is NO


def test_each_may_stop_but_what_reads_the_label_with_metastases(statements) -> None:  # type: ignore[no-untyped-def]
    signals = [statements[c]["signal"] for c in ("R03", "R04", "R33", "R34", "R49", "R50")]
    assert signals == ["stop", "stop", "withhold", "stop", "stop", "stop"]
    assert answer(statements["R04"], hepatitis_worst_grade=0, **HELD) is not YES


# Grade, ALT or AST, bilirubin -> whether the draft on a normal baseline would stop, and the published rule then.
FROM_NORMAL = [
    (hepatitis(2, 8), NO), (hepatitis(2, 8.1), YES), (hepatitis(3, 8), NO), (hepatitis(4, 4), YES),
    (hepatitis(2, 4, 3), NO), (hepatitis(2, 4, 3.1), YES),
]  # fmt: skip


@pytest.mark.parametrize(("values", "expected"), FROM_NORMAL)
def test_liver_tumour_from_a_normal_baseline_waits_for_the_footnote(  # type: ignore[no-untyped-def]
    values, expected, statements
) -> None:
    row = statements["R49"]
    assert row["mark"] == "general_knowledge" and {r["mark"] for r in row["rules"]} == {row["mark"]}
    for liver in (THEN_HELD, DIFFERED, HELD):
        assert stops(row, **liver, **NORMAL, **values) is expected
        assert stops(row, **liver, **RAISED, **values) is NO
    assert stops(row, **FREE, **THEN_FREE, **NORMAL, **values) is NO
    assert stops(statements["R03"], **HELD, **THEN_HELD, **NORMAL, **values) is NO


def test_the_cards_say_what_they_do_not_read(statements) -> None:  # type: ignore[no-untyped-def]
    """The footnote on a normal baseline was not read; the EU text's row does not speak of liver metastases."""
    free, either, held, week = (statements[code] for code in ("R03", "R04", "R33", "R34"))
    footnote, reading = statements["R49"], statements["R50"]
    assert not any("general knowledge" in rule["says"] for rule in free["rules"])
    for card in (free, held):
        assert (
            "shows no mark yet" in card["does_not_say"]
            or "show no mark yet" in card["does_not_say"]
        )
    assert "was not read in the source" in footnote["mark_note"]
    assert "not shown to be short of a stop" in either["does_not_say"]
    assert "says nothing of liver metastases" in reading["does_not_say"]
    assert "signed off by a clinician" in reading["does_not_say"]
    (stop,) = (rule for rule in reading["rules"] if rule["action"] == "stop")
    assert "the stricter reading" in stop["says"]
    assert "from 3.75 to 6 times" in week["says"]
    assert "a baseline above 5 times counts as well" in week["does_not_say"]
    # No card promises a stop that waits as a draft.
    assert "drafts that show no mark yet" in either["does_not_say"]
    assert "a draft that shows no mark yet" in week["does_not_say"]
    for card in (either, week):
        assert "another rule stops above 5 times" not in card["does_not_say"]
        assert "another one above 5 times" not in card["does_not_say"]
