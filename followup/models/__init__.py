"""Protocols, monitoring plans with their checks, and what is sent about them."""

from followup.models.delivery import Notice, Reminder, Sweep
from followup.models.doses import Dose
from followup.models.plans import Check, MonitoringPlan, PlanProtocol
from followup.models.protocols import Protocol, ProtocolStep, ProtocolVersion, VersionState

__all__ = [
    "Check",
    "Dose",
    "MonitoringPlan",
    "Notice",
    "PlanProtocol",
    "Protocol",
    "ProtocolStep",
    "ProtocolVersion",
    "Reminder",
    "Sweep",
    "VersionState",
]
