"""Which facts a question needs, how old they are, and until when a count holds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cases.delivered import delivered_rows
from cases.derivations import DATED, Event, Record, said
from cases.derivations.record import ALL_ORGANS
from cases.presenters.ages import age_words
from cases.presenters.rules import rule_words
from cases.presenters.sections import FACTS_OF
from cases.readiness import (
    LIMITS,
    Rule,
    Rules,
    Standing,
    counts_hold_until,
    readiness,
    required_facts,
)
from cases.rule_checks import problems
from cases.rules import rules_from
from evidence.conditions import Fact, FactState, Widened, parse

TODAY = date(2026, 11, 25)
IRAE = parse({"fact": "irae_any", "op": "is", "value": True})


def rules(*found: Rule) -> Rules:
    return Rules(1, 1, found)


def days(ago: int, least: int | None = None):
    first = TODAY - timedelta(days=ago)
    return first, TODAY - timedelta(days=ago if least is None else least)


ECOG = rules(Rule("ecog", None, 28))


def standing(fact: Fact, span=None):
    (one,) = readiness(ECOG, {"ecog": fact}, {"ecog": span} if span else {}, TODAY).needed
    return one


@pytest.mark.parametrize(
    ("ago", "expected", "words"),
    [
        (28, Standing.CURRENT, ""),
        (29, Standing.STALE, "stale: 29 days old, limit 28"),
        (43, Standing.STALE, "stale: 43 days old, limit 28"),
    ],
)
def test_a_fact_is_stale_the_day_after_its_limit(ago, expected, words):
    one = standing(Fact.number(1), days(ago))
    assert one.standing is expected
    assert age_words(one) == words
    assert one.settled == (expected is Standing.CURRENT)


def test_a_fact_whose_day_is_not_known_is_not_settled_and_says_so():
    # Nobody can tell whether it is past its limit: on the safe side it counts as open.
    one = standing(Fact.number(1))
    assert one.standing is Standing.UNDATED and not one.settled
    assert age_words(one) == "day not known, limit 28 days"
    free = readiness(rules(Rule("ecog")), {"ecog": Fact.number(1)}, {}, TODAY).needed[0]
    assert free.settled and not free.age_is_open


def test_a_limit_on_a_fact_without_days_in_the_record_holds_nothing_back():
    # Rules published before such a limit was refused.
    old = rules(Rule("hepatitis_b", None, 28))
    (one,) = readiness(old, {"hepatitis_b": Fact.known("none")}, {}, TODAY).needed
    assert one.settled and one.limit is None


def test_a_sample_since_the_ici_without_a_day_is_undated_also_without_a_limit():
    key, told = "pdl1_tps_recent", {"pdl1_tps_recent": Fact.number(60)}
    (one,) = readiness(rules(Rule(key)), told, {}, TODAY).needed
    assert one.standing is Standing.UNDATED and one.known and not one.settled
    assert age_words(one) == "day not known"
    (one,) = readiness(rules(Rule(key)), told, {key: days(900)}, TODAY).needed
    assert one.settled and age_words(one) == ""
    absent = {key: Fact.absent(FactState.NOT_APPLICABLE)}
    assert readiness(rules(Rule(key)), absent, {}, TODAY).needed[0].settled


def test_a_day_known_in_part_is_stale_only_where_every_day_of_it_is():
    assert standing(Fact.number(1), days(60, 30)).standing is Standing.STALE
    assert standing(Fact.number(1), days(28, 10)).settled
    doubtful = standing(Fact.number(1), days(40, 10))
    assert doubtful.standing is Standing.UNDATED and not doubtful.settled
    assert age_words(doubtful) == "10 to 40 days old, limit 28: may be too old"


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (FactState.MISSING, Standing.MISSING),
        (FactState.NOT_YET, Standing.OWED),
        (FactState.UNKNOWN, Standing.CURRENT),
        (FactState.NOT_APPLICABLE, Standing.CURRENT),
    ],
)
def test_a_fact_without_value_is_owed_missing_or_final_and_never_stale(state, expected):
    one = standing(Fact.absent(state), days(400))
    assert one.standing is expected
    assert age_words(one) == ""


def test_a_rule_asks_only_where_its_condition_is_true_and_the_lowest_limit_counts():
    found = rules(
        Rule("ecog", None, 28), Rule("ecog", IRAE, 14), Rule("irae_worst_grade", IRAE, None)
    )
    assert required_facts(found, {}) == {"ecog": 28}
    assert required_facts(found, {"irae_any": Fact.known(False)}) == {"ecog": 28}
    any_irae = {"irae_any": Fact.known(True)}
    assert required_facts(found, any_irae) == {"ecog": 14, "irae_worst_grade": None}


def test_any_irae_adds_its_facts_whatever_the_main_reason_was():
    delivered = rules_from(delivered_rows())
    progression = {"stop_reason": Fact.known("progression"), "irae_any": Fact.known(True)}
    assert {"irae_worst_grade", "irae_grade_now", "oligoprogression"} <= set(
        required_facts(delivered, progression)
    )
    assert not problems(delivered_rows())


def test_a_count_holds_until_the_first_fact_goes_stale():
    found = readiness(ECOG, {"ecog": Fact.number(1)}, {"ecog": days(20)}, TODAY)
    until = counts_hold_until(ECOG, found, TODAY, [])
    assert until == TODAY + timedelta(days=8)
    for day, settled in ((until, 1), (until + timedelta(days=1), 0)):
        then = readiness(ECOG, {"ecog": Fact.number(1)}, {"ecog": days(20)}, day)
        assert then.settled == settled
    assert counts_hold_until(ECOG, found, TODAY, [TODAY + timedelta(days=3)]) == (
        TODAY + timedelta(days=2)
    )
    # Of a day known in part only the count of a fact that is certainly current is kept.
    part = readiness(ECOG, {"ecog": Fact.number(1)}, {"ecog": days(25, 10)}, TODAY)
    assert counts_hold_until(ECOG, part, TODAY, []) == TODAY + timedelta(days=3)
    assert counts_hold_until(rules(Rule("ecog")), found, TODAY, [TODAY]) != TODAY
    old = rules(Rule("ecog", parse({"fact": "age", "op": ">", "value": 70})))
    assert counts_hold_until(old, found, TODAY, []) == TODAY


def test_a_fact_is_as_old_as_the_oldest_entry_that_makes_it_up():
    asked = {organ: date(2026, 11, 1) for organ in ALL_ORGANS} | {"lung": date(2026, 9, 1)}
    going_on = Event("colitis", "colon", "5.0", now_on=date(2026, 10, 1))
    over = Event("rash", "skin", "5.0", resolution=Fact.known("resolved"), grade_now=Fact.number(0))
    found = said(Record(asked_on=asked, iraes=(going_on, over), disease_status_on=TODAY))
    assert found["irae_any"] == (date(2026, 9, 1),) * 2
    assert found["colitis_worst_grade"] == (date(2026, 11, 1),) * 2
    assert found["irae_grade_now"] == (date(2026, 10, 1),) * 2
    assert found["disease_status"] == (TODAY, TODAY)
    without = {organ: day for organ, day in asked.items() if organ != "lung"}
    assert "irae_any" not in said(Record(asked_on=without))
    undated = Event("colitis", "colon", "5.0")
    assert "irae_grade_now" not in said(Record(asked_on=asked, iraes=(going_on, undated)))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"fact": "ecgo", "when": None, "age_limit_days": None}, "there is no fact ecgo"),
        ({"fact": "ecog", "when": None}, "and nothing else"),
        ({"fact": "ecog", "when": None, "age_limit_days": 0}, "whole number of days"),
        ({"fact": "ecog", "when": None, "age_limit_days": True}, "whole number of days"),
        ({"fact": "ecog", "when": {"fact": "x"}, "age_limit_days": 3}, "ecog, when: "),
        ("ecog", "and nothing else"),
        ({"fact": "hepatitis_b", "when": None, "age_limit_days": 90}, "no day of it"),
        ({"fact": "ecog", "when": None, "age_limit_days": 3, "source": 7}, "said in words"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said_with_its_place(rule, words):
    good = {"fact": "age", "when": None, "age_limit_days": None}
    (found,) = problems([good, rule])
    assert found.startswith("Rule 2: ")
    assert words in found


@pytest.mark.parametrize("rules", [[], {}, None, "ecog"])
def test_rules_are_a_list(rules):
    assert problems(rules)


DELIVERED = rules_from(delivered_rows())
# An irAE of an organ -> what it asks for beside what every question needs.
OF_ORGANS = [
    ({"pneumonitis_worst_grade": 1}, {"spo2_lowest", "dlco", "pneumonitis_recurrent"}),
    ({"pneumonitis_recurrent": True}, {"pneumonitis_recurrence_grade"}),
    ({"colitis_worst_grade": 1}, {"calprotectin_now", "colitis_recurrent"}),
    ({"colitis_recurrent": True}, {"colitis_recurrence_grade"}),
    (
        {"hepatitis_worst_grade": 1},
        {"alt_ast_peak_x_uln", "bilirubin_peak_x_uln", "liver_tumour_at_hepatitis"},
    ),
    (
        {"hepatitis_worst_grade": 1, "liver_metastases": True},
        {
            "alt_ast_peak_x_uln", "bilirubin_peak_x_uln", "liver_tumour_at_hepatitis",
            "alt_ast_peak_x_baseline",
        },
    ),
    (
        {"hepatitis_worst_grade": 1, "liver_metastases": True, "alt_ast_baseline_x_uln": 3},
        {
            "alt_ast_peak_x_uln", "bilirubin_peak_x_uln", "liver_tumour_at_hepatitis",
            "alt_ast_peak_x_baseline", "alt_ast_rise_lasted_week",
        },
    ),
    (
        {"myocarditis_any": True},
        {"lvef_now", "ck_peak_x_uln", "heart_disease", "myositis_worst_grade", "neurological_worst_grade"},
    ),
    ({"myositis_worst_grade": 1}, {"ck_peak_x_uln", "myocarditis_any", "neurological_worst_grade"}),
    ({"neurological_worst_grade": 1}, {"myocarditis_any", "myositis_worst_grade"}),
    ({"nephritis_worst_grade": 1}, {"creatinine_now_x_baseline"}),
    ({"endocrine_worst_grade": 2}, {"endocrine_uncontrolled_worst_grade"}),
    ({"skin_worst_grade": 1}, {"sjs_ten_dress_any"}),
    ({"irae_worst_grade": 2}, {"steroid_not_tapered", "immunosuppressant_now"}),
    (
        {"haematological_worst_grade": 1},
        {
            "haemolysis_worst_grade", "aplastic_anaemia_worst_grade", "ttp_any", "blood_transfused",
            "haemoglobin_now", "neutrophils_now", "platelets_now",
        },
    ),
    ({"uveitis_worst_grade": 1}, {"eye_active_now"}),
    ({"arthritis_worst_grade": 1}, {"joint_erosions"}),
    ({"pancreatitis_worst_grade": 1}, {"pancreas_pain", "lipase_peak_x_uln"}),
    ({"vasculitis_worst_grade": 1}, {"vessel_threatened", "creatinine_now"}),
]  # fmt: skip


@pytest.mark.parametrize(("had", "asked_for"), OF_ORGANS)
def test_an_irae_of_an_organ_adds_its_facts_whatever_the_main_reason_was(had, asked_for):
    for reason in ("irae", "progression", "completed", "other"):
        known = {"stop_reason": Fact.known(reason)}
        before = set(required_facts(DELIVERED, known))
        told = {
            key: Fact.known(value) if isinstance(value, bool) else Fact.number(value)
            for key, value in had.items()
        }
        assert set(required_facts(DELIVERED, {**known, **told})) - before == asked_for


@pytest.mark.parametrize(
    ("regimen", "asked_for"),
    [
        ("same_agent", {}),
        (
            "ici_chemotherapy",
            {"haemoglobin_now": 14, "neutrophils_now": 14, "platelets_now": 14, "creatinine_now": 14},
        ),
        (
            "ici_antiangiogenic",
            {
                "heart_disease": None, "platelets_now": 14, "creatinine_now": 14, "bleeding": None,
                "hypertension": None, "systolic_now": 14, "diastolic_now": 14, "urine_protein_now": 28,
                "major_surgery": 28,
            },
        ),
        (
            "bispecific",
            {
                "proposed_includes_ctla4": None, "heart_disease": None, "colitis_worst_grade": None,
                "platelets_now": 14,
            },
        ),
        ("switch_pd1_pdl1", {"pdl1_tps_recent": None, "prior_includes_pd1_pdl1": None}),
    ],
)  # fmt: skip
def test_what_is_proposed_adds_its_facts(regimen, asked_for):
    before = required_facts(DELIVERED, {})
    found = required_facts(DELIVERED, {"proposed_regimen": Fact.known(regimen)})
    assert {key: limit for key, limit in found.items() if key not in before} == asked_for
    brain = 28 if regimen in {"ici_antiangiogenic", "bispecific"} else 90
    assert found["brain_metastases"] == brain


def test_each_rule_of_an_organ_or_a_regimen_that_was_added_names_its_source():
    added = [row for row in delivered_rows() if row.get("source")]
    assert len(added) == 35
    regimens = [r for r in delivered_rows() if (r["when"] or {}).get("fact") == "proposed_regimen"]
    assert len(regimens) == 21
    assert all("confirmed by a clinician" in row["source"] for row in regimens)
    assert all(row["source"] in rule_words(row) for row in added)


def test_an_irae_that_contributed_adds_what_an_irae_does():
    progression = {"stop_reason": Fact.known("progression")}
    told = required_facts(DELIVERED, {**progression, "irae_contributed": Fact.known(True)})
    assert {"irae_grade_now", "irae_resolved", "organs_asked"} <= set(told)
    assert "irae_grade_now" not in required_facts(DELIVERED, progression)


def test_every_age_limit_delivered_is_on_a_fact_that_has_a_day():
    limited = {r["fact"] for r in delivered_rows() if r["age_limit_days"] is not None}
    assert limited - LIMITS <= DATED


def test_every_fact_that_is_needed_stands_in_a_section():
    shown = {fact for facts in FACTS_OF.values() for fact in facts}
    assert {row["fact"] for row in delivered_rows()} - LIMITS <= shown


def test_what_is_dated_after_the_day_it_is_asked_for_is_not_current():
    tomorrow = {"ecog": days(-1)}
    found = readiness(ECOG, {"ecog": Fact.number(1)}, tomorrow, TODAY)
    assert found.by_key["ecog"].standing is Standing.MISSING
    assert (found.settled, found.open) == (0, ("ecog",))
    assert counts_hold_until(ECOG, found, TODAY, []) == TODAY
    then = readiness(ECOG, {"ecog": Fact.number(1)}, tomorrow, TODAY + timedelta(days=1))
    assert then.settled == 1
    partly = readiness(ECOG, {"ecog": Fact.number(1)}, {"ecog": days(3, -3)}, TODAY)
    assert partly.settled == 1


@pytest.mark.parametrize(
    ("why", "standing"),
    [
        (Widened.UNGRADED, Standing.MISSING),
        (Widened.OWED, Standing.OWED),
        (Widened.NO_GRADE, Standing.CURRENT),
        (Widened.OLD, Standing.CURRENT),
    ],
)
def test_what_is_certain_of_a_grade_that_nobody_gave_is_no_answer(why, standing):
    facts = {"colitis_worst_grade": Fact.between(1, 5, [why])}
    rules = rules_from([{"fact": "colitis_worst_grade", "when": None, "age_limit_days": None}])
    (one,) = readiness(rules, facts, {}, date(2026, 11, 25)).needed
    assert one.standing is standing
