"""What every answer tells the browser: the content security policy, whole, and the headers beside it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import path, reverse

from accounts.acting import acting_as
from accounts.models import User
from cases.models import CaseSection
from cases.services.reports import save_report
from launch.ephemeral import NO_SERVICES, PRODUCTION, TEST_VALUES
from rechallenge import urls
from tests.factories.line import make_line
from tests.factories.people import make_board

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.test import Client

ROOT = Path(__file__).resolve().parents[2]
# Word for word: what is loosened here is loosened on purpose.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "manifest-src": "'self'",
}
BESIDE = {
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}
NONCE = re.compile(r" 'nonce-([A-Za-z0-9+/=]{22,})'")


def fails(request: HttpRequest) -> HttpResponse:
    """Fail as a fault of ours would."""
    raise RuntimeError("on purpose")


urlpatterns = [*urls.urlpatterns, path("fails", fails)]
handler400, handler403, handler404 = urls.handler400, urls.handler403, urls.handler404
handler429, handler500 = urls.handler429, urls.handler500


def policy_of(response: HttpResponse) -> dict[str, str]:
    """Return the directives of an answer's policy."""
    lines = response.headers["Content-Security-Policy"].split(";")
    return {name: rest for name, _space, rest in (line.strip().partition(" ") for line in lines)}


@pytest.fixture
def answers(db: None, client: Client, settings: Any, tmp_path: Path) -> dict[str, HttpResponse]:
    """One answer of every kind, by what it is."""
    settings.ROOT_URLCONF = __name__
    # As installed; in debug a missing page is Django's own, with a style sheet within it.
    settings.DEBUG = False
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }
    client.raise_request_exception = False
    found = {
        "sign-in": client.get("/accounts/login/"),
        "redirect to sign-in": client.get("/cases/"),
        "session that ran out": client.get("/cases/", headers={"HX-Request": "true"}),
        "forgotten password": client.get("/accounts/password/reset/"),
        "health": client.get("/health/live"),
        "too large": client.post("/accounts/login/", CONTENT_LENGTH=str(10**9)),
    }
    line = make_line(make_board())
    member, curator = line.people["member"], line.people["curator"]
    User.objects.filter(pk=curator.pk).update(is_staff=True)
    case = line.case.public_id
    with acting_as(member):
        version = CaseSection.objects.get(case=line.case, key="iraes").version
        # Enough of a PDF for the service to keep it.
        pdf = {"title": "CT", "file": _pdf()}
        report = save_report(by=member, case=line.case, version=version, values=pdf)
    client.force_login(member)
    section = reverse("cases:section", args=[case, "tumour"])
    found |= {
        "page": client.get(reverse("cases:detail", args=[case])),
        "fragment": client.get(section, headers={"HX-Request": "true"}),
        "letter": client.get(reverse("meetings:letter", args=[line.decision.public_id])),
        "report": client.get(reverse("cases:report_file", args=[case, report.public_id])),
        "calendar": client.get(reverse("meetings:calendar", args=[line.meeting.public_id])),
        "not found": client.get("/no-such-page"),
        "not allowed": client.get(reverse("boards:members", args=[line.board.public_id])),
        "method": client.delete(reverse("cases:list")),
        "fault": client.get("/fails"),
        "second factor": client.get("/accounts/2fa/"),
    }
    client.force_login(curator)
    return found | {"admin": client.get("/admin/evidence/statementversion/")}


def _pdf() -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("ct.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")


EXPECTED = {
    "redirect to sign-in": 302, "session that ran out": 401, "too large": 413, "not found": 404,
    "not allowed": 403, "method": 405, "fault": 500,
}  # fmt: skip


def test_every_kind_of_answer_has_the_whole_policy_and_no_unsafe_word(
    answers: dict[str, HttpResponse],
) -> None:
    nonces = []
    for what, response in answers.items():
        assert response.status_code == EXPECTED.get(what, 200), (what, response.status_code)
        for name, value in BESIDE.items():
            assert response.headers.get(name) == value, f"{what}: {name}"
        assert "Content-Security-Policy-Report-Only" not in response.headers, what
        policy = policy_of(response)
        assert "unsafe" not in response.headers["Content-Security-Policy"], what
        nonce = NONCE.search(policy["script-src"])
        policy["script-src"] = NONCE.sub("", policy["script-src"])
        assert policy == POLICY, what
        if nonce:
            nonces.append(nonce[1])
            assert f'nonce="{nonce[1]}"' in response.content.decode(), what
        if "text/html" in response.headers.get("Content-Type", ""):
            inline = re.findall(r"<script(?![^>]*src=)[^>]*>", response.content.decode())
            assert all("nonce=" in s or 'type="application/json"' in s for s in inline), what
    # Every whole page of ours has a script that its nonce alone lets run.
    assert len(nonces) == len(set(nonces)) >= 8


def test_the_same_page_has_another_nonce_each_time(db: None, client: Client) -> None:
    policies = {client.get("/accounts/login/").headers["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3


AS_INSTALLED = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
client = Client(headers={"host": "mdt.example.org"})
answers = [client.get("/health/live", secure=True), client.get("/cases/")]
cookies = [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY]
print(json.dumps([[a.status_code, dict(a.headers)] for a in answers] + [cookies]))
"""


def test_as_installed_browsers_are_held_to_https() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", AS_INSTALLED],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "rechallenge.settings",
            **TEST_VALUES,
            **NO_SERVICES,
            **PRODUCTION,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    secure, plain, cookies = json.loads(done.stdout.splitlines()[-1])
    assert secure[0] == 200
    held = secure[1]["Strict-Transport-Security"]
    assert held == "max-age=31536000; includeSubDomains; preload"
    assert (plain[0], plain[1]["Location"]) == (301, "https://mdt.example.org/cases/")
    assert cookies == [True, True, True]
