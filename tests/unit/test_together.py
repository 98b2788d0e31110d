"""Many operations of a migration run at once: what is part of a new table is not done twice."""

from __future__ import annotations

from django.db import models
from django.db.migrations.operations import AddConstraint, AddField, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from accounts.together import Together


class Noted(Operation):
    """An operation on a model that writes down when it is run, and against which states."""

    def __init__(self, model_name: str, seen: list[tuple[str, str]]) -> None:
        self.model_name, self.seen = model_name, seen

    def state_forwards(self, app_label, state):
        """Change nothing."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        """Note it."""
        self.seen.append(("forwards", self.model_name))

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        """Note it."""
        self.seen.append(("backwards", self.model_name))


class NotedMade(CreateModel):
    """The making of a table, noted instead of done."""

    seen: list[tuple[str, str]]

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        """Note it."""
        self.seen.append(("forwards", f"make {self.name}"))

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        """Note it."""
        self.seen.append(("backwards", f"make {self.name}"))


def operations(seen: list[tuple[str, str]]) -> list[Operation]:
    made = NotedMade("New", [("id", models.BigAutoField(primary_key=True))])
    made.seen = seen
    rule = models.CheckConstraint(condition=models.Q(size__gte=0), name="size_is_not_negative")
    return [
        made,
        AddField("New", "size", models.IntegerField(default=0)),
        AddConstraint("New", rule),
        Noted("New", seen),
        Noted("Old", seen),
    ]


def test_what_belongs_to_a_new_table_is_made_with_it():
    seen: list[tuple[str, str]] = []
    Together(operations(seen)).database_forwards("app", None, ProjectState(), ProjectState())
    assert seen == [("forwards", "make New"), ("forwards", "New"), ("forwards", "Old")]


def test_a_table_that_goes_takes_along_what_hangs_on_it():
    seen: list[tuple[str, str]] = []
    Together(operations(seen)).database_backwards("app", None, ProjectState(), ProjectState())
    assert seen == [("backwards", "Old"), ("backwards", "make New")]


def test_the_state_is_that_of_all_operations():
    state = ProjectState()
    Together(operations([])).state_forwards("app", state)
    model = state.models["app", "new"]
    assert set(model.fields) == {"id", "size"}
    assert [rule.name for rule in model.options["constraints"]] == ["size_is_not_negative"]
