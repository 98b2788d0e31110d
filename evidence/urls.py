"""Addresses of the evidence pages."""

app_name = "evidence"
urlpatterns: list = []
