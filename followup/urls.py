"""Addresses of the followup application."""

from django.urls import path

from followup.views import checks, doses, plans, steps, worklist

app_name = "followup"

urlpatterns = [
    path("", worklist.worklist, name="worklist"),
    path("notices/", worklist.notices, name="notices"),
    path("notices/read/", worklist.read_notices, name="read_notices"),
    path("notices/<uuid:public_id>/read/", worklist.read_notice, name="read_notice"),
    path("reminders/failed/", worklist.failed, name="failed"),
    path("reminders/<uuid:public_id>/retry/", worklist.retry, name="retry"),
    path("checks/<uuid:public_id>/", checks.check, name="check"),
    path("checks/<uuid:public_id>/normal/", checks.normal, name="normal"),
    path("checks/<uuid:public_id>/correct/", checks.correct, name="correct"),
    path("checks/<uuid:public_id>/undo/", checks.undo, name="undo"),
    path("checks/<uuid:public_id>/give/", checks.assign, name="assign"),
    path("plans/<uuid:public_id>/", plans.plan, name="plan"),
    path("plans/<uuid:public_id>/first-dose/", steps.first_dose, name="first_dose"),
    path(
        "plans/<uuid:public_id>/first-dose/take-back/",
        steps.take_back_first,
        name="take_back_first",
    ),
    path("plans/<uuid:public_id>/planned/", steps.planned_first, name="planned_first"),
    path("plans/<uuid:public_id>/doses/", doses.dose, name="dose"),
    path("plans/<uuid:public_id>/doses/take-back/", doses.take_back, name="take_back_dose"),
    path("plans/<uuid:public_id>/last-dose/", steps.last_dose, name="last_dose"),
    path("plans/<uuid:public_id>/last-dose/take-back/", doses.go_on, name="take_back_last_dose"),
    path("plans/<uuid:public_id>/hold/", steps.hold, name="hold"),
    path("plans/<uuid:public_id>/resume/", steps.resume, name="resume"),
    path("plans/<uuid:public_id>/close/", steps.close, name="close"),
    path("plans/<uuid:public_id>/irae/", steps.irae, name="irae"),
]
