"""Users, boards and memberships.

A person may hold several roles on a board, one membership row each. What a role may do stands in
`accounts.permissions`; which patients a membership lets its holder see is decided by `PatientAccess`.
"""

from __future__ import annotations

import uuid
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.permissions import PERMISSIONS, Role
from accounts.rule_profiles import DEFAULT_ORDER, RuleProfile, validate_order
from accounts.zones import site_zone, validate_zone

if TYPE_CHECKING:
    from collections.abc import Iterable


class Specialty(models.TextChoices):
    """What a member sits on the board for; decides for which organ they are asked."""

    MEDICAL_ONCOLOGY = "medical_oncology", _("Medical oncology")
    RESPIRATORY = "respiratory", _("Respiratory medicine")
    RADIOLOGY = "radiology", _("Radiology")
    PATHOLOGY = "pathology", _("Pathology")
    THORACIC_SURGERY = "thoracic_surgery", _("Thoracic surgery")
    RADIATION_ONCOLOGY = "radiation_oncology", _("Radiation oncology")
    SPECIALIST_NURSE = "specialist_nurse", _("Specialist nurse")
    COORDINATOR = "coordinator", _("Coordinator")
    PALLIATIVE = "palliative", _("Palliative care")
    PHARMACY = "pharmacy", _("Pharmacy")
    GASTROENTEROLOGY = "gastroenterology", _("Gastroenterology")
    HEPATOLOGY = "hepatology", _("Hepatology")
    CARDIOLOGY = "cardiology", _("Cardiology")
    ENDOCRINOLOGY = "endocrinology", _("Endocrinology")
    NEPHROLOGY = "nephrology", _("Nephrology")
    DERMATOLOGY = "dermatology", _("Dermatology")
    NEUROLOGY = "neurology", _("Neurology")
    RHEUMATOLOGY = "rheumatology", _("Rheumatology")
    HAEMATOLOGY = "haematology", _("Haematology")
    OPHTHALMOLOGY = "ophthalmology", _("Ophthalmology")
    OTHER = "other", _("Other")


class UserManager(BaseUserManager["User"]):
    """Creates users by e-mail address, which is their name for signing in."""

    def create_user(self, email: str, name: str, password: str | None = None, **extra: Any) -> User:
        """Return a saved user; the address is kept in lower case, so that case never matters."""
        user = self.model(email=self.normalize_email(email).lower(), name=name, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, name: str, password: str, **extra: Any) -> User:
        """Return a user of the admin site with every permission there; still bound to boards."""
        return self.create_user(email, name, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, email: str) -> User:  # type: ignore[override]
        """Find a user whatever the case of the address."""
        return self.get(email=email.lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. Never a patient."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    title = models.CharField(_("role shown beside the name"), max_length=150, blank=True)
    is_staff = models.BooleanField(_("may use the admin"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=models.functions.Lower("email")),
                name="user_email_is_lower_case",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """Return the name as shown."""
        return self.name

    def get_short_name(self) -> str:
        """Return the name as shown."""
        return self.name

    @cached_property
    def active_memberships(self) -> list[Membership]:
        """The memberships in force, with their boards; one query for the life of this instance."""
        return list(self.memberships_in_force())

    def memberships_in_force(self) -> models.QuerySet[Membership]:
        """Return the active memberships on active boards, by the board's name."""
        rows = self.memberships.filter(active=True, board__active=True).select_related("board")
        return rows.order_by("board__name", "id")

    @cached_property
    def boards(self) -> list[Board]:
        """The boards this user belongs to in any role, by name."""
        return list({m.board_id: m.board for m in self.active_memberships}.values())

    def roles_on(self, board: Board) -> set[str]:
        """Return the roles held on `board`."""
        return {m.role for m in self.active_memberships if m.board_id == board.pk}

    def can(self, permission: str, board: Board) -> bool:
        """Whether a role held on `board` carries `permission`; an unknown permission is an error."""
        return self.is_active and bool(self.roles_on(board) & PERMISSIONS[permission])

    def can_anywhere(self, permission: str) -> bool:
        """Whether `permission` is held on at least one board."""
        roles = {m.role for m in self.active_memberships}
        return self.is_active and bool(roles & PERMISSIONS[permission])

    def boards_with(self, permission: str) -> list[Board]:
        """Return the boards on which `permission` is held, by name."""
        return [board for board in self.boards if self.can(permission, board)]

    def specialties_on(self, board: Board) -> set[str]:
        """Return the specialties this user sits for on `board`."""
        return {m.specialty for m in self.active_memberships if m.board_id == board.pk} - {""}


class OligoprogressionDefinition(models.TextChoices):
    """By which named definition a board calls a progression oligoprogression."""

    REVIEW = "review", _("The review: primary stable or in remission, one or two new lesions")
    THREE = "three_lesions", _("At most 3 progressing lesions, all locally treatable")
    FIVE = "five_lesions", _("At most 5 progressing lesions in 3 organs, all locally treatable")


class Board(models.Model):
    """A multidisciplinary tumour board of one hospital."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120, unique=True)
    hospital = models.CharField(_("hospital"), max_length=150)
    zone = models.CharField(
        _("time zone of its meetings and reminders"),
        max_length=60,
        default=site_zone,
        validators=[validate_zone],
    )
    active = models.BooleanField(_("active"), default=True)
    oligoprogression_definition = models.CharField(
        _("definition of oligoprogression"),
        max_length=16,
        choices=OligoprogressionDefinition.choices,
        default=OligoprogressionDefinition.REVIEW,
        help_text=_(
            "A case follows at its next save; all of them at once by verify_case_facts --repair."
        ),
    )
    rule_profile = models.CharField(
        _("whose stopping rules set the mark"),
        max_length=16,
        choices=RuleProfile.choices,
        default=RuleProfile.STRICTEST,
        db_default=RuleProfile.STRICTEST,
        help_text=_("Every source stays in sight, and a stricter one is named."),
    )
    rule_order = models.CharField(
        _("order of our own"),
        max_length=80,
        default=DEFAULT_ORDER,
        db_default=DEFAULT_ORDER,
        validators=[validate_order],
        help_text=_("The first that says something of a case sets the mark."),
    )
    rule_reason = models.CharField(
        _("why these rules set the mark"), max_length=300, blank=True, default="", db_default=""
    )
    rule_set_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    rule_set_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("board")
        verbose_name_plural = _("boards")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rule_profile__in=RuleProfile.values),
                name="board_rule_profile_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships by what their holders may do."""

    def holding(self, permission: str) -> MembershipQuerySet:
        """Return the active ones whose role carries `permission`, with the user."""
        roles: Iterable[str] = PERMISSIONS[permission]
        return self.filter(active=True, user__is_active=True, role__in=roles).select_related("user")


class Membership(models.Model):
    """One role of one user on one board."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    specialty = models.CharField(
        _("sits for"), max_length=30, choices=Specialty.choices, blank=True
    )
    active = models.BooleanField(_("active"), default=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "board", "role"], name="one_row_per_role"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_is_known"),
        ]
        indexes = [models.Index(fields=["board", "role"])]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.board}"


pghistory.track(exclude=["password", "last_login"])(User)
pghistory.track()(Board)
pghistory.track()(Membership)
