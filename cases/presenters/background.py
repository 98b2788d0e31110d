"""What stands about the patient besides the tumour, as it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Bleeding, Smoking, Transplant
from cases.presenters.lists import Part
from cases.presenters.tumour import part_url
from cases.presenters.words import dated_words, state_words, stated_words, told_words, value_words
from evidence.conditions import Fact
from ui import formatting
from ui.forms import in_sentence

if TYPE_CHECKING:
    from cases.models import Background, Case

BACKGROUND = "background"


def fitness_summary(case: Case, facts: dict[str, Fact]) -> str:
    """Return ECOG and what bears on an ICI in one line; what is not known is left out."""
    row = case.patient.background
    flags = (
        ("autoimmune_disease", _("autoimmune disease"), _("no autoimmune disease")),
        (
            "interstitial_lung_disease",
            _("interstitial lung disease"),
            _("no interstitial lung disease"),
        ),
        ("heart_disease", _("heart disease"), _("no heart disease")),
        ("pregnancy", _("pregnant"), ""),
    )
    told = [_("ECOG %(value)s") % {"value": value_words("ecog", facts["ecog"])}]
    for name, yes, no in flags:
        value = getattr(row, name)
        told.append("" if value is None else yes if value else no)
    if row.transplant and row.transplant != Transplant.NONE:
        kind = in_sentence(str(row.get_transplant_display()))
        told.append(_("transplant: %(kind)s") % {"kind": kind})
    told.append(_smoked(row) if row.smoking else "")
    if row.preference:
        told.append(_("the patient: “%(words)s”") % {"words": _short(row.preference)})
    return " · ".join(part for part in told if part)


def _short(words: str, most: int = 60) -> str:
    return words if len(words) <= most else f"{words[:most].rsplit(' ', 1)[0]} …"


def _smoked(row: Background) -> str:
    word = {
        Smoking.NEVER.value: _("never smoked"),
        Smoking.FORMER.value: _("smoked formerly"),
        Smoking.CURRENT.value: _("smokes"),
    }[row.smoking]
    return f"{word}, {_years(row)}" if row.pack_years else word


def _years(row: Background) -> str:
    return ngettext("%(n)s pack-year", "%(n)s pack-years", row.pack_years) % {"n": row.pack_years}


def _smoking(row: Background) -> str:
    words = stated_words(row, "smoking")
    if row.smoking == Smoking.NEVER:
        return words
    years = (
        _years(row)
        if row.pack_years is not None
        else _("pack-years %(state)s") % {"state": state_words(row.pack_years_state)}
    )
    return f"{words}, {years}" if row.smoking or row.pack_years is not None else words


def _named(row: Background, flag: str, text: str) -> str:
    words = stated_words(row, flag)
    return f"{words}: {getattr(row, text)}" if getattr(row, text) else words


def _on(row: Background, name: str, day: str, without: str = "") -> str:
    """Return what is said of something that happened, with its day where that is told."""
    words = stated_words(row, name)
    if not getattr(row, day):
        return words
    if getattr(row, name) in (None, False, without):
        return _beside(words, row, day)
    return f"{words}, {dated_words(row, day)}"


def _beside(words: str, row: Background, day: str) -> str:
    """Return what is said of something, and the day of it that stands there all the same."""
    told = {"words": words, "day": dated_words(row, day)}
    return _("%(words)s, yet a day of it is entered: %(day)s") % told


def _surgery(row: Background) -> str:
    """Return what is said of surgery: of "no" the day on which it was said."""
    if row.major_surgery is not False:
        return _on(row, "major_surgery", "operated")
    told = {"no": stated_words(row, "major_surgery")}
    words = _("%(no)s, day not known") % told
    if row.surgery_said_on is not None:
        said = {**told, "day": formatting.date(row.surgery_said_on)}
        words = _("%(no)s, said on %(day)s") % said
    return _beside(words, row, "operated") if row.operated else words


def background_part(case: Case, *, may_edit: bool) -> Part:
    """Return the background with its form."""
    row = case.patient.background
    wishes = _("“%(words)s”") % {"words": row.preference} if row.preference else ""
    return Part(
        title=_("Background"),
        pairs=(
            (_("Smoking"), _smoking(row)),
            (_("Autoimmune disease"), _named(row, "autoimmune_disease", "autoimmune_text")),
            (_("Interstitial lung disease"), stated_words(row, "interstitial_lung_disease")),
            (_("Transplant"), stated_words(row, "transplant")),
            (_("Hepatitis B"), stated_words(row, "hepatitis_b")),
            (_("Hepatitis C"), stated_words(row, "hepatitis_c")),
            (_("Heart disease"), _named(row, "heart_disease", "heart_text")),
            (_("Bleeding"), _on(row, "bleeding", "bled", Bleeding.NONE)),
            (_("Hypertension"), stated_words(row, "hypertension")),
            (_("Recent major surgery"), _surgery(row)),
            (_("Pregnancy"), stated_words(row, "pregnancy")),
            (_("Other illnesses"), told_words(row, "comorbidities", row.comorbidities)),
            (_("What the patient wants"), told_words(row, "preference", wishes)),
        ),
        edit_url=part_url(case, BACKGROUND, may_edit=may_edit),
        edit_text=_("Edit background"),
    )
