"""Learns the classes of a decision's agents for plans that were opened before they were kept."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING
from uuid import UUID

from followup.agents import classes_of

if TYPE_CHECKING:
    from followup.models import MonitoringPlan

Naming = Callable[[UUID], Collection[str]]
_namings: list[Naming] = []


def names_the_drugs(naming: Naming) -> None:
    """Register what tells the codes of the drugs of a decision by its id; empty where it knows none such."""
    if naming not in _namings:
        _namings.append(naming)


def learn_agents(plan: MonitoringPlan) -> bool:
    """Fill in the classes of agents of a plan, locked by the caller, that has none; True where it has some now."""
    if plan.agents:
        return False
    codes = {code for naming in _namings for code in naming(plan.decision_ref)}
    plan.agents = classes_of(codes)
    if plan.agents:
        plan.save(update_fields=["agents"])
    return bool(plan.agents)
