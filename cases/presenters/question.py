"""What the section of the question shows: what is asked, about which course, against what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cases.models import Alternative
from cases.presenters.items import course_name
from cases.presenters.patient import stop_words
from cases.presenters.words import stated_words, text_words, told_words
from cases.reading import asked_row
from cases.vocabulary import drug_label
from ui import formatting
from ui.forms import in_sentence

if TYPE_CHECKING:
    from cases.models import Case
    from evidence.conditions import Fact


def question_summary(case: Case, _facts: dict[str, Fact]) -> str:
    """Return why it stopped, what is proposed and how the disease is today, in one line."""
    return " · ".join(
        (
            _("stopped: %(why)s") % {"why": stop_words(case)},
            _("proposed: %(what)s") % {"what": stated_words(case, "proposed_regimen")},
            _("disease today: %(how)s")
            % {"how": in_sentence(stated_words(case, "disease_status"))},
        )
    )


def question_pairs(case: Case) -> list[tuple[str, str]]:
    """Return what is asked with all that was said of it."""
    drugs = ", ".join(drug_label(code) for code in case.proposed_drugs)
    open_ = ", ".join(str(Alternative(code).label) for code in case.alternatives)
    urgent = [_("yes") if case.urgent else _("no")]
    if case.needed_by:
        urgent.append(_("needed by %(date)s") % {"date": formatting.date(case.needed_by)})
    prophylaxis = [stated_words(case, "prophylaxis"), case.prophylaxis_text]
    return [
        (_("Asked"), text_words(case, case.question)),
        *_about(case),
        (_("The disease today, off the ICI"), stated_words(case, "disease_status")),
        (
            _("Alternatives still open"),
            "; ".join(part for part in (open_, case.alternatives_text) if part)
            or told_words(case, "alternatives", ""),
        ),
        (_("Proposed"), stated_words(case, "proposed_regimen")),
        (_("Drugs proposed"), drugs or _("not named")),
        *([(_("Trial agent"), case.proposed_text)] if case.proposed_text else []),
        (_("Prophylaxis"), ", ".join(part for part in prophylaxis if part)),
        (_("Urgent"), ", ".join(urgent)),
    ]


def _about(case: Case) -> list[tuple[str, str]]:
    """Return which course the question is about, where the patient had several."""
    asked, several = asked_row(case), len(case.patient.courses.all()) > 1
    if asked is None or not several:
        return []
    words = _("course %(n)s, %(drugs)s") % {"n": asked.number, "drugs": course_name(asked)}
    return [(_("About"), words)]
