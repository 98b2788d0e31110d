"""The start page's address. The style guide's stands in the project, which knows the access rules."""

from django.urls import path

from ui import views

urlpatterns = [
    path("", views.home, name="home"),
]
