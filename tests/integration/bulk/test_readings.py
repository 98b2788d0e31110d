"""What can be read in two ways is asked about; a grade has its day and its version, a return the event before it."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import Workbook

from cases.bulk.exporting import exported
from cases.bulk.files import SHEETS, FileRefused, read
from cases.models import ICICourse, IrAE
from tests.factories.spreadsheets import COURSE, IRAE, WHOLE, counts, dump, file_of, imported, told
from tests.integration.bulk.test_entering import analytes, by

pytestmark = pytest.mark.django_db
__all__ = ["analytes", "by"]


@pytest.mark.parametrize("typed", ["n/a", "N/A", "na"])
def test_a_word_that_may_mean_not_available_is_an_error(by, board, typed):
    course = COURSE | {"Best response": typed, "Last dose": typed, "Drugs": typed}
    irae = IRAE | {"Sequelae": typed, "Grade now": typed}
    outcome = imported(by, board, file_of(**WHOLE | {"courses": [course], "iraes": [irae]}))
    words = f"“{typed}” can mean not available or not applicable"
    found = {(sheet, heading) for sheet, _row, heading, said in told(outcome) if words in said}
    assert found == {
        ("courses", "Best response"), ("courses", "Last dose"), ("courses", "Drugs"),
        ("iraes", "Sequelae"), ("iraes", "Grade now"),
    }  # fmt: skip
    kept = COURSE | {"Given with": typed}
    assert told(imported(by, board, file_of(**WHOLE | {"courses": [kept]}))) == []


def test_a_day_is_day_and_month_only_where_the_sender_says_so(by, board):
    data = file_of(**WHOLE | {"courses": [COURSE | {"First dose": "03/04/2024"}]})
    ((sheet, row, heading, words),) = told(imported(by, board, data))
    assert (sheet, row, heading) == ("courses", 2, "First dose")
    assert "say when you send the file" in words
    assert told(imported(by, board, data, day_first=True)) == []
    assert str(ICICourse.objects.get().start) == "3 April 2024"


def test_a_grade_of_now_is_of_the_day_that_the_file_says_and_of_no_other(by, board):
    now = IRAE | {"Grade now": "1"}
    assert told(imported(by, board, file_of(**WHOLE | {"iraes": [now]}))) == []
    assert IrAE.objects.get().now_on is None
    dated = file_of(iraes=[now | {"Grade now said on": "3 March 2026"}])
    outcome = imported(by, board, dated)
    assert (told(outcome), counts(outcome)) == ([], {"iraes_more": 1})
    assert IrAE.objects.get().now_on == date(2026, 3, 3)
    assert counts(imported(by, board, file_of(iraes=[now]))) == {"iraes_same": 1}
    assert IrAE.objects.get().now_on == date(2026, 3, 3)
    other = file_of(iraes=[now | {"Grade now said on": "4 March 2026"}])
    ((*_where, heading, words),) = told(imported(by, board, other))
    assert (heading, words[:34]) == ("Grade now said on", "The record says “3 March 2026”: ch")
    bare = file_of(iraes=[IRAE | {"Event": "colitis", "Grade now said on": "3 March 2026"}])
    ((*_where, words),) = told(imported(by, board, bare))
    assert "enter the grade now" in words


def test_a_grade_needs_the_version_by_which_it_was_given(by, board):
    without = IRAE | {"CTCAE version": ""}
    ((*_where, heading, words),) = told(
        imported(by, board, file_of(**WHOLE | {"iraes": [without]}))
    )
    assert (heading, "by which version" in words) == ("CTCAE version", True)
    word = without | {"Worst grade": "", "In the report's words": "severe"}
    assert told(imported(by, board, file_of(**WHOLE | {"iraes": [word]}))) == []
    assert (IrAE.objects.get().ctcae_version, IrAE.objects.get().worst_grade) == ("", None)


def test_a_return_names_the_row_of_the_event_before_it(by, board):
    first = IRAE | {"Onset": "3 March 2025", "Row": "A"}
    again = IRAE | {"Onset": "3 June 2025", "Came back after": "a"}
    data = file_of(**WHOLE | {"iraes": [again, first]})
    assert told(imported(by, board, data, trial=True)) == []
    assert told(imported(by, board, data)) == []
    one, other = IrAE.objects.order_by("onset_earliest")
    assert (one.recurrence_of, other.recurrence_of) == (None, one)
    before = dump(board)
    assert counts(imported(by, board, data))["iraes_same"] == 2
    assert dump(board) == before
    (out,) = (r for r in exported(by, board).rows["iraes"] if "came_back_after" in r)
    assert out["onset"] == "3 June 2025"
    third = IRAE | {"Onset": "3 April 2025", "Row": "C"}
    elsewhere = file_of(iraes=[third, again | {"Came back after": "C"}])
    ((*_where, heading, words),) = told(imported(by, board, elsewhere))
    assert (heading, "after another event" in words) == ("Came back after", True)


def test_events_that_are_there_are_linked_by_a_later_file(by, board):
    rows = [IRAE | {"Onset": "3 March 2025"}, IRAE | {"Onset": "3 June 2025"}]
    assert told(imported(by, board, file_of(**WHOLE | {"iraes": rows}))) == []
    linked = [rows[0] | {"Row": "A"}, rows[1] | {"Came back after": "A"}]
    outcome = imported(by, board, file_of(iraes=linked))
    assert counts(outcome) == {"iraes_same": 1, "iraes_more": 1}
    assert IrAE.objects.filter(recurrence_of__isnull=False).count() == 1


@pytest.mark.parametrize(
    ("names", "heading"),
    [
        ((("A", ""), ("", "B")), "Came back after"),
        ((("A", ""), ("B", "B")), "Came back after"),
        ((("A", ""), ("A", "")), "Row"),
        # The later event came back after the earlier one, not the other way round.
        ((("A", "B"), ("B", "")), "Came back after"),
    ],
)
def test_a_name_of_a_row_leads_to_one_other_row(by, board, names, heading):
    rows = [
        IRAE | {"Onset": f"3 {month} 2025", "Row": name, "Came back after": after}
        for month, (name, after) in zip(("March", "June"), names, strict=True)
    ]
    ((*_where, found, _words),) = told(imported(by, board, file_of(**WHOLE | {"iraes": rows})))
    assert found == heading


def test_two_events_cannot_each_be_the_return_of_the_other(by, board):
    rows = [
        IRAE | {"Onset": onset, "Row": name, "Came back after": after}
        for onset, name, after in (("2025", "A", "C"), ("2025", "B", "A"), ("2025", "C", "B"))
    ]
    found = told(imported(by, board, file_of(**WHOLE | {"iraes": rows})))
    assert len(found) == 3
    assert all("came back after this one" in words for *_where, words in found)
    assert not IrAE.objects.exists()


def workbook_of(title, *rows, merge=""):
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.4 \xff", "neither a workbook"),
        (bytes(range(256)), "neither a workbook"),
        ("Value\n1".encode("utf-16"), "This is Unicode text of Excel"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web page or XML"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old or a protected Excel file"),
        (workbook_of("Tabelle1", ["a"], ["1"]), "headings are those of no sheet"),
    ],
)
def test_what_is_no_table_of_the_template_is_refused_by_what_it_is(data, words):
    with pytest.raises(FileRefused, match=words):
        read(data)


def test_merged_cells_are_named_with_their_sheet():
    headings = [column.heading for column in SHEETS["labs"].columns]
    rows = (["H1", *("x" for _ in headings[1:])], [None, *("y" for _ in headings[1:])])
    (note,) = read(workbook_of("Labs", headings, *rows, merge="A2:A3")).notes
    assert note.startswith("The sheet “Labs” has merged cells")
    assert read(workbook_of("Labs", headings, *rows)).notes == []
