"""The list of changes leaves nothing out: every table with a history is in it, or is named with the reason."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps

from cases.access import PatientOwned
from cases.changebeside import facets_of
from cases.changelog import LEFT_OUT, SECTION_OF, saves_of
from cases.models import Patient, PatientAccess, PatientIdentity
from cases.services.tasks import owe_fact, settle_tasks
from tests.factories.record import make_case

pytestmark = pytest.mark.django_db


def tracked() -> set[str]:
    """Return the tables of a patient in this application whose history the database writes."""
    events = apps.get_app_config("cases").get_models()
    found = {getattr(model, "pgh_tracked_model", None) for model in events} - {None}
    about = (Patient, PatientIdentity, PatientAccess)
    return {m.__name__ for m in found if issubclass(m, PatientOwned) or m in about}


def test_every_table_with_a_history_is_told_or_left_out_for_a_reason():
    found = tracked()
    assert len(found) > 20
    assert found == SECTION_OF.keys() | LEFT_OUT.keys()
    assert not SECTION_OF.keys() & LEFT_OUT.keys()
    assert all(LEFT_OUT.values())
    for name in SECTION_OF:
        assert list(facets_of(name).all())


def test_giving_a_fact_away_and_settling_it_is_told(member, chair, board):
    case = make_case(member, board)
    by = dt.date(2030, 3, 1)
    owe_fact(by=member, case=case, fact="ecog", owner=chair, due_on=by)
    owe_fact(by=member, case=case, fact="ecog", owner=member, due_on=by)
    settle_tasks(by=member, case=case, facts={"ecog"})
    told = [c for save in saves_of(case)[0] for c in save.changes if c.section == "Owed facts"]
    assert [c.subject for c in told] == ["ECOG performance status"] * 3
    # The test is one transaction, and its saves one moment: in the order of the writes.
    given, handed_over, settled = told
    assert settled.label == "There since"
    assert (handed_over.label, handed_over.old, handed_over.new) == (
        "Given to", chair.name, member.name
    )  # fmt: skip
    assert given.new == f"Given to: {chair.name}; By: 1 March 2030"
