"""One field of a draft rendered anew while it is edited: what htmx asks for when a row comes or goes."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from audit.services import record
from evidence.admin_forms import VersionForm
from evidence.curation.base_admin import curator_of
from evidence.curation.condition_count import count_view
from evidence.curation.fields import StructureField
from evidence.curation.files import FilesRefused, archive

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.urls import URLPattern


def urls(model_admin: ModelAdmin[Any]) -> list[URLPattern]:
    """The address of the editor's fields. Cases that are tried are entered on the trail as they are read."""
    view = require_POST(requires("evidence.curate", lists=True)(field_view))
    counted = require_http_methods(["GET", "HEAD", "POST"])(
        requires("evidence.curate", lists=True, renews=True)(count_view)
    )
    download = require_safe(requires("evidence.curate")(download_view))
    return [
        path(
            "files/",
            model_admin.admin_site.admin_view(download),
            name="evidence_version_files",
        ),
        path(
            "editor/count/<uuid:public_id>/",
            model_admin.admin_site.admin_view(counted),
            name="evidence_version_count",
        ),
        path(
            "editor/<slug:field>/",
            model_admin.admin_site.admin_view(view),
            name="evidence_version_editor",
        ),
    ]


def field_view(request: HttpRequest, field: str) -> HttpResponse:
    """The field as it was typed, after the button that was pressed. Saves nothing."""
    found = VersionForm.base_fields.get(field)
    if not isinstance(found, StructureField):
        raise Http404
    widget: Any = copy.deepcopy(found.widget)
    widget.user = curator_of(request)
    return HttpResponse(
        widget.render(field, widget.value_from_datadict(request.POST, request.FILES, field))
    )


def download_view(request: HttpRequest) -> HttpResponse:
    """Everything that stands now as YAML files in one archive."""
    try:
        packed = archive()
    except FilesRefused as refused:
        return HttpResponse(str(refused), status=422, content_type="text/plain; charset=utf-8")
    record("evidence.exported", by=curator_of(request))
    return HttpResponse(
        packed,
        content_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="evidence.zip"'},
    )
