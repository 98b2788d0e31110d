"""The forms of a case and of its record by the keys of their drafts, made of what was typed into them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from cases.differing import label_of
from cases.forms.comments import AttachForm, CommentForm
from cases.forms.dossier import DossierForm
from cases.forms.labs import ResultForm, SampleForm
from cases.forms.merging import ABSORBED, KEPT, MergeForm
from cases.forms.organs import OrgansForm
from cases.forms.owing import day_name, who_name
from cases.forms.owner import OwnerForm
from cases.forms.question import NextQuestionForm
from cases.forms.referral import ReferralForm
from cases.models import Analyte, DossierItem, Section
from cases.typed import Around, Fields, Made, listing, made_for, makes_forms, plain
from cases.views.items import KINDS, related_of
from cases.views.parts import PARTS
from cases.views.sections import FORMS
from ui.forms import as_sent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def fields_typed(key: str, sent: Mapping[str, list[str]], around: Around) -> Fields:
    """Return the fields of the form that is kept under `key`, as it offers them now; none of a form unknown."""
    made = made_for(key)
    found = dict(made(as_sent(sent), around)) if made else {}
    for name, field in [*found.items()]:
        # Beside a fact that is not known stands who finds it out.
        if who_name(name) in sent and who_name(name) not in found:
            found |= _owed(name, str(field.label or ""), around)
    return found | _ticked(found, sent)


def _ticked(found: Mapping[str, forms.Field], sent: Iterable[str]) -> dict[str, forms.Field]:
    """Return boxes for what repeats a doubt: the sign that it carries says nothing to a reader."""
    told: dict[str, forms.Field] = {}
    for name in sent:
        if name == "right":
            told[name] = forms.BooleanField(label=_("What is questioned is right as entered"))
        elif name in found and name.startswith("keep_"):
            what = found[name.replace("keep_", "value_", 1)].label
            told[name] = forms.BooleanField(
                label=_("%(what)s: it is right as typed") % {"what": what}
            )
        elif name == "keep":
            told[name] = forms.BooleanField(label=_("It is right as typed"))
    return told


def _owed(name: str, label: str, around: Around) -> dict[str, forms.Field]:
    choices = [(key, words) for key, (_user, words) in around.people.items()]
    told = {"fact": label}
    return {
        who_name(name): forms.ChoiceField(
            label=_("%(fact)s: who finds it out") % told, choices=choices
        ),
        day_name(name): forms.CharField(label=_("%(fact)s: by") % told),
    }


def _courses(around: Around) -> Any:
    return around.patient.courses.all() if around.patient else ()


def _item(key: str, sent: Any, around: Around) -> Fields:
    related = related_of(around.patient, key, None) if around.patient else {}
    form: forms.Form = KINDS[key].form(sent, **related)
    return form.fields


def _section(form: Any) -> Made:
    return lambda sent, _around: form(sent).fields


def _referral(sent: Any, around: Around) -> Fields:
    boards = around.user.boards_with("case.refer")
    return ReferralForm(sent, boards=boards).fields if boards else ReferralForm.base_fields


def _merge(sent: Any, around: Around) -> Fields:
    """Return the choices of a merge: what the two records say is not read for it, only from which of both it is."""
    fields = dict(MergeForm(sent, pairs=()).fields)
    confirmed = fields.pop("one_person")
    for name in sent:
        if label := label_of(name, around.patient):
            choices = [
                (KEPT, _("of the record that stays")),
                (ABSORBED, _("of the record that is merged into it")),
            ]
            fields[name] = forms.ChoiceField(label=label, choices=choices)
    return {**fields, "one_person": confirmed}


OF_SECTIONS: dict[str, Made] = {
    **{key: _section(form) for key, form in FORMS.items()},
    Section.QUESTION: listing(FORMS[Section.QUESTION], courses=_courses),
    **{f"{part.section}:{key}": _section(part.form) for key, part in PARTS.items()},
    **{
        f"{kind.section}:{key}" if kind.section else key: partial(_item, key)
        for key, kind in KINDS.items()
    },
    f"{Section.IRAES}:organs": plain(OrgansForm),
    f"{Section.IRAES}:dossier": listing(
        DossierForm, items=lambda _around: DossierItem.objects.all()
    ),
    f"{Section.LABS}:sample": listing(SampleForm, analytes=lambda _around: Analyte.objects.all()),
    Section.LABS: listing(ResultForm, analytes=lambda _around: Analyte.objects.all()),
}

makes_forms(
    {
        **{f"section:{key}": made for key, made in OF_SECTIONS.items()},
        "again": listing(NextQuestionForm, courses=_courses),
        "attach": plain(AttachForm),
        "comment": plain(CommentForm),
        "fact": lambda sent, around: (
            OwnerForm(sent, board=around.case.board).fields
            if around.case
            else OwnerForm.base_fields
        ),
        "merge": _merge,
        "referral": _referral,
    }
)
