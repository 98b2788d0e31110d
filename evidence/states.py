"""The life of a statement version."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class VersionState(models.TextChoices):
    """Draft: being written. In review: closed until a second person publishes it or sends it back.

    Published: shown and matched. Superseded: a later version took its place. Retired: taken out of use, or
    withdrawn before it was published. The last two stay readable and are never matched.
    """

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")
    RETIRED = "retired", _("Retired")


UNPUBLISHED = (VersionState.DRAFT, VersionState.IN_REVIEW)
"""The states in which nobody outside of curation has relied on a version."""

TRANSITIONS: dict[VersionState, frozenset[VersionState]] = {
    VersionState.DRAFT: frozenset({VersionState.IN_REVIEW, VersionState.RETIRED}),
    VersionState.IN_REVIEW: frozenset(
        {VersionState.DRAFT, VersionState.PUBLISHED, VersionState.RETIRED}
    ),
    VersionState.PUBLISHED: frozenset({VersionState.SUPERSEDED, VersionState.RETIRED}),
    VersionState.SUPERSEDED: frozenset(),
    VersionState.RETIRED: frozenset(),
}
"""From each state to those that may follow; what is out of use never comes back.

What is delivered with the product has been reviewed before it was delivered: `load_evidence` publishes it
from the draft that it makes.
"""
