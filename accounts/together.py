"""A migration operation that runs many at once.

Django renders every model anew after each operation; with history tables that all hang together a migration of
some hundred operations takes minutes. Here the models are rendered once before and once after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState


class Together(Operation):
    """Run `operations` against the states before the first and after the last of them.

    A table made here is made in its final form, so fields, constraints and indexes added to it further down
    are part of it already. No operation may build on what another one here does to an older table's column.
    """

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = list(operations)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change the state without rendering in between."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Run the operations in their order."""
        for operation in self._needed():
            # A constraint may be on a column added above; PostgreSQL's own kind looks for it before.
            before = to_state if isinstance(operation, AddConstraint) else from_state
            operation.database_forwards(app_label, schema_editor, before, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Take the operations back, the last one first."""
        made = self._made()
        for operation in reversed(self.operations):
            # A table that goes takes all that hangs on it along.
            if getattr(operation, "model_name", "").lower() not in made:
                operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def _made(self) -> set[str]:
        return {op.name.lower() for op in self.operations if isinstance(op, CreateModel)}

    def _needed(self) -> list[Operation]:
        made = self._made()

        def part_of_a_new_table(operation: Operation) -> bool:
            added = isinstance(operation, AddField | AddConstraint | AddIndex)
            return added and getattr(operation, "model_name", "").lower() in made

        return [op for op in self.operations if not part_of_a_new_table(op)]

    def describe(self) -> str:
        """Return what is shown while migrating."""
        return f"{len(self.operations)} operations at once"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return what makes the same operation again."""
        return (self.__class__.__name__, [self.operations], {})
