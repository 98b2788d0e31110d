"""What a referral says of the person, of steroids and of ECOG, saved where the record does not know it or is older."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cases.derivations.steroids import steroid_now
from cases.family import joined
from cases.models import (
    Case,
    Indication,
    Patient,
    PatientIdentity,
    PerformanceStatus,
    Section,
    Sex,
    SteroidCourse,
)
from cases.reading import doses_of
from cases.rules import with_rules
from cases.services.history import save_fitness, set_complete
from cases.services.identity import save_identity
from cases.services.referral_same import Left, inside, united
from cases.services.steroids import (
    none_in_all,
    save_steroid,
    say_dose_untold,
    say_steroid_total,
)
from evidence.conditions import FactState

if TYPE_CHECKING:
    from cases.models import IrAE
    from cases.services.referral import Referral
    from ui.partial_dates import PartialDate

Lock = Callable[[str], dict[str, Any]]
NOBODY_KNOWS = (FactState.NOT_YET, FactState.UNKNOWN)
# Columns of a steroid course -> the fields of the referral that tell them.
OF_STEROIDS = {
    "now_mg_per_day": "steroid",
    "drug": "steroid_drug",
    "name": "steroid_name",
    "peak_mg_per_day": "steroid_peak",
    "indication": "steroid_purpose",
}


def enter_person(patient: Patient, referral: Referral, lock: Lock) -> list[Left]:
    """Save what the record does not know of who the patient is; what it says otherwise is left."""
    row, told = PatientIdentity.objects.get(patient=patient), referral.identity
    new: dict[str, Any] = {}
    left = []
    if told.birth_date and row.birth_date is None:
        new["birth_date"] = told.birth_date
    if told.national_number and not row.national_number:
        new |= {
            "national_scheme": told.national_scheme,
            "national_number": told.national_number,
        }
    if referral.sex != Sex.UNKNOWN and patient.sex == Sex.UNKNOWN:
        new["sex"] = referral.sex
    if new:
        save_identity(**lock(Section.PATIENT), values=new)
    names = ("hospital_number", "family_name", "given_name", "birth_date", "national_number")
    for name in names:
        said, there = getattr(told, name), getattr(row, name)
        if name not in new and said and _plain(said) != _plain(there):
            left.append(Left(name))
    if "sex" not in new and referral.sex not in (Sex.UNKNOWN, patient.sex):
        left.append(Left("sex"))
    return left


def _plain(value: Any) -> str:
    return "".join(str(value).split()).casefold()


def enter_steroids(
    patient: Patient, referral: Referral, irae: IrAE | None, lock: Lock
) -> tuple[list[Left], SteroidCourse | None]:
    """Save the steroid of now, or that there is none; beside what the record has a dose would count twice.

    That none is given now says nothing of what was given before: no list of courses is complete by it.

    Return what is left as it is, and the course that was written or completed: None where the referral tells of none
    of the record's.
    """
    known = list(SteroidCourse.objects.filter(patient=patient).prefetch_related("doses"))
    told = referral.steroid
    if referral.no_steroid and not told:
        return _none_now(known, lock), None
    if not told:
        return [], None
    if told["now_mg_per_day_state"] in NOBODY_KNOWS:
        _cannot_tell(patient, known, told, lock)
        # What else the form asks of a course is out of sight then: nobody is asked for it.
        return [], None
    told = {**told, "irae": irae if told.get("indication") == Indication.IRAE else None}
    if referral.no_steroid:
        return _over(patient, known, told, lock)
    left: list[Left] = []
    row: SteroidCourse | None
    given = [one for one in known if not _is_over(one)]
    dose = told.get("now_mg_per_day")
    if dose:
        _say_none_no_more(patient, lock)
    blank = given[0] if dose and len(given) == 1 and _says_nothing(given[0]) else None
    if blank is not None or (not given and (dose or not known)):
        # Beside what is over it counts once.
        row = _entered(told, lock, blank)
    else:
        left, row = _said_again(given if dose else known, told, lock)
    if referral.only_steroid and not left:
        set_complete(**lock(Section.STEROIDS), key=Section.STEROIDS, complete=True)
    elif dose and OF_STEROIDS["now_mg_per_day"] in {one.name for one in left}:
        _take_back(patient, lock)
    return left, row


def _entered(
    told: Mapping[str, Any], lock: Lock, blank: SteroidCourse | None = None
) -> SteroidCourse:
    """Save a course of its own, or as the one of which nobody knew anything."""
    public_id = blank.public_id if blank is not None else None
    return save_steroid(**lock(Section.STEROIDS), values=told, public_id=public_id)


def _cannot_tell(
    patient: Patient, known: list[SteroidCourse], told: Mapping[str, Any], lock: Lock
) -> None:
    """Enter that a steroid may be given of which nobody knows; a dose that the record knows of is not taken back.

    What is "not yet" is owed where the record tells nothing, and needs a line only beside a certain 0 mg.
    """
    given = [one for one in known if not _is_over(one)]
    blank = next((one for one in given if _says_nothing(one)), None)
    unknown = told["now_mg_per_day_state"] == FactState.UNKNOWN
    if not (blank is not None or _is_surely_none(lock) or (unknown and not given)):
        if unknown and not any(one.now_mg_per_day for one in given):
            say_dose_untold(**lock(Section.STEROIDS))
        return
    if blank is None or (unknown and blank.now_mg_per_day_state == FactState.NOT_YET):
        _entered(told, lock, blank)
    elif unknown:
        say_dose_untold(**lock(Section.STEROIDS))
    _take_back(patient, lock)
    _say_none_no_more(patient, lock)


def _is_surely_none(lock: Lock) -> bool:
    """Whether by the record as it is now no steroid is given for certain, replacement aside."""
    cases = Case.objects.filter(pk=lock(Section.STEROIDS)["case"].pk)
    case = with_rules(cases).select_related("board", *joined("patient", "background")).get()
    fact = steroid_now(doses_of(case), timezone.localdate())
    return fact.state is FactState.KNOWN and fact.high == 0


def _take_back(patient: Patient, lock: Lock) -> None:
    """Call the list of steroids complete no more: something was told that it does not have."""
    if Patient.objects.filter(pk=patient.pk, steroids_complete_as_of__isnull=False).exists():
        set_complete(**lock(Section.STEROIDS), key=Section.STEROIDS, complete=False)


def _say_none_no_more(patient: Patient, lock: Lock) -> None:
    """Take back that none is given in all: what is told now is newer, though it was of the same day."""
    if none_in_all(patient).exists():
        _say_in_all(lock, None)


def _say_in_all(lock: Lock, mg: Decimal | None) -> None:
    """Say how much is given in all today; None takes it back."""
    told = lock(Section.STEROIDS)
    say_steroid_total(by=told["by"], case=told["case"], mg_per_day=mg, on=timezone.localdate())


def _is_over(row: SteroidCourse) -> bool:
    """Whether a course is not given any more: its dose of now is none, or it ended and nobody told one."""
    if row.now_mg_per_day is not None:
        return row.now_mg_per_day == 0
    return row.stop_latest is not None and row.stop_latest < timezone.localdate()


def _says_nothing(row: SteroidCourse) -> bool:
    """Whether a course is no more than the line that nobody knows of a steroid."""
    told = (row.drug, row.now_mg_per_day, row.peak_mg_per_day, row.indication, row.not_tapered)
    days_or_event = (row.start, row.stop, row.irae_id)
    goes_on = row.stop_state == FactState.NOT_APPLICABLE
    nothing = all(one is None for one in (*told, *days_or_event)) and not goes_on
    return nothing and row.now_mg_per_day_state in NOBODY_KNOWS


def _over(
    patient: Patient, known: list[SteroidCourse], told: Mapping[str, Any], lock: Lock
) -> tuple[list[Left], SteroidCourse | None]:
    """Save a course that was given and is at 0 mg now, and that none is given."""
    drug = told["drug"]
    left: list[Left] = []
    row: SteroidCourse | None
    given = [one for one in known if not (_is_over(one) or _says_nothing(one))]
    if given:
        return _all_left(told), None
    blank = next((one for one in known if _says_nothing(one)), None)
    may_be = [one for one in known if drug in (None, one.drug) and not _says_nothing(one)]
    if may_be:
        left, row = _said_again(may_be, told, lock)
        # Whichever course it is of, that none is given now is entered.
        left = [one for one in left if one.name != OF_STEROIDS["now_mg_per_day"]]
    else:
        row = _entered(told, lock, blank)
    fresh = SteroidCourse.objects.filter(patient=patient).prefetch_related("doses")
    return [*left, *_none_now(list(fresh), lock)], row


def _all_left(told: Mapping[str, Any]) -> list[Left]:
    """Return all that was told, a dose of 0 among it, as not entered."""
    return [
        Left(name) for column, name in OF_STEROIDS.items() if told.get(column) not in (None, "")
    ]


def _said_again(
    known: list[SteroidCourse], told: Mapping[str, Any], lock: Lock
) -> tuple[list[Left], SteroidCourse | None]:
    """Complete the one course that the record has, where it is just so, and date its dose anew; else it stays."""
    dose, row = told.get("now_mg_per_day"), known[0]
    now = row.now_mg_per_day
    over = dose == 0 and now is None
    if len(known) > 1 or row.drug != told["drug"] or not (over or dose in (None, now)):
        return _all_left(told), None
    found = united(row, {name: value for name, value in told.items() if name != "irae"})
    values = dict(found.missing)
    otherwise = [*found.otherwise]
    peak = values.get("peak_mg_per_day")
    if peak is not None and now is not None and peak < now:
        del values["peak_mg_per_day"], values["peak_mg_per_day_state"]
        otherwise.append("peak_mg_per_day")
    if dose is not None:
        values["now_on"] = timezone.localdate()
    if values:
        save_steroid(**lock(Section.STEROIDS), values=values, public_id=row.public_id)
    return [Left(OF_STEROIDS[column]) for column in otherwise], row


def _none_now(known: list[SteroidCourse], lock: Lock) -> list[Left]:
    """Say that none is given today, unless the record has one that is not known to have ended."""
    none = {
        "now_mg_per_day": Decimal(0),
        "now_mg_per_day_state": FactState.KNOWN.value,
        "now_on": timezone.localdate(),
    }
    if not all(_is_over(row) or _says_nothing(row) for row in known):
        return [Left("steroid")]
    over = [row for row in known if row.now_mg_per_day == 0 or _says_nothing(row)]
    for row in over:
        save_steroid(**lock(Section.STEROIDS), values=none, public_id=row.public_id)
    _say_in_all(lock, Decimal(0))
    return []


def enter_ecog(patient: Patient, referral: Referral, lock: Lock) -> list[Left]:
    """Save ECOG where the record has none or that of an earlier day."""
    told = referral.fitness
    if not told:
        return []
    row = PerformanceStatus.objects.get(patient=patient)
    if row.ecog is None:
        new = united(row, told).missing
    elif told["ecog"] is None:
        new = {}
    elif _is_newer(row.assessed, told["assessed"], same=row.ecog == told["ecog"]):
        new = dict(told)
    else:
        return [] if row.ecog == told["ecog"] else [Left("ecog")]
    if new:
        save_fitness(**lock(Section.FITNESS), status=new)
    return []


def _is_newer(there: PartialDate | None, told: PartialDate | None, *, same: bool) -> bool:
    """Whether a day is after the recorded one; of the same ECOG also where it tells that one more exactly."""
    if told is None:
        return False
    if there is None or there.certainly_before(told):
        return True
    return same and inside(told, there)
