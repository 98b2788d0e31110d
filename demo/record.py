"""Enters the record of a planned case through the services that the forms call."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.acting import acting_as
from cases.models import Analyte, CaseSection, DossierItem, Provenance, Section
from cases.services import history, labs
from cases.services.facts import refreshed_once
from cases.services.iraes import review_all_organs, review_organs, save_dossier
from cases.services.lifecycle import Question, refer_case
from cases.services.patients import Identity, register_patient
from cases.services.reports import save_report
from cases.services.steroids import (
    save_immunosuppressant,
    save_steroid,
    set_second_line_complete,
)
from cases.services.tasks import owe_fact
from cases.services.treatment import save_response, save_treatment
from cases.services.tumour import save_biomarker, save_drivers, save_metastases, save_tumour
from demo import typed
from demo.clock import at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from cases.models import Case, ICICourse, IrAE
    from demo.people import Bench
    from demo.plan import CasePlan

QUESTION = ("disease_status", "proposed_regimen", "prophylaxis")
TUMOUR = ("histology", "stage_group", "t_category", "n_category", "m_category")
BACKGROUND = (
    "smoking",
    "pack_years",
    "autoimmune_disease",
    "interstitial_lung_disease",
    "transplant",
    "hepatitis_b",
    "hepatitis_c",
    "heart_disease",
    "pregnancy",
)
WORDS = ("autoimmune_text", "heart_text", "comorbidities", "preference")
TEXTS = ("stage_text", "tnm_edition", "tnm_basis")


def working_time(days_ago: int, number: int = 0) -> datetime:
    """Return a moment in working hours that many days ago, never in the future."""
    day = timezone.localdate() - timedelta(days=days_ago)
    moment = datetime.combine(day, time(9, 5)) + timedelta(minutes=(37 * number) % 470)
    return min(timezone.make_aware(moment), timezone.now())


def birth_date(age: int | None, number: int) -> date | None:
    """Return an invented birth date that gives `age` today and for some weeks; None without an age."""
    if age is None:
        return None
    today = timezone.localdate()
    birthday = date(today.year - age, today.month, min(today.day, 28))
    return birthday - timedelta(days=1 + (number * 97) % 300)


def enter(plan: CasePlan, bench: Bench, number: int) -> Case:
    """Register the patient, refer the case and enter its record, as the referring member would."""
    by = bench["member"]
    born = birth_date(plan.age, number)
    with acting_as(by):
        with at(working_time(plan.referred_days_ago, number)):
            case = _refer(
                plan,
                bench,
                by,
                Identity(plan.family_name, plan.given_name, f"DEMO-{number:05d}", born),
            )
            with refreshed_once():
                entry = Entry(by, case)
                entry.background(plan)
                entry.history(plan)
                entry.results(plan, {a.code: a for a in Analyte.objects.all()})
        for owed in plan.owed:
            owe_fact(
                by=by,
                case=case,
                fact=owed.fact,
                owner=bench.sitting_for(owed.specialty) if owed.specialty else None,
                due_on=timezone.localdate() + timedelta(days=owed.due_in_days),
            )
    return case


def _refer(plan: CasePlan, bench: Bench, by: User, identity: Identity) -> Case:
    patient = register_patient(
        by=by,
        board=bench.board,
        identity=identity,
        sex=plan.sex,
        provenance=Provenance.PUBLISHED if plan.published else Provenance.INVENTED,
        citation=plan.citation,
    )
    question = Question(
        question=plan.question["question"],
        urgent=plan.urgent,
        proposed_drugs=plan.question["proposed_drugs"],
        alternatives=plan.question.get("alternatives", []),
        alternatives_text=plan.question.get("alternatives_text", ""),
        **typed.stated(plan.question, QUESTION),
    )
    return refer_case(by=by, board=bench.board, patient=patient, question=question)


class Entry:
    """Saves sections of one case, each under the version it has now."""

    def __init__(self, by: User, case: Case) -> None:
        self.by = by
        self.case = case
        found = CaseSection.objects.filter(case=case)
        self.versions = dict(found.values_list("key", "version"))

    def _lock(self, key: Section) -> dict[str, Any]:
        version = self.versions[key]
        self.versions[key] = version + 1
        return {"by": self.by, "case": self.case, "version": version}

    def background(self, plan: CasePlan) -> None:
        """Save tumour, biomarkers, fitness and what else stands about the patient."""
        if plan.tumour:
            texts = {name: plan.tumour.get(name, "") for name in TEXTS}
            values = {**texts, **typed.stated(plan.tumour, TUMOUR)}
            save_tumour(**self._lock(Section.TUMOUR), values=values)
        if plan.metastases or plan.metastases_complete:
            sites = {site: typed.site(said) for site, said in plan.metastases.items()}
            lock = self._lock(Section.TUMOUR)
            save_metastases(**lock, sites=sites, complete=plan.metastases_complete)
        if plan.drivers:
            results = {gene: typed.driver(gene, said) for gene, said in plan.drivers.items()}
            save_drivers(**self._lock(Section.TUMOUR), results=results)
        for given in plan.biomarkers:
            save_biomarker(**self._lock(Section.TUMOUR), values=typed.biomarker(given))
        if plan.fitness or plan.body:
            history.save_fitness(
                **self._lock(Section.FITNESS),
                status={
                    **typed.stated(plan.fitness, ("ecog",)),
                    **typed.dated(plan.fitness, ("assessed",)),
                },
                body=typed.body(plan.body),
            )
        words = {name: plan.background[name] for name in WORDS if name in plan.background}
        values = {**typed.stated(plan.background, BACKGROUND), **words}
        history.save_background(**self._lock(Section.FITNESS), values=values)

    def results(self, plan: CasePlan, analytes: Mapping[str, Analyte]) -> None:
        """Save the laboratory results, sample by sample."""
        for given in plan.labs:
            rows = typed.results(given, analytes)
            labs.save_results(**self._lock(Section.LABS), results=rows)

    def treatment(self, plan: CasePlan) -> list[ICICourse]:
        """Save the courses, the other treatment and the assessments; return the courses."""
        courses = [
            history.save_course(**self._lock(Section.COURSES), values=typed.course(given))
            for given in plan.courses
        ]
        for given in plan.treatments:
            save_treatment(**self._lock(Section.TREATMENT), values=typed.treatment(given))
        for given in plan.responses:
            row = {"course": courses[given["course"] - 1]} if "course" in given else {}
            values = {**typed.response(given), **row}
            save_response(**self._lock(Section.RESPONSES), values=values)
        return courses

    def history(self, plan: CasePlan) -> None:
        """Save treatment, irAEs and steroids, and say which of the lists are complete."""
        courses = self.treatment(plan)
        iraes: list[IrAE] = []
        for given in plan.iraes:
            row = {"course": courses[given["course"] - 1]} if "course" in given else {}
            if "recurrence_of" in given:
                row["recurrence_of"] = iraes[given["recurrence_of"] - 1]
            iraes.append(self.irae({**typed.irae(given), **row}))
            self.dossier(iraes[-1], given.get("dossier", {}))
        self.told_of(plan, iraes)
        for key in plan.complete:
            if key == Section.IRAES:
                review_all_organs(**self._lock(Section.IRAES))
            else:
                history.set_complete(**self._lock(Section(key)), key=key, complete=True)
        if Section.STEROIDS in plan.complete:
            set_second_line_complete(**self._lock(Section.STEROIDS), complete=True)
        if plan.organs_asked:
            review_organs(**self._lock(Section.IRAES), asked=plan.organs_asked)

    def told_of(self, plan: CasePlan, iraes: list[IrAE]) -> None:
        """Save the reports, the steroids and the second-line agents, each beside its irAE where it has one."""

        def about(given: Mapping[str, Any]) -> dict[str, Any]:
            return {"irae": iraes[given["irae"] - 1]} if "irae" in given else {}

        for given in plan.reports:
            save_report(**self._lock(Section.IRAES), values={**typed.report(given), **about(given)})
        for given in plan.steroids:
            values = {**typed.steroid(given), **about(given)}
            save_steroid(**self._lock(Section.STEROIDS), values=values, doses=typed.doses(given))
        for given in plan.second_line:
            values = {**typed.second_line(given), **about(given)}
            save_immunosuppressant(**self._lock(Section.STEROIDS), values=values)

    def dossier(self, irae: IrAE, told: Mapping[str, str]) -> None:
        """Fill in what is told of an event, where the items are loaded."""
        items = DossierItem.objects.filter(code__in=told)
        answers = {item.pk: typed.finding(item.kind, told[item.code]) for item in items}
        if answers:
            lock = self._lock(Section.IRAES)
            save_dossier(**lock, irae_id=irae.public_id, answers=answers)

    def irae(self, values: dict[str, Any], changed: IrAE | None = None) -> IrAE:
        """Save a new irAE, or the one that changed."""
        public_id = changed.public_id if changed else None
        return history.save_irae(**self._lock(Section.IRAES), values=values, public_id=public_id)
