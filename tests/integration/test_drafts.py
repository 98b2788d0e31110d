"""One's own drafts: a list of them, a cap that drops nothing, and an end to what nobody goes on with."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as, set_acting
from accounts.models import User
from audit.models import TrailEntry
from cases.models import Case, Draft, SavedSearch
from cases.selectors import SENT
from cases.services.drafts import (
    MOST_DRAFTS,
    TooManyDrafts,
    forget_old,
    save_draft,
)
from cases.services.searches import save_search
from cases.tasks import forget_typed
from tests.factories.monitoring import as_worker, use_role
from tests.factories.people import make_board, make_user
from tests.factories.record import make_case


def sign_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def fill(user, count: int = MOST_DRAFTS) -> None:
    rows = (Draft(user=user, key=f"section:{n}", fields={"n": [str(n)]}) for n in range(count))
    Draft.objects.bulk_create(rows)


@pytest.mark.django_db
def test_one_more_than_the_cap_is_refused_and_nothing_is_dropped(client, member):
    fill(member)
    Draft.objects.create(user=member, key=f"{SENT}1", fields={})
    with pytest.raises(TooManyDrafts):
        save_draft(by=member, key="referral:1", fields={"question": ["typed"]})
    url = reverse("cases:draft", args=["referral:1"])
    answer = sign_in(client, member).post(url, {"question": "typed"})
    assert answer.status_code == 409
    assert answer["Content-Type"].startswith("text/plain")
    assert answer.content.decode() == (
        "not kept: you have 200 drafts; save or discard some under “Your drafts”"
    )
    assert Draft.objects.exclude(key__startswith=SENT).count() == MOST_DRAFTS


@pytest.mark.django_db
def test_a_draft_that_is_there_goes_on_and_one_discarded_makes_room(member):
    fill(member)
    save_draft(by=member, key="section:7", fields={"n": ["seven"]})
    assert Draft.objects.get(key="section:7").fields == {"n": ["seven"]}
    Draft.objects.filter(key="section:8").delete()
    save_draft(by=member, key="referral:1", fields={})


@pytest.mark.django_db
def test_notes_of_sent_referrals_do_not_count(member):
    fill(member, MOST_DRAFTS - 1)
    Draft.objects.create(user=member, key=f"{SENT}1", fields={})
    save_draft(by=member, key="referral:1", fields={})


@pytest.mark.django_db
def test_the_list_names_each_draft_and_links_to_its_form(client, member, chair, board):
    case = make_case(member, board)
    at = f"section:{case.public_id}"
    keys = (f"{at}:tumour", f"{at}:courses:new", f"{at}:nonsense", f"decision:{case.public_id}")
    for key in (*keys, f"section:{case.pk}:tumour"):
        save_draft(by=member, key=key, fields={})
    names = {"family_name": ["Okafor"], "given_name": ["Ruth"]}
    save_draft(by=member, key="referral:5b0c6b0e-0000-4000-8000-000000000000", fields=names)
    Draft.objects.create(user=member, key=f"{SENT}1", fields={"case": ["x"]})
    page = sign_in(client, member).get(reverse("cases:drafts")).content.decode()
    for link in (
        reverse("cases:section", args=[case.public_id, "tumour"]),
        reverse("cases:item_add", args=[case.public_id, "courses"]),
        reverse("cases:refer") + "?draft=5b0c6b0e-0000-4000-8000-000000000000",
    ):
        assert f'href="{link}"' in page
    assert "Okafor, Ruth" in page and "do not see any more" in page
    assert page.count("<tr>") == 1 + 6
    assert "Okafor" not in sign_in(client, chair).get(reverse("cases:drafts")).content.decode()


@pytest.mark.django_db
def test_a_draft_of_a_closed_case_is_read_and_leads_to_the_case(client, member, board):
    case = make_case(member, board)
    key = f"section:{case.public_id}:tumour"
    save_draft(by=member, key=key, fields={"stage_text": ["Mine"]})
    Case.objects.filter(pk=case.pk).update(state="closed")
    address = reverse("cases:draft_typed", args=[key])
    page = sign_in(client, member).get(reverse("cases:drafts")).content.decode()
    assert f'href="{address}"' in page
    page = client.get(address).content.decode()
    assert "Mine" in page and "Go on with this" not in page
    assert f'href="{reverse("cases:detail", args=[case.public_id])}"' in page


@pytest.mark.django_db
def test_the_list_costs_the_same_for_two_and_for_twenty(
    client, member, board, django_assert_max_num_queries
):
    sign_in(client, member)
    for count in (2, 20):
        for _ in range(count):
            case = make_case(member, board)
            save_draft(by=member, key=f"section:{case.public_id}:tumour", fields={})
        with django_assert_max_num_queries(8):
            client.get(reverse("cases:drafts"))


@pytest.mark.django_db
def test_an_older_draft_of_a_referral_can_be_opened(client, member):
    for n, name in enumerate(("Okafor", "Lindqvist")):
        save_draft(by=member, key=f"referral:{n}", fields={"family_name": [name]})
    sign_in(client, member)
    url = reverse("cases:refer")
    assert "Lindqvist" in client.get(url).content.decode()
    older = client.get(f"{url}?draft=0").content.decode()
    assert "Okafor" in older and "Lindqvist" not in older
    assert "Lindqvist" in client.get(f"{url}?draft=nonsense").content.decode()


def age(days: float) -> None:
    """Make everything that was typed so many days old."""
    at = timezone.now() - timedelta(days=days)
    Draft.objects.update(saved_at=at)
    SavedSearch.objects.update(created_at=at)


def keep_typed(days: float, key: str) -> None:
    """Leave a draft and a search that are so many days old."""
    with transaction.atomic():
        user = make_user("member", make_board())
        set_acting(user)
        save_draft(by=user, key=key, fields={"question": ["Margaret"]})
        save_search(by=user, text="Margaret")
        age(days)


def left() -> tuple[int, int]:
    """Return how many drafts and searches anybody has."""
    found = [0, 0]
    with transaction.atomic():
        for user in User.objects.all():
            with acting_as(user):
                found[0] += Draft.objects.count()
                found[1] += SavedSearch.objects.count()
    return found[0], found[1]


def test_the_workers_forget_what_is_old_and_read_none_of_it(committed_db, settings):
    settings.DRAFTS_DAYS = 10
    keep_typed(9.9, "referral:new")
    keep_typed(10.1, "referral:old")
    keep_typed(30.1, f"{SENT}older")
    with as_worker():
        for sql in ("SELECT fields FROM cases_draft", "SELECT text FROM cases_savedsearch"):
            with pytest.raises(DatabaseError, match="permission denied"):
                list(Draft.objects.raw(sql))
        with transaction.atomic():
            assert forget_old() == (2, 3)
        forget_typed()
        entries = TrailEntry.objects.filter(kind="typed.forgotten")
        assert [entry.detail for entry in entries] == [{"drafts": 2, "searches": 3}]
    assert left() == (1, 0)


def test_workers_cannot_forget_what_was_typed_today(committed_db):
    keep_typed(0.9, "referral:today")
    use_role("worker")
    try:
        with transaction.atomic():
            assert Draft.objects.filter(pk__gt=0).delete()[0] == 0
    finally:
        use_role("app")
    assert left() == (1, 1)


def test_it_runs_every_hour():
    entry = configured.CELERY_BEAT_SCHEDULE["forget-what-was-typed"]
    assert entry["task"] == forget_typed.name
    assert entry["schedule"].remaining_estimate(timezone.now()) <= timedelta(hours=1)
    assert configured.DRAFTS_DAYS == 30
