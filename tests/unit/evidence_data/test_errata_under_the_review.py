"""A figure of a study of an erratum, or of another tumour, filed under the review or told as one of NSCLC (E23)."""

from __future__ import annotations

from typing import Any

import pytest

from evidence.content import basis_problems, problems
from evidence.errata_guard import Known
from evidence.errata_guard.whose import FEW, of_others, pairs_of_others
from evidence.loading import Delivery
from tests.integration.curation import CONTENT

REVIEW = "zhang-2024"
LUNG = ("nsclc", "nsclc_squamous")
OURS = {
    "code": "ours", "source": REVIEW, "tumour": "nsclc", "direct": True, "endpoint": "DCR", "measure": "proportion",
    "label": "Outcome", "definition": "", "population": "Patients with NSCLC", "state": "not_in_review", "unit": "%",
    "irae": "", "numerator": None, "denominator": None, "figure": None, "value": "", "interval": "", "reference": "",
    "printed": "", "note": "",
}  # fmt: skip
MELANOMA = {"tumour": "melanoma", "direct": False, "population": "Patients with melanoma"}
HEPATITIS = {**MELANOMA, "irae": "hepatitis", "label": "Hepatitis again"}
COLITIS = {
    **MELANOMA,
    "irae": "colitis",
    "endpoint": "grade_3_or_more",
    "label": "Diarrhoea of grade 3 or more",
}
ANEW = {"source": "ours", "source_tumour": "nsclc"}


def of(n: int, total: int) -> dict[str, int]:
    return {"numerator": n, "denominator": total}


def found(row: dict[str, Any]) -> set[str]:
    said = [problem.message for problem in basis_problems({**OURS, **row})]
    return {line.split(":")[0].removeprefix("Erratum ") for line in said}


@pytest.mark.parametrize(
    ("number", "row"),
    [
        ("E03", of(12, 34)),
        ("E03", of(22, 34)),
        ("E03", {**of(22, 34), "reference": "12"}),
        ("E03", {**of(22, 34), "reference": "26"}),
        ("E03", {"value": "22/34"}),
        ("E03", {"value": "66 %", "label": "Benefit of nivolumab again"}),
        ("E03", {"figure": 66.0, "reference": "33", "rechallenge_regimen": "nivolumab", "label": "Control again"}),
        ("E03", {**of(22, 34), "source": "xu-2022"}),
        ("E03", {**of(22, 34), **ANEW}),
        ("E04", {**HEPATITIS, "endpoint": "recurrence_same", "figure": 3.0}),
        ("E04", {**HEPATITIS, "endpoint": "recurrence_same", "figure": 3.0, "reference": "30"}),
        ("E04", {**HEPATITIS, "endpoint": "grade_3_or_more", "figure": 7.0}),
        ("E02", {**COLITIS, **of(0, 84)}),
        ("E02", {**COLITIS, **of(0, 84), "reference": "28"}),
        ("E07", {**of(43, 135), "endpoint": "recurrence_any", "label": "Any irAE again", "tumour": "mixed"}),
        ("E19", {"figure": 79.0, "label": "Disease control on second courses"}),
        ("E19", {"figure": 79.0, "reference": "10"}),
        ("E24", {"figure": 13.0, "endpoint": "OS", "reference": "2"}),
        ("E24", {"value": "13 %", "endpoint": "OS"}),
        ("E06", {**of(2, 28), "endpoint": "ORR", "setting": "irae", "reference": "32"}),
        ("E11", {"endpoint": "PFS", "unit": "HR", "figure": 0.6, "reference": "20"}),
        ("E23", {**of(8, 70), "endpoint": "PR", "reference": "13"}),
        # Whichever source: by the reference on the row, else by n and N, or by a share of the same endpoint.
        ("E23", {**of(7, 24), "source": "xu-2022", "reference": "18", "printed": "7/24 (29.2%)"}),
        ("E23", {**of(7, 24), "source": "xu-2022", "endpoint": "ORR"}),
        ("E23", {**of(7, 24), **ANEW, "endpoint": "ORR"}),
        ("E23", {**of(17, 24), "source": "livanou-2024"}),
        ("E23", {"figure": 34.2, "source": "heo-2021", "endpoint": "recurrence_any"}),
        ("E23", {"figure": 12.0, "source": "xu-2022", "endpoint": "ORR"}),
        ("E23", {"figure": 2.69, "unit": "months", "source": "heo-2021", "endpoint": "PFS"}),
        ("E23", {**of(2, 5), "source": "heo-2021", "endpoint": "recurrence_same", "irae": "mucositis"}),
        # Beside an n of N a share that is not its own is looked up as well.
        ("E23", {**of(3, 50), "figure": 34.2, "source": "heo-2021", "endpoint": "recurrence_any"}),
        ("E23", {"figure": 34.2, **ANEW, "endpoint": "recurrence_any"}),
        ("E23", {**of(1, 8), "endpoint": "ORR"}),
        ("E23", {"value": "5.0 months", "endpoint": "PFS", "unit": "months", "reference": "22"}),
        # Nobody can tell whose it is.
        ("E23", of(3, 8)),
        ("E23", {"figure": 44.5, "reference": "none"}),
    ],
)  # fmt: skip
def test_it_is_refused_by_its_number_whatever_it_is_filed_under(
    number: str, row: dict[str, Any]
) -> None:
    assert number in found(row)


@pytest.mark.parametrize(
    "row",
    [
        {"value": "not told"},
        {"figure": 58.6, "reference": "22", **of(17, 29)},
        {"figure": 60.0, "reference": "26", "endpoint": "recurrence_any", **of(24, 40)},
        {**of(8, 34), "endpoint": "PR", "reference": "20"},
        {**of(11, 21), "population": "21 with NSCLC, of 70 in all", "reference": "13"},
        {**of(7, 24), "endpoint": "ORR", "tumour": "rcc", "direct": False, "reference": "18"},
        {**HEPATITIS, "endpoint": "recurrence_same", "figure": 7.0, "reference": "30"},
        # By chance the same: of another outcome in a study that has so many, of few patients, or a whole per cent.
        {**of(13, 29), "source": "classical-lung"},
        {**of(22, 40), "source": "guo-2022", "endpoint": "patients"},
        {**of(1, 11), "source": "niki-2018", "endpoint": "PR"},
        {**of(3, 14), "source": "watanabe-2019"},
        {**of(22, 40), **ANEW},
        {**of(9, 34), **ANEW},
        {**of(1, 8), **ANEW, "endpoint": "ORR"},
        {**of(7, 56), **ANEW, "endpoint": "ORR", "figure": 12.5, "value": "7/56 (12.5 %)"},
        {**of(4, 13), **ANEW},
        {**of(2, 5), **ANEW, "endpoint": "recurrence_same"},
        {**of(3, 5), **ANEW, "endpoint": "recurrence_same"},
        {"figure": 34.0, "source": "heo-2021", "endpoint": "new_irae"},
        {"figure": 34.2, "source": "heo-2021", "endpoint": "ORR"},
        {"figure": 5.1, "unit": "months", "endpoint": "PFS", "source": "heo-2021"},
        {**of(0, 0), "source": "heo-2021"},
    ],
)  # fmt: skip
def test_what_is_true_of_nsclc_or_told_as_of_its_own_tumour_may_be_entered(
    row: dict[str, Any],
) -> None:
    assert found(row) == set()


def test_no_delivered_result_of_another_tumour_passes_as_one_of_nsclc_in_the_review(
    delivery: Delivery,
) -> None:
    lung = {"source": REVIEW, "tumour": "nsclc", "direct": True}
    changed = {"population": "Patients with NSCLC", "label": "Outcome", "code": "ours", **lung}
    for row in delivery.findings:
        given = any(char.isdigit() for char in f"{row['value']}{row['numerator']}{row['figure']}")
        if row["tumour"] not in LUNG and given:
            assert "E23" in found({**row, **changed}), row["code"]
            assert "E23" in found({**row, **changed, "reference": "", "printed": ""}), row["code"]


def test_every_delivered_finding_of_nsclc_may_be_entered_again_under_its_own_source_or_another(
    delivery: Delivery,
) -> None:
    for row in delivery.findings:
        if row["tumour"] in LUNG and row["state"] != "not_interpretable":
            again = {**row, "code": "ours", **ANEW, "reference": "", "printed": ""}
            assert basis_problems(again) == [], row["code"]
            # The seventy per cent of KEYNOTE-024 have no n.
            if row["code"] != "kn024-dcr":
                assert basis_problems({**row, "code": "ours"}) == [], row["code"]


@pytest.mark.parametrize("endpoint", ["ORR", "DCR", "PD", "recurrence_same", "new_irae"])
def test_a_study_entered_here_is_refused_only_for_the_n_of_n_of_twenty_or_more(
    endpoint: str,
) -> None:
    refused = set()
    for total in range(5, 60):
        for n in range(total + 1):
            row = {**OURS, **of(n, total), **ANEW, "endpoint": endpoint}
            if of_others(row):
                refused.add((n, total))
    assert refused and refused <= pairs_of_others()
    assert min(total for _n, total in refused) >= FEW


def said(text: str, *sources: str, known: Known | None = None, **changes: Any) -> set[str]:
    content = {**CONTENT, "says": text, "sources": list(sources), **changes}
    lines = [str(problem) for problem in problems(content, (), None, known)]
    return {line.split("Erratum ")[1].split(":")[0] for line in lines if "Erratum " in line}


@pytest.mark.parametrize(
    "text",
    [
        "In NSCLC 23 % responded to a second ICI; 7 of 24 earlier responders did.",
        "In NSCLC 2 of 67 had the same irAE again on an anti-PD-1 agent, and 23 of 67 a new one.",
        "In NSCLC the same irAE came back in 3 % and a new one came in 34 %.",
        "In NSCLC median PFS on pembrolizumab with ipilimumab was 5.0 months.",
        "In NSCLC 12 % responded to the bispecific antibody KN046, with a median PFS of 2.69 months.",
        "Some with NSCLC responded again. Of 24 earlier responders it was 7 of 24.",
        "In NSCLC 17 of 24 earlier responders had no second response.",
    ],
)
def test_a_figure_of_another_tumour_is_none_of_nsclc_in_words(text: str) -> None:
    for cites in ((REVIEW,), ("xu-2022",), ("heo-2021",), (REVIEW, "xu-2022")):
        assert said(text, *cites) == {"E23"}
    sides = [{"source": "xu-2022", "says": text}, {"source": "heo-2021", "says": "No."}]
    told = [{"question": "Which?", "sides": sides}]
    assert said("It says.", "xu-2022", "heo-2021", contradictions=told) == {"E23"}


def test_where_the_review_is_cited_a_share_or_median_is_that_of_the_study_that_it_fits() -> None:
    for text in (
        "In NSCLC 23 % responded to a second ICI.",
        "In NSCLC a new irAE came in 34 %.",
        "In NSCLC median PFS was 2.69 months.",
    ):
        assert said(text, REVIEW) == {"E23"}
        assert said(text, "heo-2021") == set()
    assert said("Seven responded, 7 of 24.", REVIEW, title="Response in NSCLC") == {"E23"}


@pytest.mark.parametrize(
    ("text", "cites"),
    [
        ("In NSCLC 8 of 29 responded.", (REVIEW,)),
        ("In NSCLC 1 of 29 kept it a year (3 %).", (REVIEW,)),
        ("In NSCLC 17 of 29 had disease control, 58.6 %.", (REVIEW,)),
        ("In NSCLC 3 of 14 had disease control.", ("watanabe-2019",)),
        ("In NSCLC 13 of 29 were women.", ("classical-lung",)),
        ("In NSCLC 20 of 38 had an irAE again.", (REVIEW, "santini-2018")),
        ("In NSCLC median PFS was 4.0 months.", (REVIEW, "kitagawa-2020")),
        ("In NSCLC it was given again after 5 months.", (REVIEW,)),
        ("In NSCLC median PFS with pembrolizumab was 5.0 months.", ("heo-2021",)),
        ("In NSCLC 3 % had pneumonitis and 34 % an irAE of any grade.", ("heo-2021",)),
        ("In NSCLC KN046 was given to 29.", ("heo-2021",)),
        ("In NSCLC 2 of 5 responded.", ("heo-2021",)),
        ("In NSCLC some responded again. In renal cell carcinoma it was 7 of 24.", (REVIEW,)),
        ("In NSCLC no figure was read. In the WHO safety database it was 130 of 452.", (REVIEW,)),
        ("In renal cell carcinoma 7 of 24 earlier responders responded.", (REVIEW,)),
    ],
)
def test_a_true_figure_of_nsclc_and_one_told_as_of_its_tumour_may_be_said(
    text: str, cites: tuple[str, ...]
) -> None:
    assert said(text, *cites) == set()


def test_a_figure_of_nsclc_that_was_published_here_may_be_told() -> None:
    row = {"numerator": 22, "denominator": 40, "figure": None, "unit": "%", "value": "", "tumour": "nsclc"}  # fmt: skip
    median = {"figure": 2.69, "unit": "months", "value": "2.69 months", "tumour": "nsclc"}
    text = "In NSCLC 22 of 40 had disease control, and median PFS was 2.69 months."
    assert said(text, REVIEW) == {"E23"}
    assert said(text, REVIEW, known=Known(findings=(row, median))) == set()
    mixed = ({**row, "tumour": "mixed"}, {**median, "tumour": "mixed"})
    assert said(text, REVIEW, known=Known(findings=mixed)) == {"E23"}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("After pneumonia in childhood, CT shows scars.", set()),
        ("CT shows what pneumonia in early childhood has left.", set()),
        ("After pneumonia in childhood the ICI is stopped.", {"E09"}),
        ("Nivolumab brings pneumonia in childhood cancer.", {"E09"}),
        ("Pneumonia on a PD-1 agent shows scars.", {"E09"}),
    ],
)
def test_pneumonia_in_childhood_is_no_irae(text: str, numbers: set[str]) -> None:
    assert said(text, "heo-2021") == numbers
