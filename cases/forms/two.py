"""Two entries that are said to be two."""

from __future__ import annotations

from django import forms


class TwoForm(forms.Form):
    """The ids of both, and the version of the list on which it was read that they may be one."""

    version = forms.IntegerField()
    one = forms.UUIDField()
    other = forms.UUIDField()
