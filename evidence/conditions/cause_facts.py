"""Facts about the ICI that an irAE followed, and whether the proposal gives that ICI or its class again.

Several irAEs may have followed different agents. So nothing here is "the" causing class: of each class there is the
worst grade of the irAEs that followed it, 0 for none, and of each agent whether any irAE followed it.
"""

from __future__ import annotations

from evidence.conditions.specs import FactSpec, flag, grade, number
from evidence.conditions.specs import gettext_noop as _

AFTER_CLASS = (
    (
        "irae_after_pd1_worst_grade",
        _("worst grade of an irAE after a PD-1 agent"),
        _("What was the worst grade of any irAE that followed an agent against PD-1?"),
    ),
    (
        "irae_after_pdl1_worst_grade",
        _("worst grade of an irAE after a PD-L1 agent"),
        _("What was the worst grade of any irAE that followed an agent against PD-L1?"),
    ),
    (
        "irae_after_ctla4_worst_grade",
        _("worst grade of an irAE after a CTLA-4 agent"),
        _("What was the worst grade of any irAE that followed an agent against CTLA-4?"),
    ),
    (
        "irae_after_combination_worst_grade",
        _("worst grade of an irAE after PD-(L)1 and CTLA-4 agents in one course"),
        _("What was the worst grade of any irAE that followed PD-(L)1 and CTLA-4 in one course?"),
    ),
    (
        "irae_after_bispecific_worst_grade",
        _("worst grade of an irAE after a bispecific antibody"),
        _("What was the worst grade of any irAE that followed a bispecific antibody?"),
    ),
    (
        "pneumonitis_after_ctla4_worst_grade",
        _("worst grade of pneumonitis after a CTLA-4 agent"),
        _("What was the worst grade of pneumonitis that followed an agent against CTLA-4?"),
    ),
    (
        "pneumonitis_after_pd1_pdl1_worst_grade",
        _("worst grade of pneumonitis after a PD-1 or PD-L1 agent"),
        _("What was the worst grade of pneumonitis that followed an agent against PD-1 or PD-L1?"),
    ),
    (
        "colitis_after_ctla4_worst_grade",
        _("worst grade of colitis after a CTLA-4 agent"),
        _("What was the worst grade of colitis that followed an agent against CTLA-4?"),
    ),
    (
        "colitis_after_pd1_pdl1_worst_grade",
        _("worst grade of colitis after a PD-1 or PD-L1 agent"),
        _("What was the worst grade of colitis that followed an agent against PD-1 or PD-L1?"),
    ),
    (
        "hepatitis_after_ctla4_worst_grade",
        _("worst grade of hepatitis after a CTLA-4 agent"),
        _("What was the worst grade of hepatitis that followed an agent against CTLA-4?"),
    ),
    (
        "hepatitis_after_pd1_pdl1_worst_grade",
        _("worst grade of hepatitis after a PD-1 or PD-L1 agent"),
        _("What was the worst grade of hepatitis that followed an agent against PD-1 or PD-L1?"),
    ),
    (
        "nephritis_after_ctla4_worst_grade",
        _("worst grade of nephritis after a CTLA-4 agent"),
        _("What was the worst grade of nephritis that followed an agent against CTLA-4?"),
    ),
    (
        "nephritis_after_pd1_pdl1_worst_grade",
        _("worst grade of nephritis after a PD-1 or PD-L1 agent"),
        _("What was the worst grade of nephritis that followed an agent against PD-1 or PD-L1?"),
    ),
    (
        "endocrine_after_ctla4_worst_grade",
        _("worst grade of an endocrine irAE after a CTLA-4 agent"),
        _("What was the worst grade of an endocrine irAE that followed an agent against CTLA-4?"),
    ),
    (
        "endocrine_after_pd1_pdl1_worst_grade",
        _("worst grade of an endocrine irAE after a PD-1 or PD-L1 agent"),
        _(
            "What was the worst grade of an endocrine irAE that followed an agent against PD-1 or PD-L1?"
        ),
    ),
    (
        "skin_after_ctla4_worst_grade",
        _("worst grade of a skin irAE after a CTLA-4 agent"),
        _("What was the worst grade of a skin irAE that followed an agent against CTLA-4?"),
    ),
    (
        "skin_after_pd1_pdl1_worst_grade",
        _("worst grade of a skin irAE after a PD-1 or PD-L1 agent"),
        _("What was the worst grade of a skin irAE that followed an agent against PD-1 or PD-L1?"),
    ),
)
"""Worst grades by the class that went before: (key, label, question)."""

AFTER_AGENT = (
    (
        "irae_after_pembrolizumab",
        _("any irAE after pembrolizumab"),
        _("Did any irAE follow pembrolizumab?"),
    ),
    ("irae_after_nivolumab", _("any irAE after nivolumab"), _("Did any irAE follow nivolumab?")),
    (
        "irae_after_cemiplimab",
        _("any irAE after cemiplimab"),
        _("Did any irAE follow cemiplimab?"),
    ),
    (
        "irae_after_atezolizumab",
        _("any irAE after atezolizumab"),
        _("Did any irAE follow atezolizumab?"),
    ),
    (
        "irae_after_durvalumab",
        _("any irAE after durvalumab"),
        _("Did any irAE follow durvalumab?"),
    ),
    (
        "irae_after_ipilimumab",
        _("any irAE after ipilimumab"),
        _("Did any irAE follow ipilimumab?"),
    ),
    (
        "irae_after_tremelimumab",
        _("any irAE after tremelimumab"),
        _("Did any irAE follow tremelimumab?"),
    ),
    (
        "irae_after_ici_alone",
        _("any irAE after an ICI alone"),
        _("Did any irAE follow a course of one ICI alone?"),
    ),
    (
        "irae_after_chemotherapy",
        _("any irAE after an ICI with chemotherapy"),
        _("Did any irAE follow a course of ICI with chemotherapy?"),
    ),
    (
        "irae_after_antiangiogenic",
        _("any irAE after an ICI with an anti-angiogenic agent"),
        _("Did any irAE follow a course of ICI with an anti-angiogenic agent?"),
    ),
)
"""Whether any irAE followed an agent or a regimen: (key, label, question)."""

CAUSES: tuple[FactSpec, ...] = (
    *(grade(key, label, question) for key, label, question in AFTER_CLASS),
    *(flag(key, label, question) for key, label, question in AFTER_AGENT),
    flag(
        "irae_agent_again",
        _("proposal gives an agent that an irAE followed"),
        _("Does the proposal contain an agent that any irAE followed?"),
    ),
    flag(
        "irae_class_again",
        _("proposal gives a class that an irAE followed; PD-1, PD-L1 and CTLA-4 count apart"),
        _("Does the proposal contain an agent against a target of the ICI that any irAE followed?"),
    ),
    number(
        "worst_irae_days",
        _("time from the first dose of the first ICI course to the worst irAE"),
        _("How long after the first dose of the first ICI course did the worst irAE begin?"),
        _("days"),
        0,
        20000,
    ),
)
