"""The migration operation by which a table's texts go when its patient is erased, and stay gone.

An erasure is a row of `cases_patienterasure`, which only `rechallenge_erase_patient` can write. Each table with
texts about a patient hangs its own step on that row, so that a part of the product that is added later brings
its step along and the function need not know it. `docs/adr/` says what an erasure reaches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EMPTY, GONE = "''", "NULL"


class EraseTexts(migrations.RunSQL):
    """Erase columns of `table`, and of its history, with the patient that `column` names.

    `texts`: column -> the SQL of what is left, with `{}` for the column where something of it stays and `{.}`
    before another column of the row; done twice it must give the same. Columns that the history leaves out are
    named in `not_in_history`; `history=False` where the table has none. From then on the database refuses
    another text for that patient.
    """

    def __init__(
        self,
        table: str,
        texts: Mapping[str, str],
        *,
        column: str = "patient_id",
        history: bool = True,
        not_in_history: Sequence[str] = (),
    ) -> None:
        self.table, self.texts, self.column = table, dict(texts), column
        self.history, self.not_in_history = history, list(not_in_history)
        kept = {name: left for name, left in texts.items() if name not in not_in_history}
        updates = _update(table, self.texts, column)
        if history:
            updates += _update(f"{table}event", kept, column)
        super().__init__(
            _erase(table, updates) + _stay_erased(table, self.texts, column), _undo(table)
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Return what makes the same operation again."""
        named = {"column": self.column, "history": self.history}
        return (
            "EraseTexts",
            [self.table, self.texts],
            {**named, "not_in_history": self.not_in_history},
        )


def _left(texts: Mapping[str, str], row: str = "") -> dict[str, str]:
    """Return for each column of `row` what is left of it."""
    return {
        f"{row}{name}": left.replace("{}", f"{row}{name}").replace("{.}", row)
        for name, left in texts.items()
    }


def _something(texts: Mapping[str, str], row: str = "") -> str:
    """Return the condition under which there is still a text to erase."""
    return " OR ".join(
        f"{name} IS DISTINCT FROM {left}" for name, left in _left(texts, row).items()
    )


def _update(table: str, texts: Mapping[str, str], column: str) -> str:
    sets = ", ".join(f"{name} = {left}" for name, left in _left(texts).items())
    some = _something(texts)
    return f"UPDATE {table} SET {sets} WHERE {column} = NEW.patient_id AND ({some});"  # noqa: S608


def _erase(table: str, updates: str) -> str:
    return f"""
    CREATE FUNCTION erase_{table}() RETURNS trigger LANGUAGE plpgsql
        SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        {updates}
        RETURN NULL;
    END $$;
    CREATE TRIGGER erase_{table} AFTER INSERT ON cases_patienterasure
        FOR EACH ROW EXECUTE FUNCTION erase_{table}();
    """


def _stay_erased(table: str, texts: Mapping[str, str], column: str) -> str:
    # The patient's row is what the erasure holds: who writes at the same moment is erased, or waits and is
    # refused.
    return f"""
    CREATE FUNCTION stay_erased_{table}() RETURNS trigger LANGUAGE plpgsql
        SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        IF ({_something(texts, "NEW.")}) THEN
            PERFORM 1 FROM cases_patient p WHERE p.id = NEW.{column} FOR KEY SHARE;
            IF EXISTS (SELECT 1 FROM cases_patienterasure e WHERE e.patient_id = NEW.{column}) THEN
                RAISE EXCEPTION 'the patient was erased: {table} takes no text about them'
                    USING ERRCODE = 'restrict_violation';
            END IF;
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER stay_erased_{table} BEFORE INSERT OR UPDATE OF {", ".join(texts)} ON {table}
        FOR EACH ROW EXECUTE FUNCTION stay_erased_{table}();
    """  # noqa: S608


def _undo(table: str) -> str:
    return f"""
    DROP TRIGGER erase_{table} ON cases_patienterasure; DROP FUNCTION erase_{table}();
    DROP TRIGGER stay_erased_{table} ON {table}; DROP FUNCTION stay_erased_{table}();
    """
