"""That two records are one patient's: which was merged into which, and what moved and was exchanged by it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cases.access import PatientOwned


class PatientMerge(PatientOwned):
    """One merge of `absorbed` into `patient`. Keys and codes alone: nothing that anybody wrote.

    The database writes it, once: it never changes.
    """

    patient = models.ForeignKey("cases.Patient", on_delete=models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey("cases.Patient", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)
    # Model of the history -> the keys of the rows that moved to the kept record.
    moved = models.JSONField(default=dict)
    # What was exchanged between the two records, by the keys of `cases.alternatives`.
    swapped = models.JSONField(default=list)

    class Meta:
        verbose_name = _("merge of two records")
        verbose_name_plural = _("merges of two records")
        constraints = [
            models.CheckConstraint(
                condition=~Q(patient=F("absorbed")), name="nobody_is_merged_with_themselves"
            ),
            models.UniqueConstraint(fields=["absorbed"], name="merged_into_one_record"),
        ]

    def __str__(self) -> str:
        return f"patient {self.absorbed_id} merged into {self.patient_id}"
