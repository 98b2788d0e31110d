"""The rows of a file about one patient, on their way into the record."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cases.bulk.columns import plain
from cases.bulk.comparing import ELSE, MORE, compared
from cases.bulk.filling import Filled, errors_of, filled
from cases.forms.doubts import Life
from cases.models import Sex

if TYPE_CHECKING:
    from datetime import date

    from django import forms

    from accounts.models import Board
    from cases.bulk.files import Row
    from cases.bulk.known import Known, Who
    from cases.bulk.recorders import Recorder
    from cases.models import Analyte, Case, ICICourse
    from ui.partial_dates import PartialDate

NEW, COMPLETED, UNCHANGED = "new", "more", "same"
Make = Callable[[dict[str, Any]], Any]
# Reads what a bound form says of a column's field.
Reads = Callable[[Any, str], Any]


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row, at a column ("" for the whole row), in words."""

    row: Row
    field: str
    words: str

    @property
    def heading(self) -> str:
        """The heading of the column."""
        return next((c.heading for c in self.row.sheet.columns if c.field == self.field), "")

    @property
    def typed(self) -> str:
        """What stands in the cell."""
        return self.row[self.field] or self.row.unread.get(self.field, "")


@dataclass
class Group:
    """All rows about one patient."""

    who: Who
    number: str
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    number_taken: bool = False
    # Number of another patient who may be the same, in the record or further up in the file.
    alike: str = ""
    # What a new patient could be found by: names and birth, a national number.
    keys: list[tuple[str, ...]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    # What is "not yet": the form that asks it, its field there, and the row of the record.
    not_yet: list[tuple[str, str, Any]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    known: Known | None = None
    case: Case | None = None
    can_go_on: bool = True
    wrote: bool = False
    # The courses of the patient by number, those of the file included.
    courses: dict[int, ICICourse] = field(default_factory=dict)
    courses_written: bool = False
    # Birth, death and sex, as the row of the patient tells them.
    born: date | None = None
    sex: str = ""
    # Is told how many of the rows are done.
    tell: Callable[[int], None] = lambda done: None
    died: PartialDate | None = None
    board: Board = field(init=False)
    recorder: Recorder = field(init=False)
    analytes: list[Analyte] = field(init=False)
    # The row that is being entered: what the record refuses stands beside it.
    at_hand: Row = field(init=False)

    @property
    def asking(self) -> Case | None:
        """The case that asks: the one made for the file, else the patient's last on the board."""
        if self.known is None or self.case is not self.known.case:
            return self.case
        return self.known.last_case

    @property
    def life(self) -> Life:
        """Birth, death and sex of the patient, as the record tells them, else the row of the patient."""
        row = self.known.identity if self.known else None
        died = (row.died if row else None) or self.died
        has_died = died is not None or bool(row and row.has_died)
        born = row.birth_date if row and row.birth_date else self.born
        known = row.patient.sex if row else Sex.UNKNOWN
        sex = self.sex if known == Sex.UNKNOWN else known
        return Life(born, died, has_died, sex == Sex.MALE)

    def beside_life(self, form: Any) -> Any:
        """Return a form that is held against the patient's life; what it questions is answered for the whole file."""
        form.life, form.noted = self.life, True
        form.courses_known = self.numbers_of_courses
        return form

    def numbers_of_courses(self) -> set[int]:
        """Return the numbers of the courses of the record and of the file."""
        told = {row["number"] for row in self.rows["courses"]}
        return {*self.courses, *(int(number) for number in told if number.isdecimal())}

    def doubt(self, row: Row, name: str, words: str) -> None:
        """Ask whether what a row says is right."""
        self.doubts.append(Problem(row, name, words))

    def __len__(self) -> int:
        return sum(len(rows) for rows in self.rows.values())

    def begin(
        self, known: Known | None, board: Board, recorder: Recorder, analytes: list[Analyte]
    ) -> None:
        """Set out with what the record holds."""
        self.known, self.board, self.recorder, self.analytes = known, board, recorder, analytes
        self.case = known.case if known else None
        self.at_hand = next(row for rows in self.rows.values() for row in rows)

    def problem(self, row: Row, name: str, words: str) -> None:
        """Say what is wrong with a row."""
        self.problems.append(Problem(row, name, words))

    def count(self, row: Row, what: str) -> None:
        """Count a row by what became of it."""
        self.counts[f"{row.sheet.code}_{what}"] += 1

    def may_write(self, row: Row) -> bool:
        """Whether the record can be written to; if not, the row says why."""
        self.at_hand = row
        if self.known is None or self.case is not None or self.wrote:
            self.wrote = True
            return True
        if self.known.has_case:
            self.problem(
                row, "hospital_number", _("The patient's case is closed: return it to triage first")
            )
        else:
            words = _(
                "The patient has no case on this board: enter a question in the sheet Patients"
            )
            self.problem(row, "hospital_number", words)
        return False


def normal(text: str) -> str:
    """Return a text as two of them are compared."""
    return plain(text)


def same_text(cells: Mapping[str, str], recorded: Mapping[str, str]) -> bool:
    """Whether every cell says word for word what the record says."""
    return all(normal(text) == normal(recorded.get(name, "")) for name, text in cells.items())


@dataclass
class Beside:
    """A row of the file held against one of the record: which fields say more, and which something else."""

    more: set[str] = field(default_factory=set)
    otherwise: list[str] = field(default_factory=list)
    broken: dict[str, list[str]] = field(default_factory=dict)

    @property
    def fits(self) -> bool:
        """Whether the row contradicts nothing."""
        return not self.otherwise and not self.broken

    @property
    def same(self) -> bool:
        """Whether the row says nothing that the record does not say."""
        return self.fits and not self.more


def told_cells(row: Row) -> dict[str, str]:
    """Return the cells of a row that are for the record."""
    whose = {"hospital_number", "hospital"}
    control = {c.field for c in row.sheet.columns if c.control}
    return {n: t for n, t in row.cells.items() if n not in whose | control}


def beside(row: Row, recorded: Mapping[str, str], make: Make, reads: Reads) -> Beside:
    """Hold a row against what the record says in the same cells."""
    cells, found = told_cells(row), Beside()
    if same_text(cells, recorded):
        return found
    mine, theirs = filled(row.sheet, row.cells), filled(row.sheet, recorded)
    told, there = make(mine.data), make(theirs.data)
    errors = errors_of(told, row.sheet)
    there.full_clean()
    for name, text in cells.items():
        if normal(text) == normal(recorded.get(name, "")):
            continue
        if name in mine.problems:
            found.broken[name] = [mine.problems[name]]
            continue
        value = reads(told, name)
        if value is None and name in errors:
            found.broken[name] = errors[name]
            continue
        present = reads(there, name)
        if present is None and recorded.get(name):
            # The record holds what its own form would not take today: nothing is put in its place.
            found.otherwise.append(name)
            continue
        answer = compared(value, present)
        if answer == MORE:
            found.more.add(name)
        elif answer == ELSE:
            found.otherwise.append(name)
    return found


def say_broken(group: Group, row: Row, broken: Mapping[str, list[str]]) -> None:
    """Put errors beside the cells of a row."""
    for name, messages in broken.items():
        for words in messages:
            group.problem(row, name, words)


def say_otherwise(group: Group, row: Row, names: list[str], recorded: Mapping[str, str]) -> None:
    """Say what the record says where a row says something else."""
    for name in names:
        words = _("The record says “%(there)s”: change it there, or leave this cell empty")
        group.problem(row, name, words % {"there": recorded.get(name, "")[:120]})


def sound(
    group: Group, row: Row, found: Filled, make: Make, there: Collection[tuple[str, str]] = ()
) -> forms.Form | None:
    """Return the form of a row if all of it is good; else say what is not.

    What can hardly be true is asked about, but for what is `there` already.
    """
    form = make(found.data)
    errors = errors_of(form, row.sheet)
    for name, words in found.problems.items():
        errors[name] = [words]
    say_broken(group, row, errors)
    if errors or row.broken:
        return None
    asked = [one for one in getattr(form, "asked_back", ()) if one not in there]
    for name, words in asked:
        group.doubt(row, name, words)
    if asked:
        # They are answered before anything is written.
        form.asked_with_file = frozenset(name for name, _words in asked)
    ok: forms.Form = form
    return ok


def completed(
    group: Group, row: Row, recorded: Mapping[str, str], more: set[str], make: Make
) -> Any:
    """Return the form of what the record says together with what a row adds, if it is good."""
    control = {c.field: row[c.field] for c in row.sheet.columns if c.control and row[c.field]}
    cells = {**recorded, **{name: row[name] for name in more}, **control}
    before = make(filled(row.sheet, recorded).data)
    before.full_clean()
    return sound(group, row, filled(row.sheet, cells), make, before.asked_back)
