"""How the cancer progressed, as the course's own form asks it: a referral for a progression needs no second form."""

from __future__ import annotations

from typing import Any

from django import forms

from cases.forms.courses import CourseForm

_OF_THE_COURSE: Any = CourseForm.base_fields
PROGRESSION = (
    "progressed", "new_lesions", "growing_lesions", "primary_state", "progressing_organs",
    "all_treatable_locally",
)  # fmt: skip


class ProgressionFields(forms.Form):
    """The fields themselves, so that label, bounds and words are the same."""

    progressed = _OF_THE_COURSE["progressed"]
    new_lesions = _OF_THE_COURSE["new_lesions"]
    growing_lesions = _OF_THE_COURSE["growing_lesions"]
    primary_state = _OF_THE_COURSE["primary_state"]
    progressing_organs = _OF_THE_COURSE["progressing_organs"]
    all_treatable_locally = _OF_THE_COURSE["all_treatable_locally"]

    def place_progression(self) -> None:
        """Put them behind the course, as on the page: what is wrong is told in its order."""
        names = [name for name in self.fields if name not in PROGRESSION]
        at = names.index("setting") + 1
        self.order_fields([*names[:at], *PROGRESSION, *names[at:]])

    @property
    def progression_block(self) -> list[Any]:
        """The fields, for the template."""
        return [self[name] for name in PROGRESSION]
