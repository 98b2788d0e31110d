"""The list, the search, the page of one case: who sees them, what they cost, what the trail learns."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import acting_as, set_acting
from accounts.models import Membership
from audit.models import TrailEntry
from cases.loading import load as load_record_data
from cases.models import (
    AttachedGuidance,
    Case,
    CaseSection,
    DossierItem,
    Driver,
    IrAE,
    MetastaticSite,
    SavedSearch,
)
from cases.services import history
from cases.services.facts import refreshed_once
from cases.services.iraes import review_organs, save_dossier
from cases.services.lifecycle import move_case
from cases.services.reports import save_report
from cases.services.steroids import save_immunosuppressant, save_steroid
from cases.services.tasks import owe_fact
from cases.services.treatment import save_response, save_treatment
from cases.services.tumour import save_biomarker, save_drivers, save_metastases
from cases.views.lists import PER_PAGE
from evidence.loading import load, read
from evidence.models import StatementVersion
from evidence.selectors import waiting_rules
from tests.factories.guidance import load_some_guidance
from tests.factories.people import make_user
from tests.factories.record import CANARY, make_case, make_patient
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def sign_in(client, user):
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def queries(client, url: str, **extra) -> int:
    """Return how many queries an address costs; the test's own savepoints are not the page's."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url, **extra).status_code == 200
    return sum("SAVEPOINT" not in q["sql"] for q in captured.captured_queries)


def fill(case: Case, by, count: int) -> None:
    """Enter `count` courses, irAEs and steroid courses each."""
    load_record_data()

    def lock(key: str) -> dict:
        return {
            "by": by,
            "case": case,
            "version": CaseSection.objects.get(case=case, key=key).version,
        }

    with refreshed_once():
        _enter(count, lock)


def _enter(count: int, lock) -> None:
    for i in range(count):
        course = history.save_course(
            **lock("courses"),
            values={
                "drugs": ["pembrolizumab"],
                "drugs_state": "known",
                "start": parse_partial_date(f"3 March {2000 + i}"),
                "stop": parse_partial_date(f"June {2000 + i}"),
            },
        )
        save_treatment(
            **lock("treatment"),
            values={
                "kind": "radiotherapy",
                "site": f"site {i}",
                "dose_gy": 60,
                "dose_gy_state": "known",
            },
        )
        save_response(
            **lock("responses"),
            values={
                "criteria": "recist",
                "response": "PR",
                "response_state": "known",
                "course": course,
            },
        )
        irae = history.save_irae(
            **lock("iraes"),
            values={
                "organ": "lung", "entity": "pneumonitis", "ctcae_version": "5.0", "worst_grade": 3,
                "worst_grade_state": "known", "course": course, "onset": parse_partial_date(f"May {2000 + i}"),
            },
        )  # fmt: skip
        save_steroid(
            **lock("steroids"),
            values={
                "drug": "prednisolone", "drug_state": "known", "now_mg_per_day": 5,
                "now_mg_per_day_state": "known", "irae": irae, "start": parse_partial_date(f"May {2000 + i}"),
            },
            doses=[(parse_partial_date(f"{day} May {2000 + i}"), mg) for day, mg in ((1, 60), (20, 5))],
        )  # fmt: skip
        save_immunosuppressant(
            **lock("steroids"), values={"drug": "infliximab", "irae": irae, "dose": "5 mg/kg"}
        )
        save_report(
            **lock("iraes"), values={"title": f"CT {i}", "irae": irae, "text": "Opacities."}
        )
        item = DossierItem.objects.filter(organ="lung", kind="number").first()
        answer = {"answer": "88", "answer_state": "known", "low": 88, "high": 88}
        save_dossier(**lock("iraes"), irae_id=irae.public_id, answers={item.pk: answer})
        save_biomarker(
            **lock("tumour"),
            values={
                "kind": "tmb", "timing": "before", "low": i, "high": i, "state": "known",
                "sampled": parse_partial_date(f"May {1980 + i}"),
            },
        )  # fmt: skip
    told = {"present": True, "present_state": "known"}
    save_metastases(
        **lock("tumour"), sites=dict.fromkeys(MetastaticSite.values, told), complete=True
    )
    found = {"result": "negative", "result_state": "known"}
    save_drivers(**lock("tumour"), results=dict.fromkeys(Driver.values, found))
    history.save_background(**lock("fitness"), values={"preference": "Home by Christmas."})
    review_organs(**lock("iraes"), asked=["lung", "liver"])


@pytest.fixture
def case(member, board):
    return make_case(member, board)


@pytest.fixture
def guidance(db):
    load_some_guidance()
    return StatementVersion.objects.filter(state="published")


def test_page_shows_the_patient_and_what_is_owed(client, member, case):
    html = (
        sign_in(client, member).get(reverse("cases:detail", args=[case.public_id])).content.decode()
    )
    assert CANARY.upper() in html
    assert case.reference in html
    assert "no owner" in html
    assert "May it be given again?" in html


def test_page_of_another_board_is_not_found_while_its_own_member_reads_it(
    client, member, stranger, case
):
    url = reverse("cases:detail", args=[case.public_id])
    assert sign_in(client, stranger).get(url).status_code == 404
    owner = sign_in(client, member).get(url)
    assert owner.status_code == 200
    assert CANARY.upper() in owner.content.decode()


@pytest.mark.parametrize(("role", "status"), [("registry", 200), ("nurse", 200), ("curator", 403)])
def test_who_may_read_a_case(client, board, case, role, status):
    user = make_user(role, board)
    url = reverse("cases:detail", args=[case.public_id])
    assert sign_in(client, user).get(url).status_code == status


def test_reader_who_may_not_edit_is_offered_no_edit(client, board, case):
    html = (
        sign_in(client, make_user("registry", board))
        .get(reverse("cases:detail", args=[case.public_id]))
        .content.decode()
    )
    assert "Add irAE" not in html
    assert "Give to someone" not in html


def test_reading_a_page_is_on_the_trail_and_so_is_a_form_opened_within_it(client, member, case):
    sign_in(client, member).get(reverse("cases:detail", args=[case.public_id]))
    client.get(reverse("cases:section", args=[case.public_id, "tumour"]), headers=HTMX)
    reads = TrailEntry.objects.filter(kind="case.read", subject_id=case.pk).order_by("pk")
    assert [(r.actor_id, r.detail["view"]) for r in reads] == [
        (member.pk, "cases:detail"),
        (member.pk, "cases:section"),
    ]


@pytest.mark.parametrize("count", [2, 20])
def test_page_costs_at_most_fifteen_queries_whatever_its_length(
    client, member, case, guidance, count
):
    fill(case, member, count)
    for _ in range(count):
        make_case(member, case.board, patient=case.patient)
    owe_fact(by=member, case=case, fact="ecog", owner=member, due_on=date(2030, 1, 1))
    sign_in(client, member)
    url = reverse("cases:detail", args=[case.public_id])
    client.get(url)
    assert queries(client, url) <= 15


@pytest.mark.parametrize("count", [2, 20])
def test_list_costs_at_most_eight_queries_whatever_its_length(client, member, board, count):
    for _ in range(count):
        make_case(member, board)
    assert queries(sign_in(client, member), reverse("cases:list")) <= 8


FRAGMENTS = (
    "sections/tumour",
    "sections/question",
    "sections/fitness",
    "iraes/add",
    "courses/add",
    "steroids/add",
    "immunosuppressants/add",
    "reports/add",
    "organs",
    "treatment/add",
    "responses/add",
    "parts/metastases",
    "parts/drivers",
    "parts/background",
    "biomarkers/add",
)


@pytest.mark.parametrize("count", [2, 20])
def test_form_fragments_cost_at_most_six_queries_in_all(client, member, case, count):
    fill(case, member, count)
    page = reverse("cases:detail", args=[case.public_id])
    sign_in(client, member)
    # The first request of a session notes when it was met.
    client.get(page)
    irae = IrAE.objects.filter(patient=case.patient)[0].public_id
    places = (*FRAGMENTS, f"iraes/{irae}", f"iraes/{irae}/dossier", "sections/iraes/shown")
    costs = {place: queries(client, f"{page}{place}", headers=HTMX) for place in places}
    assert {p: n for p, n in costs.items() if n > 6} == {}


def test_list_names_own_cases_only_and_filters_by_state(
    client, member, board, stranger, other_board, coordinator
):
    mine = make_case(member, board)
    make_case(
        stranger, other_board, patient=make_patient(stranger, other_board, family_name="Elsewhere")
    )
    ready = make_case(member, board, patient=make_patient(member, board, family_name="Prepared"))
    with acting_as(coordinator):
        move_case(by=coordinator, case=ready, to="ready")
    sign_in(client, member)
    html = client.get(reverse("cases:list")).content.decode()
    assert mine.reference in html
    assert "ELSEWHERE" not in html
    html = client.get(reverse("cases:list") + "?state=ready").content.decode()
    assert "PREPARED" in html
    assert mine.reference not in html
    assert client.get(reverse("cases:list") + "?state=nonsense").status_code == 404
    assert client.get(reverse("cases:list") + f"?board={other_board.public_id}").status_code == 404


def test_empty_list_says_so(client, member):
    assert (
        "No case has been referred"
        in sign_in(client, member).get(reverse("cases:list")).content.decode()
    )


def test_list_goes_on_by_position(client, member, board):
    for _ in range(PER_PAGE + 2):
        make_case(member, board)
    sign_in(client, member)
    first = client.get(reverse("cases:list")).content.decode()
    after = re.search(r'href="([^"]*after=[^"]*)"', first)
    assert after
    second = client.get(after[1].replace("&amp;", "&")).content.decode()
    assert (
        len(set(re.findall(r"RC-\d{4}-\d{4}", first)) | set(re.findall(r"RC-\d{4}-\d{4}", second)))
        == PER_PAGE + 2
    )


def test_search_finds_a_name_under_an_address_without_it(client, member, case):
    answer = sign_in(client, member).post(reverse("cases:search"), {"query": CANARY.lower()})
    assert answer.status_code == 302
    assert CANARY.lower() not in answer.url.lower()
    assert CANARY.upper() in client.get(answer.url).content.decode()
    entry = TrailEntry.objects.get(kind="case.searched")
    assert entry.detail == {}


@pytest.mark.parametrize("words", ["pembro", "pneumonitis", "lung", "H0"])
def test_search_by_drug_irae_organ_or_number(client, member, case, words):
    fill(case, member, 1)
    answer = sign_in(client, member).post(reverse("cases:search"), {"query": words})
    assert case.reference in client.get(answer.url).content.decode()


def test_search_of_somebody_else_is_not_found(client, member, stranger, case):
    answer = sign_in(client, member).post(reverse("cases:search"), {"query": CANARY})
    assert client.get(answer.url).status_code == 200
    assert SavedSearch.objects.filter(user=member).exists()
    assert sign_in(client, stranger).get(answer.url).status_code == 404
    assert client.get(reverse("cases:list") + "?s=rubbish").status_code == 404


def test_search_finds_nothing_of_another_board(client, stranger, case):
    answer = sign_in(client, stranger).post(reverse("cases:search"), {"query": CANARY})
    html = client.get(answer.url).content.decode()
    assert case.reference not in html
    assert "No case of your boards" in html


def test_guidance_is_counted_attached_once_and_taken_off(client, member, case, guidance):
    fill(case, member, 1)
    version = guidance.first()
    sign_in(client, member)
    url = reverse("cases:attach", args=[case.public_id, version.public_id])
    html = client.get(reverse("cases:detail", args=[case.public_id])).content.decode()
    assert f"{guidance.count()} published" in html
    assert url in html
    for _ in range(2):
        assert client.post(url).status_code == 302
    row = AttachedGuidance.objects.get()
    assert row.version == version
    assert row.answer in {"true", "false", "undetermined"}
    html = client.post(
        reverse("cases:detach", args=[case.public_id, row.public_id]), headers=HTMX
    ).content.decode()
    assert "is taken off" in html
    assert "<html" not in html


def test_the_panel_says_how_many_rules_wait_and_links_only_who_may_read_them(
    client, member, board, case
):
    load(read())  # rules wait among all of them only
    rules, stops = waiting_rules()
    url = reverse("cases:detail", args=[case.public_id])
    html = sign_in(client, member).get(url).content.decode()
    assert f"{rules} rules wait as drafts that nobody has confirmed" in html
    assert f"rules for stopping among them: {stops}" in html
    assert "drafts=1" not in html
    set_acting(None)  # nobody gives themselves a role
    Membership.objects.create(user=member, board=board, role="curator")
    assert "drafts=1" in client.get(url).content.decode()


def test_attaching_needs_the_permission(client, member, nurse, case, guidance):
    url = reverse("cases:attach", args=[case.public_id, guidance.first().public_id])
    assert sign_in(client, nurse).post(url).status_code == 403
    assert sign_in(client, member).post(url).status_code == 302


def test_attaching_to_a_case_of_another_board_is_not_found(client, stranger, case, guidance):
    url = reverse("cases:attach", args=[case.public_id, guidance.first().public_id])
    assert sign_in(client, stranger).post(url).status_code == 404


def test_signed_out_reader_is_sent_to_sign_in_and_htmx_gets_401(client, case):
    url = reverse("cases:detail", args=[case.public_id])
    assert client.get(url).status_code == 302
    assert client.get(url, headers=HTMX).status_code == 401


def test_the_address_of_a_search_leads_to_the_list_when_it_is_opened(client, member):
    answer = sign_in(client, member).get(reverse("cases:search"))
    assert (answer.status_code, answer.url) == (302, reverse("cases:list"))
