"""import(export(x)) changes nothing, for records of every kind that the forms take."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from accounts.acting import acting_as
from cases.bulk.columns import SHEETS, Column
from cases.bulk.exporting import exported
from cases.bulk.writing import written
from cases.lists import DATA
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
    "progressing_organs": st.sampled_from(["1", "not yet"]), "course": st.sampled_from(["1", "unknown"]),
    "hospital_number": st.just("N 100"),
    **dict.fromkeys(("now_on", "surgery_said_on"), st.sampled_from(["3 March 2026", "2026-01-02"])),
}  # fmt: skip
ON = st.sampled_from(["2023", "March 2023", "4 May 2023", "2023-05-04", "unknown", "not yet"])
VALUES |= {
    "ecog": st.sampled_from(["0", "4", *STATES]), "weight_kg": st.sampled_from(["71.5", "20", *STATES]),
    "height_cm": st.sampled_from(["172", "unknown"]), "pack_years": st.sampled_from(["20", *STATES]),
    "autoimmune_text": TEXT, "heart_text": TEXT, "comorbidities": st.one_of(TEXT, st.sampled_from(STATES)),
    "preference": st.one_of(TEXT, st.sampled_from(STATES)),
    **dict.fromkeys(("assessed", "weighed", "bled", "operated"), ON),
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


def agreeing(row: dict[str, str]) -> dict[str, str]:
    """Return a background that says what its details say, so that the form takes it."""
    for text, flag in (
        ("Which autoimmune disease", "Autoimmune disease"),
        ("Which heart disease", "Heart disease"),
    ):
        if text in row:
            row[flag] = "yes"
    if row.get("Last bleeding", "").startswith(("2", "M", "4")):
        row["Bleeding"] = "haemoptysis"
    if row.get("Operated on", "").startswith(("2", "M", "4")):
        row["Recent major surgery"] = "yes"
        row.pop("No recent surgery said on", None)
    elif "No recent surgery said on" in row:
        row["Recent major surgery"] = "no"
    if row.get("Smoking") == "never":
        row["Pack-years"] = "not applicable"
    return row


ANALYTES = json.loads((DATA / "analytes.json").read_text())["analytes"]


@st.composite
def results(draw: st.DrawFn) -> list[dict[str, str]]:
    """Return results of any analytes in any of their units, measured or bounded, each of its day and source."""
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    for analyte in draw(st.lists(st.sampled_from(ANALYTES), max_size=4)):
        day = draw(st.sampled_from(["2025-02-03", "3 February 2025", "4 May 2023"]))
        source = draw(st.one_of(st.just(""), TEXT))
        low, high = draw(st.sampled_from([("1.0", "4.0"), ("2", "3"), ("0.5", "60")]))
        row = {
            "Hospital number": "N 100", "Day of the sample": day,
            "Analyte": draw(st.sampled_from([analyte["code"], analyte["label"]])),
            "Value": draw(st.sampled_from(["", "<", ">"])) + str(draw(AMOUNTS)),
            "Unit": draw(st.sampled_from(sorted(analyte["units"]))), "Keep as typed": "yes",
            "Reference range": draw(st.sampled_from(["", f"{low}-{high}", f"<{high}", f">{low}"])),
            "Source": source,
        }  # fmt: skip
        on = "2025-02-03" if "February" in day else day
        found[analyte["code"], on, " ".join(source.split()).casefold()] = row
    return list(found.values())


AMOUNTS = st.decimals(Decimal("0.1"), Decimal(900), places=1)
BACKGROUNDS = st.lists(rows("background").map(agreeing), max_size=1)
PEOPLE = st.fixed_dictionaries(
    {heading: st.just(text) for heading, text in PATIENT.items() if heading != "Family name"}
    | {"Family name": st.sampled_from(["Grayling", "O'Neil", "Zürcher"])},
    optional={
        "Sex": st.sampled_from(["female", "male", "unknown"]),
        "Date of death": st.sampled_from(["May 2026", "2026", "3 May 2026"]),
    },
)


@pytest.fixture
def scene(db: None) -> Any:
    load()
    board = make_board("North")
    return board, make_user("coordinator", board)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(data=st.data(), form=st.sampled_from(["csv", "xlsx"]))
def test_whatever_is_in_the_record(scene: Any, data: st.DataObject, form: str) -> None:
    board, by = scene
    drawn = {
        "patients": [data.draw(PEOPLE)],
        "background": data.draw(BACKGROUNDS),
        "courses": [data.draw(rows("courses"))],
        "iraes": data.draw(EVENTS),
        "labs": data.draw(results()),
    }
    sheets = {code: lines for code, lines in drawn.items() if lines}
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
