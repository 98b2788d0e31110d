"""A condition answers the same in SQL and in memory, for facts in every state."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cases import condition_sql
from cases.carrying import GROWS_OLD
from cases.derivations import age_fact, derive
from cases.lapsing import LAPSING
from cases.models import CaseFacts, PatientIdentity
from evidence import loading
from evidence.conditions import read
from evidence.conditions.evaluation import Answer, evaluate
from evidence.conditions.facts import Fact, FactState
from evidence.conditions.vocabulary import FACTS
from tests.factories.answers import answer_of
from tests.factories.record import make_case
from tests.unit.test_derivations import TODAY
from tests.unit.test_steroids_without_irae import FOR_ONE, GIVEN, OVER, UNTOLD, record
from tests.unit.test_steroids_without_irae import KEY as TAPERED
from tests.unit.test_treatment_derivations import steroid

pytestmark = pytest.mark.django_db
DELIVERED = loading.read().statements
LISTS_HOLD_DAYS = 14

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


doses = st.one_of(
    st.sampled_from(OPEN).map(Fact.absent),
    st.tuples(st.integers(0, 20), st.booleans()).map(
        # A sum of doses is exact, or a lower bound above nothing.
        lambda d: Fact.number(d[0]) if d[1] or not d[0] else Fact.between(d[0], None)
    ),
)
of_days = st.one_of(
    st.sampled_from(OPEN).map(Fact.absent),
    st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda d: Fact.between(min(d), max(d))),
)


def agree(row, node, as_of):
    """Assert that SQL and memory give `row` the same answer."""
    found = answer_of(CaseFacts.objects.filter(pk=row.pk), node, as_of=as_of)
    facts = CaseFacts.objects.select_related("case__patient__identity").get(pk=row.pk)
    assert found is evaluate(node, facts.as_facts(as_of)).answer


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(worst=numbers, again=numbers, code=st.sampled_from(["R01", "R02"]))
def test_sql_and_memory_agree_on_the_grade_of_a_return(row, worst, again, code):
    (rule,) = [r["condition"] for r in DELIVERED if r["code"] == code]
    disease = {"R01": "pneumonitis", "R02": "colitis"}[code]
    facts = {f"{disease}_worst_grade": worst, f"{disease}_recurrence_grade": again}
    CaseFacts.objects.filter(pk=row.pk).update(**CaseFacts.columns(facts))
    agree(row, read(rule), row.as_of)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(grade=numbers, any_irae=flags, reason=choices, condition=conditions)
def test_sql_and_memory_agree(row, grade, any_irae, reason, condition):
    facts = {"irae_worst_grade": grade, "irae_any": any_irae, "stop_reason": reason}
    CaseFacts.objects.filter(pk=row.pk).update(**CaseFacts.columns(facts))
    agree(row, read(condition), row.as_of)


def died_on(as_of, died):
    """Return between which days somebody died: a number of days from a day on, of which the first may not be known."""
    if died is None:
        return None
    since, within = died
    first = None if since is None else as_of + timedelta(days=since)
    return first, max((first or as_of) + timedelta(days=within), date(1991, 1, 1))


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    free=of_days,
    dose=doses,
    born=st.none() | st.dates(date(1930, 1, 1), date(1990, 12, 31)),
    died=st.none() | st.tuples(st.none() | st.integers(-9000, 400), st.integers(0, 800)),
    complete=st.none() | st.integers(0, 20),
    until=st.none() | st.integers(0, 14),
    later=st.integers(0, 400),
    fact=st.sampled_from(["ici_free_days", "steroid_now", "age"]),
    op=st.sampled_from(["<", "<=", "=", ">=", ">"]),
    offset=st.integers(-2, 2),
)
def test_sql_and_memory_agree_on_a_day_other_than_that_of_the_row(
    row, free, dose, born, died, complete, until, later, fact, op, offset
):
    """What changes by itself is carried to the day that is asked about, the same way in both."""
    patient = row.case.patient
    # A row holds an exact dose only where the list was said to be complete lately.
    assume(dose.high is None or complete in range(LISTS_HOLD_DAYS + 1))
    until_list = None if complete is None else row.as_of + timedelta(LISTS_HOLD_DAYS - complete)
    death = died_on(row.as_of, died)
    told = {"died_precision": None, "died_state": "missing"} if death is None else {
        "died_precision": "range", "died_state": "known"
    }  # fmt: skip
    first, last = death or (None, None)
    identity = {"birth_date": born, "died_earliest": first, "died_latest": last, **told}
    PatientIdentity.objects.filter(patient=patient).update(**identity)
    age = age_fact(born, row.as_of, death)
    facts = {"ici_free_days": free, "steroid_now": dose, "age": age}
    held = None if until is None else row.as_of + timedelta(days=until)
    CaseFacts.objects.filter(pk=row.pk).update(
        **CaseFacts.columns(facts), doses_until=held, steroids_until=until_list
    )
    as_of = row.as_of + timedelta(days=later)
    # Near a bound of the fact on that day, where an error of one day would show.
    now = CaseFacts.objects.get(pk=row.pk).as_facts(as_of)[fact]
    near = next((int(b) for b in (now.low, now.high) if b is not None), 10) + offset
    agree(row, read({"fact": fact, "op": op, "value": max(near, 0)}), as_of)
    agree(row, read({"not": {"fact": fact, "op": op, "value": max(near, 0)}}), as_of)


def test_what_was_complete_a_month_ago_is_not_known_today(row):
    """No dose is concluded from an old "there is no other": neither on a page nor in a query."""
    CaseFacts.objects.filter(pk=row.pk).update(
        **CaseFacts.columns({"steroid_now": Fact.number(Decimal(0))}),
        steroids_until=row.as_of + timedelta(days=LISTS_HOLD_DAYS),
    )
    rows, node = CaseFacts.objects.all(), read({"fact": "steroid_now", "op": "<=", "value": 10})
    for days, certain in ((0, True), (14, True), (15, False)):
        as_of = row.as_of + timedelta(days=days)
        assert (answer_of(rows, node, as_of=as_of) is Answer.TRUE) is certain
        dose = CaseFacts.objects.get(pk=row.pk).as_facts(as_of)["steroid_now"]
        assert dose == (Fact.number(0) if certain else Fact.absent(FactState.MISSING))


@pytest.mark.parametrize("answer", [True, False, None])
@pytest.mark.parametrize(
    ("fact", "list_of"),
    [
        ("steroid_not_tapered", "steroids_until"),
        ("immunosuppressant_now", "second_line_until"),
    ],
)
def test_no_rests_on_a_list_said_to_be_complete_lately(row, fact, list_of, answer):
    """What was found stays so; that there was none is no longer told after two weeks."""
    told = Fact.absent(FactState.UNKNOWN) if answer is None else Fact.known(answer)
    CaseFacts.objects.filter(pk=row.pk).update(
        **CaseFacts.columns({fact: told}), **{list_of: row.as_of + timedelta(LISTS_HOLD_DAYS)}
    )
    for days in (0, 14, 15):
        as_of = row.as_of + timedelta(days=days)
        agree(row, read({"fact": fact, "op": "is", "value": False}), as_of)
        found = CaseFacts.objects.get(pk=row.pk).as_facts(as_of)[fact]
        gone = answer is False and days > 14
        assert found == (Fact.absent(FactState.MISSING) if gone else told)


@pytest.mark.parametrize(
    "found",
    [
        # The answers about organs lapse, and nobody tells what the course was for.
        record(GIVEN, UNTOLD),
        record(GIVEN, UNTOLD, listed=None),
        record(OVER, UNTOLD, listed=None),
        record(GIVEN, steroid(indication="tumour")),
        # A course for an irAE that was denied: either may be wrong.
        record(OVER, FOR_ONE),
    ],
)
def test_no_without_any_irae_is_carried_to_what_the_later_day_finds(row, found):
    kept = replace(found, as_of=TODAY)
    CaseFacts.objects.filter(pk=row.pk).update(
        **CaseFacts.columns(derive(found, as_of=TODAY)),
        as_of=TODAY,
        answers_until=kept.answers_until,
        steroids_until=kept.steroids_until,
    )
    for days in (0, 1, 15):
        on = TODAY + timedelta(days=days)
        agree(row, read({"fact": TAPERED, "op": "is", "value": False}), on)
        later = CaseFacts.objects.get(pk=row.pk).as_facts(on)[TAPERED]
        assert later.value is derive(found, as_of=on)[TAPERED].value


def test_no_beside_answers_that_lapse_ends_with_the_list_that_it_rests_on(row):
    """A lower age limit may end the list on the very day for which the organs were asked about."""
    CaseFacts.objects.filter(pk=row.pk).update(
        **CaseFacts.columns({TAPERED: Fact.known(False), "irae_any": Fact.known(False)}),
        answers_until=row.as_of,
        steroids_until=row.as_of - timedelta(days=1),
    )
    agree(row, read({"fact": TAPERED, "op": "is", "value": False}), row.as_of)
    found = CaseFacts.objects.get(pk=row.pk).as_facts(row.as_of)
    assert found[TAPERED] == Fact.absent(FactState.MISSING)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    key=st.sampled_from(sorted(GROWS_OLD)),
    grade=numbers,
    until=st.none() | st.integers(0, 3),
    answers=st.none() | st.integers(0, 3),
    later=st.integers(0, 5),
    op=st.sampled_from(["<", "<=", "=", ">=", ">"]),
    value=grades,
)
def test_sql_and_memory_agree_on_a_grade_of_now_that_has_grown_old(
    row, key, grade, until, answers, later, op, value
):
    def day(days):
        return None if days is None else row.as_of + timedelta(days=days)

    CaseFacts.objects.filter(pk=row.pk).update(
        **CaseFacts.columns({key: grade}),
        **{GROWS_OLD[key]: day(until)},
        answers_until=day(answers),
    )
    node = {"fact": key, "op": op, "value": value}
    for condition in (node, {"not": node}):
        agree(row, read(condition), day(later))


def test_a_last_dose_yet_to_come_does_not_count_as_days_gone_by(row):
    """A lower bound of none is kept: the dose may be given on any day up to the latest."""
    CaseFacts.objects.filter(pk=row.pk).update(
        **CaseFacts.columns({"ici_free_days": Fact.between(0, 20)})
    )
    later = CaseFacts.objects.get(pk=row.pk).as_facts(row.as_of + timedelta(days=30))
    assert later["ici_free_days"] == Fact.between(0, 50)


def stored(spec):
    """Return facts of a kind, in every state."""
    if spec.kind == "number":
        return numbers
    if spec.kind == "flag":
        return flags
    return st.sampled_from([Fact.absent(s) for s in OPEN] + [Fact.known(c) for c in spec.codes])


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), key=st.sampled_from(sorted(LAPSING)), later=st.integers(0, 2))
def test_sql_and_memory_agree_on_answers_that_hold_no_more(row, data, key, later):
    """What rested on organs asked about while the ICI was given lapses on the next day, the same way in both."""
    spec = FACTS[key]
    fact = data.draw(stored(spec))
    CaseFacts.objects.filter(pk=row.pk).update(
        **CaseFacts.columns({key: fact}),
        answers_until=data.draw(st.sampled_from([None, row.as_of])),
    )
    if spec.kind == "number":
        op = data.draw(st.sampled_from(["<", "<=", "=", ">=", ">"]))
        node = {"fact": key, "op": op, "value": data.draw(grades)}
    elif spec.kind == "flag":
        node = {"fact": key, "op": "is", "value": data.draw(st.booleans())}
    else:
        node = {"fact": key, "op": "in", "value": [data.draw(st.sampled_from(spec.codes))]}
    for condition in (node, {"not": node}):
        agree(row, read(condition), row.as_of + timedelta(days=later))


@pytest.fixture
def row(member, board):
    return make_case(member, board).facts


def test_negation_is_never_written_in_sql():
    source = inspect.getsource(condition_sql)
    code = source.split('"""', 2)[2]
    assert "~Q" not in code
    assert "exclude(" not in code
