"""Administration of users, boards and memberships; everything is written by the services."""

from __future__ import annotations

from typing import Any

from allauth.mfa import admin as _registered  # noqa: F401 - before it is taken out below
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.forms import ReadOnlyPasswordHashField
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Board, Membership, User
from accounts.policies import check_account, check_end, check_give
from accounts.rule_profiles import DEFAULT_ORDER, NOT_READ, RuleProfile
from accounts.services.accounts import save_account
from accounts.services.boards import save_board
from accounts.services.memberships import end_membership, give_membership
from accounts.services.signing_in import remove_factor
from accounts.zones import zone_choices
from ui.inlines import RowFormSet


class BySuperuser(admin.ModelAdmin):
    """What superusers alone may change, and nobody may remove."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only superusers add."""
        return bool(request.user.is_active and request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only superusers change."""
        return self.has_add_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody removes: what was done by somebody, or on a board, refers to it."""
        return False


class UserForm(forms.ModelForm):
    """A user with the password shown as set or not; it is changed by its owner."""

    acting: User
    password = ReadOnlyPasswordHashField(
        label=gettext_lazy("Password"),
        help_text=gettext_lazy("The owner sets a new one by 'Forgot your password?'."),
    )

    class Meta:
        model = User
        fields = ["email", "name", "title", "is_active", "is_staff", "is_superuser"]

    def clean_email(self) -> str:
        """Keep addresses in lower case, so that case never matters when signing in."""
        return str(self.cleaned_data["email"]).lower()

    def clean_is_active(self) -> bool:
        """Refuse to switch off the last administrator of a board."""
        active = bool(self.cleaned_data["is_active"])
        try:
            check_account(self.acting, self.instance, {"is_active": active})
        except PermissionDenied as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return active


class MembershipForm(forms.ModelForm):
    """One role; of one that is there only the specialty, and whether it is in force, can be changed."""

    class Meta:
        model = Membership
        fields = ["board", "role", "specialty", "active"]
        labels = {"board": gettext_lazy("Board")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["board"].disabled = self.fields["role"].disabled = True


class MembershipFormSet(RowFormSet):
    """The roles of a user, checked by the same policies as on a board's own page."""

    acting: User

    def clean(self) -> None:
        """Refuse beside the row what the service would refuse."""
        super().clean()
        for form in self.forms:
            if not form.has_changed() or not form.is_valid():
                continue
            try:
                self._check(form)
            except PermissionDenied as refusal:
                form.add_error(None, str(refusal))

    def _check(self, form: forms.ModelForm) -> None:
        if form.cleaned_data["active"]:
            check_give(self.acting, form.instance.board, self.instance)
            if not self.instance.is_active:
                form.add_error("active", _("This account is switched off."))
        elif form.instance.pk:
            check_end(self.acting, Membership.objects.get(pk=form.instance.pk))
        else:
            form.add_error("active", _("A new role is given as active."))


class MembershipInline(admin.TabularInline):
    """The roles of a user."""

    model = Membership
    form = MembershipForm
    formset = MembershipFormSet
    extra = 1
    can_delete = False

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Return the formset with whoever is acting."""
        made = super().get_formset(request, obj, **kwargs)
        return type(made.__name__, (made,), {"acting": request.user})


@admin.register(User)
class UserAdmin(BySuperuser):
    """Users with their memberships."""

    form = UserForm
    list_display = ["name", "email", "title", "is_active", "is_staff"]
    list_filter = ["is_active", "memberships__board", "memberships__role"]
    search_fields = ["name", "email"]
    inlines = [MembershipInline]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Return the form with whoever is acting."""
        made = super().get_form(request, obj, change, **kwargs)
        return type(made.__name__, (made,), {"acting": request.user})

    def save_model(self, request: Any, obj: User, form: Any, change: bool) -> None:
        """Save by the service, what was changed and nothing else."""
        values = {name: form.cleaned_data[name] for name in form.changed_data}
        save_account(by=request.user, account=obj, values=values)

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        """Give and end roles by the services."""
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        for one in formset.forms:
            if not one.has_changed():
                continue
            new, row = one.instance.pk is None, one.instance
            if one.cleaned_data["active"]:
                row = give_membership(
                    by=request.user,
                    board=row.board,
                    user=formset.instance,
                    role=row.role,
                    specialty=one.cleaned_data["specialty"],
                )
            else:
                row = end_membership(by=request.user, membership=row)
            if new:
                formset.new_objects.append(row)
            else:
                formset.changed_objects.append((row, one.changed_data))


class BoardForm(forms.ModelForm):
    """A board, with its time zone to be chosen from those there are.

    Whoever names no profile of rules leaves the strictest source to set the mark.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stands = self["zone"].initial
        self.fields["zone"].widget = forms.Select(choices=zone_choices(stands))
        for name in ("rule_profile", "rule_order"):
            self.fields[name].required = False
        profile = self.fields["rule_profile"]
        # A board that went by one of them before shows what holds.
        profile.choices = [  # type: ignore[attr-defined]
            choice
            for choice in RuleProfile.choices
            if choice[0] not in NOT_READ or choice[0] == self.instance.rule_profile
        ]

    def clean(self) -> dict[str, Any]:
        """Ask why another profile of rules is chosen for a board that is there."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        rules = {"rule_profile", "rule_order"} & set(self.changed_data)
        if self.instance.pk and rules and "rule_reason" not in self.changed_data:
            self.add_error("rule_reason", _("Say why: the members of the board read it."))
        return data

    def clean_rule_profile(self) -> str:
        """Return the profile, the strictest where none was named."""
        return self.cleaned_data["rule_profile"] or RuleProfile.STRICTEST

    def clean_rule_order(self) -> str:
        """Return the order, the one offered where none was named."""
        return self.cleaned_data["rule_order"] or DEFAULT_ORDER


admin.site.unregister(Authenticator)


@admin.register(Authenticator)
class SecondFactorAdmin(BySuperuser):
    """Second factors without their secrets: of somebody who has lost theirs it is removed."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    search_fields = ["user__name", "user__email"]
    fields = ("user", "type", "created_at", "last_used_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Their owner adds them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes them."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers see whose there are."""
        return super().has_add_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers remove them."""
        return super().has_add_permission(request)

    def delete_model(self, request: Any, obj: Any) -> None:
        """Remove by the service."""
        remove_factor(by=request.user, authenticator=obj)

    def delete_queryset(self, request: Any, queryset: Any) -> None:
        """Remove several by the service; recovery codes go with the last of the others."""
        for one in queryset.order_by("user", "-type"):
            if type(one).objects.filter(pk=one.pk).exists():
                remove_factor(by=request.user, authenticator=one)


@admin.register(Board)
class BoardAdmin(BySuperuser):
    """Boards."""

    form = BoardForm
    list_display = ["name", "hospital", "zone", "active"]
    search_fields = ["name", "hospital"]

    def save_model(self, request: Any, obj: Board, form: Any, change: bool) -> None:
        """Save by the service, what was changed and nothing else."""
        values = {name: form.cleaned_data[name] for name in form.changed_data}
        save_board(by=request.user, board=obj, values=values)
