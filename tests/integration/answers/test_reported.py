"""The file of published case reports for the try-out is what the record derives of the reports, and nothing else."""

from __future__ import annotations

import json
import os

import pytest

from demo.published import rows
from evidence.conditions import FACTS
from evidence.curation.reported import FILE, PREFIX, fact_from, plain, reported_cases
from evidence.matching import match
from tests.integration.answers.entered import TODAY, facts_of, published_plan, versions
from tests.integration.answers.stated import names

pytestmark = pytest.mark.django_db
# Writes the file anew from what the record derives, to be read before it is committed.
WRITE = "WRITE_PUBLISHED_CASES"


def test_each_report_has_the_facts_that_the_record_derives_of_it() -> None:
    held = versions()
    derived = {key: facts_of(published_plan(key)) for key in names("published")}
    if os.environ.get(WRITE):
        written = json.loads(FILE.read_text())
        for case in written["cases"]:
            case["facts"] = plain(derived[case["key"]])
        FILE.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n")
        reported_cases.cache_clear()
    reports = {report.key.removeprefix(PREFIX): report for report in reported_cases()}
    assert set(reports) == set(derived) and len(reports) >= 8
    for key, facts in derived.items():
        report = reports[key]
        assert report.as_of == TODAY
        assert plain(report.facts) == plain(facts), f"{key}: run this test with {WRITE}=1"
        stated = [(m.version.pk, m.answer) for m in match(held, facts, as_of=TODAY)]
        assert [(m.version.pk, m.answer) for m in match(held, report.facts, as_of=TODAY)] == stated


def test_each_report_is_cited_as_it_was_read_and_names_nobody() -> None:
    told = {row["key"]: row for row in rows()}
    for report in reported_cases():
        row = told[report.key.removeprefix(PREFIX)]
        assert (report.citation, report.url, report.read) == (
            row["citation"], row["url"], row["read"],
        )  # fmt: skip
    text = FILE.read_text()
    assert not [row["family_name"] for row in told.values() if row["family_name"] in text]


@pytest.mark.parametrize(
    ("key", "end"),
    [("irae_worst_grade", "2"), ("steroid_now", "10"), ("last_ici_dose_on", "2020-01-02")],
)
def test_a_bound_that_is_open_stays_open(key: str, end: str) -> None:
    # Of a number it is kept why it is not certain; a day has no such reason.
    why = {"widened": ["old"]} if FACTS[key].kind == "number" else {}
    for held in ({"low": end}, {"high": end}, {"low": end, "high": end, **why}):
        assert plain({key: fact_from(key, held)}) == {key: held}
