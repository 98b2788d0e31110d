"""Every page in a pseudo-language: what still reads as English is neither content nor data, and is a fault."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils.translation import override

from accounts.acting import acting_as
from accounts.models import User
from accounts.zones import AREAS
from cases.changewords import _FACETS as MODELS
from cases.changewords import facets_of
from cases.models import CaseSection, LabResult, ListedDrug, SavedFilter
from cases.services.drafts import Window, save_draft
from cases.services.filters import save_filter
from cases.services.guidance import attach
from cases.services.reports import save_report
from cases.services.searches import save_search
from evidence.models import Finding, Statement, StatementVersion
from followup.limits import DATA as LIMITS
from followup.models import Check
from tests.e2e.test_pages import NO_PAGE, addresses
from tests.factories.line import Line, make_line
from tests.factories.meetings import make_draft, make_item, make_meeting
from tests.factories.people import PASSWORD, make_user
from tests.factories.record import CANARY, make_case
from tests.factories.renewing import renew
from tests.factories.spreadsheets import make_job
from tests.integration.translation import pseudo
from tests.integration.translation.reading import stored, untranslated

pytestmark = pytest.mark.django_db

# What is the same in every language, and why.
ALLOWED = {
    "names of the product and of its parts": ["Rechallenge", "Django"],
    "names of scales, tests, molecules and classes": [
        "CTCAE", "ECOG", "PD-L1", "PD-1", "TPS", "TMB", "CTLA-4", "VEGF", "RECIST", "LDH",
    ],
    "names of indices": ["NLR", "LMR", "PLR", "dNLR", "LIPI", "ALI"],
    "stages and numbers of phases": ["II", "III", "IV", "T1mi", "Tis", "[TNM]X", "T", "N", "M"],
    "names of genes": [
        "EGFR", "ALK", "ROS1", "BRAF", "KRAS G12C", "MET", "RET", "HER2", "NTRK",
    ],
    "units of measurement": [
        "mut/Mb", "mg/day", r"[a-zA-Zµ]*/[a-zA-Zµ]*L", "mg", "min", "Gy", "mm", "cm", "kg",
    ],
    "ATC codes": [r"L0\d[A-Z]{2}\d\d"],
    "references of cases and statements": [r"RC-\d{4}-\d{4}", r"[A-Z]\d\d"],
    "names of time zones": [rf"({'|'.join(AREAS)})(/[A-Za-z _-]+)+", "UTC"],
    "addresses": [r"https?://\S+", r"\S+@\S+"],
    "words that Django and the sign-in library leave untranslated themselves": [
        "Search", "True", "False", "Authenticators",
    ],
    "codes of sources": [r"[a-z0-9]+(-[a-z0-9]+)+", "wjog9616l"],
    "codes of drugs, protocols and facts, where they are data": ["pembrolizumab", r"[a-z]+ v\d+"],
}  # fmt: skip
ALLOWED_WORDS = re.compile(
    "|".join(rf"(?<![A-Za-z]){w}(?![A-Za-z])" for ws in ALLOWED.values() for w in ws)
)
# Addresses that answer GET with something else than a page for people.
NOT_FOR_PEOPLE = {*NO_PAGE, "meetings:letter"}


@pytest.fixture
def odd_language(settings, tmp_path):
    count = pseudo.build(tmp_path)
    settings.DEMO = False
    settings.LANGUAGES = [*settings.LANGUAGES, (pseudo.CODE, "Pseudo")]
    settings.LOCALE_PATHS = [tmp_path]
    assert count > 1500


@pytest.fixture
def line(board) -> Line:
    return make_line(board)


def typed_twice(by: User, line: Line) -> str:
    """Return the key of a form into which something was typed in two windows."""
    key = f"section:{line.case.public_id}:tumour"
    for window, text in (("windowa", "Scan 4"), ("windowb", "Scan 5")):
        fields = {"stage_text": [text], "histology": ["squamous"]}
        with acting_as(by):
            save_draft(by=by, key=key, fields=fields, window=Window(window))
    return key


def scene(line: Line) -> dict[str, tuple[str, list[Any]]]:
    """Return for each page of ours who opens it and with which ids."""
    people, board = line.people, line.board
    coordinator = people["coordinator"]
    planned = make_meeting(coordinator, board)
    item = make_item(coordinator, planned)
    draft = make_draft(coordinator, item)
    make_item(coordinator, planned)
    waiting = make_case(people["member"], board)
    with acting_as(people["nurse"]):
        due = Check.objects.filter(plan=line.plan, result="").order_by("due_on", "pk")[0]
    with acting_as(people["member"]):
        course = line.case.patient.courses.order_by("number")[0]
        irae = line.case.patient.iraes.get()
        steroid = line.case.patient.steroids.get()
        statement = Statement.objects.filter(versions__state="published")[0]
        result = LabResult.objects.filter(patient=line.case.patient_id)[0]
        version = CaseSection.objects.get(case=line.case, key="iraes").version
        report = save_report(
            by=people["member"],
            case=line.case,
            version=version,
            values={"title": "Scan 1", "text": "Scan 2"},
        )
        finding = Finding.objects.filter(versions__state="published")[0]
        figure = attach(by=people["member"], case=line.case, finding=finding, comment="Scan 3")
        pinned = line.decision.statements.get().statement_version
    renew(board, pinned)
    case = line.case.public_id
    return {
        "home": ("member", []),
        "home of a chair": ("chair", []),
        "home of a curator": ("curator", []),
        "cases:list": ("member", []),
        "cases:list ?state=ready": ("member", []),
        f"cases:list ?s={kept_search(people['member'])}": ("member", []),
        "cases:refer": ("member", []),
        "cases:drafts": ("member", []),
        "cases:draft_typed": ("member", [typed_twice(people["member"], line)]),
        "cases:merge": ("coordinator", [case]),
        "cases:merge_with": ("coordinator", [case, waiting.public_id]),
        "cases:merged": ("member", [case]),
        "cases:bulk": ("coordinator", []),
        "cases:bulk_job": ("coordinator", [make_job(coordinator, board).public_id]),
        "cases:bulk_job export": (
            "coordinator",
            [make_job(coordinator, board, "export").public_id],
        ),
        "cases:bulk_job under way": (
            "coordinator",
            [make_job(coordinator, board, state="running").public_id],
        ),
        "cases:bulk_job faulty": (
            "coordinator",
            [make_job(coordinator, board, state="faulty").public_id],
        ),
        "meetings:erase": ("chair", [case]),
        "cases:detail": ("member", [case]),
        "cases:detail of a new case": ("member", [waiting.public_id]),
        "cases:changes": ("member", [case]),
        "cases:compare": ("member", [case]),
        "cases:owner": ("member", [case, "ecog"]),
        "cases:give": ("member", [case]),
        "cases:section": ("member", [case, "question"]),
        "cases:section tumour": ("member", [case, "tumour"]),
        "cases:section fitness": ("member", [case, "fitness"]),
        "cases:item_add": ("member", [case, "courses"]),
        "cases:item_add irae": ("member", [case, "iraes"]),
        "cases:item_add steroid": ("member", [case, "steroids"]),
        "cases:item": ("member", [case, "courses", course.public_id]),
        "cases:item irae": ("member", [case, "iraes", irae.public_id]),
        "cases:item steroid": ("member", [case, "steroids", steroid.public_id]),
        "cases:item_add treatment": ("member", [case, "treatment"]),
        "cases:item_add response": ("member", [case, "responses"]),
        "cases:item_add second line": ("member", [case, "immunosuppressants"]),
        "cases:again": ("member", [case]),
        "cases:labs": ("member", [case]),
        "cases:sample_add": ("member", [case]),
        "cases:result_add": ("member", [case]),
        "cases:result": ("member", [case, result.public_id]),
        "cases:result_remove": ("member", [case, result.public_id]),
        "cases:organs": ("member", [case]),
        "cases:part": ("member", [case, "metastases"]),
        "cases:part drivers": ("member", [case, "drivers"]),
        "cases:part background": ("member", [case, "background"]),
        "cases:item_add biomarker": ("member", [case, "biomarkers"]),
        "cases:dossier": ("member", [case, irae.public_id]),
        "cases:report": ("member", [case, report.public_id]),
        "cases:item_remove": ("member", [case, "courses", course.public_id]),
        "evidence:statements": ("member", []),
        "evidence:statement": ("curator", [statement.public_id]),
        "evidence:findings": ("member", []),
        "evidence:finding": ("member", [finding.public_id]),
        "followup:worklist": ("nurse", []),
        "followup:notices": ("nurse", []),
        "followup:failed": ("nurse", []),
        "followup:plan": ("nurse", [line.plan.public_id]),
        "followup:planned_first": ("nurse", [line.plan.public_id]),
        "followup:first_dose": ("nurse", [line.plan.public_id]),
        "followup:take_back_first": ("nurse", [line.plan.public_id]),
        "followup:last_dose": ("nurse", [line.plan.public_id]),
        "followup:hold": ("nurse", [line.plan.public_id]),
        "followup:close": ("nurse", [line.plan.public_id]),
        "followup:irae": ("nurse", [line.plan.public_id]),
        "followup:check": ("nurse", [due.public_id]),
        "followup:correct": ("nurse", [line.check.public_id]),
        "followup:assign": ("nurse", [due.public_id]),
        "boards:members": ("administrator", [line.board.public_id]),
        "boards:add": ("administrator", [line.board.public_id]),
        "boards:end": ("administrator", [line.board.public_id, people["nurse"].public_id, "nurse"]),
        "boards:trail": ("administrator", []),
        "boards:rules": ("chair", [line.board.public_id]),
        **admin_pages(),
        "account_change_password": ("member", []),
        "mfa_index": ("member", []),
        "account_reset_password": ("", []),
        "account_login": ("", []),
        "meetings:list": ("coordinator", []),
        "meetings:new": ("coordinator", []),
        "meetings:changed": ("chair", []),
        "meetings:owed": ("member", []),
        "meetings:review": ("chair", [line.decision.public_id, pinned.public_id]),
        "cases:comment": ("member", [case, figure.public_id]),
        "meetings:triage": ("coordinator", []),
        "meetings:agenda": ("coordinator", [planned.public_id]),
        "meetings:agenda that runs": ("coordinator", [line.meeting.public_id]),
        "meetings:close": ("coordinator", [line.meeting.public_id]),
        "meetings:live": ("chair", [line.meeting.public_id]),
        "meetings:record": ("chair", [item.public_id]),
        "meetings:decision": ("member", [line.decision.public_id]),
        "meetings:sign": ("chair", [draft.public_id]),
    }


def kept_search(member: User) -> UUID:
    """Return the id of a search that finds what is written alike; the same member keeps two filters."""
    with acting_as(member):
        save_filter(by=member, name="Filter 1", given={"state": "all"})
        SavedFilter.objects.create(user=member, name="Filter 2", query="state=0")
        return save_search(by=member, text=f"{CANARY}x").public_id


def admin_pages() -> dict[str, tuple[str, list[Any]]]:
    """Return the pages of curation and of the administration of people."""
    version = StatementVersion.objects.filter(state="published")[0]
    found: dict[str, tuple[str, list[Any]]] = {"admin:index": ("curator", [])}
    for model in ("statement", "statementversion", "source", "finding"):
        found[f"admin:evidence_{model}_changelist"] = ("curator", [])
        if model != "statement":
            found[f"admin:evidence_{model}_add"] = ("curator", [])
    found["admin:evidence_statementversion_change"] = ("curator", [version.pk])
    drug = ListedDrug.objects.get(code="kn046")
    found["admin:cases_listeddrug_correct"] = ("curator", [drug.pk])
    for model in ("user", "board"):
        found[f"admin:accounts_{model}_changelist"] = ("superuser", [])
        found[f"admin:accounts_{model}_add"] = ("superuser", [])
    return found


def seen_by(people: Iterable[User]) -> list[str]:
    """Return the texts of the database that anybody may see, the longest first."""
    found: set[str] = set()
    for person in people:
        with acting_as(person):
            found.update(stored())
    # Sources of limits are cited as they stand, like those of statements.
    for row in json.loads(LIMITS.read_text(encoding="utf-8"))["limits"]:
        found.update({row["source"], row.get("after", row)["source"]})
    return sorted(found, key=len, reverse=True)


def test_no_page_says_a_word_that_cannot_be_translated(client, line, odd_language):
    pages = scene(line)
    faults = []
    User.objects.filter(pk=line.people["curator"].pk).update(is_staff=True)
    line.people["member"].set_password(PASSWORD)
    line.people["member"].save()
    owner = make_user("administrator", line.board, is_staff=True, is_superuser=True)
    people = {**line.people, "superuser": owner}
    data = seen_by(people.values())
    for name, (role, args) in pages.items():
        client.logout()
        if role:
            client.force_login(people[role], "allauth.account.auth_backends.AuthenticationBackend")
        name, _space, more = name.partition(" ")
        address = reverse(name, args=args) + (more if more.startswith("?") else "")
        answer = client.get(address, HTTP_ACCEPT_LANGUAGE=pseudo.CODE)
        assert answer.status_code == 200, f"{name}: {answer.status_code}"
        html = answer.content.decode()
        assert f'lang="{pseudo.CODE}"' in html, name
        faults += [f"{name}: {text}" for text in untranslated(html, data, ALLOWED_WORDS)]
    assert not faults, "\n" + "\n".join(dict.fromkeys(faults))


def test_the_scene_opens_every_page(client, line):
    """A page that is added has to be read here as well; what answers to POST alone has no page."""
    asked = {name.split(" ")[0] for name in scene(line)}
    missed = []
    for name, path in addresses():
        if name not in asked | NOT_FOR_PEOPLE and client.get(path).status_code != 405:
            missed.append(name)
    assert not missed


def test_every_fact_in_the_list_of_changes_has_a_name_of_its_own(odd_language):
    with override(pseudo.CODE):
        labels = {facet.label for name in MODELS for facet in facets_of(name).all()}
    left = {label: ALLOWED_WORDS.sub("", label).strip() for label in labels}
    assert not [label for label, rest in left.items() if rest and rest.isascii()]


def test_an_untranslated_word_is_seen():
    html = '<p title="Tools">Ŵōŕđś <b>and one word</b> RC-2026-0001</p>'
    assert untranslated(html, [], ALLOWED_WORDS) == ["Tools", "and one word"]
    assert untranslated("<p>Ŵōŕđś of Anna</p>", ["of Anna"], ALLOWED_WORDS) == []
