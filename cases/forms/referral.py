"""The referral: one form for patient, question and first facts. Only who and what is asked is required."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import (
    StatedChoiceField,
    StatedDateField,
    StatedNumberField,
)
from cases.forms.identity import NationalNumberFields
from cases.forms.iraes import (
    GRADE_HINTS,
    entity_choices,
    version_choices,
    versions_of,
)
from cases.forms.owner import DayField
from cases.forms.referral_background import BackgroundFields
from cases.forms.referral_checks import NOT_ASKED, OF_THE_STEROID, YES, ReferralChecks
from cases.forms.referral_owing import OwingFields
from cases.forms.referral_progression import ProgressionFields
from cases.forms.referral_same import OF_A_COURSE, OF_AN_EVENT, SameFields
from cases.forms.referral_values import ASKED_AND_NONE, NO_OTHER, ReferralValues
from cases.forms.sections import drug_choices
from cases.forms.steroids import HIGHEST_MG, DoseField, steroid_name_field
from cases.forms.unlisted import asks_more, name_field, organ_field
from cases.models import Indication, Setting, Sex, SteroidDrug
from cases.vocabulary import (
    BestResponse,
    Histology,
    ProgressionTiming,
    Regimen,
    StopReason,
)
from evidence.conditions import FactState
from ui.forms import ChoiceCards, Form, Segmented, Textarea, TextInput
from ui.stated import STATE_CHOICES, StatedFormMixin

if TYPE_CHECKING:
    from accounts.models import Board
    from cases.models import Patient

# Nobody must make up why it was stopped: the question may be whether an ICI goes on.
WITHOUT_A_REASON = [
    (FactState.UNKNOWN.value, _("Not known why")),
    (FactState.NOT_APPLICABLE.value, _("It has not been stopped")),
]


class ReferralForm(
    ReferralChecks,
    SameFields,
    BackgroundFields,
    OwingFields,
    ProgressionFields,
    ReferralValues,
    NationalNumberFields,
    StatedFormMixin,
    Form,
):
    """Everything on one page; each fact may say that it is not yet known, and one field who finds all of that out."""

    stated_fields = ("ecog", "pdl1", "pdl1_recent", "steroid")
    stated_beside = {
        "ecog": ("ecog_on",),
        "pdl1": ("pdl1_assay",),
        "pdl1_recent": ("pdl1_recent_on", "pdl1_recent_assay"),
        "steroid": OF_THE_STEROID,
    }

    key = forms.UUIDField(widget=forms.HiddenInput)
    board = forms.ChoiceField(label=_("Board"))
    hospital_number = forms.CharField(label=_("Hospital number"), max_length=40)
    family_name = forms.CharField(label=_("Family name"), max_length=100)
    given_name = forms.CharField(label=_("First name"), max_length=100)
    birth_date = DayField(label=_("Date of birth"), required=False, help_text="")
    sex = forms.ChoiceField(
        label=_("Sex"), choices=Sex.choices, required=False, initial=Sex.UNKNOWN
    )
    same_patient = forms.CharField(label=_("Is it the same person?"), required=False)

    stop_reason = forms.ChoiceField(
        label=_("Why did the immune checkpoint inhibitor stop?"),
        choices=[*StopReason.choices, *WITHOUT_A_REASON],
        widget=ChoiceCards(columns=3),
        error_messages={"required": _("Choose why the immune checkpoint inhibitor was stopped")},
    )
    contributing_reasons = forms.MultipleChoiceField(
        label=_("Other reasons that contributed"),
        required=False,
        choices=[*StopReason.choices, (NO_OTHER, _("There was no other reason"))],
        widget=forms.CheckboxSelectMultiple,
    )
    progression_timing = forms.ChoiceField(
        label=_("Has the cancer progressed?"),
        choices=[*ProgressionTiming.choices, *STATE_CHOICES[1:3]],
        widget=Segmented,
        required=False,
    )
    drug_1 = forms.ChoiceField(label=_("ICI that was stopped"), required=False)
    drug_2 = forms.ChoiceField(label=_("With"), required=False)
    start = StatedDateField(label=_("First dose"), help_text="")
    stop = StatedDateField(label=_("Last dose"), help_text="")
    cycles = forms.IntegerField(label=_("Cycles"), required=False, min_value=1, max_value=999)
    best_response = StatedChoiceField(label=_("Best response"), choices=BestResponse.choices)
    setting = StatedChoiceField(label=_("Setting"), choices=Setting.choices)

    any_irae = forms.ChoiceField(
        label=_("Any earlier irAE?"),
        choices=[
            (YES, _("Yes")),
            (ASKED_AND_NONE, _("Asked about all organs, and none")),
            (NOT_ASKED, _("Not asked")),
        ],
        widget=Segmented,
        required=False,
    )
    entity = forms.ChoiceField(label=_("Event"), required=False)
    entity_text = name_field()
    organ = organ_field()
    severity_word = forms.CharField(
        label=_("In the report's words"), required=False, max_length=60,
        help_text=_("such as “severe”: a word, not a grade"),
    )  # fmt: skip
    ctcae_version = forms.ChoiceField(label=_("CTCAE version"), required=False)
    worst_grade = StatedChoiceField(label=_("Worst grade"), choices=GRADE_HINTS, coerce=int)
    grade_now = StatedChoiceField(
        label=_("Grade now"), choices=[("0", _("0, resolved")), *GRADE_HINTS], coerce=int
    )
    onset_grade = StatedChoiceField(label=_("Grade at onset"), choices=GRADE_HINTS, coerce=int)
    onset = StatedDateField(label=_("Onset"), help_text="")
    all_organs = forms.BooleanField(
        label=_("I asked about all organs: no irAE beyond this"), required=False
    )

    proposed_regimen = forms.ChoiceField(
        label=_("What is proposed?"),
        choices=[*Regimen.choices, ("undecided", _("Not decided"))],
        widget=ChoiceCards(columns=3),
        error_messages={"required": _("Choose what is proposed, or that it is not decided")},
    )
    proposed_drug_1 = forms.ChoiceField(label=_("Drug proposed"), required=False)
    proposed_drug_2 = forms.ChoiceField(label=_("With"), required=False)

    question = forms.CharField(
        label=_("What do you ask the board?"), widget=Textarea, max_length=2000
    )
    urgency = forms.ChoiceField(
        label=_("How soon?"),
        choices=[("meeting", _("Next free meeting")), ("urgent", _("Urgent, between meetings"))],
        widget=ChoiceCards(
            columns=2,
            hints={
                "meeting": _("the coordinator lists it when it is ready"),
                "urgent": _("marked for the coordinator at once"),
            },
        ),
        initial="meeting",
        required=False,
    )

    histology = StatedChoiceField(label=_("Histology"), choices=Histology.choices)
    stage_group = StatedChoiceField(
        label=_("Stage now"), choices=[(s, s) for s in ("I", "II", "III", "IV")]
    )
    ecog = forms.TypedChoiceField(
        label=_("ECOG"), coerce=int, empty_value=None,
        choices=[("", _("Choose")), ("0", _("0, fully active")), ("1", _("1, restricted but ambulatory")),
                 ("2", _("2, up more than half the day")), ("3", _("3, in bed or chair more than half the day")),
                 ("4", _("4, in bed or chair all day"))],
    )  # fmt: skip
    ecog_on = StatedDateField(label=_("On"), allow_relative=False, help_text="")
    pdl1 = forms.DecimalField(
        label=_("PD-L1 TPS before the first ICI"), min_value=0, max_value=100, decimal_places=1,
        widget=TextInput({"inputmode": "decimal"}, suffix="%"),
    )  # fmt: skip
    pdl1_assay = forms.CharField(label=_("Clone or assay"), required=False, max_length=40)
    pdl1_recent = forms.DecimalField(
        label=_("PD-L1 TPS after the first ICI"), min_value=0, max_value=100, decimal_places=1,
        widget=TextInput({"inputmode": "decimal"}, suffix="%"),
    )  # fmt: skip
    pdl1_recent_on = StatedDateField(label=_("Sampled"), allow_relative=False, help_text="")
    pdl1_recent_assay = forms.CharField(label=_("Clone or assay"), required=False, max_length=40)
    steroid = DoseField(label=_("Steroid now"))
    # No steroid is said by 0; a dose that is "not applicable" would be read as one that is not met.
    steroid_state = forms.ChoiceField(
        label=_("Steroid now"), choices=STATE_CHOICES[:3], required=False, widget=Segmented
    )
    steroid_drug = forms.ChoiceField(label=_("Of"), required=False)
    steroid_name = steroid_name_field()
    steroid_purpose = StatedChoiceField(label=_("Given for"), choices=Indication.choices)
    # The list is called complete by it, which denies a steroid for an irAE too: that is said in the words.
    steroid_only = forms.BooleanField(
        label=_("No other steroid is given, and no other was for an irAE"), required=False
    )
    steroid_peak = StatedNumberField(
        label=_("Peak"),
        highest=HIGHEST_MG,
        places=2,
        suffix=_("mg/day"),
        help_text="",
        asks_thousands=True,
    )

    def __init__(
        self, *args: Any, boards: list[Board], patient: Patient | None = None, **kwargs: Any
    ) -> None:
        """Take the user's boards, and the patient whom it is about, where that is somebody who is here."""
        self.boards = {str(b.public_id): b for b in boards}
        super().__init__(*args, **kwargs)
        self.read_record(patient)
        for name in (*BackgroundFields.base_fields, *OwingFields.base_fields):
            # Last on the page, and among what is wrong.
            self.fields[name] = self.fields.pop(name)
        self.place_progression()
        self.offer_schemes()
        self._choose("board", [(key, b.name) for key, b in self.boards.items()])
        for name, empty in (
            ("drug_1", _("Not entered")),
            ("drug_2", _("Nothing else")),
            ("proposed_drug_1", _("Not named")),
            ("proposed_drug_2", _("Nothing else")),
        ):
            self._choose(name, drug_choices(empty, self[name].value()))
        self._choose("entity", entity_choices(self["entity"].value()))
        versions = versions_of(str(self["entity"].value() or ""))
        self._choose("ctcae_version", version_choices(versions))
        steroids = [(c, capfirst(label)) for c, label in SteroidDrug.choices]
        self._choose("steroid_drug", [("", _("Choose")), *steroids])
        self.offer_people(self.chosen_board)

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def asks_more(self) -> bool:
        """Whether the event is one that has to be named, with its organ."""
        return asks_more(self)

    @property
    def chosen_board(self) -> Board:
        """The board that the case goes to: the one chosen, else the first."""
        return self.boards.get(str(self["board"].value() or "")) or next(iter(self.boards.values()))

    def clean_hospital_number(self) -> str:
        """Return the number with single spaces: it is compared without any."""
        return " ".join(str(self.cleaned_data["hospital_number"]).split())

    def clean_birth_date(self) -> Any:
        """Refuse a birth that is still to come."""
        born = self.cleaned_data["birth_date"]
        if born is not None and born > timezone.localdate():
            raise forms.ValidationError(_("Date of birth: the date is in the future"))
        return born

    def _told_beside(self, name: str) -> bool:
        """As the form does, but for a steroid with a peak: that is a course, and all beside it is kept with it."""
        peak = self.cleaned_data.get("steroid_peak") if name == "steroid" else None
        return (peak is None or peak.value is None) and super()._told_beside(name)

    def clean(self) -> dict[str, Any]:
        """Hold what was typed against each other, and against the record of a patient who is here already."""
        data = super().clean()
        self.hold_life(data)
        self.hold_course(data)
        self.hold_event(data)
        self.hold_proposal(data)
        self.hold_steroid(data)
        self.hold_imaging(data)
        self.hold_finder(data)
        if not self.errors.keys() & (OF_A_COURSE | OF_AN_EVENT):
            self.ask_what_is_same(self.course_values(), self.irae_values())
            if "same_course" not in self.errors:
                self.question_counted_from(data, self.meant)
        return data

    def key_value(self) -> UUID:
        """Return the key that makes sending the form twice harmless."""
        found: UUID = self.cleaned_data["key"]
        return found
