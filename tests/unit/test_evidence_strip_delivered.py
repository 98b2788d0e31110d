"""The delivered findings in the strip, over every reason for stopping, time of progression and setting."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest

from evidence.choices import PUBLISHABLE_MARKS
from evidence.conditions import FACTS, Answer, Fact, evaluate
from evidence.conditions import read as condition
from evidence.content import LACKING
from evidence.loading import read
from evidence.strip import EFFICACY, SAFETY, Near, nearest

DELIVERY = read()
FINDINGS = {
    row["code"]: SimpleNamespace(pk=number, source_id=row["source"], **row)
    for number, row in enumerate(DELIVERY.findings)
}
PUBLISHED = [
    SimpleNamespace(
        code=row["code"], node=condition(row["condition"]), category=row["category"],
        findings=row["findings"],
        version_findings=SimpleNamespace(
            all=lambda row=row: [SimpleNamespace(finding=FINDINGS[code]) for code in row["findings"]]
        ),
    )
    for row in DELIVERY.statements
    if row["mark"] in PUBLISHABLE_MARKS and row["code"] not in LACKING
]  # fmt: skip
REASONS = ("irae", "progression", "completed", "toxicity", "patient_choice", "other", None)
TIMINGS = ("on_treatment", "after_stop", "none", None)
SETTINGS = ("palliative", "perioperative", "consolidation", None)
PD1, CTLA4, BOTH = (("PD-1",),), (("CTLA-4",),), (("PD-1", "CTLA-4"),)


@dataclass
class Shown:
    """What the strip shows, by code, with the statements that it is shown with."""

    near: Near
    efficacy: list[str]
    safety: list[str]
    by: dict[str, str]


def facts_of(**told: Any) -> dict[str, Fact]:
    """A patient after an anti-PD-1 agent, without an irAE, who is to have it again, and what is told."""
    none = {k: 0 for k in FACTS if "worst_grade" in k or k.endswith(("_grade", "grade_now"))}
    none |= {key: False for key in FACTS if key.endswith("_any")}
    values = {
        **none, "organs_asked": True, "irae_contributed": False, "prior_courses": 1,
        "prior_includes_ctla4": False, "prior_includes_pd1_pdl1": True, "proposed_regimen": "same_agent",
        "proposed_includes_ctla4": False, "proposed_includes_pd1_pdl1": True, **told,
    }  # fmt: skip
    return {
        key: Fact.known(value) if isinstance(value, bool | str) else Fact.number(value)
        for key, value in values.items()
        if value is not None
    }


def strip(given=PD1, **told: Any) -> Shown:
    near = nearest(PUBLISHED, facts_of(**told), given)
    reached = [*near.efficacy, *near.elsewhere]
    by = {finding.code: version.code for finding, version in [*reached, *near.safety]}
    return Shown(near, [f.code for f, _v in reached], [f.code for f, _v in near.safety], by)


IRAE = {"irae_any": True, "irae_worst_grade": 3, "irae_worst_grade_nonendocrine": 3,
        "pneumonitis_worst_grade": 3}  # fmt: skip
AFTER = {"progression_timing": "after_stop", "prior_setting": "palliative"}
DONE = {"stop_reason": "completed", **AFTER}
WELL = {"best_response": "CR", "ici_free_days": 420, "prior_ici_days": 700}


@pytest.mark.parametrize("regimen", ["same_agent", "switch_pd1_pdl1", "ici_chemotherapy", None])
@pytest.mark.parametrize(("reason", "timing"), list(product(REASONS, TIMINGS)))
def test_no_figure_is_near_while_every_statement_on_it_does_not_apply(reason, timing, regimen):
    for setting, contributed, response in product(SETTINGS, (True, False, None), ("PR", "PD")):
        irae = IRAE if reason == "irae" or contributed else {}
        told = {
            "stop_reason": reason, "progression_timing": timing, "prior_setting": setting,
            "irae_contributed": True if reason == "irae" else contributed, "best_response": response,
            "ici_free_days": 200, "prior_ici_days": 400, "proposed_regimen": regimen, **irae,
        }  # fmt: skip
        facts = facts_of(**told)
        answers = {v.code: evaluate(v.node, facts).answer for v in PUBLISHED}
        found = strip(**told)
        for code in (*found.efficacy, *found.safety):
            said = {answers[v.code] for v in PUBLISHED if code in v.findings}
            assert said - {Answer.FALSE}, (code, told)
            # What was reached of one reason for stopping is near only where a statement says so outright.
            one_reason = code in found.efficacy and FINDINGS[code].setting != "other"
            assert Answer.TRUE in said or not one_reason, (code, told)
        # 46.2 % and 11.4 % never stand together, and neither stands for an irAE without progression on treatment.
        assert not {"xu-orr-after-stop", "xu-orr-on-ici"} <= set(found.efficacy), told
        if reason in {"irae", "progression"}:
            assert "xu-orr-after-stop" not in found.efficacy, told
        if setting != "palliative":
            assert not {"xu-orr-after-stop", "kn010-5y-orr", "livanou-done-dcr"} & set(
                found.efficacy
            ), told


def test_whoever_was_stopped_for_an_irae_has_its_figures_alone_whatever_came_later():
    found = strip(stop_reason="irae", irae_contributed=True, **AFTER, **IRAE)
    assert {"xu-orr-irae", "xu-dcr-irae", "xu-orr-second"} <= set(found.efficacy)
    assert not {"xu-orr-after-stop", "xu-dcr-after-stop", "xu-orr-on-ici"} & set(found.efficacy)
    on = strip(
        stop_reason="irae", irae_contributed=True, progression_timing="on_treatment",
        prior_setting="palliative", **IRAE,
    )  # fmt: skip
    assert {"xu-orr-irae", "xu-orr-on-ici"} <= set(on.efficacy)


def test_what_contradicts_a_completed_course_stands_beside_its_figures():
    found = strip(**DONE, **WELL)
    assert {"xu-orr-after-stop", "kn010-5y-orr", "livanou-done-dcr", "cm153-pfs"} <= set(
        found.efficacy
    )
    assert {"wjog-orr", "wjog-pfs", "wjog-free", "xu-orr-second", "xu-dcr-second"} <= set(
        found.efficacy
    )
    assert found.by["wjog-orr"] == "S10", "a statement about this case, not one about every case"
    # Where it is not known whether the trial's patients were like this one it stands there too.
    assert "wjog-orr" in strip(**DONE).efficacy
    # A short pause is none of the trial's; the shares over all reasons stand wherever a share of one reason does.
    short = strip(**DONE, **{**WELL, "ici_free_days": 30})
    assert "wjog-orr" not in short.efficacy and "xu-orr-second" in short.efficacy


def test_what_is_of_the_same_reason_stands_before_what_is_of_all_reasons():
    """One patient in whom three irAEs were seen, stopped for one of them, in the order that was worked out by hand."""
    had = {
        "stop_reason": "irae", "irae_contributed": True, "progression_timing": "none", "irae_any": True,
        "prior_setting": "palliative", "best_response": "PR", "ici_free_days": 490, "prior_ici_days": 330,
        "skin_worst_grade": 1, "neurological_worst_grade": 3, "endocrine_worst_grade": 2, "thyroid_worst_grade": 2,
        "irae_worst_grade": 3, "irae_worst_grade_nonendocrine": 3, "proposed_regimen": "switch_pd1_pdl1",
    }  # fmt: skip
    found = strip(BOTH, prior_includes_ctla4=True, **had)
    of_irae, of_all = ("xu-orr-irae", "xu-dcr-irae"), ("xu-orr-second", "xu-dcr-second")
    direct = [code for code in found.efficacy if FINDINGS[code].tumour == "nsclc"]
    # S01 stands before S10 in the list, so that its share of all reasons does.
    order = ["xu-orr-irae", "xu-orr-second", "wjog-orr", "xu-dcr-irae", "xu-dcr-second"]
    assert direct[:5] == order
    for own, mixed in zip(of_irae, of_all, strict=True):
        assert direct.index(own) < direct.index(mixed)
    # Which of the three stopped it is not known, so that each is as near as the others.
    assert found.safety[:3] == [
        "dolladille-skin",
        "dolladille-thyroiditis",
        "dolladille-neurological",
    ]
    known = nearest(
        PUBLISHED, facts_of(prior_includes_ctla4=True, **had), BOTH, {"neurological_worst_grade"}
    )
    assert next(finding.code for finding, _version in known.safety) == "dolladille-neurological"


def test_nothing_stands_beside_nothing():
    found = strip(stop_reason=None, progression_timing=None, prior_setting=None)
    assert not found.near and found.near.likeness.settings == frozenset()


def test_a_switch_brings_the_one_series_of_it_with_its_irae():
    told = {"stop_reason": "irae", "irae_contributed": True, "progression_timing": "none",
            "prior_setting": "palliative", **IRAE}  # fmt: skip
    found = strip(**told, proposed_regimen="switch_pd1_pdl1")
    assert {"kitagawa-pr", "kitagawa-dcr", "kitagawa-pfs"} <= set(found.efficacy)
    assert {"kitagawa-irae", "kitagawa-pneumonitis"} <= set(found.safety)
    assert not any(code.startswith("kitagawa") for code in strip(**told).by)
    # After a course around an operation the irAEs are near, the efficacy is not.
    adjuvant = {**told, "prior_setting": "perioperative"}
    elsewhere = strip(**adjuvant, proposed_regimen="switch_pd1_pdl1")
    assert {"kitagawa-irae", "kitagawa-pneumonitis"} <= set(elsewhere.safety)
    assert elsewhere.efficacy == []
    # Without an irAE on the first agent its share among those who had one is not near.
    without = strip(**DONE, proposed_regimen="switch_pd1_pdl1")
    assert "kitagawa-pr" in without.efficacy and "kitagawa-irae" not in without.safety


@pytest.mark.parametrize("timing", ["on_treatment", "after_stop"])
@pytest.mark.parametrize("reason", ["irae", "completed"])
def test_the_randomised_trial_stands_wherever_chemotherapy_is_proposed_after_progression(
    reason, timing
):
    irae = IRAE if reason == "irae" else {}
    found = strip(
        stop_reason=reason, progression_timing=timing, proposed_regimen="ici_chemotherapy",
        prior_setting="palliative", **irae,
    )  # fmt: skip
    assert {"rct-pfs", "rct-os", "btcrc-pr"} <= set(found.efficacy)


COMBINATION = {
    "stop_reason": "irae", "irae_contributed": True, "progression_timing": "none",
    "prior_includes_ctla4": True, "irae_any": True, "irae_worst_grade": 3, "colitis_worst_grade": 3,
    "irae_worst_grade_nonendocrine": 3, "irae_after_combination_worst_grade": 3,
}  # fmt: skip


def test_the_combination_and_then_pd1_alone_is_a_direction_of_its_own():
    for regimen in ("same_agent", "other_agent_same_target"):
        found = strip(BOTH, **COMBINATION, proposed_regimen=regimen)
        assert {"pollack-any", "pollack-g34", "pollack-g5"} <= set(found.safety), regimen
        assert not {"guo-any", "menzies-same"} & set(found.safety)
    # With an anti-PD-L1 agent nothing is known of it: the study gave an anti-PD-1 agent again.
    switched = strip(BOTH, **COMBINATION, proposed_regimen="switch_pd1_pdl1")
    assert "pollack-any" not in switched.safety


@pytest.mark.parametrize("regimen", ["other", "other_agent_same_target", "switch_pd1_pdl1"])
def test_ctla4_and_then_pd1_is_read_from_the_agents(regimen):
    told = {
        **COMBINATION, "irae_after_combination_worst_grade": 0, "irae_after_ctla4_worst_grade": 3,
        "prior_includes_pd1_pdl1": False, "proposed_regimen": regimen,
    }  # fmt: skip
    assert {"menzies-same", "menzies-new"} <= set(strip(CTLA4, **told).safety)
    progressed = {**told, "progression_timing": "after_stop"}
    assert {"cm172-diarrhoea", "cm172-colitis"} <= set(strip(CTLA4, **progressed).safety)
    assert "cm172-diarrhoea" not in strip(CTLA4, **told).safety


def test_ctla4_alone_after_an_irae_brings_what_was_found_of_it():
    told = {**IRAE, "stop_reason": "irae", "irae_contributed": True, "proposed_regimen": "other",
            "proposed_includes_ctla4": True, "proposed_includes_pd1_pdl1": False}  # fmt: skip
    assert "dolladille-ctla4-or" in strip(**told).safety


# Of what is measured and published, what no case brings into the strip, and why.
NEVER = {
    # No fact tells mucositis from other irAEs of skin and mucosa.
    "dolladille-mucositis",
    # Whether severity tells is a question on which studies disagree: one side alone would mislead.
    "dolladille-serious-or",
}


def test_every_published_finding_can_be_near_to_somebody():
    every = {key: 3 for key in FACTS if "worst_grade" in key}
    every |= {key: True for key in FACTS if key.endswith("_any")}
    seen: set[str] = set()
    for given, (reason, timing), regimen in product(
        (PD1, CTLA4, BOTH),
        (("irae", "on_treatment"), ("progression", "on_treatment"), ("completed", "after_stop")),
        ("same_agent", "switch_pd1_pdl1", "ici_chemotherapy", "pd_ctla4_combination", "other"),
    ):
        both = regimen == "pd_ctla4_combination"
        for pd1 in (True, False):
            found = strip(
                given, **{**every, **WELL}, stop_reason=reason, progression_timing=timing,
                irae_contributed=True, prior_setting="palliative", proposed_regimen=regimen,
                prior_includes_ctla4=given != PD1, prior_includes_pd1_pdl1=given != CTLA4,
                proposed_includes_ctla4=both or not pd1, proposed_includes_pd1_pdl1=both or pd1,
                pdl1_tps_recent=60,
            )  # fmt: skip
            seen |= {*found.efficacy, *found.safety}
    measured = {
        code
        for version in PUBLISHED
        for code in version.findings
        if FINDINGS[code].endpoint in (*EFFICACY, *SAFETY)
    }
    assert measured - seen == NEVER
