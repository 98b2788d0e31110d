"""From which class of agents to which: the direction of a switch, as far as it is known of a case."""

from __future__ import annotations

from collections.abc import Sequence

from evidence.choices import AgentClass
from evidence.conditions import Facts, FactState

OF_PROPOSAL = {
    "switch_pd1_pdl1": AgentClass.PD1,
    "pd_ctla4_combination": AgentClass.BOTH,
    "ici_chemotherapy": AgentClass.CHEMOTHERAPY,
    "ici_antiangiogenic": AgentClass.ANTIANGIOGENIC,
    "bispecific": AgentClass.BISPECIFIC,
}
# What is given beside the ICI, or in one antibody, is a class of its own, whatever else the proposal contains.
OF_THEIR_OWN = ("ici_chemotherapy", "ici_antiangiogenic", "bispecific")
# Whether CTLA-4 and whether PD-(L)1 are in what was given, as the facts of all courses tell it.
TOLD = {
    AgentClass.PD1: (False, True),
    AgentClass.CTLA4: (True, False),
    AgentClass.BOTH: (True, True),
}
PD1, CTLA4 = frozenset({"PD-1", "PD-L1"}), frozenset({"CTLA-4"})
Given = Sequence[Sequence[str]]
AS_BEFORE = ("same_agent", "other_agent_same_target")


def classes_of(facts: Facts, given: Given) -> tuple[AgentClass | None, AgentClass | None]:
    """Return the class of what was given and of what is proposed, None where it is not known.

    `given`: of each course the targets of each of its drugs, of which no fact tells.
    """
    before = _before(facts, given)
    return before, _again(facts, before)


def value_of(facts: Facts, key: str) -> str | bool | None:
    """Return what a fact says, None where it is not known."""
    fact = facts.get(key)
    return fact.value if fact is not None and fact.state is FactState.KNOWN else None


def _again(facts: Facts, before: AgentClass | None) -> AgentClass | None:
    """Return the class proposed: by the targets of its agents where they are known, else by the regimen."""
    proposal = str(value_of(facts, "proposed_regimen"))
    if proposal in OF_THEIR_OWN:
        return OF_PROPOSAL[proposal]
    if proposal in AS_BEFORE and before is AgentClass.BISPECIFIC:
        return before
    told = _told(facts, "proposed")
    if proposal == "other":
        # Another class than before is what this answer has to be chosen for; the class of before goes with something
        # that no answer names.
        return told if told is not before and before is not None else None
    if told is not None:
        return told
    if proposal in AS_BEFORE:
        # After both together "the same agent" may be either alone.
        return None if before is AgentClass.BOTH else before
    return OF_PROPOSAL.get(proposal)


def _told(facts: Facts, which: str) -> AgentClass | None:
    """Return the class that the facts of all courses (`prior`), or of the proposal (`proposed`), tell of."""
    told = tuple(value_of(facts, f"{which}_includes_{name}") for name in ("ctla4", "pd1_pdl1"))
    return next((one for one, targets in TOLD.items() if targets == told), None)


def _before(facts: Facts, given: Given) -> AgentClass | None:
    """Return the class that every course had: one alone and then another are not both together.

    The facts say whether there may be a course that is not entered.
    """
    classes = {_class_of(drugs) for drugs in given}
    found = classes.pop() if len(classes) == 1 else None
    if found is AgentClass.BISPECIFIC:
        keys = ("prior_includes_ctla4", "prior_includes_pd1_pdl1")
        return found if all(isinstance(value_of(facts, key), bool) for key in keys) else None
    return found if found is not None and _told(facts, "prior") is found else None


def _class_of(drugs: Sequence[str]) -> AgentClass | None:
    """Return the class of drugs given together, by what each is directed against."""
    if len(drugs) == 1 and "+" in drugs[0]:
        return AgentClass.BISPECIFIC
    pd1, ctla4 = PD1 & set(drugs), CTLA4 & set(drugs)
    if not drugs or set(drugs) - pd1 - ctla4:
        return None
    if pd1 and ctla4:
        return AgentClass.BOTH
    return AgentClass.PD1 if pd1 else AgentClass.CTLA4
