"""The pages of imports and exports, from the template to the file that is fetched."""

from __future__ import annotations

import io

from django.test import Client
from django.urls import reverse

from audit.models import TrailEntry
from cases.bulk import running
from cases.bulk.files import read
from cases.models import BulkJob, ICICourse
from tests.factories.people import make_board
from tests.factories.spreadsheets import WHOLE, file_of
from tests.integration.bulk.doing import as_user


def test_only_who_may_import_or_export_does(world):
    member, registry, board = world["member"], world["registry"], world["board"]
    client = Client()
    client.force_login(member)
    assert client.get(reverse("cases:bulk")).status_code == 403
    client.force_login(registry)
    page = client.get(reverse("cases:bulk")).content.decode()
    assert "Take rows out" in page and "Bring rows in" not in page
    sent = {"board": str(board.public_id), "file": io.BytesIO(b"x")}
    assert client.post(reverse("cases:bulk"), sent).status_code == 422
    other = make_board("Other")
    client.force_login(world["coordinator"])
    assert (
        client.post(reverse("cases:bulk"), {**sent, "board": str(other.public_id)}).status_code
        == 422
    )
    assert not TrailEntry.objects.filter(kind="bulk.uploaded").exists()


def test_the_whole_way_by_the_pages(world):
    by = world["coordinator"]
    client = Client()
    client.force_login(by)
    for form in ("xlsx", "csv"):
        assert client.get(reverse("cases:bulk_template", args=[form])).status_code == 200
    assert client.get(reverse("cases:bulk_template", args=["exe"])).status_code == 404
    sent = {"board": str(world["board"].public_id), "file": io.BytesIO(file_of(**WHOLE))}
    page = client.post(reverse("cases:bulk"), sent)
    job = as_user(by, BulkJob.objects.get)
    assert page.headers["Location"] == reverse("cases:bulk_job", args=[job.public_id])
    here = client.get(page.headers["Location"]).content.decode()
    assert "waits for a worker" in here and 'hx-trigger="every 1s"' in here
    running.run(job.public_id, by.pk)
    here = client.get(page.headers["Location"]).content.decode()
    assert "Import these rows" in here and "every 1s" not in here
    client.post(reverse("cases:bulk_apply", args=[job.public_id]))
    running.run(job.public_id, by.pk)
    assert "All rows are in the record" in client.get(page.headers["Location"]).content.decode()
    assert client.post(reverse("cases:bulk_apply", args=[job.public_id])).status_code == 403
    assert as_user(by, ICICourse.objects.count) == 1
    client.post(reverse("cases:bulk_export"), {"board": sent["board"], "form": "csv"})
    out = as_user(by, lambda: BulkJob.objects.order_by("-id")[0])
    assert client.get(reverse("cases:bulk_file", args=[out.public_id])).status_code == 403
    running.run(out.public_id, by.pk)
    fetched = client.get(reverse("cases:bulk_file", args=[out.public_id]))
    assert fetched.headers["Cache-Control"] == "no-store"
    assert [r["hospital_number"] for r in read(fetched.content).rows][:1] == ["N 100"]
