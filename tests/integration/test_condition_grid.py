"""Every operator, held against facts in every state, gives the same answer in SQL and in memory; counted."""

from __future__ import annotations

import copy
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from itertools import combinations, product
from uuid import uuid4

import pytest

from cases import condition_sql
from cases.condition_sql import Pair
from cases.models import Case, CaseFacts
from evidence.conditions import FACTS, Answer, Fact, FactState, evaluate, read
from evidence.conditions.tree import Not
from tests.factories.answers import answer_of, answers_of
from tests.factories.record import make_case

pytestmark = pytest.mark.django_db
ABSENT = [Fact.absent(state) for state in FactState if state is not FactState.KNOWN]
ENDS = [None, 0, 1, 2, 3, 4, 5]
SPANS = [
    (low, high)
    for low, high in product(ENDS, ENDS)
    if (low, high) != (None, None) and (None in (low, high) or low <= high)
]
KINDS = {
    "number": [
        "irae_worst_grade", "pneumonitis_worst_grade", "colitis_worst_grade", "skin_worst_grade",
        "ecog", "hepatitis_worst_grade", "colitis_after_ctla4_worst_grade",
    ],
    "date": ["last_ici_dose_on", "ecog_on", "pdl1_recent_on", "nlr_on"],
    "choice": ["stop_reason", "best_response", "histology", "disease_status", "proposed_regimen"],
    "flag": ["irae_any", "irae_class_again", "oligoprogression", "heart_disease", "driver_mutation"],
}  # fmt: skip
COMPARED = ["<", "<=", "=", ">=", ">"]
LEAST = 50
ROWS = 3 * (len(SPANS) + len(ABSENT))


def possible_facts(key, today):
    """Return a fact of every state, and of every span of values near each other, of one kind."""
    spec = FACTS[key]
    if spec.kind == "flag":
        return [*ABSENT, Fact.known(True), Fact.known(False)]
    if spec.kind == "choice":
        return [*ABSENT, *map(Fact.known, spec.codes)]
    if spec.kind == "date":
        days = {n: today - timedelta(days=5 - n) if n is not None else None for n in ENDS}
        return [*ABSENT, *(Fact.day(days[low], days[high]) for low, high in SPANS)]
    exact = {n: None if n is None else Decimal(n) for n in ENDS}
    return [*ABSENT, *(Fact.between(exact[low], exact[high]) for low, high in SPANS)]


def leaves(today):
    """Return every comparison that is asked, as JSON."""
    for key in KINDS["number"]:
        for op, value in product(COMPARED, range(6)):
            yield {"fact": key, "op": op, "value": value}
    for key in KINDS["date"]:
        for op, days in product(COMPARED, range(6)):
            yield {"fact": key, "op": op, "value": (today - timedelta(days=days)).isoformat()}
        for days in range(6):
            yield {"fact": key, "op": "within", "value": days}
    for key in KINDS["choice"]:
        codes = FACTS[key].codes
        yield from ({"fact": key, "op": "=", "value": code} for code in codes)
        yield from ({"fact": key, "op": "in", "value": list(p)} for p in combinations(codes, 2))
    for key in KINDS["flag"]:
        yield from ({"fact": key, "op": "is", "value": value} for value in (True, False))
    for keys in KINDS.values():
        yield from ({"fact": key, "op": "known", "value": True} for key in keys)


def conditions(today):
    """Return (operator, condition): every comparison, its negation, and groups of three of them."""
    found = list(leaves(today))
    for leaf in found:
        yield leaf["op"], read(leaf)
        yield "not", read({"not": leaf})
    for n in range(0, len(found) - 40, 7):
        parts = [found[n], {"not": found[n + 20]}, found[n + 40]]
        yield "all", read({"all": parts})
        yield "any", read({"any": parts})
        yield "not", read({"not": {"any": parts}})
    yield "always", read({"always": True})


@pytest.fixture
def filled(member, board):
    """Rows of facts of one patient's cases, in which each fact takes each state and each span three times."""
    case = make_case(member, board)
    row, today = case.facts, case.facts.as_of
    by_key = {key: possible_facts(key, today) for keys in KINDS.values() for key in keys}
    cases = [clone(case, reference=f"GRID-{n}", public_id=uuid4()) for n in range(ROWS)]
    cases = Case.objects.bulk_create(cases)
    # Each fact in a step of its own, so that groups meet facts in states that differ.
    rows = [
        clone(row, case_id=made.pk, **CaseFacts.columns({
            key: facts[(n * (1 + step % 3) + step) % len(facts)]
            for step, (key, facts) in enumerate(by_key.items())
        }))
        for n, made in enumerate(cases)
    ]  # fmt: skip
    CaseFacts.objects.bulk_create(rows)
    return today


def clone(row, **values):
    new = copy.copy(row)
    new._state = copy.copy(row._state)
    new._state.adding, new._state.fields_cache = True, {}
    new.pk = None
    for name, value in values.items():
        setattr(new, name, value)
    return new


def compare(today):
    """Return how often SQL and memory gave each answer to each operator, and where they differ."""
    rows = CaseFacts.objects.filter(case__reference__startswith="GRID-")
    facts = {row.pk: row.as_facts(today) for row in rows}
    in_sql, in_memory, differ = Counter(), Counter(), []
    for operator, node in conditions(today):
        told = answers_of(rows, node, as_of=today)
        for pk, known in facts.items():
            expected = evaluate(node, known, as_of=today).answer
            in_sql[operator, told[pk].value] += 1
            in_memory[operator, expected.value] += 1
            if told[pk] is not expected:
                differ.append((operator, node, pk))
    return in_sql, in_memory, differ


def test_each_operator_gives_each_answer_often_and_the_same_on_both_sides(filled):
    in_sql, in_memory, differ = compare(filled)
    assert not differ, differ[:3]
    operators = {*COMPARED, "within", "known", "in", "=", "is", "not", "all", "any"}
    for counted in (in_sql, in_memory):
        assert {operator for operator, _answer in counted} == operators | {"always"}
        for operator, answer in product(operators, Answer):
            assert counted[operator, answer.value] >= LEAST, (operator, answer)
        assert counted["always", "true"] == ROWS


def test_a_compiler_that_negates_by_the_databases_not_is_found_out(filled, monkeypatch):
    """`NOT (grade >= 3)` is true of nothing in SQL where the grade is NULL, and Django makes it true of those rows."""
    plain = condition_sql.compile_condition

    def mutant(node, **rest):
        if isinstance(node, Not):
            pair = condition_sql.compile_condition(node.part, **rest)
            return Pair(~pair.is_true, pair.is_true)
        return plain(node, **rest)

    monkeypatch.setattr(condition_sql, "compile_condition", mutant)
    _in_sql, _in_memory, differ = compare(filled)
    assert len(differ) > LEAST
    assert {operator for operator, _node, _pk in differ} == {"not", "all", "any"}


def test_within_counts_from_the_day_that_is_asked_about(member, board):
    row = make_case(member, board).facts
    CaseFacts.objects.filter(pk=row.pk).update(
        **CaseFacts.columns({"ecog_on": Fact.day(row.as_of, row.as_of)})
    )
    rows, node = CaseFacts.objects.all(), read({"fact": "ecog_on", "op": "within", "value": 28})
    for later, answer in ((0, Answer.TRUE), (28, Answer.TRUE), (29, Answer.FALSE)):
        as_of = row.as_of + timedelta(days=later)
        assert answer_of(rows, node, as_of=as_of) is answer
        facts = CaseFacts.objects.get(pk=row.pk).as_facts(as_of)
        assert evaluate(node, facts, as_of=as_of).answer is answer
        assert evaluate(node, facts).answer is Answer.UNDETERMINED
