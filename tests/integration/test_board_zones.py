"""A board's time zone is one that pages and database know: one that is not would stop every board's sweeps."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, transaction

from accounts.models import Board
from accounts.services.boards import save_board
from accounts.zones import zone_choices
from tests.factories.people import make_board, make_user

pytestmark = pytest.mark.django_db
WRONG = ["London", "Europe/Londn", "Europe/London5", "London5", "europe/london", "BST", ""]


@pytest.fixture
def root():
    return make_user("administrator", make_board(), is_staff=True, is_superuser=True)


def entered(zone):
    return {
        "name": "Third Board",
        "hospital": "H",
        "zone": zone,
        "active": "on",
        "oligoprogression_definition": "review",
    }


@pytest.mark.parametrize("zone", WRONG)
def test_the_service_refuses_a_zone_that_there_is_not(root, zone):
    board = root.boards[0]
    with pytest.raises(ValidationError) as refused:
        save_board(by=root, board=board, values={"zone": zone})
    assert set(refused.value.message_dict) == {"zone"}
    board.refresh_from_db()
    assert board.zone == "Europe/London"


@pytest.mark.parametrize("zone", WRONG)
def test_the_database_refuses_it_whoever_writes(zone):
    board = make_board()
    with pytest.raises(DataError, match="time zone"), transaction.atomic():
        Board.objects.filter(pk=board.pk).update(zone=zone)
    with pytest.raises(DataError, match="time zone"), transaction.atomic():
        Board.objects.create(name="Third Board", hospital="H", zone=zone)


@pytest.mark.parametrize(
    "zone", ["Asia/Tokyo", "America/Port-au-Prince", "America/Indiana/Knox", "Etc/GMT-8", "UTC"]
)
def test_every_other_zone_is_taken(root, zone):
    assert save_board(by=root, board=root.boards[0], values={"zone": zone}).zone == zone


def test_the_database_takes_every_zone_that_the_admin_offers():
    board = make_board()
    for zone, _label in zone_choices():
        Board.objects.filter(pk=board.pk).update(zone=zone)


def test_the_admin_offers_the_zones_and_says_what_is_wrong_with_another(client, root):
    client.force_login(root)
    page = client.get("/admin/accounts/board/add/").content.decode()
    assert '<select name="zone"' in page
    assert '<option value="Europe/London" selected>Europe/London</option>' in page
    assert '<option value="America/New_York">America/New York</option>' in page
    refused = client.post("/admin/accounts/board/add/", entered("London"))
    assert refused.status_code == 200
    assert "There is no time zone London" in refused.content.decode()
    assert client.post("/admin/accounts/board/add/", entered("Asia/Tokyo")).status_code == 302
    assert Board.objects.get(name="Third Board").zone == "Asia/Tokyo"


def test_the_admin_keeps_a_zone_by_an_old_name(client, root):
    board = root.boards[0]
    Board.objects.filter(pk=board.pk).update(zone="Japan")
    client.force_login(root)
    page = client.get(f"/admin/accounts/board/{board.pk}/change/").content.decode()
    assert '<option value="Japan" selected>Japan</option>' in page
