"""Addresses of the cases application."""

from __future__ import annotations

from django.urls import path

from cases.views import (
    again,
    asking,
    bulk,
    case,
    changes,
    drafts,
    giving,
    guidance,
    iraes,
    items,
    labs,
    lists,
    merging,
    parts,
    refer,
    reports,
    sections,
    tasks,
)

app_name = "cases"

urlpatterns = [
    path("", lists.case_list, name="list"),
    path("search", lists.search, name="search"),
    path("filters/<uuid:public_id>/remove", lists.filter_remove, name="filter_remove"),
    path("refer", refer.refer, name="refer"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("bulk/export", bulk.bulk_export, name="bulk_export"),
    path("bulk/template/<slug:form>", bulk.bulk_template, name="bulk_template"),
    path("bulk/<uuid:public_id>/", bulk.bulk_job, name="bulk_job"),
    path("bulk/<uuid:public_id>/apply", bulk.bulk_apply, name="bulk_apply"),
    path("bulk/<uuid:public_id>/cancel", bulk.bulk_cancel, name="bulk_cancel"),
    path("bulk/<uuid:public_id>/file", bulk.bulk_file, name="bulk_file"),
    path("drafts", drafts.draft_list, name="drafts"),
    path("drafts/<str:key>", drafts.draft, name="draft"),
    path("drafts/<str:key>/typed", drafts.draft_typed, name="draft_typed"),
    path("drafts/<str:key>/choose", drafts.draft_choose, name="draft_choose"),
    path("drafts/<str:key>/as-new", drafts.draft_as_new, name="draft_as_new"),
    path("drafts/<str:key>/discard", drafts.draft_discard, name="draft_discard"),
    path("<uuid:public_id>/", case.detail, name="detail"),
    path("<uuid:public_id>/again", again.again, name="again"),
    path("<uuid:public_id>/merge", merging.merge, name="merge"),
    path("<uuid:public_id>/merge/<uuid:other_id>", merging.merge_with, name="merge_with"),
    path("<uuid:public_id>/merged", merging.merged, name="merged"),
    path("<uuid:public_id>/changes", changes.changes, name="changes"),
    path("<uuid:public_id>/changes/compare", changes.compare, name="compare"),
    path("<uuid:public_id>/give", giving.give, name="give"),
    path("<uuid:public_id>/facts/<slug:fact>/owner", tasks.owner, name="owner"),
    path("<uuid:public_id>/facts/<slug:fact>/ask", asking.ask, name="ask"),
    path("<uuid:public_id>/facts/<slug:fact>/unask", asking.unask, name="unask"),
    path("<uuid:public_id>/facts/<slug:fact>/still", tasks.still, name="still"),
    path("<uuid:public_id>/guidance/<uuid:version_id>/attach", guidance.attach, name="attach"),
    path(
        "<uuid:public_id>/findings/<uuid:finding_id>/attach",
        guidance.attach_finding,
        name="attach_finding",
    ),
    path("<uuid:public_id>/guidance/<uuid:attached_id>/comment", guidance.comment, name="comment"),
    path("<uuid:public_id>/guidance/<uuid:attached_id>/keep", guidance.keep, name="keep"),
    path("<uuid:public_id>/guidance/<uuid:attached_id>/take", guidance.take, name="take"),
    path("<uuid:public_id>/guidance/<uuid:attached_id>/detach", guidance.detach, name="detach"),
    path("<uuid:public_id>/sections/<slug:key>", sections.section, name="section"),
    path(
        "<uuid:public_id>/sections/<slug:key>/shown", sections.section_shown, name="section_shown"
    ),
    path("<uuid:public_id>/labs", labs.results, name="labs"),
    path("<uuid:public_id>/labs/add", labs.sample_add, name="sample_add"),
    path("<uuid:public_id>/labs/add-one", labs.result_add, name="result_add"),
    path("<uuid:public_id>/labs/<uuid:item_id>", labs.result, name="result"),
    path("<uuid:public_id>/labs/<uuid:item_id>/remove", labs.result_remove, name="result_remove"),
    path("<uuid:public_id>/parts/<slug:key>", parts.part, name="part"),
    path("<uuid:public_id>/organs", iraes.organs, name="organs"),
    path("<uuid:public_id>/iraes/<uuid:item_id>/dossier", iraes.dossier, name="dossier"),
    path("<uuid:public_id>/reports/<uuid:report_id>/read", reports.report, name="report"),
    path("<uuid:public_id>/reports/<uuid:report_id>/file", reports.report_file, name="report_file"),
    path("<uuid:public_id>/<slug:key>/complete", sections.complete, name="complete"),
    path("<uuid:public_id>/<slug:key>/two", sections.two, name="two"),
    path("<uuid:public_id>/<slug:key>/add", items.item_add, name="item_add"),
    path("<uuid:public_id>/<slug:key>/<uuid:item_id>", items.item, name="item"),
    path(
        "<uuid:public_id>/<slug:key>/<uuid:item_id>/remove", items.item_remove, name="item_remove"
    ),
]
