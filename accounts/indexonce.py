"""A migration operation that makes an index while the table is in use, and can be run again after a failure.

A migration that makes one is not atomic: what came before a failure is there, and not noted as done. An index that
could not be finished stays behind as well, invalid: it is kept up to date and never used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.operations import AddIndexConcurrently

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState

VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)"


class IndexOnce(AddIndexConcurrently):
    """As `AddIndexConcurrently`; passes over an index that is there, and makes an invalid one anew."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make the index unless it is there and valid."""
        self._ensure_not_in_transaction(schema_editor)
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(VALID, [self.index.name])
            found = cursor.fetchone()
        if found == (True,):
            return
        self._drop(schema_editor)
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Drop the index if it is there."""
        self._ensure_not_in_transaction(schema_editor)
        self._drop(schema_editor)

    def _drop(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        name = schema_editor.quote_name(self.index.name)
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
