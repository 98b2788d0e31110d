"""Rules by source and grade, and whom a regimen's statement speaks of: typed by hand from the sources' table.

No pattern can see that a rule was turned round; this table can. It is not derived from the delivered files.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from evidence.conditions import Answer
from tests.unit.evidence_data.reading import PUBLISHED_MARKS, answer

US, EU, ASCO, NCCN = "us-label-pembrolizumab", "eu-smpc-pembrolizumab", "asco-2021", "nccn-2019"

# Of each rule and source: grades that withhold, that stop for good, and that stop once they come back.
GRADES: dict[tuple[str, str], tuple[set[int], set[int], set[int]]] = {
    ("R01", US): ({2}, {3, 4}, set()),
    ("R01", EU): ({2}, {3, 4}, {2}),
    ("R01", "asco-2018-pneumonitis"): (set(), {3, 4}, set()),
    ("R02", US): ({2, 3}, {4}, set()),
    ("R02", EU): ({2, 3}, {4}, {3}),
    ("R05", US): ({2, 3}, {4}, set()),
    ("R05", EU): ({2}, {3, 4}, set()),
    ("R06", US): (set(), {2, 3, 4}, set()),
    ("R07", US): ({2}, {3, 4}, set()),
    ("R07", EU): (set(), {3, 4}, set()),
    ("R08", US): (set(), set(), set()),
    ("R08", EU): ({3}, {4}, set()),
    ("R10", ASCO): (set(), {4}, set()),
    ("R26", US): (set(), {3, 4}, set()),
}  # fmt: skip

# Multiples of the upper limit of ALT or AST, and of bilirubin: (withhold above, stop above), as the table has them.
MULTIPLES: dict[tuple[str, str], tuple[str, ...]] = {
    ("R03", US): ("above 3 to 8 times the limit", "above 1.5 to 3 times: withhold", "above 8 times",
                  "bilirubin above 3 times: stop for good"),
    ("R03", EU): ("above 3 to 5 times: withhold", "above 5 times (grade 3 or more)",
                  "bilirubin above 3 times: stop for good"),
    ("R04", US): ("above 10 times, or bilirubin above 3 times: stop for good",),
    ("R04", EU): ("No liver tumour: above 5 times (grade 3 or more), or bilirubin above 3 times: stop for good",),
    ("R33", US): ("Baseline above 1 to 3 times and rise to above 5 to 10",
                  "baseline above 3 to 5 and rise to above 8 to 10: withhold"),
    ("R34", EU): ("Baseline of grade 2 and a rise of 50 % or more for a week or more: stop for good",),
}  # fmt: skip

# Rules that no grade sums up, word for word as read.
WORDS: dict[tuple[str, str], str] = {
    ("R09", US): "Grade 3 or 4: withhold until stable, or stop, by severity.",
    (
        "R09",
        EU,
    ): "Grade 3 or 4: withhold to grade 0 or 1. Adrenal insufficiency or hypophysitis of grade 2: withhold "
    "until replaced. Grade 3 or 4: may go on once controlled. Underactive thyroid: no interruption.",
    (
        "R41",
        EU,
    ): "Type 1 diabetes with glucose above 250 mg/dL (grade 3 or more) or ketoacidosis: withhold.",
    (
        "R09",
        ASCO,
    ): "Grade 4 stops for good, but not an endocrine irAE controlled by hormone replacement.",
    (
        "R11",
        ASCO,
    ): "Grade 3: hold; taper steroids over at least 4 to 6 weeks. At grade 1 or less an ICI may be offered "
    "again, with caution.",
    ("R11", NCCN): "After a severe irAE give up the class for good; ask the organ's specialist.",
    ("R12", ASCO): "Grade 2: hold. After grade 2: resume at grade 1 or less.",
    ("R13", ASCO): "Resume at grade 1 or less.",
    ("R13", "resume-table"): "Resume at grade 1 or less.",
    ("R14", "resume-table"): "Resume below 10 mg prednisone-equivalent a day, at grade 1 or less.",
    ("R15", NCCN): "Toxicity that returns: stop for good.",
    (
        "R17",
        ASCO,
    ): "Anti-PD-1 or anti-PD-L1 alone may be offered after toxicity of a combination, at grade 1 or less.",
    (
        "R44",
        ASCO,
    ): "Grade 1: go on with monitoring, except some irAEs of the nerves, the blood and the heart.",
    (
        "R06",
        "product-default",
    ): "Any confirmed myocarditis sets the mark here. No source that was read goes so far.",
    ("R25", "resume-table"): "Resume below 10 mg prednisone-equivalent a day.",
}
# What is said above the rules, where it could be turned round without touching them.
SAID: dict[str, tuple[str, ...]] = {
    "R05": ("The EU text stops pembrolizumab for good after nephritis of grade 3 or more",
            "the US label withholds at grade 2 or 3 and stops at grade 4"),
    "R09": ("Once stable or controlled by hormone replacement they need not end the ICI",
            "the EU text does not interrupt for an underactive thyroid"),
    "R01": ("after pneumonitis of grade 3 or 4", "also when pneumonitis of grade 2 comes back"),
    "R02": ("withhold pembrolizumab at grade 2 or 3 and stop it for good at grade 4",),
    "R06": ("after myocarditis of grade 2 to 4", "for myocarditis of any grade"),
    "R10": ("after any irAE of grade 4", "an endocrine irAE that hormone replacement controls"),
    "R11": ("settled to grade 1 or less, ASCO lets", "gives up the class for good after a severe irAE"),
    "R16": ("state of the tumour first",),
    "R15": ("stops the ICI for good when the toxicity returns",),
}  # fmt: skip


def graded(text: str) -> tuple[set[int], set[int], set[int]]:
    """Read a rule: what withholds, what stops, what stops once it comes back."""
    withheld, stopped, again = set(), set(), set()
    for sentence in re.split(r"(?<=[.])\s+|, except ", text):
        for part in re.split(r", or ", sentence):
            found = re.search(r"grade (\d)(?: (or|to) (\d|more))?", part, re.IGNORECASE)
            if found is None:
                continue
            low, link, high = found.groups()
            grades = {int(low)}
            if high == "more":
                grades = set(range(int(low), 5))
            elif link == "to":
                grades = set(range(int(low), int(high) + 1))
            elif high:
                grades = {int(low), int(high)}
            if "withhold" in sentence:
                withheld |= grades
            elif re.search(r"\bagain\b", part):
                again |= grades
            elif "stop for good" in sentence:
                stopped |= grades
    return withheld, stopped, again


def rule(statements: dict[str, dict[str, Any]], code: str, source: str) -> str:
    return " ".join(row["says"] for row in statements[code]["rules"] if row["source"] == source)


@pytest.mark.parametrize(("key", "expected"), GRADES.items())
def test_each_source_withholds_and_stops_at_its_grades(key, expected, statements) -> None:  # type: ignore[no-untyped-def]
    assert graded(rule(statements, *key)) == expected


@pytest.mark.parametrize(("key", "parts"), MULTIPLES.items())
def test_each_source_counts_in_its_multiples(key, parts, statements) -> None:  # type: ignore[no-untyped-def]
    text = rule(statements, *key)
    assert [part for part in parts if part not in text] == []


@pytest.mark.parametrize(("key", "words"), WORDS.items())
def test_what_no_grade_sums_up_stands_word_for_word(key, words, statements) -> None:  # type: ignore[no-untyped-def]
    assert rule(statements, *key) == words


def test_every_rule_that_is_published_is_in_one_of_the_tables(statements) -> None:  # type: ignore[no-untyped-def]
    typed = {*GRADES, *MULTIPLES, *WORDS}
    published = [
        (code, row["source"])
        for code, statement in statements.items()
        if statement["mark"] in PUBLISHED_MARKS
        for row in statement["rules"]
    ]
    # R34 repeats the row of the US label that R33 has.
    assert {key for key in published if key not in typed} <= {("R34", US)}


@pytest.mark.parametrize(("code", "parts"), SAID.items())
def test_the_words_above_the_rules_say_the_same(code, parts, statements) -> None:  # type: ignore[no-untyped-def]
    text = statements[code]["says"]
    assert [part for part in parts if part not in text] == []
    assert not re.search(r"whatever the grade|regardless|goes on whatever|in any case", text)


def test_a_rule_turned_round_is_seen() -> None:
    assert graded("Grade 2: withhold. Grade 3 or more: stop for good.") == ({2}, {3, 4}, set())
    assert graded("Grade 2: withhold. Grade 3: withhold.") == ({2, 3}, set(), set())
    assert graded("Grade 3 or 4, or grade 2 again: stop for good.") == (set(), {3, 4}, {2})


# What is proposed after progression on a PD-1 agent, and the statements about it that then apply.
REGIMENS = {
    "same_agent": set(),
    "other_agent_same_target": set(),
    "switch_pd1_pdl1": {"S20"},
    "pd_ctla4_combination": {"S25", "S27"},
    "ici_chemotherapy": {"S21", "S22"},
    "ici_antiangiogenic": {"S23"},
    # One that binds CTLA-4: what is known of CTLA-4 in progression is said of it as well.
    "bispecific": {"S25", "S26", "S27"},
    "other": {"S24"},
}
OF_REGIMENS = ("S20", "S21", "S22", "S23", "S24", "S25", "S26", "S27", "S28", "S87")
PROGRESSED = {
    "stop_reason": "progression", "progression_timing": "on_treatment", "pdl1_tps_recent": 60,
    "best_response": "PR", "irae_worst_grade": 0, "irae_contributed": False,
    "prior_includes_pd1_pdl1": True, "prior_setting": "palliative", "irae_any": False,
}  # fmt: skip


@pytest.mark.parametrize(("regimen", "expected"), REGIMENS.items())
def test_a_regimens_statement_speaks_of_that_regimen_alone(regimen, expected, statements) -> None:  # type: ignore[no-untyped-def]
    facts = {
        **PROGRESSED,
        "proposed_regimen": regimen,
        "proposed_includes_ctla4": regimen in {"pd_ctla4_combination", "bispecific"},
    }
    answers = {code: answer(statements[code], **facts) for code in OF_REGIMENS}
    assert {code for code, found in answers.items() if found is Answer.TRUE} == expected
    assert {found for code, found in answers.items() if code not in expected} == {Answer.FALSE}


def test_ctla4_after_an_irae_is_a_warning_and_no_evidence_for_it(statements) -> None:  # type: ignore[no-untyped-def]
    facts = {
        "stop_reason": "irae", "progression_timing": "none", "proposed_includes_ctla4": True,
        "proposed_regimen": "pd_ctla4_combination", "pdl1_tps_recent": 60, "best_response": "PR",
    }  # fmt: skip
    applying = {code for code in OF_REGIMENS if answer(statements[code], **facts) is Answer.TRUE}
    assert applying == {"S28"} and statements["S28"]["signal"] == "warning"


def test_a_bispecific_antibody_that_does_not_bind_ctla4_is_none_that_does(statements) -> None:  # type: ignore[no-untyped-def]
    for code in ("S26", "S42"):
        told = {"proposed_regimen": "bispecific"}
        assert answer(statements[code], **told, proposed_includes_ctla4=True) is Answer.TRUE
        assert answer(statements[code], **told, proposed_includes_ctla4=False) is Answer.FALSE
        assert answer(statements[code], **told) is Answer.UNDETERMINED


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"nlr": 4.0}, Answer.TRUE),
        ({"lmr": 2.5}, Answer.TRUE),
        ({"plr": 180.0}, Answer.TRUE),
        ({"nlr": 4.0, "lmr": 2.5, "plr": 180.0}, Answer.TRUE),
        ({}, Answer.UNDETERMINED),
        ({"dnlr": 3.0}, Answer.UNDETERMINED),
    ],
)
def test_the_blood_ratios_are_told_of_whichever_of_the_three_is_known(
    facts: dict[str, float], expected: Answer, statements: Any
) -> None:
    # It sets no cut-off for any of them, and says of each alone that none is validated.
    assert answer(statements["S75"], **facts) is expected
    assert answer(statements["S76"], **facts, steroid_now=20) is (
        Answer.TRUE if "nlr" in facts else Answer.UNDETERMINED
    )
