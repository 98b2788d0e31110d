"""The rows of patients: who they are, and the question by which they come before the board."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cases.bulk.columns import PATIENTS
from cases.bulk.entries import (
    COMPLETED,
    NEW,
    UNCHANGED,
    beside,
    completed,
    normal,
    say_broken,
    say_otherwise,
    sound,
)
from cases.bulk.filling import filled
from cases.bulk.telling import known, patient_cells
from cases.duplicates import alike
from cases.folding import foldings
from cases.forms.fields import Stated
from cases.forms.identity import IdentityForm
from cases.forms.lived import after_words, before_words
from cases.lived import dates_after, dates_before
from cases.models import Sex
from evidence.conditions import FactState

if TYPE_CHECKING:
    from accounts.models import Board, User
    from cases.bulk.entries import Group
    from cases.bulk.files import Row


def _made(data: dict[str, Any]) -> IdentityForm:
    """Return the form of a patient; what is not said of the sex is unknown."""
    return IdentityForm({"sex": Sex.UNKNOWN.value, **data})


def _read(form: IdentityForm, name: str) -> Any:
    """Return what a form says of a field, as far as it is good."""
    if name == "question":
        return known(form.data.get("question", ""))
    if name in form.errors:
        return None
    value = form.cleaned_data.get(name)
    if name == "national_scheme":
        value = form.national()["national_scheme"] or value
    if name == "sex" and value == Sex.UNKNOWN:
        return Stated(None, FactState.UNKNOWN.value)
    return known(value)


def enter_patient(group: Group) -> None:
    """Register the patient or hold the row against the record; nothing else is entered unless it is clear who it is."""
    rows = group.rows["patients"]
    if not rows:
        if group.known is None:
            _nobody(group)
        return
    first, *again = rows
    for row in again:
        repeated(group, first, row)
    if group.known is None:
        _register(group, first)
    else:
        _complete(group, first)
    for row in again:
        group.count(row, UNCHANGED)


def _nobody(group: Group) -> None:
    """Say that rows are about a patient who is nowhere."""
    group.can_go_on = False
    for rows in group.rows.values():
        for row in rows:
            words = _("No patient of yours has this number, and none in the sheet Patients")
            group.problem(row, "hospital_number", words)


def repeated(group: Group, first: Row, row: Row) -> None:
    """Refuse a second row about one patient that says something else than the first."""
    for name, text in row.cells.items():
        if normal(text) != normal(first[name]) and name != "hospital_number":
            words = _("Row %(n)s is about the same patient and says something else")
            group.problem(row, name, words % {"n": first.number})


def _register(group: Group, row: Row) -> None:
    group.at_hand = row
    form = sound(group, row, filled(PATIENTS, row.cells), _made)
    if form is not None:
        data = form.cleaned_data
        group.born, group.died, group.sex = data["birth_date"], data["died"], data["sex"]
    if normal(row["hospital"]) not in ("", normal(group.board.hospital)):
        words = _("A new patient is one of the board's hospital: leave this cell empty")
        group.problem(row, "hospital", words)
        form = None
    if group.number_taken:
        words = _(
            "This hospital number cannot be entered here. Check each sign of it. If it is right, do not make"
            " up another one: ask the coordinator of your board to sort it out"
        )
        group.problem(row, "hospital_number", words)
        form = None
    if not row["question"]:
        group.problem(
            row, "question", _("Enter the question: the patient has no case on this board")
        )
        form = None
    if group.alike and normal(row["another_person"]) != "yes":
        words = _(
            "Number %(number)s is a patient of a like name and birth: use that number, or write yes under"
            " “Another person”"
        )
        group.problem(row, "family_name", words % {"number": group.alike})
        form = None
    if form is None or not isinstance(form, IdentityForm):
        # The rows below are looked at all the same, so that all errors are found at once.
        return
    if not group.problems:
        group.case = group.recorder.register(form.values(), row["question"])
        group.wrote = True
    group.count(row, NEW)


def _complete(group: Group, row: Row) -> None:
    there = group.known
    if there is None:
        return
    cells = {"hospital_number": there.identity.hospital_number, **patient_cells(there.identity)}
    asked = row["question"]
    here = next((q for q in there.questions if normal(q) == normal(asked)), "") if asked else ""
    recorded = {**cells, "question": here}
    found = beside(row, recorded, _made, _read)
    found.more.discard("question")
    say_broken(group, row, found.broken)
    say_otherwise(group, row, [n for n in found.otherwise if n != "question"], recorded)
    asks = bool(asked and not here)
    if asks and there.has_case:
        words = _(
            "The patient has a case here with another question: ask again on its page, or leave this cell empty"
        )
        group.problem(row, "question", words)
    elif asks and not group.problems:
        group.case = group.recorder.ask(there.identity.patient, asked)
        group.wrote = True
    if found.fits and found.more and group.may_write(row):
        form = completed(group, row, cells, found.more, _made)
        if form is not None:
            _hold_record(group, row, form.cleaned_data, found.more)
        if form is not None and not group.problems:
            group.recorder.identify(group.case, form.values())
    group.count(row, COMPLETED if asks or found.more else UNCHANGED)


def _hold_record(group: Group, row: Row, data: dict[str, Any], more: set[str]) -> None:
    """Hold a birth or a death that a row adds against the dates that the record has."""
    group.born, group.died, group.sex = data["birth_date"], data["died"], data["sex"]
    if group.known is None:
        return
    patient = group.known.identity.patient
    if "birth_date" in more and (found := dates_before(patient, data["birth_date"])):
        group.problem(row, "birth_date", before_words(found))
    if (
        "died" in more
        and data["died"].latest
        and (found := dates_after(patient, data["died"].latest))
    ):
        group.doubt(row, "died", after_words(found))


def find_alike(group: Group, *, by: User, board: Board) -> None:
    """Look for a patient who may be the one of a new row, and note by what the row could be found."""
    rows = group.rows["patients"]
    if not rows or normal(rows[0]["another_person"]) == "yes":
        return
    form = _made(filled(PATIENTS, rows[0].cells).data)
    if form.errors:
        return
    data, national = form.cleaned_data, form.national()
    names = {n: data[n] for n in ("family_name", "given_name", "birth_date")}
    name = normal(f"{data['family_name']}, {data['given_name']}")
    group.keys += [(way, str(data["birth_date"])) for way in foldings(name)]
    if national["national_number"]:
        group.keys.append(tuple(national.values()))
    typed: dict[str, Any] = {**names, **national}
    found = alike(by, board, hospital_number="", **typed)
    group.alike = found[0].hospital_number if found else ""
