"""Reports: text, a link shown by its host, a PDF behind a permission and noted on the trail."""

from __future__ import annotations

import os
import time

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse

from accounts.acting import acting_as, set_acting
from audit.models import TrailEntry
from cases.models import IrAE, Report
from cases.pdf import MOST_BYTES
from cases.services import history, sections, strays
from cases.services.reports import save_report
from cases.services.strays import remove_strays
from tests.factories.people import make_user
from tests.factories.record import make_case
from tests.integration.test_cases_pages import sign_in
from tests.unit.test_pdf import pdf, script

pytestmark = pytest.mark.django_db
PNEUMONITIS = {"organ": "lung", "entity": "pneumonitis", "ctcae_version": "5.0"}


@pytest.fixture(autouse=True)
def private_folder(tmp_path, settings):
    storage = {
        **settings.STORAGES["default"],
        "OPTIONS": {**settings.STORAGES["default"]["OPTIONS"], "location": tmp_path},
    }
    with override_settings(STORAGES={**settings.STORAGES, "default": storage}):
        yield tmp_path


@pytest.fixture
def case(member, board):
    return make_case(member, board)


@pytest.fixture
def irae(member, case):
    with acting_as(member):
        return history.save_irae(by=member, case=case, version=1, values=PNEUMONITIS)


def at(case, place: str) -> str:
    return f"{reverse('cases:detail', args=[case.public_id])}{place}"


def upload(data: bytes, name: str = "Margaret Sample.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="application/pdf")


def test_a_report_is_text_and_a_link_shown_by_its_host(client, member, case, irae):
    sign_in(client, member)
    form = client.get(at(case, f"reports/add?irae={irae.public_id}")).content.decode()
    assert 'enctype="multipart/form-data"' in form
    assert f'value="{irae.public_id}" selected' in form
    typed = {
        "version": 2, "title": "CT chest", "reported": "March 2025", "irae": str(irae.public_id),
        "text": "Ground-glass <b>opacities</b>", "link": "https://pacs.example.org/studies/1?x=2",
    }  # fmt: skip
    assert client.post(at(case, "reports/add"), typed).status_code == 302
    row = Report.objects.get()
    assert (row.irae, row.added_by, row.host) == (irae, member, "pacs.example.org")
    page = client.get(at(case, "")).content.decode()
    assert "CT chest (pacs.example.org, March 2025)" in page
    html = client.get(at(case, f"reports/{row.public_id}/read")).content.decode()
    assert "Ground-glass &lt;b&gt;opacities&lt;/b&gt;" in html
    assert 'rel="noopener noreferrer external"' in html
    entry = TrailEntry.objects.get(kind="report.read")
    assert (entry.actor_id, entry.patient_id, entry.detail) == (
        member.pk,
        case.patient_id,
        {"file": False},
    )


@pytest.mark.parametrize(
    "link",
    ["http://pacs.example.org", "javascript:alert(1)", "https://", "https://me:secret@pacs.example.org",
     "https://pacs example.org", "//pacs.example.org"],
)  # fmt: skip
def test_only_encrypted_addresses_without_a_password_are_taken(client, member, case, link):
    answer = sign_in(client, member).post(
        at(case, "reports/add"), {"version": 1, "title": "CT", "link": link}
    )
    assert answer.status_code == 422
    assert "begins with https://" in answer.content.decode()


def test_a_pdf_is_kept_in_the_private_folder_and_handed_out_as_a_file(
    client, member, case, irae, private_folder
):
    sign_in(client, member)
    data = pdf()
    typed = {"version": 2, "title": "CT chest", "irae": str(irae.public_id), "file": upload(data)}
    assert client.post(at(case, "reports/add"), typed).status_code == 302
    row = Report.objects.get()
    kept = private_folder / row.file.name
    assert kept.read_bytes() == data
    assert kept.stat().st_mode & 0o077 == 0
    assert "Sample" not in row.file.name
    answer = client.get(at(case, f"reports/{row.public_id}/file"))
    assert answer.content == data
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert TrailEntry.objects.get(kind="report.read").detail == {"file": True}


def test_another_file_takes_its_place_and_no_file_leaves_it(client, member, case):
    sign_in(client, member)
    client.post(at(case, "reports/add"), {"version": 1, "title": "CT", "file": upload(pdf())})
    row = Report.objects.get()
    first, digest = row.file.name, row.file_sha256
    url = at(case, f"reports/{row.public_id}")
    assert client.post(url, {"version": 2, "title": "CT chest"}).status_code == 302
    row.refresh_from_db()
    assert (row.file.name, row.file_sha256, row.title) == (first, digest, "CT chest")
    other = pdf(lambda w: w.add_blank_page(width=10, height=10))
    client.post(url, {"version": 3, "title": "CT", "file": upload(other)})
    row.refresh_from_db()
    assert row.file.name != first
    assert row.file_sha256 != digest


@pytest.mark.parametrize(
    ("data", "why"),
    [(pdf(script), "holds a script"), (b"<html>", "not a PDF"), (b"%PDF-" + b"0" * MOST_BYTES, "larger than 10 MB")],
    ids=["script", "html", "large"],
)  # fmt: skip
def test_a_file_is_judged_by_its_content(client, member, case, data, why, private_folder):
    typed = {"version": 1, "title": "CT", "file": upload(data)}
    answer = sign_in(client, member).post(at(case, "reports/add"), typed)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not list(private_folder.rglob("*.pdf"))


def test_a_report_beside_what_others_saved_meanwhile_keeps_its_file_once(
    client, member, case, irae, private_folder
):
    typed = {"version": 1, "title": "CT", "file": upload(pdf())}
    assert sign_in(client, member).post(at(case, "reports/add"), typed).status_code == 302
    assert len(list(private_folder.rglob("*.pdf"))) == 1


def test_a_report_has_some_content(client, member, case):
    answer = sign_in(client, member).post(at(case, "reports/add"), {"version": 1, "title": "CT"})
    assert "Enter the text, a link or a PDF" in answer.content.decode()


@pytest.mark.parametrize("place", ["read", "file"])
def test_other_boards_do_not_find_it_and_those_who_may_not_see_cases_are_refused(
    client, member, stranger, board, case, place
):
    sign_in(client, member).post(
        at(case, "reports/add"), {"version": 1, "title": "CT", "file": upload(pdf())}
    )
    url = at(case, f"reports/{Report.objects.get().public_id}/{place}")
    assert sign_in(client, stranger).get(url).status_code == 404
    assert sign_in(client, make_user("curator", board)).get(url).status_code in {403, 404}
    assert not TrailEntry.objects.filter(kind="report.read").exists()
    answer = sign_in(client, make_user("registry", board)).get(url)
    assert answer.status_code == 200


def test_a_report_of_another_patient_is_not_found_at_this_case(client, member, board, case):
    sign_in(client, member).post(
        at(case, "reports/add"), {"version": 1, "title": "CT", "text": "x"}
    )
    other = make_case(member, board)
    found = Report.objects.get().public_id
    assert client.get(at(other, f"reports/{found}/read")).status_code == 404
    assert client.get(at(case, f"reports/{found}/file")).status_code == 404


def test_an_event_with_a_report_is_not_removed(client, member, case, irae):
    typed = {"version": 2, "title": "CT", "text": "x", "irae": str(irae.public_id)}
    sign_in(client, member).post(at(case, "reports/add"), typed)
    answer = client.post(at(case, f"iraes/{irae.public_id}/remove"), {"version": 3})
    assert answer.status_code == 422
    assert IrAE.objects.exists()


def fail(**_given):
    raise RuntimeError("as a later step of the same save would")


def test_a_save_that_fails_after_the_file_is_written_leaves_no_file(
    member, case, private_folder, monkeypatch
):
    monkeypatch.setattr(sections, "refresh_patient", fail)
    with pytest.raises(RuntimeError), acting_as(member):
        save_report(by=member, case=case, version=1, values={"title": "CT"}, pdf=pdf())
    assert not Report.objects.exists()
    assert not list(private_folder.rglob("*.pdf"))


def older(path, *, hours: int) -> None:
    at = time.time() - hours * 3600
    os.utime(path, (at, at))


def test_files_that_no_report_names_go_after_a_day(
    client, member, case, stranger, other_board, private_folder, capsys
):
    sign_in(client, member)
    client.post(at(case, "reports/add"), {"version": 1, "title": "CT", "file": upload(pdf())})
    row = Report.objects.get()
    first = row.file.name
    url = at(case, f"reports/{row.public_id}")
    client.post(url, {"version": 2, "title": "CT", "file": upload(pdf())})
    row.refresh_from_db()
    # Of a board whose patients nobody here sees.
    with acting_as(stranger):
        others = save_report(
            by=stranger, case=make_case(stranger, other_board), version=1,
            values={"title": "CT"}, pdf=pdf(),
        )  # fmt: skip
    stray, new = private_folder / "reports" / "stray.pdf", private_folder / "reports" / "new.pdf"
    for path in (stray, new):
        path.write_bytes(pdf())
    known = {first, row.file.name, others.file.name}
    for path in [stray, *(private_folder / name for name in known)]:
        older(path, hours=25)
    older(new, hours=23)
    assert len(known) == 3
    set_acting(None)
    call_command("remove_stray_files")
    assert capsys.readouterr().out.startswith("1 files that no report names")
    left = {str(path.relative_to(private_folder)) for path in private_folder.rglob("*.pdf")}
    assert left == {*known, "reports/new.pdf"}
    assert remove_strays() == 0


def test_a_folder_that_is_not_there_yet_has_no_strays(private_folder):
    assert remove_strays() == 0


def test_two_processes_look_for_strays_at_once(private_folder, monkeypatch):
    """What another process has deleted since this one listed the folder ends nothing."""
    (private_folder / "reports").mkdir()
    left = private_folder / "reports" / "left.pdf"
    left.write_bytes(pdf())
    older(left, hours=25)
    listed = ([], ["gone.pdf", "left.pdf"])
    monkeypatch.setattr(FileSystemStorage, "listdir", lambda _storage, _folder: listed)
    assert remove_strays() == 1 and not left.exists()


def test_the_web_looks_for_strays_once_a_day_after_an_upload(
    member, case, monkeypatch, django_capture_on_commit_callbacks
):
    looked, clock = [], [1000.0]
    monkeypatch.setattr(strays, "remove_strays", lambda: looked.append(clock[0]))
    monkeypatch.setattr(strays.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(strays, "_swept_at", [])
    for version, later in enumerate((0, 3600, 24 * 3600), start=1):
        clock[0] = 1000.0 + later
        with django_capture_on_commit_callbacks(execute=True), acting_as(member):
            save_report(by=member, case=case, version=version, values={"title": "CT"}, pdf=pdf())
    assert looked == [1000.0, 1000.0 + 24 * 3600]


def test_a_chosen_file_is_not_kept_by_a_refused_form_and_that_is_said(client, member, case):
    sign_in(client, member)
    words = "The file is not kept in this form: choose it again."
    sent = {"version": 1, "title": "CT", "link": "http://example.org/report"}
    refused = client.post(at(case, "reports/add"), {**sent, "file": upload(pdf())})
    assert refused.status_code == 422
    assert words in refused.content.decode()
    without = client.post(at(case, "reports/add"), sent)
    assert without.status_code == 422
    assert words not in without.content.decode()
