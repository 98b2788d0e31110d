"""Meetings, their agenda and attendance, and the decisions made in them."""

from meetings.models.decisions import (
    ChainHead,
    Decision,
    DecisionCondition,
    DecisionStatement,
    Dissent,
    Erasure,
    Letter,
)
from meetings.models.meetings import AgendaItem, Attendance, Meeting

__all__ = [
    "AgendaItem",
    "Attendance",
    "ChainHead",
    "Decision",
    "DecisionCondition",
    "DecisionStatement",
    "Dissent",
    "Erasure",
    "Letter",
    "Meeting",
]
