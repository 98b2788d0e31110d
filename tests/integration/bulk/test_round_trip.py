"""import(export(x)) changes nothing, for records of every kind that the forms take."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from accounts.acting import acting_as
from cases.bulk.columns import SHEETS, Column
from cases.bulk.exporting import exported
from cases.bulk.writing import written
from cases.loading import load
from cases.models import Case, ICICourse
from cases.vocabulary import ORGANS_OF_UNLISTED
from tests.factories.merging import merge_records
from tests.factories.people import make_board, make_user
from tests.factories.spreadsheets import PATIENT, dump, file_of, imported

pytestmark = pytest.mark.django_db

DATES = st.sampled_from(
    ["2023", "March 2023", "4 May 2023", "2023-05-04", "day 26 after ICI start", "between May 2023 and July 2023",
     "before March 2024", "unknown", "not yet", "not applicable", "3 weeks after last dose"]
)  # fmt: skip
STATES = ["unknown", "not yet", "not applicable"]
TEXT = st.sampled_from(
    [
        "carboplatin",
        "=1+1",
        "'=x",
        "@a",
        "-2",
        "O'Neil",
        "a; b",
        'say "so"',
        "Ünïcode",
        "+",
        "''",
        "a;=1",
        "b; '-1,\n'=2",
    ]
)
VALUES = {
    "regimen": TEXT, "severity_word": TEXT, "sequelae_text": TEXT, "number": st.just("1"),
    "line": st.sampled_from(["2", "unknown"]),
    "cycles": st.sampled_from(["4", "at least 9", "≥ 3", "unknown", "not yet"]), "entity_text": st.just("scleritis"),
    "planned_days": st.sampled_from(["24 months", "52 weeks", "1 year", "unknown", "90 days"]),
    "new_lesions": st.sampled_from(["0", "2", "unknown"]), "growing_lesions": st.sampled_from(["1", "3"]),
    "progressing_organs": st.sampled_from(["1", "not yet"]), "course": st.just("1"),
    "hospital_number": st.just("N 100"), "now_on": st.sampled_from(["3 March 2026", "2026-01-02"]),
}  # fmt: skip
DATED = {"start", "stop", "progressed", "onset", "resolved"}


def cell(column: Column) -> st.SearchStrategy[str]:
    if column.field in VALUES:
        return VALUES[column.field]
    if column.field in DATED:
        return DATES
    codes = [str(code) for code, _label in (column.choices() if column.choices else ())]
    if column.many:
        several = st.lists(st.sampled_from(codes), min_size=1, max_size=2, unique=True).map(
            "; ".join
        )
        return st.one_of(several, st.sampled_from(STATES)) if column.stated else several
    return st.sampled_from(codes + (STATES if column.stated else []))


def rows(code: str, **fixed: str) -> st.SearchStrategy[dict[str, str]]:
    columns = [c for c in SHEETS[code].columns if c.field != "hospital" and not c.control]
    needed = {c.heading: cell(c) for c in columns if c.required}
    free = {c.heading: cell(c) for c in columns if not c.required and c.heading not in fixed}
    return st.fixed_dictionaries(
        {**needed, **{k: st.just(v) for k, v in fixed.items()}}, optional=free
    )


def named(events: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the events with names, each after the first a return of the one before it."""
    return [
        event | {"Row": str(n), **({"Came back after": str(n - 1)} if n else {})}
        for n, event in enumerate(events)
    ]


def without_name(event: dict[str, str]) -> dict[str, str]:
    """Return an event of the list, which has no name of its own."""
    return {heading: text for heading, text in event.items() if heading not in UNLISTED}


UNLISTED = {"Which event", "Which organ"}
UNNAMED = st.lists(
    rows("iraes", Event="pneumonitis", **{"Onset is right": "yes"}).map(without_name),
    min_size=0,
    max_size=3,
)
OTHERS = st.lists(
    st.sampled_from(ORGANS_OF_UNLISTED).flatmap(
        lambda organ: rows(
            "iraes",
            Event="autoimmune_other",
            **{"Onset is right": "yes", "Which event": "=1+1", "Which organ": organ[0]},
        )
    ),
    max_size=2,
)
EVENTS = st.one_of(UNNAMED, UNNAMED.map(named), OTHERS)


@pytest.fixture
def scene(db: None) -> Any:
    load()
    board = make_board("North")
    return board, make_user("coordinator", board)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(data=st.data(), form=st.sampled_from(["csv", "xlsx"]))
def test_whatever_is_in_the_record(scene: Any, data: st.DataObject, form: str) -> None:
    board, by = scene
    course, events = data.draw(rows("courses")), data.draw(EVENTS)
    sheets = {"patients": [PATIENT], "courses": [course], **({"iraes": events} if events else {})}
    with transaction.atomic():
        with acting_as(by):
            outcome = imported(by, board, file_of(**sheets))
            # What the forms refuse is no record.
            if not outcome.problems:
                before = dump(board)
                again = imported(by, board, written(exported(by, board).rows, form))
                assert not again.problems
                assert {k for k, n in again.as_counts().items() if n} <= {
                    f"{c}_same" for c in SHEETS
                }
                assert dump(board) == before
                twice = imported(by, board, file_of(**sheets))
                assert not twice.problems
                assert {k for k, n in twice.as_counts().items() if n} <= {
                    f"{c}_same" for c in SHEETS
                }
                assert dump(board) == before
        transaction.set_rollback(True)
    assume(not outcome.problems)


def test_merged_records_are_one_patient_whichever_number_is_written(scene: Any) -> None:
    board, by = scene
    other = PATIENT | {"Hospital number": "N 200", "Family name": "Greyling"}
    with acting_as(by):
        assert not imported(by, board, file_of(patients=[PATIENT, other])).problems
        kept, absorbed = Case.objects.order_by("pk")
        merge_records(by, kept, absorbed, "number")
        before = dump(board)
        rows = exported(by, board).rows
        assert [row["hospital_number"] for row in rows["patients"]] == ["N 200"]
        assert not imported(by, board, written(rows, "csv")).problems
        assert dump(board) == before
        for number in ("N 100", "N 200"):
            course = {"Hospital number": number, "Course": "1", "Drugs": "pembrolizumab"}
            assert not imported(by, board, file_of(courses=[course])).problems
        assert [course.patient_id for course in ICICourse.objects.all()] == [kept.patient_id]
        assert Case.objects.count() == 2
