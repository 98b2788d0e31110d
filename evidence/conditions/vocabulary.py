"""Every fact that a condition may read: one key, one kind, one unit, one question.

A key is never renamed and never changes its meaning or unit; that would change what
published statements say. A new meaning is a new key. `VOCABULARY_VERSION` moves on when keys are added.
"""

from __future__ import annotations

from evidence.conditions.cause_facts import CAUSES
from evidence.conditions.disease_facts import DISEASES
from evidence.conditions.record_facts import (
    AT_THE_ORGANS,
    BACKGROUND,
    BLOOD,
    COURSES,
    OTHER_ORGANS,
    PROPOSED,
    RESULTS,
    TREATMENT_OF_IRAE,
)
from evidence.conditions.specs import FactSpec, choice, day, flag, grade, number
from evidence.conditions.specs import gettext_noop as _

VOCABULARY_VERSION = 12

_STOP = (
    choice(
        "stop_reason",
        _("reason the ICI was stopped"),
        _("Why was the checkpoint inhibitor stopped?"),
        ("irae", _("immune-related adverse event")),
        ("progression", _("progression")),
        ("completed", _("planned course completed")),
        ("toxicity", _("other toxicity")),
        ("patient_choice", _("patient's choice")),
        ("other", _("another reason")),
    ),
    choice(
        "progression_timing",
        _("timing of progression"),
        _("When did the cancer progress?"),
        ("on_treatment", _("on treatment")),
        ("after_stop", _("after the ICI was stopped")),
        ("none", _("no progression")),
    ),
    flag(
        "oligoprogression",
        _("oligoprogression"),
        _("Is the progression limited to a few new sites?"),
    ),
)

_PROPOSAL = (
    choice(
        "proposed_regimen",
        _("proposed regimen"),
        _("What is proposed?"),
        ("same_agent", _("the same agent")),
        ("other_agent_same_target", _("another agent against the same target")),
        ("switch_pd1_pdl1", _("a switch between PD-1 and PD-L1")),
        ("pd_ctla4_combination", _("PD-(L)1 with CTLA-4")),
        ("ici_chemotherapy", _("an ICI with chemotherapy")),
        ("ici_antiangiogenic", _("an ICI with an anti-angiogenic agent")),
        ("bispecific", _("a bispecific antibody")),
        ("other", _("another regimen")),
    ),
    flag(
        "proposed_includes_ctla4",
        _("proposal contains a CTLA-4 agent"),
        _("Does the proposed regimen contain an agent against CTLA-4?"),
    ),
    flag(
        "proposed_includes_pd1_pdl1",
        _("proposal contains a PD-1 or PD-L1 agent"),
        _("Does the proposed regimen contain an agent against PD-1 or PD-L1?"),
    ),
)

_HISTORY = (
    flag(
        "prior_includes_ctla4",
        _("earlier ICI contained a CTLA-4 agent"),
        _("Did any earlier course contain an agent against CTLA-4?"),
    ),
    flag(
        "prior_includes_pd1_pdl1",
        _("earlier ICI contained a PD-1 or PD-L1 agent"),
        _("Did any earlier course contain an agent against PD-1 or PD-L1?"),
    ),
    number(
        "prior_courses",
        _("earlier ICI courses"),
        _("How many ICI courses were given?"),
        None,
        0,
        20,
    ),
    number(
        "ici_free_days",
        _("time since the last ICI dose"),
        _("How long ago was the last ICI dose?"),
        _("days"),
        0,
        20000,
    ),
    number(
        "prior_ici_days",
        _("length of the ICI course asked about"),
        _("How long was the ICI course that is asked about?"),
        _("days"),
        0,
        20000,
    ),
    choice(
        "best_response",
        _("best response to the earlier ICI"),
        _("What was the best response to the earlier ICI?"),
        ("CR", _("complete response")),
        ("PR", _("partial response")),
        ("SD", _("stable disease")),
        ("PD", _("progressive disease")),
        ("NE", _("not evaluable")),
    ),
)

_NAMED_GRADES = (
    (
        "infusion_reaction_worst_grade",
        _("worst grade of an infusion reaction"),
        _("What was the worst grade of an infusion-related reaction?"),
    ),
    (
        "endocrine_uncontrolled_worst_grade",
        _("worst grade of an endocrine irAE not controlled on replacement"),
        _("What was the worst grade of any endocrine irAE not controlled on replacement?"),
    ),
    (
        "haematological_worst_grade",
        _("worst haematological irAE grade"),
        _("What was the worst grade of a haematological irAE?"),
    ),
    (
        "myositis_worst_grade",
        _("worst myositis grade"),
        _("What was the worst grade of myositis?"),
    ),
    (
        "uveitis_worst_grade",
        _("worst uveitis grade"),
        _("What was the worst grade of uveitis?"),
    ),
    (
        "pancreatitis_worst_grade",
        _("worst pancreatitis grade"),
        _("What was the worst grade of pancreatitis?"),
    ),
    (
        "vasculitis_worst_grade",
        _("worst grade of a vessel irAE"),
        _("What was the worst grade of a vessel irAE?"),
    ),
    (
        "haemolysis_worst_grade",
        _("worst grade of haemolytic anaemia"),
        _("What was the worst grade of haemolytic anaemia?"),
    ),
    (
        "aplastic_anaemia_worst_grade",
        _("worst grade of aplastic anaemia"),
        _("What was the worst grade of aplastic anaemia?"),
    ),
)
"""Grades of single diseases that a rule names: (key, label, question)."""

_IRAE = (
    flag("irae_any", _("any irAE"), _("Was there any immune-related adverse event?")),
    grade("irae_worst_grade", _("worst irAE grade"), _("What was the worst grade of any irAE?")),
    grade(
        "irae_worst_grade_nonendocrine",
        _("worst grade of a non-endocrine irAE"),
        _("What was the worst grade of any irAE outside the endocrine organs?"),
    ),
    grade(
        "irae_grade_now",
        _("irAE grade now"),
        _("What is the grade of the irAE now, endocrine irAEs on replacement left out?"),
    ),
    flag(
        "irae_resolved",
        _("irAE resolved"),
        _("Have all irAEs resolved, or are they controlled on replacement?"),
    ),
    flag(
        "irae_recurrent",
        _("same irAE more than once"),
        _("Has the same irAE come back at least once?"),
    ),
    flag(
        "irae_recurrent_unreplaced",
        _("same irAE more than once, endocrine irAEs on replacement left out"),
        _("Has the same irAE come back, endocrine irAEs controlled on replacement left out?"),
    ),
    *(
        grade(f"{organ}_worst_grade", label, question)
        for organ, label, question in (
            (
                "pneumonitis",
                _("worst pneumonitis grade"),
                _("What was the worst grade of pneumonitis?"),
            ),
            ("colitis", _("worst colitis grade"), _("What was the worst grade of colitis?")),
            ("hepatitis", _("worst hepatitis grade"), _("What was the worst grade of hepatitis?")),
            ("nephritis", _("worst nephritis grade"), _("What was the worst grade of nephritis?")),
            (
                "endocrine",
                _("worst endocrine irAE grade"),
                _("What was the worst grade of an endocrine irAE?"),
            ),
            ("skin", _("worst skin irAE grade"), _("What was the worst grade of a skin irAE?")),
            (
                "neurological",
                _("worst neurological irAE grade"),
                _("What was the worst grade of a neurological irAE?"),
            ),
            ("arthritis", _("worst arthritis grade"), _("What was the worst grade of arthritis?")),
        )
    ),
    flag("myocarditis_any", _("any myocarditis"), _("Was there ever myocarditis?")),
    flag(
        "sjs_ten_dress_any",
        _("any SJS, TEN or DRESS"),
        _("Was there ever Stevens-Johnson syndrome, toxic epidermal necrolysis or DRESS?"),
    ),
    flag(
        "gbs_encephalitis_myelitis_any",
        _("any Guillain-Barré syndrome, encephalitis or transverse myelitis"),
        _("Was there ever Guillain-Barré syndrome, encephalitis or transverse myelitis?"),
    ),
    *(grade(key, label, question) for key, label, question in _NAMED_GRADES),
    flag(
        "ttp_any",
        _("any thrombotic thrombocytopenic purpura"),
        _("Was there ever thrombotic thrombocytopenic purpura?"),
    ),
    flag(
        "colitis_recurrent",
        _("colitis more than once"),
        _("Has colitis come back at least once?"),
    ),
    flag(
        "pneumonitis_recurrent",
        _("pneumonitis more than once"),
        _("Has pneumonitis come back at least once?"),
    ),
    flag(
        "organs_asked",
        _("organ review"),
        _("Was every organ asked about: had an irAE, or asked and none?"),
    ),
    grade(
        "colitis_recurrence_grade",
        _("grade of colitis that came back"),
        _("What was the worst grade of colitis when it came back?"),
    ),
    grade(
        "pneumonitis_recurrence_grade",
        _("grade of pneumonitis that came back"),
        _("What was the worst grade of pneumonitis when it came back?"),
    ),
    number(
        "first_irae_days",
        _("time from the first dose of the first ICI course to the first irAE"),
        _("How long after the first dose of the first ICI course did the first irAE begin?"),
        _("days"),
        0,
        20000,
    ),
    number(
        "steroid_now",
        _("steroid dose now"),
        _("What is the steroid dose now, as prednisone, replacement left out?"),
        _("mg/day prednisone-equivalent"),
        1,
        2000,
    ),
)

_DAYS = (
    day(
        "last_ici_dose_on",
        _("day of the last ICI dose"),
        _("On which day was the last ICI dose given?"),
    ),
    day(
        "ecog_on",
        _("day on which ECOG was assessed"),
        _("On which day was the ECOG status assessed?"),
    ),
    day(
        "pdl1_recent_on",
        _("day of the PD-L1 sample after the first ICI"),
        _("On which day was the PD-L1 sample after the first ICI taken?"),
    ),
    day(
        "nlr_on",
        _("day of the blood count that NLR is from"),
        _("On which day was the blood taken for the neutrophil-to-lymphocyte ratio?"),
    ),
)

_FITNESS = (
    number("ecog", _("ECOG performance status"), _("What is the ECOG status?"), None, 0, 5),
    number("age", _("age"), _("How old is the patient?"), "years", 0, 130),
    flag(
        "autoimmune_disease",
        _("autoimmune disease"),
        _("Is there an autoimmune disease that is not an irAE?"),
    ),
    flag(
        "interstitial_lung_disease",
        _("interstitial lung disease"),
        _("Is there interstitial lung disease?"),
    ),
)

_TUMOUR = (
    choice(
        "histology",
        _("histology"),
        _("What is the histology?"),
        ("adenocarcinoma", _("adenocarcinoma")),
        ("squamous", _("squamous cell carcinoma")),
        ("large_cell", _("large cell carcinoma")),
        ("nos", _("NSCLC, not otherwise specified")),
        ("other", _("another histology")),
    ),
    choice(
        "stage_group",
        _("stage"),
        _("What is the stage now?"),
        *((stage, stage) for stage in ("I", "II", "III", "IV")),
    ),
    flag(
        "driver_mutation",
        _("actionable EGFR, ALK or ROS1 alteration"),
        _("Is there an actionable EGFR, ALK or ROS1 alteration?"),
    ),
    flag("liver_metastases", _("liver metastases"), _("Are there liver metastases?")),
    number(
        "pdl1_tps_initial",
        _("PD-L1 TPS before the first ICI"),
        _("What was the PD-L1 tumour proportion score before the first ICI?"),
        "%",
        1,
        100,
    ),
    number(
        "pdl1_tps_recent",
        _("PD-L1 TPS on a sample after the first ICI"),
        _("What is the PD-L1 tumour proportion score on a sample taken after the first ICI?"),
        "%",
        1,
        100,
    ),
    number(
        "tmb",
        _("tumour mutational burden"),
        _("What is the tumour mutational burden?"),
        _("mut/Mb"),
        1,
        1000,
    ),
    number(
        "nlr",
        _("neutrophil-to-lymphocyte ratio"),
        _("What is the neutrophil-to-lymphocyte ratio, both from one sample?"),
        "ratio",
        2,
        1000,
    ),
)

GROUPS: dict[str, tuple[FactSpec, ...]] = {
    "stop": _STOP,
    "proposal": (*_PROPOSAL, *PROPOSED),
    "history": (*_HISTORY, *COURSES),
    "irae": (*_IRAE, *DISEASES),
    "cause": CAUSES,
    "dossier": (*TREATMENT_OF_IRAE, *AT_THE_ORGANS, *OTHER_ORGANS),
    "fitness": (*_FITNESS, *BACKGROUND),
    "tumour": _TUMOUR,
    "blood": (*BLOOD, *RESULTS),
    "days": _DAYS,
}
"""The facts by where in the record they come from; `described` says of each group where that is."""

FACTS: dict[str, FactSpec] = {spec.key: spec for specs in GROUPS.values() for spec in specs}
"""The vocabulary by key, in the order in which facts are shown."""
