"""Spreadsheets: a template, a file that is checked and imported, an export; each long step on a page of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import UserRequest, requires
from accounts.confirming import FOR_GOOD, confirmed
from cases.bulk.jobs import jobs_of, sample_rows, template_analytes
from cases.bulk.writing import SUFFIXES, TYPES, XLSX, template, written
from cases.forms.bulk import ApplyForm, ExportForm, UploadForm
from cases.models import BulkJob
from cases.presenters.bulk import job_rows, job_view
from cases.services import bulk as service
from ui.htmx import redirect, render
from ui.paging import keyset

if TYPE_CHECKING:
    from uuid import UUID

PER_PAGE = 50


def _job(request: UserRequest, public_id: UUID) -> BulkJob:
    request.within = "cases:list"
    job: BulkJob = get_object_or_404(jobs_of(request.user), public_id=public_id)
    return job


def _page(request: UserRequest, upload: UploadForm, status: int = 200) -> HttpResponse:
    request.within = "cases:list"
    exporting = request.user.boards_with("bulk.export")
    context = {
        "form": upload,
        "may_import": bool(upload.boards),
        "export_form": ExportForm(boards=exporting, auto_id="export-%s"),
        "rows": job_rows(jobs_of(request.user)[:20]),
        "sample": settings.DEMO,
    }
    return render(request, "cases/bulk.html", context=context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("bulk.export")
def bulk(request: UserRequest) -> HttpResponse:
    """Show what can be done with spreadsheets, or take a file to be checked."""
    boards = request.user.boards_with("bulk.import")
    if request.method != "POST":
        return _page(request, UploadForm(boards=boards))
    form = UploadForm(request.POST, request.FILES, boards=boards)
    if not form.is_valid():
        return _page(request, form, status=422)
    job = service.check_file(
        by=request.user,
        board=form.chosen(),
        data=form.cleaned_data["file"],
        day_first=form.cleaned_data["day_first"],
    )
    return redirect(request, reverse("cases:bulk_job", args=[job.public_id]))


@require_POST
@requires("bulk.export")
@confirmed(FOR_GOOD)
def bulk_export(request: UserRequest) -> HttpResponse:
    """Have a board's patients written to a file."""
    form = ExportForm(request.POST, boards=request.user.boards_with("bulk.export"))
    if not form.is_valid():
        raise Http404
    job = service.export(by=request.user, board=form.chosen(), form=form.cleaned_data["form"])
    return redirect(request, reverse("cases:bulk_job", args=[job.public_id]))


@require_GET
@requires("bulk.export")
def bulk_template(request: UserRequest, form: str) -> HttpResponse:
    """Hand out an empty file with all headings, or, in a demonstration, one with invented rows."""
    if form == "sample" and settings.DEMO:
        return _file(written(sample_rows(), XLSX), XLSX, "rechallenge-sample")
    if form not in TYPES:
        raise Http404
    return _file(template(form, template_analytes()), form, "rechallenge-template")


@require_GET
@requires("bulk.export", renews=True)
def bulk_job(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Show one import or export: how far it is, what came of it, every error of the file."""
    return _show(request, _job(request, public_id))


def _show(
    request: UserRequest, job: BulkJob, form: ApplyForm | None = None, status: int = 200
) -> HttpResponse:
    user = request.user
    view = job_view(
        job,
        may_import=user.can("bulk.import", job.board),
        may_export=user.can("bulk.export", job.board),
    )
    context = {
        "job": view,
        "form": form or (ApplyForm(job=job) if view.may_apply else None),
        "page": keyset(job.problems.all(), request, order=("id",), per_page=PER_PAGE),
        "kept_hours": int(service.KEPT.total_seconds() // 3600),
    }
    return render(request, "cases/bulk_job.html", "cases/_bulk_job.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("bulk.import")
def bulk_apply(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Have a file imported that was checked; asked for, as by a reload, it is the page of the job."""
    job = _job(request, public_id)
    if request.method != "POST":
        return redirect(request, reverse("cases:bulk_job", args=[job.public_id]))
    form = ApplyForm(request.POST, job=job)
    if not form.is_valid():
        return _show(request, job, form, status=422)
    service.apply(by=request.user, job=job, right=form.cleaned_data["right"], **form.owed())
    return redirect(request, reverse("cases:bulk_job", args=[job.public_id]))


@require_POST
@requires("bulk.export")
def bulk_cancel(request: UserRequest, public_id: UUID) -> HttpResponse:
    """End a job and forget its file."""
    job = _job(request, public_id)
    service.cancel(by=request.user, job=job)
    return redirect(request, reverse("cases:bulk_job", args=[job.public_id]))


@require_GET
@requires("bulk.export")
@confirmed(FOR_GOOD)
def bulk_file(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Hand out an export."""
    job = _job(request, public_id)
    data = service.note_download(by=request.user, job=job)
    return _file(data, job.form, f"rechallenge-export-{job.created_at:%Y-%m-%d}")


def _file(data: bytes, form: str, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{SUFFIXES[form]}"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(data, content_type=TYPES[form], headers=headers)
