"""That two records were one patient's."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cases.access import PatientOwned
from cases.models.patients import Patient


class PatientMerge(PatientOwned):
    """One record became part of another: `patient` is the one that is kept.

    Made by one database function, never changed or removed. `taken` names the parts of the record of which
    the absorbed one's rows were taken; the rows that were not stay with the absorbed record.
    """

    absorbed = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="absorption")
    taken = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("merge of two records")
        verbose_name_plural = _("merges of two records")
        indexes = [models.Index(fields=["patient"], name="merges_of_patient")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(patient=F("absorbed")), name="nobody_is_merged_with_themselves"
            )
        ]

    def __str__(self) -> str:
        return f"patient {self.absorbed_id} merged into {self.patient_id}"
