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
from meetings.models.reviews import GuidanceReview

__all__ = [
    "AgendaItem",
    "Attendance",
    "ChainHead",
    "Decision",
    "DecisionCondition",
    "DecisionStatement",
    "Dissent",
    "Erasure",
    "GuidanceReview",
    "Letter",
    "Meeting",
]
