"""By whose stopping rules a board has its marks set. What the sources say is known to the evidence alone."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class RuleProfile(models.TextChoices):
    """Whose rule sets the mark of a case; every other source stays in sight."""

    STRICTEST = "strictest", gettext_lazy("The strictest of all sources")
    US_LABEL = "us_label", gettext_lazy("The US label")
    EU_SMPC = "eu_smpc", gettext_lazy("The EU text")
    ASCO = "asco", gettext_lazy("ASCO")
    ESMO = "esmo", gettext_lazy("ESMO")
    NCCN = "nccn", gettext_lazy("NCCN")
    SITC = "sitc", gettext_lazy("SITC")
    LOCAL = "local", gettext_lazy("An order of our own, below")


PUBLISHERS = tuple(
    code for code in RuleProfile.values if code not in (RuleProfile.STRICTEST, RuleProfile.LOCAL)
)
NOT_READ = frozenset({RuleProfile.ESMO.value, RuleProfile.SITC.value})
"""Of whom no row is published: whoever went by them would have every mark set by others. Rows of theirs that one
reader read are drafts."""
OFFERED = tuple(code for code in PUBLISHERS if code not in NOT_READ)
DEFAULT_ORDER = ",".join(PUBLISHERS)


def in_order(text: str) -> tuple[str, ...]:
    """The codes of an order as it is kept: one after another with commas."""
    return tuple(code.strip() for code in text.split(",") if code.strip())


def validate_order(text: str) -> None:
    """Refuse an order that names what is no source, or one twice. Raises ValidationError."""
    codes = in_order(text)
    unknown = sorted(set(codes) - set(PUBLISHERS))
    if unknown or len(set(codes)) < len(codes) or not codes:
        words = _("An order has each of these at most once, with commas: %(codes)s.")
        raise ValidationError(words % {"codes": ", ".join(PUBLISHERS)})
