"""Addresses of the meetings application."""

from __future__ import annotations

from django.urls import path

from meetings.views import agenda, changed, decisions, erasure, home, live, meetings, parts, triage

app_name = "meetings"

urlpatterns = [
    path("", meetings.meeting_list, name="list"),
    path("new", meetings.new, name="new"),
    path("cases/<uuid:public_id>/erase", erasure.erase, name="erase"),
    path("owed", home.owed, name="owed"),
    path("guidance", changed.changed, name="changed"),
    path("decisions/<uuid:public_id>/guidance/<uuid:version_id>", changed.review, name="review"),
    path("triage", triage.triage, name="triage"),
    path("triage/<uuid:public_id>/move", triage.move, name="move"),
    path("<uuid:public_id>/", agenda.agenda, name="agenda"),
    path("<uuid:public_id>/add", agenda.add, name="add"),
    path("<uuid:public_id>/attendance", agenda.attendance, name="attendance"),
    path("<uuid:public_id>/calendar", meetings.calendar, name="calendar"),
    path("<uuid:public_id>/start", meetings.start, name="start"),
    path("<uuid:public_id>/close", meetings.close, name="close"),
    path("<uuid:public_id>/live", live.live, name="live"),
    path("<uuid:public_id>/live/state", live.state, name="live_state"),
    path("items/<uuid:public_id>/move", agenda.move, name="item_move"),
    path("items/<uuid:public_id>/minutes", agenda.minutes, name="item_minutes"),
    path("items/<uuid:public_id>/current", live.current, name="current"),
    path("items/<uuid:item_id>/decision", decisions.record, name="record"),
    path("decisions/<uuid:public_id>/", decisions.decision, name="decision"),
    path("decisions/<uuid:public_id>/sign", decisions.sign, name="sign"),
    path("decisions/<uuid:public_id>/letter", decisions.letter, name="letter"),
    path("decisions/<uuid:public_id>/conditions", parts.condition_add, name="condition_add"),
    path("decisions/<uuid:public_id>/dissent", parts.dissent_add, name="dissent_add"),
    path(
        "decisions/<uuid:public_id>/dissent/<uuid:user_id>/withdraw",
        parts.dissent_withdraw,
        name="dissent_withdraw",
    ),
    path("conditions/<uuid:public_id>/remove", parts.condition_remove, name="condition_remove"),
]
