"""Addresses of boards beyond allauth's own of accounts."""

from django.urls import path

from accounts.views import members, rules, trail

app_name = "boards"

urlpatterns = [
    path("", members.index, name="index"),
    path("trail", trail.trail, name="trail"),
    path("<uuid:public_id>/rules", rules.rules, name="rules"),
    path("<uuid:public_id>/members", members.members, name="members"),
    path("<uuid:public_id>/members/add", members.add, name="add"),
    path("<uuid:public_id>/members/<uuid:user_id>/mail", members.mail, name="invite_again"),
    path("<uuid:public_id>/members/<uuid:user_id>/<slug:role>/end", members.end, name="end"),
]
