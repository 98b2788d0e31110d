"""Headings of a file: what may stand above them, and every one that is wrong told at once."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook

from cases.bulk.columns import SHEETS, words_of
from cases.bulk.files import FileRefused, read
from cases.bulk.filling import filled

GOOD = "Hospital number;Family name\nA 1;Müller\n"


@pytest.mark.parametrize(
    "above", ["", "sep=;\n", '"SEP=;"\r\n', "\n\n", "Patients of our board\n\n"]
)
def test_what_stands_above_the_headings_is_no_data(above: str) -> None:
    (row,) = read((above + GOOD).encode()).rows
    assert (row["hospital_number"], row["family_name"]) == ("A 1", "Müller")
    assert row.number == len(above.splitlines()) + 2


def test_every_heading_that_is_wrong_is_told() -> None:
    with pytest.raises(FileRefused) as refused:
        read(b"Hospital number,Family name,Vorname,Geschlecht,family_name\n1,A,b,c,d")
    told = str(refused.value)
    assert "“Vorname” is not one" in told and "“Geschlecht” is not one" in told
    assert "“Family name” stands there twice" in told


def workbook(name: str, others: int = 0) -> bytes:
    book = Workbook()
    book.active.title = name
    title, headings, row = ["Our patients"], ["Hospital number", "Family name"], ["A 1", "Müller"]
    for line in (title, [], headings, row):
        book.active.append(line)
    for number in range(others):
        book.create_sheet(f"Other {number}")
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_one_sheet_alone_is_known_by_its_headings() -> None:
    for name, others in (("Tabelle1", 0), ("Patients", 1)):
        assert [row["family_name"] for row in read(workbook(name, others)).rows] == ["Müller"]
    with pytest.raises(FileRefused, match="“Tabelle1” is none of the template"):
        read(workbook("Tabelle1", 1))


def test_a_drug_is_known_by_the_name_under_which_it_is_sold() -> None:
    sheet = SHEETS["courses"]
    assert words_of(sheet, sheet.by_heading["drugs"])["keytruda"] == "pembrolizumab"


def test_a_word_of_the_report_is_told_where_it_belongs() -> None:
    found = filled(SHEETS["iraes"], {"entity": "pneumonitis", "worst_grade": "severe"})
    assert "“In the report's words”" in found.problems["worst_grade"]
