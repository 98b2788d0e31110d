"""The review's slips outside the statements: protocols, the list of ICIs, what is proposed, rules of readiness."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import Board, User
from cases import lists
from cases.models import Case, ReadinessVersion
from cases.rules import delivered_rows
from cases.services import readiness
from cases.vocabulary import Drug, drug_problems, drugs, entities, names_ici
from evidence.errata_guard import errata_in
from evidence.loading import read
from followup.models import ProtocolStep, ProtocolVersion
from followup.services import protocols
from followup.services.protocols import ProtocolRefused, load_protocols, read_data
from tests.factories.people import by_acting, make_user
from tests.factories.record import make_case
from tests.integration.test_cases_pages import sign_in
from tests.integration.test_cases_treatment import QUESTION, at
from tests.unit.evidence_data.errata_wordings import PLANTED

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("number", "text"), [(n, text) for n, texts in PLANTED.items() for text in (texts[0], texts[-1])]
)  # fmt: skip
def test_no_protocol_with_an_erratum_is_published(number: str, text: str) -> None:
    content = read_data()
    content["protocols"][0]["steps"][0]["label"] = text
    with pytest.raises(ProtocolRefused) as refused:
        load_protocols(content=content)
    assert any(
        line.startswith(f"general, step 1, baseline_exam: Erratum {number}: ")
        for line in refused.value.problems
    )
    assert not ProtocolVersion.objects.exists()


def test_a_published_protocol_stays_where_its_successor_is_refused() -> None:
    load_protocols()
    before = set(ProtocolVersion.objects.values_list("pk", "state"))
    content = read_data()
    content["protocols"][1]["name"] = "After pneumonia"
    with pytest.raises(ProtocolRefused, match="lung, name: Erratum E09: "):
        load_protocols(content=content)
    assert set(ProtocolVersion.objects.values_list("pk", "state")) == before


def test_the_command_says_which_step_and_why(monkeypatch: Any, tmp_path: Path) -> None:
    content = read_data()
    content["protocols"][0]["steps"][0]["label"] = "Add anti-CTLA-4 to block the irAE"
    file = tmp_path / "protocols.json"
    file.write_text(json.dumps(content))
    monkeypatch.setattr(protocols, "read_data", lambda: json.loads(file.read_text()))
    with pytest.raises(CommandError, match="general, step 1, baseline_exam: Erratum E06: "):
        call_command("load_protocols")
    assert not ProtocolStep.objects.exists()


def test_a_protocol_may_ask_whether_a_patient_takes_aspirin() -> None:
    content = read_data()
    content["protocols"][0]["steps"][0]["label"] = "Which drugs are taken: aspirin, anticoagulants"
    assert load_protocols(content=content).published


ASPIRIN = {"code": "aspirin", "label": "aspirin", "target": "COX-1", "atc": "B01AC06"}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"target": "CTLA-4"},
        {"target": "CTLA-4", "atc": ""},
        {"code": "asa", "label": "acetylsalicylic acid", "target": "CTLA-4", "atc": ""},
        {"code": "x", "label": "x", "atc": "", "target": "COX-1"},
        {"code": "x", "label": "x", "target": "CTLA-4"},
    ],
)
def test_aspirin_is_never_an_ici(changes: dict[str, str]) -> None:
    (line,) = drug_problems([Drug(**{**ASPIRIN, **changes})])
    assert "Erratum E01: " in line


def test_the_list_of_icis_is_held_whenever_it_is_read(monkeypatch: Any, tmp_path: Path) -> None:
    assert drug_problems(drugs().values()) == []
    assert not {"aspirin", "asa"} & set(drugs()) and "ipilimumab" in drugs()
    (tmp_path / "drugs.json").write_text(json.dumps({"drugs": [{**ASPIRIN, "target": "CTLA-4"}]}))
    monkeypatch.setattr(lists, "DATA", tmp_path)
    with pytest.raises(ValueError, match="aspirin: Erratum E01: "):
        lists.delivered_drugs.__wrapped__()


def test_pneumonitis_and_hypophysitis_have_their_own_terms() -> None:
    pneumonitis, hypophysitis = entities()["pneumonitis"], entities()["hypophysitis"]
    assert {str(code) for _term, code in pneumonitis.terms.values()} == {"10035742"}
    assert {str(code) for _term, code in hypophysitis.terms.values()} == {"10062767"}
    codes = {str(code) for entity in entities().values() for _term, code in entity.terms.values()}
    assert "10035664" not in codes
    assert not [entity for entity in entities().values() if errata_in(entity.label)]


@pytest.mark.parametrize(
    ("text", "named"),
    [("ipilimumab 1 mg/kg", True), ("Anti-CTLA-4 antibody", True), ("300 mg", False),
     ("abatacept (CTLA-4-Ig)", False), ("aspirin 75 mg", False), ("Nivolumab", True)],
)  # fmt: skip
def test_an_ici_is_known_by_name_or_class(text: str, named: bool) -> None:
    assert names_ici(text) is named


def test_no_ici_is_prophylaxis_and_no_other_drug_is_proposed_as_one(
    client: Client, member: User, board: Board
) -> None:
    case = make_case(member, board)
    sign_in(client, member)
    refused = client.post(
        at(case, "sections/question"), {**QUESTION, "prophylaxis_text": "ipilimumab 1 mg/kg"}
    )
    assert refused.status_code == 422 and "Erratum E06: " in unescape(refused.content.decode())
    other = client.post(at(case, "sections/question"), {**QUESTION, "proposed_drug_1": "aspirin"})
    assert other.status_code == 422 and "aspirin is not one of" in other.content.decode()
    # What a patient takes beside it may be said.
    kept = client.post(
        at(case, "sections/question"), {**QUESTION, "alternatives_text": "docetaxel; takes aspirin"}
    )
    assert kept.status_code < 400
    assert Case.objects.get().alternatives_text == "docetaxel; takes aspirin"


def test_rules_of_readiness_do_not_say_it_either(client: Client, board: Board) -> None:
    author = make_user("curator", board, is_staff=True)
    typed = {"note": "Rechallenge works dependably", "rules": json.dumps(delivered_rows())}
    page = sign_in(client, author).post(reverse("admin:cases_readinessversion_add"), typed)
    assert "Erratum E12: " in page.content.decode() and not ReadinessVersion.objects.exists()
    draft = by_acting(readiness.begin_draft)(by=author, rules=delivered_rows(), note=typed["note"])
    with pytest.raises(ValidationError, match="Erratum E12: "):
        by_acting(readiness.submit)(by=author, version=draft)


def test_the_delivered_lists_of_the_record_say_none_of_it() -> None:
    assert read().statements
    folder = Path(lists.__file__).parent / "data"
    for file in sorted(folder.glob("*.json")):
        for line in file.read_text().splitlines():
            assert errata_in(line) == [], (file.name, line)
