"""The records of one patient: the one that is kept, and those that were merged into it.

The history stands with the kept record. Cases, and what hangs on a case, stay where they were made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q
from django.db.models.functions import Coalesce

from cases.models import Patient

if TYPE_CHECKING:
    from django.db.models import QuerySet


def records_of(kept: Patient | int) -> QuerySet[Patient, Any]:
    """Return the records of the patient whose row `kept` is, or has the key `kept`: for `patient__in=`."""
    key = kept.pk if isinstance(kept, Patient) else kept
    rows = Patient.objects.filter(Q(pk=key) | Q(merged_into=key))
    return rows.order_by().values("pk")


def records_around() -> QuerySet[Patient, Any]:
    """Return the records of the patient of each case, for a subquery in a query of cases."""
    case = OuterRef(OuterRef("patient__merged_into")), OuterRef(OuterRef("patient"))
    key = Coalesce(*case)
    return Patient.objects.filter(Q(pk=key) | Q(merged_into=key)).order_by().values("pk")


def joined(path: str, *names: str) -> list[str]:
    """Return what `select_related` takes so that `names` of whoever is kept are there.

    `path` leads to the patient: "patient", "case__patient".
    """
    return [f"{path}__{hop}{name}" for name in names for hop in ("", "merged_into__")]
