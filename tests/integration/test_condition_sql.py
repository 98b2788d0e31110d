"""A condition answers the same in SQL and in memory, for facts in every state."""

from __future__ import annotations

import inspect
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import condition_sql
from cases.condition_sql import compile_condition
from cases.models import CaseFacts
from evidence.conditions.evaluation import Answer, evaluate
from evidence.conditions.facts import Fact, FactState
from evidence.conditions.tree import parse
from tests.factories.record import make_case

pytestmark = pytest.mark.django_db

OPEN = [FactState.NOT_YET, FactState.UNKNOWN, FactState.MISSING, FactState.NOT_APPLICABLE]
grades = st.integers(0, 5)
bounds = st.tuples(st.none() | grades, st.none() | grades).filter(
    lambda b: b != (None, None) and (None in b or b[0] <= b[1])
)
numbers = st.one_of(
    st.sampled_from(OPEN).map(Fact.absent),
    bounds.map(lambda b: Fact.between(*(None if x is None else Decimal(x) for x in b))),
)
flags = st.one_of(st.sampled_from(OPEN).map(Fact.absent), st.booleans().map(Fact.known))
choices = st.one_of(
    st.sampled_from(OPEN).map(Fact.absent),
    st.sampled_from(["irae", "progression", "completed"]).map(Fact.known),
)
leaves = st.one_of(
    st.builds(
        lambda op, value: {"fact": "irae_worst_grade", "op": op, "value": value},
        st.sampled_from(["<", "<=", "=", ">=", ">"]),
        grades,
    ),
    st.booleans().map(lambda v: {"fact": "irae_any", "op": "is", "value": v}),
    st.lists(st.sampled_from(["irae", "progression", "completed"]), min_size=1, unique=True).map(
        lambda v: {"fact": "stop_reason", "op": "in", "value": v}
    ),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=6,
)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(grade=numbers, any_irae=flags, reason=choices, condition=conditions)
def test_sql_and_memory_agree(row, grade, any_irae, reason, condition):
    facts = {"irae_worst_grade": grade, "irae_any": any_irae, "stop_reason": reason}
    CaseFacts.objects.filter(pk=row.pk).update(**CaseFacts.columns(facts))
    node = parse(condition)
    pair = compile_condition(node)
    rows = CaseFacts.objects.filter(pk=row.pk)
    found = (rows.filter(pair.is_true).exists(), rows.filter(pair.is_false).exists())
    expected = evaluate(node, CaseFacts.objects.get(pk=row.pk).as_facts()).answer
    assert (
        found
        == {
            Answer.TRUE: (True, False),
            Answer.FALSE: (False, True),
            Answer.UNDETERMINED: (False, False),
        }[expected]
    )


@pytest.fixture
def row(member, board):
    return make_case(member, board).facts


def test_negation_is_never_written_in_sql():
    source = inspect.getsource(condition_sql)
    code = source.split('"""', 2)[2]
    assert "~Q" not in code
    assert "exclude(" not in code
