"""Copies a patient with all of their record many times by SQL, as a superuser and without triggers.

Rows for queries: what the copies hold is the original's, under names, numbers, days and facts of their own.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg

from bench import database

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db import models

    from cases.models import Case

FIRST = 100_000_000  # ids of copies begin above those of everything else
# A row for each organ and each section, which no list reads: the page of a copy lacks them, that of the original not.
LEFT_OUT = {"CaseSection", "OrganReview"}

# What each copy number k has of its own, beside its ids.
FACTS = {
    "stop_reason_state": "'known'",
    "stop_reason": "(ARRAY['irae', 'progression', 'completed'])[1 + k % 3]",
    "irae_any_state": "'known'",
    "irae_any": "k % 2 = 0",
    "irae_worst_grade_state": "'known'",
    "irae_worst_grade_low": "k % 5",
    "irae_worst_grade_high": "k % 5",
    "steroid_now_state": "'known'",
    "steroid_now_low": "k % 20",
    "steroid_now_high": "k % 20",
    "ici_free_days_state": "'known'",
    "ici_free_days_low": "k % 400",
    "ici_free_days_high": "k % 400 + 30",
}
# What is typed of an event that no list has, as the textbooks name it.
TYPED = [
    "Susac syndrome",
    "Vogt-Koyanagi-Harada disease",
    "Cogan syndrome",
    "Kounis syndrome",
    "Aseptic meningitis",
    "Sarcoid-like reaction",
    "Lupus-like disease",
    "Eosinophilic fasciitis",
]
# Half a minute between two changes; one case in fifty of each board is open.
CASE = {
    "changed_at": "now() - k * interval '30 seconds'",
    "referred_at": "now() - k * interval '30 seconds' - interval '20 days'",
    "state": "CASE WHEN k / {boards} % 50 > 0 THEN 'closed'"
    " WHEN k / {boards} % 100 = 0 THEN 'referred' ELSE 'watching' END",
}


@dataclass(frozen=True)
class Scale:
    """How many cases a database holds; the other counts keep the measure of a million."""

    cases: int

    @property
    def patients(self) -> int:
        """Three patients have five cases."""
        return self.cases * 3 // 5


@dataclass
class Copying:
    """One patient's rows by table, and the statements that copy them."""

    boards: Sequence[int]
    keep_open: bool = False
    rows: dict[type[models.Model], list[int]] = field(default_factory=dict)

    def collect(self, server: psycopg.Connection[Any], patient: int) -> None:
        """Find every row of the record: those that refer to the patient, and those that refer to these."""
        from django.apps import apps

        from cases.models import Patient

        self.rows = {Patient: [patient]}
        tables = [
            model
            for model in apps.get_app_config("cases").get_models()
            if not (hasattr(model, "pgh_obj") or model is Patient or model.__name__ in LEFT_OUT)
        ]
        grown = True
        while grown:
            grown = False
            for model in tables:
                found = self._referring(server, model)
                if len(found) > len(self.rows.get(model, [])):
                    self.rows[model], grown = found, True

    def _referring(self, server: psycopg.Connection[Any], model: type[models.Model]) -> list[int]:
        asked = [
            f"{key.column} = ANY(ARRAY[{', '.join(map(str, self.rows[key.related_model]))}])"
            for key in _keys(model)
            if self.rows.get(key.related_model)
        ]
        if not asked:
            return []
        rows = server.execute(
            f"SELECT id FROM {model._meta.db_table} WHERE {' OR '.join(asked)} ORDER BY id"  # noqa: S608
        )
        return [pk for (pk,) in rows]

    def statements(
        self, first: int, count: int, only: dict[type[models.Model], list[int]]
    ) -> list[str]:
        """Return one statement for each table, which inserts the copies `first` to `first + count - 1` of its rows.

        Of the models in `only` these rows alone. In the order of the ids: indexes grow at their end.
        """
        return [
            self._statement(model, only.get(model, ids), first, count)
            for model, ids in self.rows.items()
            if only.get(model, ids)
        ]

    def _statement(self, model: type[models.Model], ids: list[int], first: int, count: int) -> str:
        own = self._own(model)
        columns = model._meta.concrete_fields
        names = ", ".join(f'"{column.column}"' for column in columns)
        values = ", ".join(own.get(str(c.column)) or self._value(model, c) for c in columns)
        table = model._meta.db_table
        return (
            f"INSERT INTO {table} ({names}) SELECT {values}"  # noqa: S608
            f" FROM generate_series({first}, {first + count - 1}) k CROSS JOIN LATERAL"
            f" (SELECT * FROM {table} WHERE id IN ({', '.join(map(str, ids))}) ORDER BY id OFFSET 0) s"
        )

    def _copy_of(self, model: type[models.Model], column: str) -> str:
        """Return the id of the copy number k of the row of `model` whose id stands in `column`."""
        ids = self.rows[model]
        place = " ".join(f"WHEN {pk} THEN {n}" for n, pk in enumerate(ids))
        return f"{FIRST} + k * {len(ids)} + CASE {column} {place} END"

    def _value(self, model: type[models.Model], column: Any) -> str:
        mine = self._copy_of(model, "s.id")
        if column.primary_key:
            return mine
        if column.is_relation and column.related_model in self.rows:
            return self._copy_of(column.related_model, f's."{column.column}"')
        if column.column == "public_id":
            return f"lpad(to_hex({mine}), 32, '0')::uuid"
        if column.unique:
            return f"'B' || {mine}"
        return f's."{column.column}"'

    def _own_case(self) -> dict[str, str]:
        return {name: words.format(boards=len(self.boards)) for name, words in CASE.items()}

    def _open_board(self, board: str) -> str:
        """Return the board of the copy's case if it is open: the trigger that says so is off while rows are copied."""
        if self.keep_open:
            return board
        state = self._own_case()["state"]
        return f"CASE WHEN {state} <> 'closed' THEN {board} END"

    def _own(self, model: type[models.Model]) -> dict[str, str]:
        board = f"(ARRAY[{', '.join(map(str, self.boards))}])[1 + k % {len(self.boards)}]"
        given, family, ending = _names()
        return {
            "PatientAccess": {"board_id": board},
            "PatientIdentity": {
                "hospital_number": "'BENCH' || k",
                "family_name": f"{_one_of(family, 'k')} || {_one_of(ending, f'k / {len(family)}')}",
                "given_name": _one_of(given, "k / 7"),
                "birth_date": "date '1930-01-01' + k % 20000",
            },
            "Case": {"board_id": board, **({} if self.keep_open else self._own_case())},
            "CaseFacts": {**FACTS, "open_board_id": self._open_board(board)},
        }.get(model.__name__, {})


def _keys(model: type[models.Model]) -> list[Any]:
    return [column for column in model._meta.concrete_fields if column.is_relation]


def _names() -> tuple[list[str], list[str], list[str]]:
    """Return given names, the invented family names of the demonstration, and what makes more of these."""
    names = json.loads((database.ROOT / "demo" / "data" / "names.json").read_text())
    endings = [
        a + b
        for a in ("", "ham", "ley", "wick", "mere", "ton", "by")
        for b in ("", "e", "s", "ing", "er")
    ]
    return names["female"] + names["male"], names["family"], endings


def _one_of(words: list[str], which: str) -> str:
    listed = ", ".join("'" + word.replace("'", "''") + "'" for word in words)
    return f"(ARRAY[{listed}])[1 + ({which}) % {len(words)}]"


def copy_patient(
    patient: int, *, patients: int, second: Case | None = None, seconds: int = 0,
    boards: Sequence[int], first: int = 0, keep_open: bool = False,
) -> None:  # fmt: skip
    """Give the database copies `first` to `first + patients - 1` of a patient and their record.

    Copies are spread over `boards`. Only the first `seconds` of them have the case `second` as well. `keep_open`: their
    cases stand as the original's does.
    """
    url = database.named(os.environ["DATABASE_SUPERUSER_URL"], database.NAME)
    with psycopg.connect(url, autocommit=True) as server:
        copying = Copying(boards, keep_open)
        copying.collect(server, patient)
        of_second = _rows_of(server, copying, second.pk) if second else {}
        others = {
            model: [pk for pk in copying.rows[model] if pk not in ids]
            for model, ids in of_second.items()
        }
        parts = [(patients, others)]
        if second:
            nothing: dict[type[models.Model], list[int]] = {model: [] for model in copying.rows}
            parts.append((seconds, nothing | of_second))
        with server.transaction():
            server.execute("SET LOCAL session_replication_role = replica")
            server.execute("SET LOCAL synchronous_commit = off")
            for count, only in parts:
                for statement in copying.statements(first, count, only):
                    server.execute(statement)
        tables = ", ".join(model._meta.db_table for model in copying.rows)
        server.execute(f"VACUUM (ANALYZE) {tables}")


def type_texts() -> None:
    """Give one in ten of the copied irAEs another beside it that no list has, each under words of its own."""
    from cases.models import IrAE

    own = {
        "public_id": "gen_random_uuid()",
        "entity": "'autoimmune_other'",
        "entity_text": f"{_one_of(TYPED, 'id / 10')} || ' ('"
        " || translate(md5(id::text), '0123456789', 'ghijklmnop') || ')'",
    }
    columns = [field.column for field in IrAE._meta.concrete_fields if not field.primary_key]
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(own.get(str(name), f'"{name}"') for name in columns)
    url = database.named(os.environ["DATABASE_SUPERUSER_URL"], database.NAME)
    with psycopg.connect(url, autocommit=True) as server:
        with server.transaction():
            server.execute("SET LOCAL session_replication_role = replica")
            server.execute(
                f"INSERT INTO cases_irae ({names}) SELECT {values} FROM cases_irae"  # noqa: S608
                f" WHERE id >= {FIRST} AND id % 10 = 0"
            )
        server.execute("VACUUM (ANALYZE) cases_irae")


def _rows_of(
    server: psycopg.Connection[Any], copying: Copying, case: int
) -> dict[type[models.Model], list[int]]:
    """Return, of the rows that are copied, the case itself and those that refer to it."""
    from cases.models import Case

    found: dict[type[models.Model], list[int]] = {Case: [case]}
    for model in copying.rows:
        for key in _keys(model):
            if key.related_model is Case:
                rows = server.execute(
                    f"SELECT id FROM {model._meta.db_table} WHERE {key.column} = %s",  # noqa: S608
                    [case],
                )
                found[model] = [pk for (pk,) in rows]
    return found
