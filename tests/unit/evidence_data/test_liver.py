"""The rules for the liver go by the values, and by whether the liver held tumour when the hepatitis came."""

from __future__ import annotations

import pytest

from evidence.conditions import Answer, Fact, FactState, evaluate, parse
from tests.unit.evidence_data.reading import answer

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


# Grade, ALT or AST, bilirubin, the liver -> R03 (free of tumour), R04 (metastases), R33 (from the baseline).
BY_HAND = [
    # ALT 9 times the limit at grade 2 stops by both labels, the liver free of tumour.
    (hepatitis(2, 9), FREE, YES, NO, OPEN),
    (hepatitis(2, 9), {**FREE, **THEN_FREE}, YES, NO, NO),
    (hepatitis(2, 9), THEN_FREE, YES, NO, OPEN),
    (hepatitis(2, 9), HELD, OPEN, NO, YES),
    (hepatitis(2, 9), HELD_RAISED, NO, NO, YES),
    # With metastases a baseline within the limit is read as a liver free of tumour; not known, it cannot be told.
    (hepatitis(3, 9), {**HELD, **THEN_HELD, **NORMAL}, YES, NO, YES),
    (hepatitis(3, 9), {**HELD, **NORMAL}, YES, NO, YES),
    (hepatitis(3, 9), {**HELD, **THEN_HELD}, OPEN, NO, YES),
    (hepatitis(2, 6), {**HELD, **THEN_HELD, **NORMAL}, YES, NO, YES),
    (hepatitis(2, 4), {**HELD, **THEN_HELD, **NORMAL}, NO, NO, YES),
    # From 3.75 to 6 times the limit: a warning, whatever the EU text says of a week.
    (hepatitis(2, 6), {**HELD, **THEN_HELD, "alt_ast_baseline_x_uln": 3.8}, NO, NO, YES),
    # Above 10 times every rule stops: no baseline is needed.
    (hepatitis(3, 10.1), {**HELD, **THEN_HELD, **NORMAL}, YES, YES, YES),
    (hepatitis(3, 10.1), {**HELD, **THEN_HELD}, OPEN, YES, YES),
    (hepatitis(2, 9), {**HELD, **THEN_FREE}, YES, NO, YES),
    (hepatitis(2, 9), {}, OPEN, NO, OPEN),
    # On the thresholds themselves.
    (hepatitis(2, 5), {**FREE, **THEN_FREE}, NO, NO, NO),
    (hepatitis(2, 5.1), {**FREE, **THEN_FREE}, YES, NO, NO),
    (hepatitis(1, 2, 3), FREE, NO, NO, NO),
    (hepatitis(1, 2, 3.1), {**FREE, **THEN_FREE}, YES, NO, NO),
    (hepatitis(3, 10), HELD_RAISED, NO, NO, YES),
    (hepatitis(3, 10.1), HELD_RAISED, NO, YES, YES),
    (hepatitis(1, 2, 3.1), HELD_RAISED, NO, YES, NO),
    (hepatitis(4, 4), HELD_RAISED, NO, YES, YES),
    # The grade alone is enough for what is free of tumour from grade 3 on.
    ({"hepatitis_worst_grade": 3}, {**FREE, **THEN_FREE}, YES, NO, NO),
    ({"hepatitis_worst_grade": 3}, HELD_RAISED, NO, OPEN, YES),
    ({"hepatitis_worst_grade": 2}, {**FREE, **THEN_FREE}, OPEN, NO, NO),
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
        condition = parse(statements[code]["condition"])
        facts = {
            key: Fact.known(v) if isinstance(v, bool | str) else Fact.number(v)
            for key, v in {**values, **liver}.items()
        }
        assert evaluate(condition, facts).answer is expected, code


def test_a_peak_that_is_a_lower_bound_is_enough_and_one_below_is_open(statements) -> None:  # type: ignore[no-untyped-def]
    condition = parse(statements["R03"]["condition"])
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


def test_the_stops_stop_and_the_baseline_warns(statements) -> None:  # type: ignore[no-untyped-def]
    assert [statements[c]["signal"] for c in ("R03", "R04", "R33")] == ["stop", "stop", "warning"]
    assert answer(statements["R04"], hepatitis_worst_grade=0, **HELD) is not YES


def test_the_cards_say_what_they_do_not_read(statements) -> None:  # type: ignore[no-untyped-def]
    """The footnote on a normal baseline was not read; a rise that lasted a week is read by no rule."""
    free, held, warns = (statements[code] for code in ("R03", "R04", "R33"))
    assert "general knowledge: it was not read in the source" in free["mark_note"]
    assert "general knowledge" in free["rules"][0]["says"]
    assert "baseline that is not known it cannot be told" in free["does_not_say"]
    for row in (held, warns):
        assert "from 3.75 to 6 times the limit" in row["does_not_say"]
        assert "how long a rise lasted is" in row["does_not_say"].lower()
