"""Shares that no accepted finding gives, in rows of rules, contradictions, protocols and rules of readiness."""

from __future__ import annotations

from typing import Any

import pytest

from cases.rule_checks import note_problems
from cases.rule_checks import problems as readiness_problems
from cases.rules import delivered_rows
from evidence.content import problems
from evidence.errata_guard import Known
from evidence.errata_guard.shares import shares_in
from evidence.errata_guard.wording import plain
from followup.services.protocols import problems as protocol_problems
from followup.services.protocols import read_data
from tests.integration.curation import CONTENT

CHECKMATE, GUO = "checkmate-153", "guo-2022"
WRONG = "Some 58 per cent kept what they had."


def rule(source: str, says: str) -> dict[str, Any]:
    return {"rules": [{"source": source, "action": "resume", "says": says, "mark": "seen",
                       "condition": CONTENT["condition"]}]}  # fmt: skip


def sides(source: str, says: str) -> dict[str, Any]:
    others = {"source": "heo-2021", "says": "No."}
    told = [{"source": source, "says": says}, others]
    return {"contradictions": [{"question": "Which?", "sides": told}]}


def question(source: str, says: str) -> dict[str, Any]:
    told = [{"source": source, "says": "Yes."}, {"source": "heo-2021", "says": "No."}]
    return {"contradictions": [{"question": says, "sides": told}]}


def shares(content: dict[str, Any], *sources: str, known: Known | None = None) -> list[str]:
    found = problems({**CONTENT, **content, "sources": list(sources)}, (), None, known)
    return [str(problem) for problem in found if "No accepted finding" in problem.message]


@pytest.mark.parametrize(
    ("row", "field"), [(rule, "rules"), (sides, "contradictions"), (question, "contradictions")]
)
def test_a_row_gives_no_share_that_no_finding_of_the_study_gives(row: Any, field: str) -> None:
    (said,) = shares(row(CHECKMATE, WRONG), CHECKMATE, "heo-2021")
    assert said.startswith(f"{field}: Erratum E03: ") and f"of {CHECKMATE} gives “58 %”" in said
    # Said under another source, of a statement that cites the study, it is read as the study's; so is its name.
    assert shares(row("heo-2021", WRONG), CHECKMATE, "heo-2021")
    assert shares(row("heo-2021", f"CheckMate 153: {WRONG}"), "heo-2021")
    assert shares(row("heo-2021", WRONG), "heo-2021") == []


def test_under_a_study_stand_its_own_shares_alone() -> None:
    for row in (rule, sides):
        assert shares(row(GUO, "24 of 40 had one, 60 %."), GUO, "heo-2021", "sheth-2020") == []
        assert shares(row("sheth-2020", "24 of 40 had one."), GUO, "heo-2021", "sheth-2020")
        named = row("sheth-2020", "Guo 2022: 24 of 40 had one.")
        assert shares(named, GUO, "heo-2021", "sheth-2020") == []


def test_a_figure_published_here_may_stand_under_its_study() -> None:
    ours = {"source": GUO, "numerator": 3, "denominator": 9, "figure": None, "unit": "%"}
    for row in (rule, sides):
        content = row(GUO, "3 of 9 had one.")
        assert shares(content, GUO, "heo-2021")
        assert shares(content, GUO, "heo-2021", known=Known(findings=(ours,))) == []
        others = {**ours, "source": "heo-2021"}
        assert shares(content, GUO, "heo-2021", known=Known(findings=(others,)))


@pytest.mark.parametrize(
    "content",
    [
        {"rules": None, "contradictions": "none"},
        {"rules": ["so"], "contradictions": [7]},
        {"rules": [{"says": None}], "contradictions": [{"question": None, "sides": "x"}]},
    ],
)
def test_rows_of_another_shape_are_refused_elsewhere(content: dict[str, Any]) -> None:
    assert shares(content, CHECKMATE) == []


@pytest.mark.parametrize(
    "text", ["Saturation below 92 %", "SpO2 of 90 %", "LVEF < 50 %", "FEV1 under 80 % predicted"]
)
def test_what_is_measured_in_one_patient_is_no_share(text: str) -> None:
    assert list(shares_in(plain(text))) == []


def test_a_protocol_gives_no_share_of_the_studies_that_it_names() -> None:
    content = read_data()
    assert protocol_problems(content) == []
    steps = content["protocols"][1]["steps"]
    steps[0]["label"] = WRONG
    assert protocol_problems(content) == []
    steps[1]["measures"] = [{"code": "x", "label": "As in CheckMate 153", "unit": "%"}]
    # Named in the same step, in another, in the name or in the source of all.
    assert protocol_problems(content) == []
    for where in ("name", "label", "source", "mark", "itself"):
        changed = read_data()
        protocol = changed["protocols"][1]
        protocol["steps"][0]["label"] = WRONG
        if where == "itself":
            protocol["steps"][0]["label"] = f"CheckMate 153: {WRONG}"
        elif where == "name":
            protocol["name"] = "Lung, as in CheckMate 153"
        elif where == "label":
            protocol["steps"][1]["label"] = "CT as in CheckMate 153"
        else:
            changed[where] = f"{changed[where]}, CheckMate 153"
        code = f"{protocol['code']}, step 1, {protocol['steps'][0]['code']}: Erratum E03: "
        assert any(line.startswith(code) and "58 %" in line for line in protocol_problems(changed)), where  # fmt: skip


def test_a_protocol_may_give_what_the_study_gives_and_what_is_measured() -> None:
    content = read_data()
    content["source"] = "Guo 2022"
    content["protocols"][0]["steps"][0]["label"] = (
        "24 of 40 had an irAE again; saturation under 92 %"
    )
    assert protocol_problems(content) == []
    content["source"] = "Guo 2022: 80 % fared well"
    assert any(line.startswith("origin: Erratum E08: ") for line in protocol_problems(content))


def test_rules_of_readiness_give_none_either() -> None:
    assert note_problems("Asked for after Guo 2022: 24 of 40.") == []
    (said,) = note_problems("Asked for after Guo 2022: 90 % fared well.")
    assert said.startswith("Erratum E08: ") and "90 %" in said
    rules = delivered_rows()
    assert readiness_problems(rules) == []
    rules[0] = {**rules[0], "source": "Guo 2022: 90 % fared well."}
    (said,) = readiness_problems(rules)
    assert said.startswith("Rule 1: Erratum E08: ")
    rules[0] = {**rules[0], "source": "Pneumonia after an ICI."}
    assert any("Erratum E09: " in line for line in readiness_problems(rules))
