"""Administration of users, boards and memberships."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.contrib.auth.forms import ReadOnlyPasswordHashField
from django.utils.translation import gettext_lazy as _

from accounts.models import Board, Membership, User
from ui.inlines import RowFormSet


class UserForm(forms.ModelForm):
    """A user with the password shown as set or not; it is changed by its owner."""

    password = ReadOnlyPasswordHashField(
        label=_("Password"), help_text=_("The owner sets a new one by 'Forgot your password?'.")
    )

    class Meta:
        model = User
        fields = ["email", "name", "title", "is_active", "is_staff", "is_superuser"]

    def clean_email(self) -> str:
        """Keep addresses in lower case, so that case never matters when signing in."""
        return str(self.cleaned_data["email"]).lower()


class MembershipForm(forms.ModelForm):
    """A role on a board."""

    class Meta:
        model = Membership
        fields = ["board", "role", "specialty", "active"]
        labels = {"board": _("Board")}


class MembershipInline(admin.TabularInline):
    """The roles of a user."""

    model = Membership
    form = MembershipForm
    formset = RowFormSet
    extra = 1


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Users with their memberships."""

    form = UserForm
    list_display = ["name", "email", "title", "is_active", "is_staff"]
    list_filter = ["is_active", "memberships__board", "memberships__role"]
    search_fields = ["name", "email"]
    inlines = [MembershipInline]


@admin.register(Board)
class BoardAdmin(admin.ModelAdmin):
    """Boards."""

    list_display = ["name", "hospital", "zone", "active"]
    search_fields = ["name", "hospital"]
