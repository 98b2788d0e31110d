"""Addresses of the evidence pages."""

from __future__ import annotations

from django.urls import path

from evidence import finding_views, views

app_name = "evidence"
urlpatterns = [
    path("", views.statements, name="statements"),
    path("findings/", finding_views.findings, name="findings"),
    path("findings/<uuid:public_id>/", finding_views.finding, name="finding"),
    path("<uuid:public_id>/", views.statement, name="statement"),
]
