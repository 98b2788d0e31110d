"""The format of imports and exports: the escape, files of every kind, and what Excel does to cells."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import datetime, time
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from cases.bulk.cells import BrokenCell, cell_text
from cases.bulk.columns import SHEETS, words_of
from cases.bulk.comparing import compared, paired
from cases.bulk.escaping import escaped, unescaped
from cases.bulk.files import MOST_ELEMENTS, FileRefused, read
from cases.bulk.writing import CSV, XLSX, template, written
from cases.forms.fields import Stated
from cases.vocabulary import StopReason

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
TEXTS = st.text(max_size=40)
PIECES = st.lists(
    st.one_of(
        st.sampled_from([*STARTS, "''", "'=", "=+", ";", ",", " ", '"', ";=1+1", '; "=1', "\n-2"]),
        st.text(max_size=6),
    ),
    max_size=8,
).map("".join)
ODD = st.one_of(
    st.tuples(st.sampled_from(["", *STARTS, "''", "'=", "=+"]), TEXTS).map("".join), PIECES
)
# What a cell of either kind can hold at all; the forms strip what stands around.
WRITABLE = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"
    ),
    min_size=1,
    max_size=30,
)
CELLS = st.tuples(st.sampled_from(["", "=", "+", "-", "@", "'", "''", "＝"]), WRITABLE).map(
    lambda parts: "".join(parts).strip()
)
SHEET = SHEETS["patients"]


@given(st.one_of(TEXTS, ODD))
def test_exactly_one_escape_is_taken_off(text: str) -> None:
    assert unescaped(escaped(text)) == text
    assert unescaped(escaped(escaped(text))) == escaped(text)


@given(ODD)
def test_no_cell_begins_like_a_formula(text: str) -> None:
    assert not escaped(text).startswith(tuple(s for s in STARTS if s != "'"))


@given(ODD)
@example(" =1+1")
@example('"" =1+1')
def test_no_cell_of_text_begins_like_a_formula_whatever_separates_cells_there(text: str) -> None:
    """As programs split that know other separators, with regard for quotation marks or without."""
    rows = [{"hospital_number": "7", "family_name": text}]
    with zipfile.ZipFile(io.BytesIO(written({"patients": rows}, CSV))) as parts:
        line = parts.read("patients.csv").decode("utf-8-sig").split("\r\n", 1)[1]
    for separator in ";,\t":
        naive = re.split(rf"[{separator}\r\n]", line)
        lines = csv.reader(io.StringIO(line, newline=""), delimiter=separator)
        heeding = [cell for cells in lines for cell in cells]
        for cell in (*naive, *heeding):
            assert not cell.lstrip(' "').startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


def test_every_cell_of_text_is_quoted() -> None:
    rows = [{"hospital_number": "7", "family_name": "a;=1+1"}]
    with zipfile.ZipFile(io.BytesIO(written({"patients": rows}, CSV))) as parts:
        assert b'"7","","a;\'=1+1",""' in parts.read("patients.csv")


@pytest.mark.parametrize("text", ["'tHooft", "O'Neil", "5 > 3", "a=b", "a; 'tHooft", "a; b, c"])
def test_what_nobody_escaped_is_left_as_it_is(text: str) -> None:
    assert unescaped(text) == text


@settings(max_examples=40)
@given(rows=st.lists(st.dictionaries(st.sampled_from(["family_name", "question"]), CELLS, min_size=1).filter(
    lambda row: all(row.values())), min_size=1, max_size=4), form=st.sampled_from([CSV, XLSX]))  # fmt: skip
def test_what_is_written_is_read_again(rows: list[dict[str, str]], form: str) -> None:
    told = [{"hospital_number": f"H{n}", **row} for n, row in enumerate(rows)]
    book = read(written({"patients": told}, form))
    assert [row.cells for row in book.rows] == told
    assert [row.number for row in book.rows] == list(range(2, len(rows) + 2))
    assert not any(row.broken for row in book.rows)


@pytest.mark.parametrize("form", [CSV, XLSX])
def test_the_template_has_no_rows_and_every_heading(form: str) -> None:
    with pytest.raises(FileRefused, match="no rows"):
        read(template(form, [("ldh", "LDH", "U/L")]))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_text_with_any_separator_is_read(separator: str, encoding: str) -> None:
    lines = ["hospital NUMBER ", "Family_name"], ["12 34", "Zürcher"], ["", ""], ["5", "Ångström"]
    text = "\r\n".join(separator.join(line) for line in lines)
    rows = read(text.encode(encoding)).rows
    assert [(r.sheet.code, r.number, r["family_name"]) for r in rows] == [
        ("patients", 2, "Zürcher"),
        ("patients", 4, "Ångström"),
    ]


@pytest.mark.parametrize(
    ("typed", "either"),
    [
        ("03/04/2024", True),
        ("3/4/2024 to 20/05/2024", True),
        ("25/12/2024", False),
        ("04/04/2024", False),
        ("2024-04-03", False),
        ("3 April 2024", False),
        ("03/2024", False),
    ],
)
def test_a_day_that_may_be_a_month_needs_a_word_of_the_sender(typed: str, either: bool) -> None:
    text = f"Hospital number,Event,Onset\n1,pneumonitis,{typed}".encode()
    (row,) = read(text).rows
    assert ("onset" in row.broken, "onset" in row.cells) == (either, not either)
    assert not either or f"“{typed}” can be read as day/month" in row.broken["onset"]
    (row,) = read(text, day_first=True).rows
    assert (row.broken, row["onset"]) == ({}, typed)


def refusal(data: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        read(data)
    return str(refused.value)


def test_files_that_are_something_else_are_refused_in_words() -> None:
    assert "empty" in refusal(b"")
    assert "not in UTF-8" in refusal("Hospital number,Family name\n1,Müller".encode("cp1252"))
    assert "old or a protected" in refusal(b"\xd0\xcf\x11\xe0rest")
    assert "neither a workbook" in refusal(b"\x00\x01\x02")
    assert "headings are those of no sheet" in refusal(b"a,b\n1,2")
    assert "“Colour” is not one" in refusal(b"Hospital number,Family name,Colour\n1,A,b")
    assert "stands there twice" in refusal(b"Hospital number,Family name,family_name\n1,A,B")
    assert "quotation mark" in refusal(b'Hospital number,Family name\n1,"A')
    assert "damaged" in refusal(b"PK\x03\x04nothing")
    assert "larger than 10 MB" in refusal(b"a" * (10 * 1024 * 1024 + 1))


def packed(parts: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return kept.getvalue()


def test_a_small_file_that_unpacks_to_a_large_one_is_refused_before_it_is_read() -> None:
    bomb = packed({"xl/workbook.xml": b"0" * (81 * 1024 * 1024)})
    assert len(bomb) < 200_000
    assert "unpacks to far more" in refusal(bomb)
    assert "unpacks to far more" in refusal(packed({f"{n}.csv": b"" for n in range(301)}))


def parts_of(workbook: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


@pytest.mark.parametrize(
    ("name", "evil", "said"),
    [
        ("xl/styles.xml", b"<cellXfs>" + b"<xf/>" * 220_000 + b"</cellXfs>", "formatting"),
        ("xl/theme/theme1.xml", b"<a/>" * 800_000, "formatting"),
        ("xl/sharedStrings.xml", b"<sst>" + b"<si/>" * 2_000 + b"</sst>", "more cells"),
        ("xl/worksheets/sheet2.xml", b"<c/>" * 2_000, "more cells"),
    ],
)
def test_a_small_workbook_that_is_dear_to_read_is_refused_before_it_is_read(
    name: str, evil: bytes, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part in MOST_ELEMENTS:
        monkeypatch.setitem(MOST_ELEMENTS, part, 1_500)

    def unread(*args: Any, **rest: Any) -> None:
        raise AssertionError("the workbook was opened")

    good = parts_of(written({"patients": [{"hospital_number": "1"}]}, XLSX))
    assert read(packed(good)).rows
    monkeypatch.setattr("cases.bulk.workbooks.load_workbook", unread)
    bomb = packed({**good, name: evil})
    assert len(bomb) < 100_000
    assert said in refusal(bomb)


@pytest.mark.parametrize("form", [CSV, XLSX])
def test_there_is_a_sign_of_life_while_a_file_is_read(form: str) -> None:
    rows: list[dict[str, str]] = [{"hospital_number": str(n)} for n in range(1_000)]
    signs: list[int] = []
    read(written({"patients": rows}, form), lambda: signs.append(1))
    assert len(signs) >= 5


def test_a_workbook_with_an_entity_bomb_is_refused() -> None:
    good = written({"patients": [{"hospital_number": "1"}]}, XLSX)
    with zipfile.ZipFile(io.BytesIO(good)) as parts:
        content = {name: parts.read(name) for name in parts.namelist()}
    evil = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    name = "xl/worksheets/sheet1.xml"
    content[name] = evil + content[name].split(b"?>", 1)[-1]
    assert "damaged" in refusal(packed(content))


def book_of(*rows: list[Any], title: str = "Patients", change: Any = None) -> bytes:
    made = Workbook()
    page = made.active
    page.title = title
    for row in rows:
        page.append(row)
    if change:
        change(made, page)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def test_hidden_and_foreign_sheets_are_left_aside_and_named() -> None:
    def hide(made: Any, page: Any) -> None:
        made.create_sheet("Courses").sheet_state = "hidden"
        made.create_sheet("Budget").append([1])

    book = read(book_of(["Hospital number"], ["7"], change=hide))
    assert len(book.rows) == 1
    assert "“Courses” is hidden" in book.notes[0]
    assert "“Budget” is none of the template" in book.notes[1]


def test_formulas_count_by_the_value_saved_with_them_and_are_errors_without_one() -> None:
    data = book_of(["Hospital number", "Family name"], ["7", "=A2"], ["8", "#N/A"])
    row, error = read(data).rows
    assert "without a saved result" in row.broken["family_name"]
    assert "error of Excel" in error.broken["family_name"]
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        content = {name: parts.read(name) for name in parts.namelist()}
    name = "xl/worksheets/sheet1.xml"
    content[name] = content[name].replace(b"<f>A2</f><v></v>", b"<f>A2</f><v>9</v>")
    content[name] = content[name].replace(b"<f>A2</f><v />", b"<f>A2</f><v>9</v>")
    assert read(packed(content)).rows[0]["family_name"] == "9"


def test_what_stands_beside_the_columns_is_an_error_and_not_lost() -> None:
    (row,) = read(book_of(["Hospital number"], ["7", "note"])).rows
    assert "without a heading" in row.broken[""]


@pytest.mark.parametrize(
    ("value", "shown", "text"),
    [
        (datetime(2024, 3, 5), "dd/mm/yyyy", "2024-03-05"),
        (datetime(2024, 3, 5, 8, 30), "General", "2024-03-05"),
        (datetime(2024, 3, 1), "mmm-yy", "2024-03"),
        (datetime(2024, 1, 1), "yyyy", "2024"),
        (datetime(2024, 3, 5), '[$-809]d mmmm yyyy;@', "2024-03-05"),
        (2023, "General", "2023"),
        (42, "000000", "000042"),
        (5.0, "General", "5"),
        (0.1 + 0.2, "General", "0.3"),
        (0.00001, "General", "0.00001"),
        (12345678901, "General", "12345678901"),
        (True, "General", "yes"),
        (None, "General", ""),
    ],
)  # fmt: skip
def test_cells_are_read_as_their_reader_sees_them(value: Any, shown: str, text: str) -> None:
    assert cell_text(value, shown) == text


def test_a_time_of_day_is_an_error() -> None:
    assert isinstance(cell_text(time(8, 30)), BrokenCell)


def test_codes_and_labels_are_both_taken() -> None:
    column = SHEETS["courses"].column("stop_reason")
    words = words_of(SHEETS["courses"], column)
    assert words["patient choice"] == words["patient's choice"] == StopReason.PATIENT_CHOICE


@pytest.mark.parametrize(
    ("told", "recorded", "answer"),
    [
        (Stated(None, "missing"), Stated(2, "known"), "same"),
        (Stated(None, "unknown"), Stated(2, "known"), "same"),
        (Stated(None, "unknown"), Stated(None, "not_yet"), "more"),
        (Stated(None, "not_yet"), Stated(None, "unknown"), "same"),
        (Stated(2, "known"), Stated(None, "unknown"), "more"),
        (Stated(2, "known"), Stated(3, "known"), "else"),
        (Stated(2, "known"), Stated(None, "not_applicable"), "else"),
        (Stated(None, "not_applicable"), Stated(2, "known"), "else"),
        (Stated(False, "known"), Stated(None, "missing"), "more"),
    ],
)
def test_what_says_less_takes_nothing_away(told: Stated, recorded: Stated, answer: str) -> None:
    assert compared(told, recorded) == answer


@given(st.lists(st.sets(st.integers(0, 5)), max_size=6))
def test_as_many_pairs_are_made_as_can_be(fits: list[set[int]]) -> None:
    others = list(range(6))
    found = paired(fits, others, lambda one, other: other in one)
    assert all(other in fits[one] for one, other in found.items())
    assert len(set(found.values())) == len(found)

    def most(rest: list[set[int]], free: frozenset[int]) -> int:
        if not rest:
            return 0
        placed = [1 + most(rest[1:], free - {o}) for o in rest[0] & free]
        return max([most(rest[1:], free), *placed])

    assert len(found) == most(fits, frozenset(others))
