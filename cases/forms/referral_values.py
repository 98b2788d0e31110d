"""What a clean referral says, as the values that the service takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings

from cases.forms.fields import NOTHING, columns
from cases.forms.question import Against
from cases.forms.referral_progression import PROGRESSION
from cases.forms.resolving import with_resolution
from cases.forms.unlisted import organ_of
from cases.models import Provenance, SampleTiming, Sex
from cases.services.lifecycle import Question
from cases.services.patients import Identity
from cases.services.referral import Referral
from cases.vocabulary import ProgressionTiming, Regimen, StopReason
from evidence.conditions import FactState

if TYPE_CHECKING:
    from cases.models import Patient
    from cases.services.referral_owing import Finder, Owed

ASKED_AND_NONE = "none"
NO_OTHER = "none"


class ReferralValues(Against):
    """Reads the cleaned fields of `ReferralForm`."""

    national: Callable[[], dict[str, str]]
    background_values: Callable[[], dict[str, Any]]
    site_values: Callable[[], dict[str, dict[str, Any]]]
    driver_values: Callable[[], dict[str, dict[str, Any]]]
    second_line_values: Callable[[], dict[str, Any] | None]
    has_no_second_line: Callable[[], bool]
    finder: Callable[[], Finder | None]
    owed: Callable[[], tuple[Owed, ...]]

    def typed_identity(self) -> dict[str, Any]:
        """Return what was typed about the patient, as far as it is sound."""
        data = getattr(self, "cleaned_data", {})
        return {
            **{n: data.get(n, "") for n in ("hospital_number", "family_name", "given_name")},
            "birth_date": data.get("birth_date"),
            **self.national(),
        }

    def referral(self, patient: Patient | None) -> Referral:
        """Return what was said, for the service; `patient` where it is one who is here already."""
        data = self.cleaned_data
        return Referral(
            question=self._question(),
            identity=Identity(**self.typed_identity()),
            patient=patient,
            sex=data["sex"] or Sex.UNKNOWN,
            provenance=Provenance.INVENTED if settings.DEMO else Provenance.REAL,
            course=self.course_values(),
            irae=self.irae_values(),
            which_course=data["same_course"],
            which_event=data["same_event"],
            all_organs=data["all_organs"] or data["any_irae"] == ASKED_AND_NONE,
            steroid=self._steroid(),
            no_steroid=data["steroid_state"] == "known" and data["steroid"] == 0,
            only_steroid=bool(data["steroid"] and data["steroid_only"]),
            tumour=self._tumour(),
            biomarkers=self._pdl1(),
            fitness=self._fitness(),
            background=self.background_values(),
            sites=self.site_values(),
            imaged=data["imaged"],
            drivers=self.driver_values(),
            second_line=self.second_line_values(),
            no_second_line=self.has_no_second_line(),
            owed=self.owed(),
            finder=self.finder(),
        )

    def _question(self) -> Question:
        data = self.cleaned_data
        undecided = data["proposed_regimen"] == "undecided"
        named = [data["proposed_drug_1"], data["proposed_drug_2"]]
        if data["proposed_regimen"] == Regimen.SAME_AGENT and not any(named):
            # The same agent is the one that was stopped: nobody names it twice.
            named = [data["drug_1"], data["drug_2"]]
        return Question(
            question=data["question"],
            urgent=data["urgency"] == "urgent",
            proposed_regimen=None if undecided else data["proposed_regimen"],
            proposed_regimen_state=FactState.NOT_YET if undecided else FactState.KNOWN,
            proposed_drugs=list(dict.fromkeys(code for code in named if code)),
            **self.against(),
        )

    def course_values(self) -> dict[str, Any]:
        """Return the course that was stopped: no more of it need be known than why."""
        data = self.cleaned_data
        drugs = list(dict.fromkeys(code for code in (data["drug_1"], data["drug_2"]) if code))
        timing, timing_state = data["progression_timing"], FactState.KNOWN.value
        if timing not in ProgressionTiming.values:
            timing, timing_state = None, timing or FactState.MISSING.value
        reason = data["stop_reason"] if data["stop_reason"] in StopReason.values else None
        reason_state = FactState.KNOWN.value if reason else data["stop_reason"]
        told = columns(data, ("start", "stop", "best_response", "setting", *PROGRESSION))
        if reason_state == FactState.NOT_APPLICABLE and told["stop_state"] == FactState.MISSING:
            # What has not been stopped has no last dose: nobody is asked for it.
            told["stop_state"] = FactState.NOT_APPLICABLE.value
        return {
            **told,
            "drugs": drugs,
            "drugs_state": FactState.KNOWN.value if drugs else FactState.MISSING.value,
            "cycles_low": data["cycles"],
            "cycles_high": data["cycles"],
            "cycles_state": FactState.KNOWN.value if data["cycles"] else FactState.MISSING.value,
            "stop_reason": reason,
            "stop_reason_state": reason_state,
            **self._other_reasons(reason),
            "progression_timing": timing,
            "progression_timing_state": timing_state,
        }

    def _other_reasons(self, main: str | None) -> dict[str, Any]:
        """Return the reasons beside the main one: none is known where somebody said so."""
        said = self.cleaned_data["contributing_reasons"]
        state = FactState.KNOWN if said else FactState.MISSING
        return {
            "contributing_reasons": [code for code in said if code not in (NO_OTHER, main)],
            "contributing_reasons_state": state.value,
        }

    def irae_values(self) -> dict[str, Any] | None:
        """Return the event, where one is told."""
        data = self.cleaned_data
        if not data["entity"]:
            return None
        told = columns(data, ("worst_grade", "onset_grade", "grade_now", "onset"))
        if data["severity_word"] and data["worst_grade"].state == FactState.MISSING:
            told["worst_grade_state"] = FactState.UNKNOWN.value
        return with_resolution(
            {
                **told,
                **NOTHING.columns("resolution"),
                "entity": data["entity"],
                "organ": organ_of(data),
                "entity_text": data["entity_text"],
                "ctcae_version": data["ctcae_version"],
                "severity_word": data["severity_word"],
            }
        )

    def _steroid(self) -> dict[str, Any] | None:
        data = self.cleaned_data
        dose, peak, unknown = data["steroid"], data["steroid_peak"], FactState.UNKNOWN.value
        if data["steroid_state"] in (FactState.NOT_YET, FactState.UNKNOWN):
            # Nothing else is told then; that nobody knows may be a line of the record.
            return {
                "drug": None,
                "drug_state": unknown,
                "now_mg_per_day": None,
                "now_mg_per_day_state": data["steroid_state"],
            }
        purpose = data["steroid_purpose"]
        told = (data["steroid_drug"], data["steroid_name"], purpose.value, peak.value)
        if not dose and all(one in ("", None) for one in told):
            # That none is given now tells of no course.
            return None
        state = data["steroid_state"] or FactState.MISSING.value
        return {
            "drug": data["steroid_drug"] or None,
            "name": data["steroid_name"],
            "drug_state": FactState.KNOWN.value
            if data["steroid_drug"]
            else FactState.UNKNOWN.value,
            "now_mg_per_day": dose,
            "now_mg_per_day_state": state,
            **peak.columns("peak_mg_per_day"),
            **purpose.columns("indication"),
        }

    def _tumour(self) -> dict[str, Any]:
        data = self.cleaned_data
        entered = [n for n in ("histology", "stage_group") if data[n].state != FactState.MISSING]
        return columns(data, entered)

    def _pdl1(self) -> tuple[dict[str, Any], ...]:
        data = self.cleaned_data
        return tuple(
            {
                "kind": "pdl1_tps",
                "timing": timing,
                "low": data[name],
                "high": data[name],
                "state": data[f"{name}_state"],
                "assay": data[f"{name}_assay"],
                **(data[f"{name}_on"].columns("sampled") if f"{name}_on" in data else {}),
            }
            for name, timing in (("pdl1", SampleTiming.BEFORE), ("pdl1_recent", SampleTiming.AFTER))
            if data[f"{name}_state"]
        )

    def _fitness(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not data["ecog_state"]:
            return {}
        status = {"ecog": data["ecog"], "ecog_state": data["ecog_state"]}
        return status | data["ecog_on"].columns("assessed")
