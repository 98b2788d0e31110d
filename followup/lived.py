"""What monitoring holds that happened to a patient on a day, to be held against a birth and a death."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.lived import Dated
from followup.models import Check, Dose, MonitoringPlan
from followup.vocabulary import DoseState

# The first dose and the last stand in the record too, as those of a course, once the plan has made one.
_NO_COURSE = Q(course=None)

DATED = (
    Dated(
        MonitoringPlan,
        "first_dose_on",
        _("first dose under monitoring"),
        span=False,
        only=_NO_COURSE,
    ),
    Dated(
        MonitoringPlan, "last_dose_on", _("last dose under monitoring"), span=False, only=_NO_COURSE
    ),
    Dated(Dose, "on", _("dose under monitoring"), span=False, only=Q(state=DoseState.GIVEN)),
    Dated(Check, "measured_on", _("safety check"), span=False),
)
