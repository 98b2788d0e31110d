"""Facts about single diseases and organs: how bad each was at its worst, and how bad it is now.

A rule that withholds until an irAE has settled reads the grade of now, one that ends an ICI for good the worst. An
endocrine irAE that is controlled on replacement has settled, and is left out of the grades of now.
"""

from __future__ import annotations

from evidence.conditions.specs import FactSpec, flag, grade
from evidence.conditions.specs import gettext_noop as _

WORST = (
    (
        "myocarditis_worst_grade",
        _("worst myocarditis grade"),
        _("What was the worst grade of myocarditis?"),
    ),
    (
        "heart_worst_grade",
        _("worst grade of a heart irAE"),
        _("What was the worst grade of any irAE of the heart?"),
    ),
    (
        "thyroid_worst_grade",
        _("worst grade of a thyroid irAE"),
        _("What was the worst grade of any irAE of the thyroid?"),
    ),
    (
        "hypothyroidism_worst_grade",
        _("worst hypothyroidism grade"),
        _("What was the worst grade of hypothyroidism?"),
    ),
    (
        "adrenal_worst_grade",
        _("worst grade of an adrenal irAE"),
        _("What was the worst grade of any irAE of the adrenal glands?"),
    ),
    (
        "pituitary_worst_grade",
        _("worst grade of a pituitary irAE"),
        _("What was the worst grade of any irAE of the pituitary gland?"),
    ),
    (
        "diabetes_worst_grade",
        _("worst grade of diabetes as an irAE"),
        _("What was the worst grade of diabetes as an irAE?"),
    ),
    (
        "myasthenia_worst_grade",
        _("worst myasthenia grade"),
        _("What was the worst grade of myasthenia gravis?"),
    ),
    (
        "guillain_barre_worst_grade",
        _("worst grade of Guillain-Barré syndrome"),
        _("What was the worst grade of Guillain-Barré syndrome?"),
    ),
    (
        "encephalitis_worst_grade",
        _("worst encephalitis grade"),
        _("What was the worst grade of encephalitis?"),
    ),
    (
        "myelitis_worst_grade",
        _("worst grade of transverse myelitis"),
        _("What was the worst grade of transverse myelitis?"),
    ),
    (
        "bullous_worst_grade",
        _("worst grade of a bullous skin irAE"),
        _("What was the worst grade of a bullous skin irAE?"),
    ),
    (
        "unlisted_irae_worst_grade",
        _("worst grade of an irAE that the list does not have"),
        _("What was the worst grade of an irAE that is not in the list?"),
    ),
)
"""Worst grades: (key, label, question)."""

NOW = (
    (
        "pneumonitis_grade_now",
        _("pneumonitis grade now"),
        _("What is the grade of pneumonitis now?"),
    ),
    ("colitis_grade_now", _("colitis grade now"), _("What is the grade of colitis now?")),
    ("hepatitis_grade_now", _("hepatitis grade now"), _("What is the grade of hepatitis now?")),
    ("nephritis_grade_now", _("nephritis grade now"), _("What is the grade of nephritis now?")),
    ("skin_grade_now", _("grade of a skin irAE now"), _("What is the grade of a skin irAE now?")),
    (
        "neurological_grade_now",
        _("grade of a neurological irAE now"),
        _("What is the grade of a neurological irAE now?"),
    ),
    ("myasthenia_grade_now", _("myasthenia grade now"), _("What is the grade of myasthenia now?")),
    (
        "pancreatitis_grade_now",
        _("pancreatitis grade now"),
        _("What is the grade of pancreatitis now?"),
    ),
    (
        "endocrine_grade_now",
        _("grade of an endocrine irAE now, those on replacement left out"),
        _("What is the grade of an endocrine irAE now, those on replacement left out?"),
    ),
    (
        "adrenal_grade_now",
        _("grade of an adrenal irAE now, 0 on replacement"),
        _("What is the grade of an adrenal irAE now, left out if on replacement?"),
    ),
    (
        "pituitary_grade_now",
        _("grade of a pituitary irAE now, 0 on replacement"),
        _("What is the grade of a pituitary irAE now, left out if on replacement?"),
    ),
    (
        "diabetes_grade_now",
        _("grade of diabetes as an irAE now, 0 on replacement"),
        _("What is the grade of diabetes as an irAE now, left out if on replacement?"),
    ),
)
"""Grades of now: (key, label, question)."""

DISEASES: tuple[FactSpec, ...] = (
    *(grade(key, label, question) for key, label, question in WORST),
    *(grade(key, label, question) for key, label, question in NOW),
    flag(
        "hus_any",
        _("any haemolytic uraemic syndrome"),
        _("Was there ever haemolytic uraemic syndrome?"),
    ),
)
