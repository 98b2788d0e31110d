"""Addresses of the cases application."""

from django.urls import URLPattern

app_name = "cases"

urlpatterns: list[URLPattern] = []
