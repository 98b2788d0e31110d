"""Errata held by study, population and figure, whatever words or codes a slip comes under."""

from __future__ import annotations

from typing import Any

import pytest

from evidence.content import basis_problems, problems
from evidence.corrected import corrections_problems
from evidence.errata_guard import Known, Rests, breaches
from evidence.errata_guard.shares import shares_in
from evidence.errata_guard.structure import of_drug
from evidence.errata_guard.studies import ERRATA_OF
from evidence.errata_guard.wording import plain
from evidence.loading import Delivery
from tests.integration.curation import CONTENT
from tests.unit.evidence_data.errata_wordings_again import TRUE, WRONG

CONCLUDED = "The authors hold that stopping for good is appropriate, above all after severe irAEs."
MARKED = {"indirect": "melanoma", "certainty_reasons": ["Down, indirect: not NSCLC"]}


def numbers(text: str) -> list[str]:
    return [found.erratum for found in breaches({**CONTENT, "says": text})]


@pytest.mark.parametrize(
    ("number", "text"), [(n, text) for n, texts in WRONG.items() for text in texts]
)
def test_what_fresh_readers_wrote_back_in_is_refused(number: str, text: str) -> None:
    assert number in numbers(text)


@pytest.mark.parametrize("text", TRUE)
def test_a_true_sentence_near_an_erratum_passes(text: str) -> None:
    assert numbers(text) == []


def refused(
    says: str,
    *sources: str,
    known: Known | None = None,
    rests: tuple[Rests, ...] = (),
    **changes: Any,
) -> set[str]:
    content = {**CONTENT, "says": says, "sources": list(sources), **changes}
    found = problems(content, rests, None, known)
    return {
        p.message.split(":")[0].removeprefix("Erratum ")
        for p in found
        if p.message.startswith("Erratum")
    }


@pytest.mark.parametrize(
    ("says", "source", "number"),
    [
        ("Some 58 per cent kept what they had.", "checkmate-153", "E03"),
        ("A third course was asked for by 19 of 34.", "checkmate-153", "E03"),
        ("Of the 34 treated anew, 21 stayed as they were.", "checkmate-153", "E03"),
        ("In melanoma the liver was next in 12 %.", "pollack-2018", "E04"),
        ("In melanoma 5 of 84 had it.", "checkmate-172", "E02"),
        ("Some 40 % shrank.", "s1400f", "E06"),
        ("It was met in 80 of 167.", "abu-sbeih-2019", "E07"),
        ("All was well in 90 %.", "guo-2022", "E08"),
        ("In 60 % it shrank.", "salous-2023", "E11"),
        ("It helped 80 %.", "sheth-2020", "E18"),
        ("Eighty per cent fared well.", "keynote-010-2020", "E19"),
        ("Three quarters fared well.", "keynote-024", "E19"),
    ],
)
def test_a_share_that_no_finding_of_the_study_gives_is_refused(
    says: str, source: str, number: str
) -> None:
    assert number in refused(says, source, **MARKED)
    named = problems({**CONTENT, "says": says, "sources": [source], **MARKED})
    assert any(f"No accepted finding of {source} gives" in str(problem) for problem in named)
    assert number not in refused(says, "heo-2021", **MARKED)
    # The study named in words, by whoever cites another.
    assert "E03" in refused("CheckMate 153: 58 per cent kept what they had.", "heo-2021")


@pytest.mark.parametrize(
    ("says", "source"),
    [
        ("In melanoma 2 of 84 had it, that is 2.4 %, and 82 of 84 had not.", "checkmate-172"),
        ("In melanoma it came back in 18 %, and in 28 % after others.", "pollack-2018"),
        ("In melanoma, of 80 patients 14 had it again (10 to 28 %).", "pollack-2018"),
        ("11 of 21 with NSCLC, 52 %, or 52.4 %.", "sheth-2020"),
        ("All had PD-L1 of 50 % or more; the 95 % interval is wide.", "keynote-024"),
        ("PFS was longer on going on, over 252 patients and 24 months.", "checkmate-153"),
    ],
)
def test_what_the_study_gives_may_be_told(says: str, source: str) -> None:
    assert refused(says, source, **MARKED if "melanoma" in says else {}) == set()


def test_a_figure_that_was_published_here_may_be_told_as_well() -> None:
    says = "Of 127 who stopped, 43 were given it again, 33.9 %."
    assert refused(says, "checkmate-153") == {"E03"}
    row = {
        "numerator": 43,
        "denominator": 127,
        "figure": None,
        "unit": "%",
        "value": "",
        "tumour": "nsclc",
    }
    assert refused(says, "checkmate-153", known=Known(findings=(row,))) == set()
    row = {
        "numerator": None,
        "denominator": None,
        "figure": 33.9,
        "unit": "%",
        "value": "33.9 %, 43 of 127",
    }
    assert refused(says, "checkmate-153", known=Known(findings=(row,))) == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12 patients of the 34", [(12, 34)]),
        ("Of the 34 given it again, about 22 were stable", [(22, 34)]),
        ("11 of 14 in KEYNOTE-010", [(11, 14)]),
        ("of 84 with grade 3 on anti-CTLA-4", []),
        ("of 84 followed for 12 months", []),
        ("9 of 3", []),
        ("30 to 74 %", []),
        ("TPS of 50 %", []),
        ("0 of 0", []),
    ],
)
def test_shares_are_read_from_words(text: str, found: list[tuple[int, int]]) -> None:
    assert [(share.events, share.total) for share in shares_in(plain(text))] == found


@pytest.mark.parametrize(
    ("says", "source"),
    [
        ("In KEYNOTE-010 11 of 14 had disease control (79 %, 49 % to 95 %).", "keynote-010-2020"),
        ("11 of 14 had disease control (78.6 %, 49.2 % to 95.3 %).", "keynote-010-2020"),
        (f"Of 40 patients 24 had any irAE again (60 %, 43 % to 75 %). {CONCLUDED}", "guo-2022"),
    ],
)
def test_the_exact_interval_of_an_accepted_finding_may_stand_in_words(
    says: str, source: str
) -> None:
    assert refused(says, source) == set()


@pytest.mark.parametrize(
    ("says", "source", "number"),
    [
        ("Disease control was 95 % in KEYNOTE-010.", "keynote-010-2020", "E19"),
        ("11 of 14 had it (79 %, 49 % to 90 %).", "keynote-010-2020", "E19"),
        ("11 of 14 had it (79 %, 40 % to 95 %).", "keynote-010-2020", "E19"),
        ("11 of 14 had it (79 %, 49.9 % to 95.3 %).", "keynote-010-2020", "E19"),
        # Of 14 of 80 the ends are 10 and 28 %; neither is a share of anybody.
        ("In melanoma the liver was next in 10 %.", "pollack-2018", "E04"),
    ],
)
def test_neither_of_its_ends_is_a_share_and_no_other_interval_passes(
    says: str, source: str, number: str
) -> None:
    assert number in refused(says, source, **MARKED)


def test_the_two_groups_of_s1400f_may_stand_in_one_sentence() -> None:
    progressed = {"fact": "stop_reason", "op": "in", "value": ["progression"]}
    trial = Rests("s1400f-primary", "s1400f", "nsclc_squamous", direct=True, events=2, total=28)
    says = "Of 28 patients with squamous NSCLC 2 responded and of 30 none."
    told = refused(says, "s1400f", rests=(trial,), condition=progressed, signal="warning")
    assert told == set()
    says = "Of 28 patients with squamous NSCLC 2 responded and of 30 three."
    told = refused(says, "s1400f", rests=(trial,), condition=progressed, signal="warning")
    assert told == {"E06"}


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("aspirin-cardio", "Aspirin Cardio"),
        ("asa", "ASA (allergic patients)"),
        ("x", "Taken aspirin"),
    ],
)
def test_no_word_in_a_name_makes_aspirin_an_ici(code: str, label: str) -> None:
    assert [found.erratum for found in of_drug(code, label, "CTLA-4", "")] == ["E01"]
    assert of_drug("ipilimumab", "Ipilimumab", "CTLA-4", "L01FX04") == []


LUNG = [
    (
        "menzies-2017",
        "In NSCLC 40 % responded to an anti-PD-1 agent given after a major irAE on ipilimumab.",
    ),
    ("checkmate-172", "Of patients with NSCLC 2.4 % had diarrhoea of that grade on nivolumab."),
    ("dolladille-2020", "In NSCLC the same irAE came back often."),
    ("ravi-2020", "In NSCLC 23 % responded to the second ICI."),
    (
        "pollack-2018",
        "In NSCLC an irAE came back in 18 % once the anti-PD-1 agent was given alone.",
    ),
    ("melanoma-15-16", "In NSCLC some responded to the second ICI."),
]


@pytest.mark.parametrize(("source", "says"), LUNG)
def test_what_cites_only_other_tumours_says_so_and_speaks_of_no_lung(
    source: str, says: str
) -> None:
    for cites in ((source,), (source, "zhang-2024"), (source, "us-label-pembrolizumab")):
        assert refused(says, *cites) == {"E23"}
        assert refused("Some responded again.", *cites) == {"E23"}
        assert refused("Some responded again.", *cites, **MARKED) == set()
        assert refused(says, *cites, **MARKED) == {"E23"}
        assert refused("Some responded again.", *cites, **{**MARKED, "indirect": "NSCLC"}) == {
            "E23"
        }


def test_beside_a_study_of_lung_cancer_the_figure_of_another_stays_one() -> None:
    cites = ("menzies-2017", "wjog9616l")
    assert refused("In NSCLC 40 % responded.", *cites) == {"E23"}
    assert refused("In NSCLC 5 of 59 responded; of melanoma 27 of 67.", *cites) == set()
    assert refused("In NSCLC 5 of 59 responded.", *cites) == set()
    # Sheth 2020 had both.
    assert refused("Of 21 with NSCLC 11 had disease control.", "sheth-2020") == set()
    assert refused("In NSCLC 8 of 70 had a partial response.", "sheth-2020") == {"E23"}


def test_a_source_entered_here_goes_by_its_own_tumour() -> None:
    known = Known(tumours={"ours": "rcc"})
    assert refused("In NSCLC some responded.", "ours", known=known) == {"E23"}
    assert (
        refused("In NSCLC some responded.", "ours", known=Known(tumours={"ours": "nsclc"})) == set()
    )
    row = {"code": "x", "source": "ours", "tumour": "nsclc", "direct": True, "source_tumour": "rcc"}
    assert [p.field for p in basis_problems(row)] == ["tumour"]
    assert basis_problems({**row, "source_tumour": "nsclc"}) == []
    part = {**row, "source_tumour": "mixed", "population": "31 with NSCLC, of 90"}
    assert basis_problems(part) == []
    assert basis_problems({**part, "population": "90 patients"})
    # What was delivered as of another tumour stays so.
    assert basis_problems({**row, "source": "melanoma-15-16", "source_tumour": "nsclc"})
    assert basis_problems({**part, "source": "zhao-2021"})


OURS = {"code": "ours", "state": "not_in_review", "unit": "%", "measure": "proportion"}
POLLACK = {**OURS, "source": "pollack-2018", "tumour": "melanoma", "irae": "hepatitis", "label": "Hepatitis again",
           "endpoint": "recurrence_same"}  # fmt: skip
NIVOLUMAB = {**OURS, "source": "checkmate-172", "tumour": "melanoma", "irae": "colitis", "numerator": 0,
             "denominator": 84, "endpoint": "grade_3_or_more", "label": "Colitis of grade 3 or more"}  # fmt: skip
SECOND = {
    **OURS,
    "source": "keynote-010-2020",
    "tumour": "nsclc",
    "direct": True,
    "endpoint": "DCR",
    "label": "Control",
}
COLITIS = {**OURS, "source": "abu-sbeih-2019", "tumour": "mixed", "endpoint": "recurrence_same", "irae": "colitis",
           "label": "Colitis again", "numerator": 14, "denominator": 32}  # fmt: skip
TRIAL = {
    **OURS,
    "source": "s1400f",
    "tumour": "nsclc_squamous",
    "direct": True,
    "endpoint": "ORR",
    "label": "Response",
}
ARM = {
    **OURS,
    "source": "salous-2023",
    "tumour": "nsclc",
    "direct": True,
    "endpoint": "PFS",
    "label": "PFS",
    "unit": "months",
}


@pytest.mark.parametrize(
    ("row", "number"),
    [
        ({**POLLACK, "numerator": 2, "denominator": 80}, "E04"),
        ({**POLLACK, "value": "3.0 %", "figure": 3.0}, "E04"),
        ({**POLLACK, "value": "10.0 %", "figure": 10.0}, "E04"),
        ({**POLLACK, "value": "3 %"}, "E04"),
        ({**POLLACK, "irae": "", "label": "Liver toxicity again", "figure": 10.0}, "E04"),
        ({**POLLACK, "irae": "skin", "label": "Hepatitis again", "figure": 10.0}, "E04"),
        ({**POLLACK, "endpoint": "grade_3_or_more", "figure": 7.0}, "E04"),
        ({**NIVOLUMAB, "label": "Diarrhoea or colitis of grade 3 or more on nivolumab"}, "E02"),
        ({**NIVOLUMAB, "label": "Bowel events of grade 3 or more"}, "E02"),
        ({**NIVOLUMAB, "endpoint": "recurrence_same"}, "E02"),
        (
            {
                **NIVOLUMAB,
                "label": "Diarrhoea",
                "numerator": None,
                "denominator": None,
                "value": "0 %",
            },
            "E02",
        ),
        ({**SECOND, "value": "79.0 %", "figure": 79.0}, "E19"),
        ({**SECOND, "source": "keynote-024", "endpoint": "ORR", "value": "70 %"}, "E19"),
        ({**COLITIS, "irae": ""}, "E07"),
        ({**COLITIS, "label": "The irAE again"}, "E07"),
        ({**TRIAL, "setting": "irae", "numerator": 2, "denominator": 28}, "E06"),
        ({**ARM, "unit": "HR", "figure": 0.6}, "E11"),
        ({**ARM, "value": "6 against 4 months"}, "E11"),
        (
            {
                **OURS,
                "source": "melanoma-15-16",
                "tumour": "nsclc",
                "direct": True,
                "value": "40 % responded again",
            },
            "E23",
        ),
    ],
)
def test_a_finding_is_refused_by_its_data_under_any_code(row: dict[str, Any], number: str) -> None:
    assert number in {p.message.split(":")[0].removeprefix("Erratum ") for p in basis_problems(row)}


@pytest.mark.parametrize(
    "row",
    [
        {**POLLACK, "value": "7.0 %", "figure": 7.0},
        {**POLLACK, "endpoint": "patients", "label": "Hepatitis as the first irAE", "figure": 36.0},
        {**POLLACK, "irae": "skin", "label": "Dermatitis again", "figure": 3.0},
        {**POLLACK, "irae": "colitis", "label": "Colitis again, against hepatitis and others", "value": "6 %"},
        {**POLLACK, "value": "not told"},
        {**POLLACK, "figure": 14.0, "unit": "days"},
        {**POLLACK, "state": "not_interpretable", "printed": "3.0 %"},
        NIVOLUMAB,
        {**NIVOLUMAB, "label": "Diarrhoea of grade 3 or more", "numerator": 2},
        {**NIVOLUMAB, "endpoint": "duration", "label": "Longest", "numerator": None, "figure": 0.0},
        {**SECOND, "numerator": 11, "denominator": 14, "figure": 79.0},
        {**SECOND, "endpoint": "OS", "figure": 70.0},
        {**SECOND, "value": "not told"},
        COLITIS,
        {**COLITIS, "endpoint": "patients", "irae": "", "label": "Given again"},
        {**TRIAL, "setting": "progression_on", "numerator": 2, "denominator": 28},
        {**ARM, "figure": 5.0, "value": "5 months"},
    ],
)  # fmt: skip
def test_a_finding_as_the_study_has_it_may_be_entered(row: dict[str, Any]) -> None:
    assert basis_problems(row) == []


@pytest.mark.parametrize(("source", "expected"), ERRATA_OF.items())
def test_whoever_cites_the_study_carries_its_correction(
    source: str, expected: tuple[str, ...]
) -> None:
    found = corrections_problems([], {}, sources=["heo-2021", source])
    assert [p.message.split(":")[0] for p in found] == [f"Erratum {number}" for number in expected]
    rows = [{"erratum": number, "shown": "It is so."} for number in expected]
    assert corrections_problems(rows, {}, sources=[source]) == []


def test_the_one_arm_of_salous_stands_beside_the_randomised_trial_without_a_finding_too() -> None:
    says = "Some shrank."
    assert refused(says, "salous-2023") == {"E11"}
    both = tuple(
        Rests(code, "pembro-chemo-rct-2022", "nsclc", True) for code in ("rct-pfs", "rct-os")
    )
    assert refused(says, "salous-2023", rests=both) == set()


def test_none_of_84_stands_beside_the_two_with_diarrhoea_under_any_code() -> None:
    none = Rests("ours", "checkmate-172", "melanoma", False, 0, 84)
    assert refused("It says.", "checkmate-172", rests=(none,), **MARKED) == {"E02"}
    two = Rests("cm172-diarrhoea", "checkmate-172", "melanoma", False, 2, 84)
    assert refused("It says.", "checkmate-172", rests=(none, two), **MARKED) == set()


def test_every_study_of_an_erratum_is_a_delivered_source(delivery: Delivery) -> None:
    assert ERRATA_OF.keys() <= {row["code"] for row in delivery.sources}
