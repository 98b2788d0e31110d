"""What is the outcome of nothing gets no figure, whichever code, field or spelling it comes under (E03, E04, E24)."""

from __future__ import annotations

import pytest

from evidence.content import basis_problems
from evidence.loading import Delivery

UNREAD = {
    "cm153-target": "E03",
    "cm153-new-lesions": "E03",
    "cm153-rest": "E03",
    "pollack-hepatitis-second": "E04",
    "egfr-adjuvant-5y": "E24",
}


@pytest.mark.parametrize(("code", "number"), UNREAD.items())
def test_what_is_the_outcome_of_nothing_never_gets_a_figure(
    code: str, number: str, delivery: Delivery
) -> None:
    row = next(row for row in delivery.findings if row["code"] == code)
    assert basis_problems(row) == []
    for change in (
        {"state": "corrected"}, {"value": "x"}, {"figure": 3.0}, {"denominator": 80}, {"interval": "1 to 2"},
    ):  # fmt: skip
        (problem,) = basis_problems({**row, **change})
        assert problem.field == "state" and problem.message.startswith(f"Erratum {number}: ")
    assert {r["code"] for r in delivery.findings if r["state"] == "not_interpretable"} == {*UNREAD}


OURS = {
    "code": "ours", "source": "checkmate-153", "tumour": "nsclc", "direct": True, "endpoint": "predictor",
    "measure": "text", "label": "Nivolumab again", "definition": "", "population": "Patients with NSCLC",
    "state": "not_in_review", "note": "",
    "numerator": None, "denominator": None, "figure": None, "unit": "%", "value": "", "interval": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "told"),
    [
        *(
            ("value", {"value": value})
            for value in (
                "35.0 %", "41%", "2/3", "two thirds", "35.3 %", "41.2 per cent", "35 % of patients", "0.35", "0,41",
                "35 of 100", "12/34", "14 of the 34", "12 patients of 34", "thirty-five per cent", "67 %", "66.7 %",
                "64.7 %", "about 66", "35", "59 %", "twenty-two of thirty-four", "66.7 per 100",
            )
        ),
        ("numerator", {"numerator": 12, "denominator": 34}),
        ("numerator", {"numerator": 7, "denominator": 34}),
        ("numerator", {"numerator": 35, "denominator": 100, "endpoint": "OS"}),
        ("figure", {"figure": 35.0}),
        ("figure", {"figure": 41, "value": "see the text", "unit": ""}),
        ("figure", {"figure": 0.667, "unit": "ratio"}),
        ("interval", {"interval": "35 % to 50 %", "value": "x"}),
        ("label", {"label": "12 of 34 had progressed in target lesions", "value": "x"}),
        ("definition", {"definition": "Controlled in 65 % on nivolumab again.", "value": "x"}),
        ("population", {"population": "The 34 retreated, 41.2 % with new lesions", "value": "x"}),
        ("note", {"note": "Of those given it again 0.65 were controlled.", "value": "x"}),
        ("figure", {"figure": 67.0, "endpoint": "OS", "population": "Patients given nivolumab again"}),
    ],
)  # fmt: skip
def test_nor_does_it_under_another_code_whichever_field_it_stands_in(
    field: str, told: dict[str, object]
) -> None:
    found = basis_problems({**OURS, **told})
    assert field in [x.field for x in found if x.message.startswith("Erratum E03: ")]


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("denominator", {"label": "Control", "value": "22", "figure": 22, "unit": "patients", "denominator": 34}),
        ("value", {"label": "Disease control", "value": "64 %"}),
        ("value", {"label": "Disease control", "value": "60 to 70 %"}),
        ("figure", {"label": "Disease control", "figure": 68.0}),
        ("denominator", {"label": "Progression in target lesions", "endpoint": "PD", "figure": 12, "unit": "patients",
                         "denominator": 34}),
        *(("numerator", {"endpoint": endpoint, "numerator": 1, "denominator": 9})
          for endpoint in ("ORR", "CR", "PR", "SD", "DCR", "PD")),
        # The 34 had nothing that is known, whichever endpoint it comes under.
        ("denominator", {"endpoint": "grade_3_or_more", "label": "Outcome", "figure": 3, "unit": "patients",
                         "denominator": 34}),
    ],
)  # fmt: skip
def test_no_outcome_of_those_given_it_again_has_a_figure_whatever_it_is(
    field: str, told: dict[str, object]
) -> None:
    found = basis_problems({**OURS, "endpoint": "DCR", **told})
    assert field in [x.field for x in found if x.message.startswith("Erratum E03: ")]


@pytest.mark.parametrize(
    "told",
    [
        {"value": "34 patients", "figure": 34.0, "unit": "patients"},
        {"value": "HR 0.66", "figure": 0.66, "unit": "HR", "measure": "ratio", "endpoint": "OS"},
        {"value": "0.35 to 0.67, hazard ratio", "measure": "ratio", "unit": "HR"},
        {"numerator": 34, "denominator": 127, "figure": 26.8, "measure": "proportion"},
        {"figure": 35.0, "unit": "months", "measure": "median", "value": "35 months"},
        {"figure": 67.0, "value": "67 %", "endpoint": "OS", "label": "Alive at three years, all randomised"},
        {"numerator": 5, "denominator": 89, "measure": "proportion", "endpoint": "grade_3_or_more"},
        {"value": "35 patients", "figure": 35, "unit": "patients"},
        {"value": "x", "population": "Patients with NSCLC, 35 % of them women"},
        {"value": "x", "numerator": 0, "denominator": 0},
        {"value": "42 %", "figure": 42.0},
        {"value": "41 %", "endpoint": "grade_3_or_4", "label": "Events in those who went on"},
        {"numerator": 59, "denominator": 100, "endpoint": "any_ae", "label": "Adverse events in those who went on"},
        {"figure": 34, "denominator": 34, "unit": "patients", "endpoint": "patients"},
        {"value": "12/34", "source": "guo-2022", "label": "Outcome"},
    ],
)  # fmt: skip
def test_what_the_trial_did_report_may_be_entered(told: dict[str, object]) -> None:
    assert basis_problems({**OURS, **told}) == []
