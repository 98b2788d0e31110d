"""The organs of irAEs. One code per organ."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Organ(models.TextChoices):
    """The organ an irAE affects."""

    LUNG = "lung", _("Lung")
    COLON = "colon", _("Bowel")
    LIVER = "liver", _("Liver")
    THYROID = "thyroid", _("Thyroid")
    PITUITARY = "pituitary", _("Pituitary")
    ADRENAL = "adrenal", _("Adrenal")
    ENDOCRINE_PANCREAS = "endocrine_pancreas", _("Endocrine pancreas")
    KIDNEY = "kidney", _("Kidney")
    SKIN = "skin", _("Skin and mucosa")
    HEART = "heart", _("Heart")
    MUSCLE = "muscle", _("Muscle")
    NERVE = "nerve", _("Nerve and neuromuscular junction")
    BRAIN = "brain", _("Brain and spinal cord")
    JOINT = "joint", _("Joints")
    BLOOD = "blood", _("Blood")
    EYE = "eye", _("Eye")
    PANCREAS = "pancreas", _("Exocrine pancreas")
    VESSEL = "vessel", _("Vessels")
    OTHER = "other", _("Other")


# What is said of the organ of an event outside the list: another one than those above, or that it was several or nobody
# can tell. In such a row "other" means that nobody was asked.
ELSEWHERE, UNTOLD = "elsewhere", "untold"
ORGANS_OF_UNLISTED: list[tuple[str, Any]] = [
    *(choice for choice in Organ.choices if choice[0] != Organ.OTHER),
    (ELSEWHERE, _("Another organ than these")),
    (UNTOLD, _("Several organs, or cannot be told")),
]
ORGANS_OF_EVENTS: list[tuple[str, Any]] = [*Organ.choices, *ORGANS_OF_UNLISTED[-2:]]
ENDOCRINE = frozenset({Organ.THYROID, Organ.PITUITARY, Organ.ADRENAL, Organ.ENDOCRINE_PANCREAS})
NEUROLOGICAL = frozenset({Organ.NERVE, Organ.BRAIN})
