"""Grades of one irAE held against each other, against its term and against the version: for every form that asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases.vocabulary import UNSTATED, entity_label, grades_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django import forms

    from cases.forms.fields import Stated

GRADES = ("worst_grade", "onset_grade", "grade_now")


def outside_the_term(entity: str, version: str, grade: Stated | None) -> Any:
    """Return in words why the irAE's term has no such grade; empty where it has, or 0 is meant."""
    if not entity or not version or not grade or not grade.value:
        return ""
    low, high = grades_of(entity, version)
    if low <= grade.value <= high:
        return ""
    words = _("%(event)s has grades %(low)s to %(high)s in %(version)s")
    by = _("every CTCAE version") if version == UNSTATED else f"CTCAE {version}"
    return words % {"event": entity_label(entity), "low": low, "high": high, "version": by}


def hold_grades(form: forms.Form, data: Mapping[str, Any]) -> None:
    """Say beside the field which grade has no version, which its term does not have, and which is above the worst."""
    entity, version = data.get("entity", ""), data.get("ctcae_version", "")
    graded = any(data.get(name) and data[name].value for name in GRADES)
    if graded and not version and "ctcae_version" not in form.errors:
        message = _(
            "CTCAE version: say by which version the grades were given, or that it is not stated"
        )
        form.add_error("ctcae_version", message)
    for name in GRADES:
        words = outside_the_term(entity, version, data.get(name))
        if words:
            form.add_error(name, f"{form.fields[name].label}: {words}")
    worst = data.get("worst_grade")
    for name in ("onset_grade", "grade_now"):
        grade = data.get(name)
        if worst and grade and worst.value is not None and (grade.value or 0) > worst.value:
            label = form.fields[name].label
            form.add_error(
                name, _("%(label)s: it cannot be above the worst grade") % {"label": label}
            )
