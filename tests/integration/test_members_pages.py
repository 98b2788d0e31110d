"""The page of a board's members: who sees it, giving a role, inviting, ending, without scripts."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from accounts.models import User
from accounts.services.memberships import end_membership, give_membership
from accounts.views import members
from audit.models import TrailEntry
from tests.factories.people import make_board, make_user
from tests.factories.record import CANARY, make_case

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-sentence"


@pytest.fixture
def administrator(board):
    return make_user("administrator", board)


@pytest.fixture
def signed_in(client, administrator):
    client.force_login(administrator)
    return client


def url(name, board, *args):
    return reverse(f"boards:{name}", args=[board.public_id, *args])


def html_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def send(client, board, **fields):
    return client.post(url("add", board), {"role": "member", "specialty": "", **fields})


def test_the_entry_of_the_navigation_is_for_administrators_alone(client, board):
    for role in ("administrator", "chair", "member", "curator"):
        client.force_login(make_user(role, board))
        html = client.get(reverse("home")).content.decode()
        assert (f'href="{reverse("boards:index")}"' in html) == (role == "administrator")
        trail = f'href="{reverse("boards:trail")}"' in html
        assert trail == (role in {"administrator", "chair"})


def test_the_list_shows_roles_specialties_and_sign_ins(signed_in, board, administrator):
    doctor = make_user("member", board, specialty="hepatology", last_login=timezone.now())
    give_membership(by=administrator, board=board, user=doctor, role="chair")
    off = make_user("nurse", board, is_active=False)
    make_user("registry", board)
    response = signed_in.get(reverse("boards:index"), follow=True)
    html = html_of(response)
    assert response.status_code == 200
    for text in (doctor.name, "Hepatology", "Chair", off.name, "switched off", "never signed in"):
        assert text in html
    assert url("end", board, doctor.public_id, "chair") in html
    assert "your own: another administrator ends it" in html
    assert "This board has one administrator." in html


def test_a_second_administrator_settles_the_warning(signed_in, board):
    other = make_user("administrator", board)
    html = html_of(signed_in.get(url("members", board)))
    assert "This board has one administrator." not in html
    assert url("end", board, other.public_id, "administrator") in html


def test_the_list_of_ended_roles(signed_in, board, administrator, nurse):
    empty = html_of(signed_in.get(url("members", board) + "?show=ended"))
    assert "No role on this board was ended." in empty
    end_membership(by=administrator, membership=nurse.memberships.get())
    ended = html_of(signed_in.get(url("members", board) + "?show=ended"))
    assert nurse.email in ended and administrator.email not in ended
    assert nurse.email not in html_of(signed_in.get(url("members", board)))


def test_an_administrator_of_two_boards_chooses_between_them(client):
    one, two = make_board("A Board"), make_board("B Board")
    client.force_login(make_user("administrator", one, two))
    response = client.get(reverse("boards:index"))
    assert response.headers["Location"] == url("members", one)
    html = html_of(client.get(url("members", one)))
    assert url("members", two) in html and two.name in html


def test_pages_follow_names_and_no_name_is_in_an_address(signed_in, board, monkeypatch):
    monkeypatch.setattr(members, "PER_PAGE", 2)
    for letter in "CABD":
        make_user("member", board).__class__.objects.filter(pk=User.objects.latest("pk").pk).update(
            name=f"{letter}. Surname"
        )
    seen, address = [], url("members", board)
    while address:
        html = html_of(signed_in.get(address))
        seen += re.findall(r'<th scope="row">([^<]+)<small>', html)
        found = re.search(r'<a rel="next" href="([^"]+)"', html)
        address = found[1].replace("&amp;", "&") if found else ""
        assert "Surname" not in address
    assert seen == sorted(seen) and len(seen) == 5


def test_a_cursor_of_somebody_who_left_shows_the_first_page(signed_in, board, nurse, stranger):
    from ui.paging import encode_cursor

    for cursor in (encode_cursor([stranger.pk]), encode_cursor(["x"]), "rubbish"):
        html = html_of(signed_in.get(f"{url('members', board)}?after={cursor}"))
        assert nurse.name in html


@pytest.mark.parametrize("count", [2, 20])
def test_the_list_costs_a_fixed_number_of_queries(signed_in, board, count):
    for _ in range(count):
        make_user("member", board)
    with CaptureQueriesContext(connection) as found:
        assert signed_in.get(url("members", board)).status_code == 200
    assert len([q for q in found if "SAVEPOINT" not in q["sql"]]) <= 7


def test_a_role_is_given_by_address_whatever_its_case(signed_in, board, nurse):
    response = send(signed_in, board, email=nurse.email.upper(), role="coordinator")
    assert response.status_code == 302
    assert nurse.memberships.filter(role="coordinator", active=True).exists()
    assert not mail.outbox
    html = html_of(signed_in.get(response.headers["Location"]))
    assert "has the role “Coordinator” now" in html


def test_an_invited_person_sets_a_password_by_the_mail_and_signs_in(
    signed_in, client, board, administrator, settings
):
    settings.BASE_URL = "https://mdt.example.org"
    case = make_case(make_user("member", board), board)
    response = send(
        signed_in, board, email="New.Person@Example.org", name="New Person", role="nurse"
    )
    assert response.status_code == 302, html_of(response)
    account = User.objects.get(email="new.person@example.org")
    assert not account.has_usable_password() and account.last_login is None
    (sent,) = mail.outbox
    assert sent.to == ["new.person@example.org"] and sent.subject == "Rechallenge: your account"
    assert CANARY not in sent.body and case.reference not in sent.body
    (link,) = re.findall(r"https://mdt.example.org/accounts/\S+", sent.body)
    client.logout()
    page = client.get(urlsplit(link).path, follow=True)
    assert page.status_code == 200
    set_at = page.redirect_chain[-1][0]
    done = client.post(set_at, {"password1": PASSWORD, "password2": PASSWORD})
    assert done.status_code == 302, html_of(done)
    signed = client.post(
        reverse("account_login"), {"login": "new.person@example.org", "password": PASSWORD}
    )
    assert signed.status_code == 302
    assert client.get(reverse("followup:worklist")).status_code == 200
    with acting_as(administrator):
        kinds = TrailEntry.objects.filter(board_id=board.pk).order_by("pk")
        told = [
            k for k in kinds.values_list("kind", flat=True) if not k.startswith(("list", "case"))
        ]
    assert told[-5:] == [
        "account.made",
        "membership.given",
        "account.invited",
        "account.password_set",
        "account.signed_in",
    ]


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"email": "nobody@example.org"}, "name", "No account has this address."),
        ({"email": "rubbish"}, "email", "Enter a valid email address"),
        ({"email": "x@example.org", "role": "owner", "name": "X"}, "role", "Select a valid choice"),
    ],
)
def test_errors_stand_beside_the_field(signed_in, board, fields, field, words):
    response = send(signed_in, board, **fields)
    html = html_of(response)
    assert response.status_code == 422
    assert words in html and f'id="id_{field}-error"' in html
    assert not User.objects.filter(email__in=["nobody@example.org", "x@example.org"]).exists()


def test_ones_own_address_and_a_role_that_is_held_are_refused(
    signed_in, board, administrator, nurse
):
    own = send(signed_in, board, email=administrator.email, role="chair")
    assert own.status_code == 422 and "Nobody changes their own roles" in html_of(own)
    specialty = nurse.memberships.get().specialty
    held = send(signed_in, board, email=nurse.email, role="nurse", specialty=specialty)
    assert held.status_code == 422
    assert "has the role “Monitoring nurse” on this board already" in html_of(held)


def test_nothing_is_made_while_the_mail_server_is_down(signed_in, board, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    response = send(signed_in, board, email="late@example.org", name="Late")
    assert response.status_code == 422
    assert "The mail server took no mail" in html_of(response)
    assert not User.objects.filter(email="late@example.org").exists()
    waiting = make_user("member", board)
    again = signed_in.post(url("invite_again", board, waiting.public_id), follow=True)
    assert "The mail server took no mail" in html_of(again)


def test_the_mail_is_sent_again_to_whoever_has_never_signed_in(signed_in, board):
    waiting = make_user("member", board)
    response = signed_in.post(url("invite_again", board, waiting.public_id), follow=True)
    assert "is on its way" in html_of(response)
    assert [m.to for m in mail.outbox] == [[waiting.email]]
    seen = make_user("member", board, last_login=timezone.now())
    assert signed_in.post(url("invite_again", board, seen.public_id)).status_code == 403
    assert len(mail.outbox) == 1


def test_a_role_is_ended_after_a_question(signed_in, board, nurse):
    address = url("end", board, nurse.public_id, "nurse")
    asked = signed_in.get(address)
    assert asked.status_code == 200 and "End the role “Monitoring nurse”" in html_of(asked)
    assert nurse.memberships.get().active
    done = signed_in.post(address, follow=True)
    assert "no longer has the role" in html_of(done)
    assert not nurse.memberships.get().active
    assert signed_in.post(address).status_code == 404, "it is not there a second time"


def test_ones_own_and_the_last_administrators_role_stay(signed_in, board, administrator):
    address = url("end", board, administrator.public_id, "administrator")
    for response in (signed_in.get(address), signed_in.post(address)):
        assert response.status_code == 403
        assert "Nobody changes their own roles" in html_of(response)
    assert administrator.memberships.get().active
