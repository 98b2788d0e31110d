"""Which findings are near to a case: by the reason for stopping, the irAE and the direction of the switch."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.choices import AgentClass, Category, Endpoint, IrAE, Print, Setting, Tumour
from evidence.conditions import FACTS, Fact, FactState
from evidence.conditions import read as condition
from evidence.loading import read
from evidence.strip import EFFICACY, GLANDS, HAD, SAFETY, likeness_of, nearest
from evidence.strip_direction import OF_PROPOSAL

_keys = count(1)
PD1_AFTER_PROGRESSION = {
    "stop_reason": Fact.known("progression"),
    "progression_timing": Fact.known("on_treatment"),
    "proposed_regimen": Fact.known("same_agent"),
    "prior_includes_ctla4": Fact.known(False),
    "prior_includes_pd1_pdl1": Fact.known(True),
    "organs_asked": Fact.known(True),
}
PNEUMONITIS = {
    **PD1_AFTER_PROGRESSION,
    "stop_reason": Fact.known("irae"),
    "pneumonitis_worst_grade": Fact.number(3),
    "colitis_worst_grade": Fact.number(0),
    "irae_any": Fact.known(True),
}


@dataclass
class Row:
    """A finding as far as nearness goes."""

    endpoint: str = Endpoint.ORR
    setting: str = Setting.PROGRESSION_ON
    initial_class: str = ""
    rechallenge_class: str = ""
    irae: str = ""
    code: str = ""
    tumour: str = Tumour.NSCLC
    state: str = Print.AS_PRINTED
    population: str = ""
    numerator: int | None = None
    denominator: int | None = None
    source_id: int = 1
    pk: int = field(default_factory=lambda: next(_keys))


ALWAYS = {"always": True}


def version(*rows: Row, asks=ALWAYS, category=Category.STOP_REASON) -> SimpleNamespace:
    links = [SimpleNamespace(finding=row) for row in rows]
    return SimpleNamespace(
        version_findings=SimpleNamespace(all=lambda: links), node=condition(asks), category=category
    )


PD1_GIVEN = (("PD-1",),)


def near(facts, *rows: Row, given=PD1_GIVEN):
    return nearest([version(*rows)], facts, given)


def shown(found) -> list[int]:
    return [row.pk for part in (found.efficacy, found.elsewhere, found.safety) for row, _v in part]


ON, OFF = Setting.PROGRESSION_ON, Setting.PROGRESSION_OFF


@pytest.mark.parametrize(
    ("reason", "timing", "expected"),
    [
        ("irae", "", {Setting.IRAE}),
        ("irae", "on_treatment", {Setting.IRAE, ON}),
        # The sources sort by the irAE, whatever came after it.
        ("irae", "after_stop", {Setting.IRAE}),
        # Only who progressed after a completed course inherits the figures of completed courses.
        ("completed", "", set()),
        ("completed", "none", set()),
        ("completed", "after_stop", {Setting.COMPLETED, OFF}),
        ("completed", "on_treatment", {ON}),
        *((reason, "on_treatment", {ON}) for reason in ("patient_choice", "toxicity", "other")),
        *((reason, "after_stop", {OFF}) for reason in ("patient_choice", "toxicity", "other")),
        # Whom progression stopped had progressed on treatment.
        *(("progression", timing, {ON}) for timing in ("on_treatment", "after_stop", "")),
        ("patient_choice", "", set()),
        ("", "", set()),
        ("", "after_stop", set()),
        ("", "on_treatment", {ON}),
    ],
)
def test_the_reason_and_the_time_of_progression_say_which_settings_are_near(
    reason, timing, expected
):
    told = {"stop_reason": reason, "progression_timing": timing, "prior_setting": "palliative"}
    like = likeness_of({key: Fact.known(value) for key, value in told.items() if value})
    assert like.settings == expected


@pytest.mark.parametrize("setting", ["perioperative", "consolidation", None])
@pytest.mark.parametrize("reason", ["completed", "patient_choice"])
def test_what_came_after_a_course_that_was_not_of_advanced_disease_is_sorted_nowhere(
    reason, setting
):
    facts = {"stop_reason": Fact.known(reason), "progression_timing": Fact.known("after_stop")}
    if setting:
        facts["prior_setting"] = Fact.known(setting)
    like = likeness_of(facts)
    assert like.settings == frozenset()
    assert ("prior_setting" in like.lacking) == (setting is None)
    assert like.advanced is (setting is None)
    assert "prior_setting" in likeness_of({"stop_reason": Fact.known("progression")}).lacking
    assert "prior_setting" not in likeness_of({}).lacking


@pytest.mark.parametrize("reason", ["completed", "irae", "patient_choice", "progression"])
def test_without_the_time_of_progression_more_could_be_told(reason):
    like = likeness_of({"stop_reason": Fact.known(reason)})
    assert "progression_timing" in like.lacking
    told = {"stop_reason": Fact.known(reason), "progression_timing": Fact.known("on_treatment")}
    assert "progression_timing" not in likeness_of(told).lacking
    assert "progression_timing" not in likeness_of({}).lacking


def test_a_figure_of_another_direction_is_not_near_and_is_counted():
    same = Row(initial_class=AgentClass.PD1, rechallenge_class=AgentClass.PD1)
    any_ici = Row()
    from_ctla4 = Row(initial_class=AgentClass.CTLA4, rechallenge_class=AgentClass.PD1)
    to_both = Row(initial_class=AgentClass.PD1, rechallenge_class=AgentClass.BOTH)
    found = near(PD1_AFTER_PROGRESSION, same, any_ici, from_ctla4, to_both)
    assert shown(found) == [same.pk, any_ici.pk]
    assert found.other_direction == 2
    both = {**PD1_AFTER_PROGRESSION, "proposed_regimen": Fact.known("pd_ctla4_combination")}
    assert shown(near(both, same, any_ici, from_ctla4, to_both)) == [any_ici.pk, to_both.pk]


def test_a_direction_that_is_not_known_is_none_that_is_named():
    named = Row(initial_class=AgentClass.PD1, rechallenge_class=AgentClass.PD1)
    facts = {k: v for k, v in PD1_AFTER_PROGRESSION.items() if k != "proposed_regimen"}
    found = near(facts, named, Row())
    assert len(shown(found)) == 1
    assert found.other_direction == 1
    assert found.likeness.lacking == ("prior_setting", "proposed_regimen")


def test_the_same_agents_after_both_classes_are_no_direction():
    after_both = {**PD1_AFTER_PROGRESSION, "prior_includes_ctla4": Fact.known(True)}
    like = likeness_of(after_both, [("PD-1", "CTLA-4")])
    assert (like.before, like.again) == (AgentClass.BOTH, None)


@pytest.mark.parametrize(
    ("given", "ctla4", "before"),
    [
        ([("PD-1",), ("PD-L1",)], False, AgentClass.PD1),
        # One alone and then the other alone are not both together.
        ([("CTLA-4",), ("PD-1",)], True, None),
        ([("PD-1", "CTLA-4"), ("PD-1",)], True, None),
        # Another target beside PD-1 is not PD-1 alone.
        ([("PD-1+VEGF",)], False, AgentClass.BISPECIFIC),
        ([("PD-1+CTLA-4",)], True, AgentClass.BISPECIFIC),
        ([("PD-1+VEGF",), ("PD-1",)], False, None),
        ([("PD-1", "LAG-3")], False, None),
        # Drugs that are not known, and courses that may not all be entered.
        ([()], False, None),
        ([], False, None),
        ([("PD-1",)], None, None),
        ([("PD-1+VEGF",)], None, None),
    ],
)
def test_what_was_given_is_the_class_that_every_course_had(given, ctla4, before):
    known = Fact.absent(FactState.MISSING) if ctla4 is None else Fact.known(ctla4)
    like = likeness_of({**PD1_AFTER_PROGRESSION, "prior_includes_ctla4": known}, given)
    assert (like.before, like.again) == (before, None if before is AgentClass.BOTH else before)


def test_a_vasculitis_brings_its_figures():
    assert likeness_of({"vasculitis_worst_grade": Fact.number(2)}).iraes == {IrAE.VASCULITIS}


def test_without_a_class_before_what_names_one_is_left_out_and_counted():
    named = Row(initial_class=AgentClass.PD1, rechallenge_class=AgentClass.PD1)
    any_ici = Row()
    found = near(PD1_AFTER_PROGRESSION, named, any_ici, given=[("PD-1+VEGF",)])
    assert shown(found) == [any_ici.pk]
    assert found.other_direction == 1


def test_only_an_irae_that_the_patient_had_brings_its_figures():
    lung = Row(endpoint=Endpoint.RECURRENCE_SAME, setting=Setting.IRAE, irae=IrAE.PNEUMONITIS)
    gut = Row(endpoint=Endpoint.RECURRENCE_SAME, setting=Setting.IRAE, irae=IrAE.COLITIS)
    any_irae = Row(endpoint=Endpoint.RECURRENCE_ANY, setting=Setting.IRAE)
    assert shown(near(PNEUMONITIS, lung, gut, any_irae)) == [lung.pk, any_irae.pk]
    assert shown(near(PD1_AFTER_PROGRESSION, lung, gut, any_irae)) == []
    earlier = {
        **PD1_AFTER_PROGRESSION,
        "irae_any": Fact.known(True),
        "colitis_worst_grade": Fact.number(2),
    }
    # Whatever the main reason was, an irAE ever brings in the safety of one.
    assert shown(near(earlier, lung, gut, any_irae)) == [gut.pk, any_irae.pk]


def test_the_figures_of_the_irae_that_stopped_the_course_stand_first():
    facts = {**PNEUMONITIS, "colitis_worst_grade": Fact.number(2)}
    gut = Row(endpoint=Endpoint.RECURRENCE_SAME, setting=Setting.IRAE, irae=IrAE.COLITIS)
    lung = Row(endpoint=Endpoint.ROR, setting=Setting.IRAE, irae=IrAE.PNEUMONITIS)
    rows = [version(gut, lung)]
    assert shown(nearest(rows, facts, PD1_GIVEN)) == [gut.pk, lung.pk]
    first = nearest(rows, facts, PD1_GIVEN, {"pneumonitis_worst_grade"})
    assert shown(first) == [lung.pk, gut.pk]


def test_a_share_of_a_share_follows_what_it_is_a_share_of():
    share = Row(endpoint=Endpoint.RECURRENCE_SAME, setting=Setting.IRAE, numerator=49,
                denominator=70, population="70 of the 180")  # fmt: skip
    whole = Row(endpoint=Endpoint.RECURRENCE_ANY, setting=Setting.IRAE, numerator=70,
                denominator=180, population="180 patients")  # fmt: skip
    between = Row(endpoint=Endpoint.RECURRENCE_ANY, setting=Setting.IRAE)
    assert shown(near(PNEUMONITIS, share, whole, between)) == [whole.pk, share.pk, between.pk]
    share.source_id = 2
    assert shown(near(PNEUMONITIS, share, whole, between)) == [share.pk, whole.pk, between.pk]
    share.source_id, share.denominator = 1, 71
    assert shown(near(PNEUMONITIS, share, whole, between)) == [share.pk, whole.pk, between.pk]


def test_what_cannot_be_interpreted_and_what_only_counts_patients_are_never_near():
    rows = [Row(state=Print.NOT_INTERPRETABLE), Row(endpoint=Endpoint.PATIENTS)]
    assert not near(PD1_AFTER_PROGRESSION, *rows)


def test_efficacy_in_other_tumours_stands_apart_and_safety_is_not_parted():
    here, there = Row(), Row(tumour=Tumour.MELANOMA)
    mixed = Row(endpoint=Endpoint.RECURRENCE_ANY, setting=Setting.IRAE, tumour=Tumour.MIXED)
    found = near({**PNEUMONITIS, "stop_reason": Fact.known("progression")}, mixed, there, here)
    assert [row.pk for row, _v in found.efficacy] == [here.pk]
    assert [row.pk for row, _v in found.elsewhere] == [there.pk]
    assert [row.pk for row, _v in found.safety] == [mixed.pk]


def test_a_finding_of_two_statements_stands_once_and_in_the_order_of_what_is_measured():
    survival, response = Row(endpoint=Endpoint.OS), Row(endpoint=Endpoint.ORR)
    found = nearest([version(survival, response), version(response)], PD1_AFTER_PROGRESSION)
    assert shown(found) == [response.pk, survival.pk]


ENDOCRINE = {
    **PNEUMONITIS,
    "pneumonitis_worst_grade": Fact.number(0),
    "endocrine_worst_grade": Fact.number(2),
}


def glands(facts, stopping=()):
    rows = [
        Row(endpoint=Endpoint.RECURRENCE_SAME, setting=Setting.IRAE, irae=IrAE.ENDOCRINE, code=code)
        for code in ("d-adrenal", "d-diabetes", "d-hypophysitis", "d-thyroiditis-or", "d-any")
    ]
    found = nearest([version(*rows)], facts, PD1_GIVEN, stopping)
    return [finding.code for finding, _version in found.safety]


def test_an_endocrine_irae_brings_the_figures_of_its_own_gland():
    thyroid = {**ENDOCRINE, "thyroid_worst_grade": Fact.number(2)}
    assert glands(thyroid) == ["d-thyroiditis-or", "d-any"]
    both = {**thyroid, "adrenal_worst_grade": Fact.number(1)}
    assert glands(both) == ["d-adrenal", "d-thyroiditis-or", "d-any"]
    stopped = {"endocrine_worst_grade", "thyroid_worst_grade"}
    assert glands(both, stopped) == ["d-thyroiditis-or", "d-any", "d-adrenal"]
    assert glands(both, {"endocrine_worst_grade"})[0] == "d-adrenal"


def test_which_gland_it_was_may_not_be_known():
    assert len(glands(ENDOCRINE)) == 5, "unknown is not no"
    none = {key: Fact.number(0) for key in ("adrenal_worst_grade", "diabetes_worst_grade")}
    assert glands({**ENDOCRINE, **none}) == ["d-hypophysitis", "d-thyroiditis-or", "d-any"]
    assert glands({**PNEUMONITIS, "thyroid_worst_grade": Fact.number(2)}) == []


def test_every_delivered_endocrine_finding_is_of_one_gland():
    codes = {row["code"] for row in read().findings if row["irae"] == "endocrine"}
    assert codes and all(sum(word in code for word in GLANDS) == 1 for code in codes)
    assert set(GLANDS.values()) <= set(FACTS)


def test_every_fact_that_nearness_reads_is_of_the_vocabulary():
    keys = {key for keys in HAD.values() for key in keys}
    keys |= set(PNEUMONITIS) | {"irae_contributed"}
    assert keys <= set(FACTS)
    assert set(OF_PROPOSAL) <= {value for value, _label in FACTS["proposed_regimen"].choices}
    assert not set(EFFICACY) & set(SAFETY)


def test_every_delivered_finding_is_coded_by_its_regimens():
    """Typed by hand: a class is named where the regimens name one, and only there."""
    rows = {row["code"]: row for row in read().findings}
    for code, before, again, irae in (
        ("xu-orr-irae", "", "", ""),
        ("guo-any", "pd1", "pd1", ""),
        ("santini-same", "pd1", "pd1", ""),
        ("menzies-same", "ctla4", "pd1", ""),
        ("cm172-colitis", "ctla4", "pd1", "colitis"),
        ("pollack-any", "both", "pd1", ""),
        ("pollack-hypophysitis", "both", "pd1", "endocrine"),
        ("olson-orr", "pd1", "both", ""),
        ("s1400f-primary", "pd1", "both", ""),
        ("btcrc-pr", "", "chemotherapy", ""),
        ("go30140-orr", "pd1", "antiangiogenic", ""),
        ("abu-sbeih-ctla4", "", "ctla4", "colitis"),
        ("abu-sbeih-pd", "", "pd1", "colitis"),
        ("dolladille-pneumonitis", "", "", "pneumonitis"),
        ("dolladille-thyroiditis", "", "", "endocrine"),
        ("kn046-ph1-orr", "pd1", "bispecific", ""),
    ):
        row = rows[code]
        assert (row["initial_class"], row["rechallenge_class"], row["irae"]) == (
            before, again, irae,
        ), code  # fmt: skip
    for row in rows.values():
        named = row["initial_regimen"].startswith("any ICI") or not row["initial_regimen"]
        assert not (named and row["initial_class"]), row["code"]


ANY_FACT = st.one_of(
    st.sampled_from([Fact.absent(s) for s in FactState if s is not FactState.KNOWN]),
    st.booleans().map(Fact.known),
    st.integers(0, 5).map(Fact.number),
    st.sampled_from(["irae", "progression", "completed", "same_agent", "on_treatment", "x"]).map(
        Fact.known
    ),
)


@given(st.dictionaries(st.sampled_from(sorted(FACTS)), ANY_FACT))
def test_no_case_makes_it_fail(facts):
    rows = [Row(setting=setting) for setting in Setting] + [Row(irae=irae) for irae in IrAE]
    near(facts, *rows)
