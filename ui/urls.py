"""Addresses of the frame: the start page and, in debug, the style guide."""

from django.conf import settings
from django.urls import path

from ui import views

urlpatterns = [
    path("", views.home, name="home"),
]
if settings.DEBUG:
    urlpatterns.append(path("styleguide", views.styleguide, name="styleguide"))
