"""Writes of monitoring: one module a noun."""

from followup.services.against import end_by_decision
from followup.services.doses import (
    enter_first_dose,
    give_dose,
    skip_dose,
    take_back_dose,
)
from followup.services.last_dose import enter_last_dose, take_back_last_dose
from followup.services.planned_first import plan_first_dose
from followup.services.plans import close_plan, hold_plan, open_plan, resume_plan
from followup.services.reopening import reopen_check
from followup.services.results import assign_check, record_result
from followup.services.taking_back import take_back_first_dose

__all__ = [
    "assign_check",
    "close_plan",
    "end_by_decision",
    "enter_first_dose",
    "enter_last_dose",
    "give_dose",
    "hold_plan",
    "open_plan",
    "plan_first_dose",
    "record_result",
    "reopen_check",
    "resume_plan",
    "skip_dose",
    "take_back_dose",
    "take_back_first_dose",
    "take_back_last_dose",
]
