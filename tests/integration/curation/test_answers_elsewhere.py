"""What the database counts of other boards is what the ORM counts of them, condition by condition."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.acting import acting_as
from cases import answers
from cases.answers import counted_elsewhere, counted_here
from cases.models import CaseFacts, PatientIdentity
from evidence import loading
from evidence.conditions import Fact, read
from tests.factories.people import make_board, make_user
from tests.factories.record import make_case
from tests.integration.test_condition_grid import conditions, filled

__all__ = ["filled"]
pytestmark = pytest.mark.django_db
CARRIED = [
    {"fact": fact, "op": op, "value": value}
    for fact, values in (("ici_free_days", (0, 30, 59, 60, 61)), ("age", (64, 65, 66)))
    for op in ("<", "<=", "=", ">=", ">")
    for value in values
] + [{"fact": fact, "op": "known", "value": True} for fact in ("ici_free_days", "age")]


def ago(days):
    return timezone.localdate() - timedelta(days=days)


def in_parts(nodes, size=25):
    return [nodes[n : n + size] for n in range(0, len(nodes), size)]


def same(member, nodes):
    """Assert that both count the same; return in how many groups of answers the cases fall."""
    curator = make_user("curator", make_board())
    groups = 0
    for part in in_parts(nodes):
        with acting_as(member):
            here = counted_here(member, part)
        with acting_as(curator):
            assert counted_elsewhere(curator, part) == here
        groups += len(here)
    return groups


@pytest.mark.parametrize("earlier", [0, 40])
def test_every_operator_and_every_published_condition(filled, member, board, earlier):
    """Also of facts written some time ago; the day itself is today, as the database has it."""
    make_case(member, board)
    written = timezone.localdate() - timedelta(days=earlier)
    with acting_as(member):
        assert CaseFacts.objects.update(as_of=written)
    delivered = loading.read().statements
    rows = [
        row["condition"] for one in delivered for row in one.get("rules", []) if "condition" in row
    ]
    nodes = {read(one["condition"]) for one in delivered} | {read(row) for row in rows}
    nodes |= {node for n, (_op, node) in enumerate(conditions(filled)) if n % 5 == 0}
    assert len(nodes) > 150
    assert same(member, sorted(nodes, key=repr)) > 100


def test_facts_that_change_by_themselves(member, board, monkeypatch):
    today = timezone.localdate()
    for days, born in ((None, None), (0, 65), (20, 65), (21, 66), (45, 64)):
        case = make_case(member, board)
        free = Fact.between(days, days + 5) if days is not None else Fact.between(3, None)
        written = today - timedelta(days=40)
        with acting_as(member):
            rows = CaseFacts.objects.filter(case=case)
            rows.update(as_of=written, **CaseFacts.columns({"ici_free_days": free}))
            on = None if born is None else today.replace(year=today.year - born)
            PatientIdentity.objects.filter(patient=case.patient).update(birth_date=on)
    dead = ((ago(400), ago(30)), (ago(30), ago(30)), (None, ago(400)), (ago(500), None))
    for first, last in dead:
        case = make_case(member, board)
        with acting_as(member):
            PatientIdentity.objects.filter(patient=case.patient).update(
                birth_date=today.replace(year=today.year - 65) - timedelta(days=30),
                died_earliest=first, died_latest=last, died_precision="range", died_state="known",
            )  # fmt: skip
    nodes = [read(one) for one in CARRIED]
    assert same(member, nodes) > 6
    tomorrow = today + timedelta(days=1)
    monkeypatch.setattr(answers.timezone, "localdate", lambda: tomorrow)
    assert same(member, nodes) > 6
