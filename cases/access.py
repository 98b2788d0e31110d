"""Who may see a patient: the ORM's half of the two walls. Row-level security reads the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor
from django.db.models.functions import Coalesce, Now

from accounts.permissions import PATIENT_ROLES
from audit.reading import NotedWhenLoaded

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import PatientAccess


class PatientScopedQuerySet(models.QuerySet[Any]):
    """Rows about patients, narrowed to those the user may see."""

    patient_path = "patient_id"

    def visible_to(self, user: User) -> Self:
        """Return the rows of patients that `user` has access to now."""
        mine = Q(user=user) | Q(board__in=_boards_of(user))
        granted = _granted().filter(mine, patient=OuterRef(self.patient_path))
        # Coalesced, since the planner would join an EXISTS by itself and take it for a further narrowing of one
        # board's cases, which it is not: it then sorts all of them rather than read one page by an index.
        return self.filter(Coalesce(Exists(granted), False))


def _boards_of(user: User) -> list[int]:
    roles = {r.value for r in PATIENT_ROLES}
    return [m.board_id for m in user.active_memberships if m.role in roles]


def _granted() -> models.QuerySet[PatientAccess]:
    from cases.models import PatientAccess

    return PatientAccess.objects.filter(Q(until__isnull=True) | Q(until__gt=Now()))


class PatientQuerySet(PatientScopedQuerySet):
    """Patients themselves."""

    patient_path = "pk"


class FollowsMerge(ForwardManyToOneDescriptor):
    """Gives the patient whose row is kept: the row's own, or the one that it was merged into."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        """Return the patient as the pages know them; one query more where the kept row is not joined."""
        found: Any = super().__get__(instance, cls)
        return found if instance is None or found is None else found.kept


class PatientKey(models.ForeignKey[Any, Any]):
    """The patient of a row that stays where it is when two records of a patient are merged.

    `row.patient_id` is under whom the row stands; `row.patient` is who the patient is. To forget that records
    are merged is then to show all that is known, and never half of it.
    """

    forward_related_accessor_class = FollowsMerge

    def deconstruct(self) -> Any:
        """Return what migrations know it by: a plain key."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs


class PatientOwned(NotedWhenLoaded):
    """A row that tells something about one patient.

    Every model that extends this is under forced row-level security from its first migration on
    (`accounts.rowsecurity.EnableRowSecurity`), and so is its history; a test compares the two.
    """

    patient = models.ForeignKey("cases.Patient", on_delete=models.PROTECT, related_name="+")

    objects = PatientScopedQuerySet.as_manager()

    if TYPE_CHECKING:
        # The columns that `cases.fields` adds beside a fact are made when the class is.
        def __getattr__(self, name: str) -> Any: ...

    class Meta:
        abstract = True
