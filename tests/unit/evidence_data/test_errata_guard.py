"""No erratum of severity critical or high comes back by way of words, and what is right is let through."""

from __future__ import annotations

import pytest

from evidence.content import basis_problems, problems
from evidence.errata_guard import BY_NUMBER, ERRATA, Rests, breaches, errata_in
from evidence.errata_guard.wording import is_denied, plain, sentences
from evidence.loading import Delivery, check
from followup.services.protocols import problems as protocol_problems
from followup.services.protocols import read_data
from tests.integration.curation import CONTENT
from tests.unit.evidence_data.errata_near import NEAR
from tests.unit.evidence_data.errata_wordings import CRITICAL, FRESH, HIGH, PLANTED, RIGHT

EACH = [
    (number, text)
    for group in (PLANTED, FRESH)
    for number, texts in group.items()
    for text in texts
]


def numbers(text: str, field: str = "says") -> list[str]:
    return [found.erratum for found in breaches({**CONTENT, field: text})]


def test_every_erratum_that_would_harm_is_in_the_table_and_planted() -> None:
    assert {e.number for e in ERRATA if e.severity == "critical"} == CRITICAL
    assert {e.number for e in ERRATA if e.severity == "high"} == HIGH
    assert set(PLANTED) == CRITICAL | HIGH == set(BY_NUMBER)
    assert all(len(texts) >= 4 for texts in PLANTED.values())


@pytest.mark.parametrize(("number", "text"), EACH)
def test_a_planted_erratum_is_refused_by_its_number(number: str, text: str) -> None:
    assert number in numbers(text)
    refusals = [str(problem) for problem in problems({**CONTENT, "says": text, "sources": ["x"]})]
    assert any(line.startswith(f"says: Erratum {number}: ") for line in refusals)


@pytest.mark.parametrize("field", ["title", "does_not_say", "mark_note", "change_note"])
@pytest.mark.parametrize(("number", "texts"), PLANTED.items())
def test_it_is_refused_in_every_field(number: str, texts: tuple[str, ...], field: str) -> None:
    assert number in numbers(texts[0], field)


@pytest.mark.parametrize(("number", "texts"), PLANTED.items())
def test_it_is_refused_in_lists_and_in_what_a_correction_shows(
    number: str, texts: tuple[str, ...]
) -> None:
    planted = texts[0]
    for field, rows in (
        ("certainty_reasons", [planted]),
        ("rules", [{"source": "x", "says": planted}]),
        ("contradictions", [{"question": "Which?", "sides": [{"source": "x", "says": planted}]}]),
        ("corrections", [{"erratum": number, "printed": "", "source_says": "", "shown": planted}]),
    ):
        assert number in [b.erratum for b in breaches({**CONTENT, field: rows}) if b.field == field]


@pytest.mark.parametrize(("number", "texts"), PLANTED.items())
def test_a_correction_may_quote_the_print_of_its_own_erratum_alone(
    number: str, texts: tuple[str, ...]
) -> None:
    row = {"erratum": number, "printed": texts[0], "source_says": "", "shown": ""}
    found = {b.erratum for b in breaches({**CONTENT, "corrections": [row]})}
    # The misprinted drug has words of its own, in a correction too.
    assert (number in found) == (number == "E01")
    other = {**row, "erratum": "E05"}
    assert number in {b.erratum for b in breaches({**CONTENT, "corrections": [other]})}


def test_each_erratum_has_what_is_near_and_true_and_what_is_worded_anew() -> None:
    assert set(NEAR) == CRITICAL | HIGH
    assert all(len(near) >= 3 and len(anew) >= 3 for near, anew in NEAR.values())


@pytest.mark.parametrize(
    ("number", "text"), [(number, text) for number, (_near, anew) in NEAR.items() for text in anew]
)
def test_the_same_slip_worded_anew_is_refused(number: str, text: str) -> None:
    assert number in numbers(text)


@pytest.mark.parametrize("text", [text for near, _anew in NEAR.values() for text in near])
def test_what_is_near_an_erratum_and_true_is_let_through(text: str) -> None:
    assert numbers(text) == []


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_or_denied_is_let_through(text: str) -> None:
    assert numbers(text) == []


def test_the_delivered_guidance_and_protocols_are_let_through(delivery: Delivery) -> None:
    assert check(delivery) == []
    assert protocol_problems(read_data()) == []


@pytest.mark.parametrize(("number", "text"), EACH)
def test_a_planted_erratum_keeps_a_protocol_from_publication(number: str, text: str) -> None:
    content = read_data()
    content["protocols"][1]["steps"][0]["label"] = text
    said = protocol_problems(content)
    assert any(line.startswith("lung, step 1, lung_function: Erratum " + number) for line in said)


@pytest.mark.parametrize("number", PLANTED)
def test_every_text_of_a_protocol_is_read(number: str) -> None:
    planted = PLANTED[number][0]
    for change in ("name", "measures", "source", "mark"):
        content = read_data()
        general = content["protocols"][0]
        if change == "name":
            general["name"] = planted
        elif change == "measures":
            general["steps"][1]["measures"][0]["label"] = planted
        else:
            content[change] = planted
        assert any(f"Erratum {number}:" in line for line in protocol_problems(content)), change


def test_a_patient_may_take_aspirin_in_a_protocol() -> None:
    content = read_data()
    content["protocols"][0]["steps"][0]["label"] = "Does the patient take aspirin for the heart?"
    assert protocol_problems(content) == []


@pytest.mark.parametrize("number", PLANTED)
def test_a_source_or_finding_is_refused_too(number: str) -> None:
    planted = PLANTED[number][0]
    for row in ({"short": "x", "note": planted}, {"label": planted}, {"population": planted}):
        assert any(f"Erratum {number}:" in problem.message for problem in basis_problems(row))


def test_a_finding_quotes_a_wrong_print_only_where_it_corrects_it() -> None:
    row = {"printed": "2/3 benefited", "errata": ["E03"], "state": "not_interpretable"}
    assert basis_problems(row) == []
    assert basis_problems({**row, "state": "as_printed"})
    assert basis_problems({**row, "errata": ["E04"]})
    assert basis_problems({**row, "label": "2/3 benefited"})


MIXED = [
    ("ravi-2020", "rcc"),
    ("menzies-2017", "melanoma"),
    ("go30140-f", "hcc"),
    ("zhao-2021", "mixed"),
]


@pytest.mark.parametrize(("source", "tumour"), MIXED)
def test_a_finding_of_another_tumour_is_never_one_of_nsclc(source: str, tumour: str) -> None:
    row = {"code": "x", "source": source, "tumour": tumour, "direct": False}
    assert basis_problems(row) == []
    for change in ({"direct": True}, {"tumour": "nsclc"}, {"tumour": "nsclc", "direct": True}):
        found = basis_problems({**row, **change})
        assert found and all(problem.message.startswith("Erratum E23:") for problem in found)


def test_of_the_70_of_sheth_21_had_nsclc() -> None:
    nsclc = {"source": "sheth-2020", "tumour": "nsclc", "direct": True,
             "population": "21 with NSCLC, of 70 patients", "denominator": 21}  # fmt: skip
    assert basis_problems(nsclc) == []
    assert basis_problems({**nsclc, "population": "70 patients", "denominator": None})
    assert basis_problems({**nsclc, "denominator": 70})


def rests(code: str, source: str, tumour: str = "nsclc") -> Rests:
    return Rests(code, source, tumour, tumour.startswith("nsclc"))


def structural(*findings: Rests, **changes: object) -> set[str]:
    content = {**CONTENT, "sources": ["x"], **changes}
    return {problem.message.split(":")[0].removeprefix("Erratum ") for problem in problems(content, findings)
            if problem.message.startswith("Erratum")}  # fmt: skip


AFTER_IRAE = {"fact": "stop_reason", "op": "in", "value": ["irae"]}
CTLA4_PROPOSED = {"fact": "proposed_includes_ctla4", "op": "is", "value": True}
IRAE_ANY = {"fact": "irae_any", "op": "is", "value": True}
COLITIS = {"fact": "colitis_worst_grade", "op": ">=", "value": 1}
PROGRESSED = {"fact": "stop_reason", "op": "in", "value": ["progression"]}


def leaf(fact: str, op: str, value: object) -> dict[str, object]:
    return {"fact": fact, "op": op, "value": value}


GRADE = leaf("irae_worst_grade", ">=", 2)
GRADE_ASKED = {"all": [GRADE, CTLA4_PROPOSED]}
AGE = leaf("age", ">=", 70)
ON_TREATMENT = leaf("progression_timing", "in", ["on_treatment"])
OFF_TREATMENT = leaf("progression_timing", "in", ["after_stop"])


def test_what_a_statement_rests_on_is_held_too() -> None:
    melanoma = rests("menzies-same", "menzies-2017", "melanoma")
    reasons = ["Down, indirect: not NSCLC"]
    assert structural(melanoma) == {"E23"}
    marked = {"indirect": "melanoma", "certainty_reasons": reasons}
    assert structural(melanoma, **marked) == set()
    assert structural(melanoma, **{**marked, "indirect": "NSCLC"}) == {"E23"}
    assert structural(melanoma, **marked, says="Of 67 patients with NSCLC 2 had it again.") == {
        "E23"
    }
    assert structural(melanoma, **marked, says="Melanoma is not NSCLC.") == set()
    # One finding of NSCLC beside it carries the statement.
    assert structural(melanoma, rests("guo-os", "guo-2022")) == set()
    colitis = rests("cm172-colitis", "checkmate-172", "melanoma")
    assert structural(colitis, **marked) == {"E02"}
    assert (
        structural(colitis, rests("cm172-diarrhoea", "checkmate-172", "melanoma"), **marked)
        == set()
    )
    assert structural(rests("guo-any", "guo-2022")) == {"E08"}
    assert structural(rests("btcrc-pr", "salous-2023")) == {"E11"}
    pollack = rests("pollack-organ", "pollack-2018", "melanoma")
    assert structural(pollack, **marked, category="recurrence") == {"E04"}


CONCLUDED = "The authors hold that stopping for good is appropriate, above all after severe irAEs."


@pytest.mark.parametrize(
    "says",
    [
        "Of 40 patients given an ICI again 24 had an irAE.",
        "In Guo 2022 20 of 40 had one of grade 2 or more.",
        "Twenty of the 40 had one of grade 2 or more.",
        "Guo and others saw an irAE again less often where the first had resolved.",
    ],
)
def test_guo_is_not_named_without_what_its_authors_conclude(says: str) -> None:
    assert structural(says=says) == {"E08"}
    assert structural(says=f"{says} {CONCLUDED}") == set()
    # Denied, or said of nobody's view, it is not the conclusion.
    assert structural(says=f"{says} They do not hold that stopping for good is appropriate.") == {
        "E08"
    }
    assert structural(says=f"{says} It was stopped for good in 3.") == {"E08"}
    assert structural(says=says, does_not_say=CONCLUDED) == {"E08"}
    assert structural(title=says, says="Invented.") == {"E08"}


def test_forty_of_another_series_need_no_conclusion() -> None:
    assert structural(says="Of 40 patients with any tumour given an ICI again 22 had one.") == set()
    assert structural(says="Adrenal insufficiency came back in 5 of 40 rechallenges.") == set()


def test_whom_a_statement_speaks_of_is_held_against_its_findings() -> None:
    trial = rests("s1400f-primary", "s1400f", "nsclc_squamous")
    assert structural(trial, condition=PROGRESSED) == set()
    assert structural(trial, condition=AFTER_IRAE) == {"E06"}
    # It is filed after progression alone, whatever else is asked and however it is marked.
    assert structural(trial, condition=AFTER_IRAE, signal="warning") == {"E06"}
    assert structural(trial, condition=GRADE_ASKED, signal="warning") == {"E06"}
    assert structural(trial, condition={"all": [CTLA4_PROPOSED, ON_TREATMENT]}) == set()
    assert structural(sources=["s1400f"], condition=CTLA4_PROPOSED) == {"E06"}
    assert structural(sources=["s1400f"], condition=CTLA4_PROPOSED, signal="warning") == set()
    # Whatever speaks of CTLA-4 after an irAE warns.
    asked = {"all": [AFTER_IRAE, CTLA4_PROPOSED]}
    assert structural(condition=asked) == {"E06"}
    assert structural(condition=asked, signal="warning") == set()
    # However the irAE is asked for, and whatever the condition where the higher odds are its finding.
    for irae in (IRAE_ANY, COLITIS, leaf("irae_contributed", "is", True), GRADE):
        assert structural(condition={"all": [irae, CTLA4_PROPOSED]}) == {"E06"}
    assert structural(condition=GRADE_ASKED) == {"E06"}
    assert structural(condition=GRADE_ASKED, signal="warning") == set()
    # The odds may be told as a predictor; of whom CTLA-4 is proposed to, they warn.
    odds = (rests("dolladille-ctla4-or", "dolladille-2020"), rests("guo-os", "guo-2022"))
    alone = {"says": "After an anti-CTLA-4 agent alone irAEs came back more often, ROR 3.5."}
    for asked in (AGE, IRAE_ANY, leaf("irae_after_ctla4_worst_grade", ">=", 1)):
        assert structural(*odds, condition=asked, **alone) == set()
        assert structural(*odds, condition=asked, says="Adding ipilimumab went with more.") == {
            "E06"
        }
    without = {"all": [AGE, leaf("proposed_includes_ctla4", "is", False)]}
    assert structural(*odds, condition=without, **alone) == set()
    for asked in (CTLA4_PROPOSED, leaf("proposed_regimen", "known", True)):
        assert structural(*odds, condition={"all": [AGE, asked]}, **alone) == {"E06"}
    assert structural(*odds, condition={"fact": "mood"}, **alone) == set()
    # Progressed on the agent: by the trial's own two groups, which are of progression on treatment alone.
    weeks = leaf("resistance_24_weeks", "in", ["primary", "acquired"])
    assert structural(trial, condition=weeks) == set()
    assert structural(trial, condition=leaf("resistance_24_weeks", "in", ["primary"])) == set()
    assert structural(trial, condition={"any": [PROGRESSED, weeks]}) == set()
    for other in (
        leaf("resistance_24_weeks", "in", ["primary", "none"]),
        leaf("resistance_24_weeks", "known", True),
        leaf("resistance_sitc", "in", ["primary"]),
        {"any": [weeks, AGE]},
    ):
        assert structural(trial, condition=other) == {"E06"}
    sbeih = rests("abu-sbeih-pd", "abu-sbeih-2019", "mixed")
    marked = {"indirect": "all tumours", "certainty_reasons": ["Down, indirect"]}
    assert structural(sbeih, **marked, condition=COLITIS) == set()
    assert structural(sbeih, **marked, condition=IRAE_ANY) == {"E07"}
    done = rests("kn010-5y-orr", "keynote-010-5y")
    assert structural(done, condition=PROGRESSED) == {"E12"}
    # Each reason for stopping goes with a progression on treatment that came before it.
    assert structural(done, condition={"not": PROGRESSED}) == {"E12"}
    for reason in ("completed", "toxicity", "patient_choice", "irae", "other"):
        stopped = leaf("stop_reason", "in", [reason])
        assert structural(done, condition=stopped) == {"E12"}
        assert structural(done, condition={"all": [stopped, ON_TREATMENT]}) == {"E12"}
        assert structural(done, condition={"all": [stopped, OFF_TREATMENT]}) == set()
    assert structural(done, condition=ON_TREATMENT) == {"E12"}
    assert structural(done, condition={"always": True}) == {"E12"}
    assert structural(done, condition={"any": [OFF_TREATMENT, AGE]}) == {"E12"}
    assert structural(done, condition={"not": ON_TREATMENT}) == set()
    # A late relapse is one after the last dose, whatever else is asked; the other groups are not.
    late = leaf("resistance_sitc", "in", ["late_relapse"])
    course_over = leaf("stop_reason", "in", ["completed"])
    assert structural(done, condition={"all": [course_over, late]}) == set()
    assert (
        structural(done, condition={"all": [course_over, leaf("resistance_sitc", "in", ["none"])]})
        == set()
    )
    for group in (["late_relapse", "acquired"], ["primary"]):
        either = {"all": [course_over, leaf("resistance_sitc", "in", group)]}
        assert structural(done, condition=either) == {"E12"}
    assert structural(
        done, condition={"all": [course_over, leaf("resistance_24_weeks", "in", ["acquired"])]}
    ) == {"E12"}
    # CheckMate 153 compared going on with stopping; those given it again are of completed courses.
    course_done = leaf("stop_reason", "in", ["completed"])
    assert structural(rests("cm153-pfs", "checkmate-153"), condition=course_done) == set()
    assert structural(rests("cm153-os", "checkmate-153"), condition=ON_TREATMENT) == {"E12"}
    assert structural(rests("cm153-pfs", "checkmate-153"), condition=PROGRESSED) == {"E12"}
    assert structural(rests("cm153-retreated", "checkmate-153"), condition=course_done) == {"E12"}
    # What cannot be read is refused elsewhere, and raises nothing here.
    assert structural(done, condition={"fact": "mood", "op": "is", "value": True}) == set()


def test_one_spelling_for_what_is_written_in_many_ways() -> None:
    for written in (
        "two thirds",
        "two-thirds",
        "2/3",
        "\u2154",
        "2 out of 3",
        "two of every three",
        "Two\u00a0in\u00a0three",
    ):
        assert plain(written) == "2 of 3", written
    for written in ("35%", "35.0\u202f%", "35,0 %", "thirty-five per cent", "Thirty five percent"):
        assert plain(written) == "35 %", written
    assert (
        plain("Anti\u2011PD\u2011L1/CTLA4, \u201cdiarrhea\u201d") == "anti pd l1/ctla 4, diarrhoea"
    )
    assert plain("non-small-cell lung cancer, immune-related adverse events") == "nsclc, iraes"
    assert sentences("One. Two!\nThree") == ["1.", "2!", "3"]


def test_a_denial_reaches_what_follows_and_no_further() -> None:
    def denied(text: str) -> bool:
        start = text.index("prolongs")
        return is_denied(text, start, len(text))

    assert denied("it does not say that it prolongs pfs")
    assert not denied("it does not only control, it prolongs pfs")
    assert not denied("it does not cure but prolongs pfs")
    assert not denied("no toxicity was seen in the first year of treatment and it prolongs pfs")
    assert denied("it prolongs nothing")


def test_nothing_is_found_in_nothing() -> None:
    assert errata_in("") == [] and breaches({}) == []
    assert breaches({"corrections": "none", "rules": None}) == []
