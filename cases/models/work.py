"""What a user is in the middle of: drafts of forms, and searches kept out of the address."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Draft(models.Model):
    """A whole form as typed, not yet in the record. Its owner alone sees it (row-level security).

    Forgotten some days after its last change (`RECHALLENGE_DRAFTS_DAYS`); the workers see its age alone.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # What the form is about: "section:<case>:<key>", "decision:<case>", "referral"; with "~" and a window behind it
    # what was typed into the same form in that window, while another one held the draft.
    key = models.CharField(max_length=160)
    fields = models.JSONField(default=dict)
    # Where it was typed last: a page that is open somewhere, by a word that it drew for itself.
    window = models.CharField(max_length=16, blank=True, default="", db_default="")
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_draft_per_form")]

    def __str__(self) -> str:
        return self.key


class SavedFilter(models.Model):
    """A filter of a list under a name of the user's own; it holds codes alone, no patient's name."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    # What stands behind the question mark of the list's address.
    query = models.CharField(max_length=400)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="one_filter_per_name")]

    def __str__(self) -> str:
        return self.name


class SavedSearch(models.Model):
    """The words of a search, which may be a name, kept so that the address carries an id.

    One older than a day goes with the user's next search, or within the hour.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("search")
        verbose_name_plural = _("searches")

    def __str__(self) -> str:
        return f"search {self.public_id}"
