"""Addresses of the evidence pages."""

from __future__ import annotations

from django.urls import path

from evidence import views

app_name = "evidence"
urlpatterns = [
    path("", views.statements, name="statements"),
    path("<uuid:public_id>/", views.statement, name="statement"),
]
