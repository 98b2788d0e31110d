"""The one table that says which role may do what.

A permission is checked on a board: holding a role on one board gives nothing on another. Curators and
administrators see no patients; `PATIENT_ROLES` is also what row-level security goes by.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person does on a board."""

    MEMBER = "member", _("Member")
    CHAIR = "chair", _("Chair")
    COORDINATOR = "coordinator", _("Coordinator")
    NURSE = "nurse", _("Monitoring nurse")
    CURATOR = "curator", _("Curator")
    REGISTRY = "registry", _("Registry lead")
    ADMINISTRATOR = "administrator", _("Administrator")


PATIENT_ROLES: tuple[Role, ...] = (
    Role.MEMBER,
    Role.CHAIR,
    Role.COORDINATOR,
    Role.NURSE,
    Role.REGISTRY,
)
_CLINICAL = {Role.MEMBER, Role.CHAIR, Role.COORDINATOR, Role.NURSE}

PERMISSIONS: dict[str, set[Role]] = {
    "home.view": set(Role),
    "case.view": set(PATIENT_ROLES),
    "case.refer": _CLINICAL,
    "case.edit": _CLINICAL,
    "case.attach_guidance": {Role.MEMBER, Role.CHAIR, Role.COORDINATOR},
    # Whole boards at once, into the record and out of the building.
    "bulk.import": {Role.COORDINATOR, Role.CHAIR},
    "bulk.export": {Role.COORDINATOR, Role.CHAIR, Role.REGISTRY},
    # For good, and signed decisions lose their texts: the chair of the board that owns the patient.
    "patient.erase": {Role.CHAIR},
    # Two records of one patient: on the boards that own them both.
    "patient.merge": {Role.COORDINATOR},
    "triage.view": {Role.COORDINATOR, Role.CHAIR},
    "triage.manage": {Role.COORDINATOR, Role.CHAIR},
    "meeting.view": set(PATIENT_ROLES),
    "meeting.manage": {Role.COORDINATOR, Role.CHAIR},
    "meeting.attend": _CLINICAL,
    "decision.view": set(PATIENT_ROLES),
    "decision.record": {Role.COORDINATOR, Role.CHAIR},
    "decision.dissent": {Role.MEMBER, Role.CHAIR, Role.NURSE},
    "decision.sign": {Role.CHAIR},
    # Guidance that a signed decision relied on changed: whether the decision stands.
    "decision.review": {Role.CHAIR, Role.MEMBER},
    "monitoring.view": set(PATIENT_ROLES),
    "monitoring.record": {Role.NURSE, Role.MEMBER, Role.CHAIR},
    "evidence.view": set(Role),
    "evidence.curate": {Role.CURATOR},
    # Whose stopping rules set the marks of the board's cases.
    "board.set_rules": {Role.CHAIR},
    "trail.view": {Role.ADMINISTRATOR, Role.CHAIR},
    "board.manage": {Role.ADMINISTRATOR},
}
