"""The demonstration loads through the services, once, and gives every page something to show."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.acting import acting_as
from accounts.models import Board, Membership, User
from cases.models import AttachedGuidance, Case, FactTask, IrAE, Patient, SteroidCourse
from cases.rules import readiness_of
from cases.states import CaseState
from cases.vocabulary import UNSTATED, Organ, drugs, entities
from demo import invented, published
from demo.people import specialists
from followup.models import Check, MonitoringPlan, Notice
from meetings.models import Decision, Dissent, Letter, Meeting

ROOT = Path(settings.BASE_DIR)


@pytest.fixture
def chairs(db):
    return list(User.objects.filter(memberships__role="chair").order_by("email"))


def test_the_start_says_what_it_loaded(stack, said):
    loaded = "\n".join(said)
    assert "2 boards, 48 people" in loaded
    assert "North Thoracic Board: 41 cases, 9 of them published" in loaded
    assert "Riverside Lung Board: 39 cases, 7 of them published" in loaded


def test_loading_again_does_nothing(chairs, monkeypatch):
    monkeypatch.setattr(settings, "DEMO", True)
    before = User.objects.count()
    out = StringIO()
    call_command("load_demo", stdout=out)
    assert "already" in out.getvalue()
    assert User.objects.count() == before


def test_refused_where_patients_may_be_real(db, monkeypatch):
    monkeypatch.setattr(settings, "DEMO", False)
    before = Board.objects.count()
    with pytest.raises(CommandError, match="RECHALLENGE_DEMO"):
        call_command("load_demo")
    assert Board.objects.count() == before


def test_every_state_and_list_has_something_on_each_board(chairs):
    for chair in chairs:
        with acting_as(chair):
            states = set(Case.objects.visible_to(chair).values_list("state", flat=True))
            assert states == set(CaseState.values)
            plans = set(MonitoringPlan.objects.values_list("state", flat=True))
            assert plans >= {"waiting_first_dose", "active", "closed"}
            results = set(Check.objects.values_list("result", flat=True))
            assert results == {"", "normal", "abnormal", "not_done"}
            assert Decision.objects.filter(state="signed").count() == Letter.objects.count() > 10
            outcomes = set(Decision.objects.values_list("outcome", flat=True))
            assert outcomes >= {"same_agent", "other_class", "no_rechallenge", "defer"}
            assert Decision.objects.filter(state="draft").count() == 1
            assert Dissent.objects.exists()
            assert AttachedGuidance.objects.exists()
            assert FactTask.objects.filter(done_at=None, owner=None).exists()
            meetings = Meeting.objects.visible_to(chair)
            assert meetings.filter(state="closed").count() >= 5
            assert meetings.filter(state="planned").count() >= 3
            assert Notice.objects.filter(user=chair).exists()


def test_one_board_has_a_meeting_under_way(chairs):
    running = Meeting.objects.get(state="running")
    with acting_as(chairs[0]):
        current = running.items.get(current_since__isnull=False)
        assert current.case.state == CaseState.DISCUSSED


def test_facts_are_owed_overdue_today_and_later_by_people_of_every_role(chairs):
    owners = set()
    from django.utils import timezone

    today, due = timezone.localdate(), set()
    for chair in chairs:
        with acting_as(chair):
            for task in FactTask.objects.filter(done_at=None).select_related("owner"):
                if task.owner:
                    owners |= task.owner.roles_on(chair.boards[0])
                due.add((task.due_on > today) - (task.due_on < today))
    assert owners >= {"member", "chair", "coordinator", "nurse"}
    assert due == {-1, 0, 1}


def test_published_cases_are_cited_and_their_names_are_invented(chairs):
    rows = {row["family_name"]: row for row in published.rows()}
    seen = set()
    for chair in chairs:
        with acting_as(chair):
            patients = Patient.objects.filter(provenance="published").select_related("identity")
            for patient in patients:
                row = rows[patient.identity.family_name]
                assert row["citation"] in patient.citation
                assert (row["doi"] or row["url"]) in patient.citation
                assert "Concluded, not read" in patient.citation
                seen.add(patient.identity.family_name)
            others = Patient.objects.exclude(provenance="published")
            assert {p.provenance for p in others} == {"invented"}
    assert seen == set(rows)
    authors = " ".join(row["citation"] for row in rows.values())
    assert not [name for name in rows if name.split("-")[0] in authors]


def onset(**more):
    return {f"onset_{name}": value for name, value in more.items()}


# What each report tells, as the record holds it: list of the patient, its columns.
REPORTED = {
    "zhou-2025": [
        ("iraes", {"entity": "thyroiditis", "worst_grade": 2, "severity_word": "manageable"}),
        ("drivers", {"gene": "other", "variant": "TP53 mutated"}),
    ],
    "crionm-2019": [
        (
            "courses",
            {"cycles_low": 10, "progressed_anchor": "ICI stop", "progressed_offset_days": 427},
        ),
        ("treatments", {"kind": "chemotherapy", "name__startswith": "four lines"}),
        ("treatments", {"site": "mediastinum, second recurrence", "best_response": "CR"}),
    ],
    "pulmonology-2020": [
        ("treatments", {"name__contains": "vinorelbine 25 mg/m2", "start_text": "January 2015"}),
        ("treatments", {"dose_gy": 60, "fractions": 30}),
        ("responses", {"response": "PR", "assessed_text": "March 2016"}),
        ("iraes", {"care": "hospital", "onset_text": "April 2016"}),
    ],
    "picard-2021-1": [("iraes", {"entity": "pneumonitis", "severity_word": "significant"})],
    "nguyen-2024": [
        (
            "iraes",
            onset(anchor="cycle 1") | {"resolved_anchor": "irAE onset", "resolved_offset_days": 30},
        ),
        ("reports", {"text__contains": "High-dose steroid", "irae__entity": "pneumonitis"}),
        ("dossier", {"item__code": "lung_ct_pattern", "answer": "Ground-glass opacities"}),
    ],
    "mishima-2019": [
        ("iraes", onset(anchor="cycle 7") | {"organ": "pituitary"}),
        ("iraes", onset(anchor="cycle 7") | {"organ": "thyroid"}),
        ("treatments", {"kind": "surgery", "name__contains": "right lower lobectomy"}),
    ],
    "edahiro-2019": [
        ("iraes", onset(anchor="cycle 3") | {"organ": "thyroid"}),
        ("iraes", onset(anchor="cycle 8") | {"entity": "diabetes"}),
        ("reports", {"text__contains": "courses 3 to 5"}),
        ("treatments", {"line": 1}),
    ],
    "nakajima-2019-1": [
        ("metastases", {"site": "adrenal", "detail": "left"}),
        ("dossier", {"item__code": "colon_stools", "low": 4, "high": 6}),
    ],
    "psa-2017": [
        ("immunosuppressants", {"drug": "methotrexate", "irae__entity": "arthritis"}),
        ("responses", {"response": "PR", "assessed_anchor": "cycle 39"}),
    ],
    "fmed-2021": [
        ("steroids", {"drug": "prednisolone", "start_offset_days": 9}),
        ("reports", {"text__contains": "1 mg/kg"}),
        ("reports", {"text__contains": "magnesium 1.3 mg/dL, phosphate 1.5 mg/dL"}),
    ],
    "fimmu-2023": [("immunosuppressants", {"drug": "ivig", "dose": "two courses"})],
    "kondo-2022": [("iraes", onset(anchor="cycle 1") | {"entity": "hepatitis", "worst_grade": 3})],
    "chen-2024": [
        ("iraes", onset(offset_days=26, grade=2) | {"care": "intensive"}),
        ("treatments", {"name__contains": "four cycles", "best_response": "SD"}),
        ("immunosuppressants", {"drug": "ivig"}),
    ],
    "sandhu-2023": [("immunosuppressants", {"drug": "ivig", "irae__entity": "sjs"})],
    "wu-2023": [
        ("iraes", onset(anchor="ICI stop", offset_days=182) | {"severity_word": "suspected"})
    ],
    "jitc-table3-p2": [
        ("iraes", onset(offset_days=64) | {"severity_word": "severe by Bonaca's scale"})
    ],
}


def test_what_the_reports_tell_was_carried(chairs):
    """One fact or more of every published case, each in the field that the forms have for it."""
    keys = {row["family_name"]: row["key"] for row in published.rows()}
    seen, lost = set(), []
    for chair in chairs:
        with acting_as(chair):
            for patient in Patient.objects.filter(provenance="published"):
                key = keys[patient.identity.family_name]
                seen.add(key)
                for rows, columns in REPORTED[key]:
                    if not getattr(patient, rows).filter(**columns).exists():
                        lost.append((key, rows, columns))
                if key == "nakajima-2019-1":
                    assert patient.background.pack_years == 27
                if key == "mishima-2019":
                    found = patient.tumour
                    assert (found.t_category, found.n_category, found.m_category) == (
                        "T1a",
                        "N0",
                        "M0",
                    )
    assert not lost
    assert seen == set(REPORTED)


def test_no_decision_names_a_drug_that_its_report_does_not(chairs):
    rows = {row["family_name"]: row for row in published.rows()}
    decided = {}
    for chair in chairs:
        with acting_as(chair):
            for one in Decision.objects.filter(patient__provenance="published").select_related(
                "patient__identity"
            ):
                decided[one.patient.identity.family_name] = set(one.drugs)
    assert len(decided) > 5
    for name, drugs_decided in decided.items():
        row = rows[name]
        named = {drug for course in row["courses"] for drug in course["drugs"] or ()}
        for drug in drugs_decided - named:
            assert f"drug of the decision ({drug})" in row["inferred"], name
            assert drug in published.citation(row)


def test_what_a_report_does_not_say_is_unknown_and_never_no(chairs):
    with acting_as(chairs[0]):
        facts = _facts("Oyelade")
        assert facts["ecog"].state == "unknown"
        assert facts["autoimmune_disease"].state == "unknown"
        assert facts["pdl1_tps_initial"].state == "unknown"


def _facts(family_name):
    case = Case.objects.select_related("facts").get(patient__identity__family_name=family_name)
    return case.facts.as_facts()


def test_readiness_varies_and_every_organ_comes_up(chairs):
    shares, organs, most = set(), set(), 0
    for chair in chairs:
        with acting_as(chair):
            for case in Case.objects.select_related("facts"):
                found = readiness_of(case)
                shares.add(round(found.settled / found.total, 1))
            organs |= set(IrAE.objects.values_list("organ", flat=True))
            for patient in Patient.objects.all():
                events = [
                    model.objects.filter(patient=patient).count() for model in (IrAE, SteroidCourse)
                ]
                most = max(most, sum(events) + patient.courses.count())
    assert min(shares) <= 0.5
    assert max(shares) >= 0.9
    assert organs == set(Organ.values)
    assert most >= 30


def test_some_patients_have_results_of_several_days_and_no_published_case_has_invented_ones(chairs):
    days, sources, ratios = set(), set(), 0
    for chair in chairs:
        with acting_as(chair):
            for patient in Patient.objects.prefetch_related("lab_results"):
                rows = patient.lab_results.all()
                assert not (rows and patient.provenance == "published")
                days.add(len({row.taken_on for row in rows}))
                sources |= {row.unit_entered for row in rows}
            for case in Case.objects.select_related("facts"):
                found = case.facts.as_facts()
                ratios += found["nlr"].state == "known" and found["ali"].state == "known"
    assert {0, 2, 3, 4} <= days
    assert {"10^9/L", "/uL"} <= sources
    assert ratios >= 10


def test_published_return_came_from_the_reported_events(chairs):
    with acting_as(chairs[0]):
        case = Case.objects.get(patient__identity__family_name="Marlow")
        assert (case.state, case.returned_reason) == (CaseState.RETURNED, "new_irae")


def test_a_board_has_a_person_for_every_specialty(chairs):
    for chair in chairs:
        board = chair.boards[0]
        held = set(Membership.objects.filter(board=board).values_list("specialty", flat=True))
        assert held >= set(specialists()) | {"medical_oncology", "specialist_nurse", "coordinator"}


def test_codes_of_the_plans_are_those_of_the_vocabulary():
    from django.utils import timezone

    for plan in published.plans() + invented.plans(timezone.localdate()):
        assert set(plan.question["proposed_drugs"]) <= set(drugs()), plan.key
        for course in plan.courses:
            assert set(course["drugs"] or ()) <= set(drugs()), plan.key
        for irae in plan.iraes:
            entity = entities()[irae["entity"]]
            assert entity.organ == irae["organ"], plan.key
            assert irae["ctcae_version"] in {*entity.terms, UNSTATED, ""}, plan.key


def test_invented_cases_are_the_same_at_every_load():
    from datetime import date

    day = date(2026, 3, 1)
    assert invented.plans(day) == invented.plans(day)
    assert len({plan.family_name for plan in invented.plans(day)}) == len(invented.plans(day))


def test_nothing_reads_what_a_clone_does_not_have():
    """No file names the folder beside the repository from which the facts were taken, nor a machine's path.

    Nor one of its parts, however the path is put together.
    """
    name, who = "sha" + "red", "/home/" + "someone"
    parts = "(?:data|design|review)"
    outside = re.compile(rf"""\.\./{name}|{who}|\b{name}(?:/|["']\s*[/,]\s*["']){parts}\b""")
    for put_together in (
        f"{name}/data/x",
        f'root / "{name}" / "design"',
        f"'{name}', 'review'",
    ):
        assert outside.search(put_together)
    left_out = {".git", ".venv", "node_modules", "var", "build", "collected", "__pycache__"}
    kinds = {".py", ".json", ".html", ".md", ".toml", ".js", ".mjs", ".scss", ".yml", ".sql", ""}
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in left_out]
        for path in (Path(folder) / name for name in names):
            if path.suffix in kinds and path.is_file():
                text = path.read_text(errors="ignore")
                found += [f"{path}: {match[0]}" for match in outside.finditer(text)]
    assert not found


def test_signatures_are_sealed_with_the_moment_that_is_stored(chairs):
    found = []
    for chair in chairs:
        with acting_as(chair):
            found += list(Decision.objects.filter(signed_at__isnull=False))
    assert len(found) > 10
    for decision in found:
        sealed = json.loads(decision.snapshot)["signed_at"]
        assert sealed == decision.signed_at.astimezone(UTC).isoformat()
