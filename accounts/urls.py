"""Addresses of boards and accounts beyond allauth's own."""

from django.urls import URLPattern

app_name = "boards"

urlpatterns: list[URLPattern] = []
