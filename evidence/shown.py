"""What a person had before their eyes: nobody publishes, or writes over, what they have not seen."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from evidence.policies import CurationRefused

if TYPE_CHECKING:
    from django.db.models import Model

Row = TypeVar("Row", bound="Model")


def shown(row: Model) -> str:
    """Return a digest of every column of `row`, and of what a version of a statement rests on."""
    seen: list[Any] = [[x.attname, str(getattr(row, x.attname))] for x in row._meta.concrete_fields]
    for links, target in (("version_findings", "finding_id"), ("version_sources", "source_id")):
        if hasattr(row, links):
            seen.append(sorted(getattr(row, links).values_list(target, "position")))
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


def check_shown(row: Model, digest: str) -> None:
    """Refuse when `row`, which the caller holds locked, is not what was shown. Raises CurationRefused."""
    if shown(row) != digest:
        raise CurationRefused(
            _("It was changed since this page was opened. Read it as it is now, then publish it.")
        )


class ShownForm(forms.ModelForm):
    """A form of a draft that says so when somebody else changed the draft meanwhile."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.fields.pop("shown", None)
        elif "shown" in self.fields:
            self.initial["shown"] = shown(self.instance)

    def clean(self) -> dict[str, Any]:
        """Keep what was typed, and let the next saving take the place of what is there now."""
        cleaned = super().clean() or {}
        if "shown" not in self.fields:
            return cleaned
        # Held until the admin's transaction ends: two who save at once see each other.
        rows = type(self.instance)._default_manager.select_for_update(of=("self",))
        stored = rows.get(pk=self.instance.pk)
        if (now := shown(stored)) != cleaned.get("shown"):
            typed: Any = self.data.copy()  # type: ignore[attr-defined]
            typed[self.add_prefix("shown")] = now
            self.data = typed
            self.add_error(
                None,
                _(
                    "%(who)s changed this draft since you opened it. What you typed stands below and is not "
                    "saved. Look at the draft in another tab; saving again puts yours in its place."
                )
                % {"who": getattr(stored, "edited_by", None) or _("Somebody else")},
            )
        return cleaned
