"""The whole stack as real processes: it comes up, heals, says what is wrong, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import smtplib
import subprocess
import sys
import time
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from launch.demo import PASSWORD
from launch.leftovers import command_line
from launch.prepare import STAMP
from launch.refusal import Refusal
from launch.stack import ROOT, Stack, http_get

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.e2e
PARTS = ("web", "worker", "bulk", "counts", "beat", "mail", "PostgreSQL", "Valkey")


def until(condition: Callable[[], bool], seconds: float = 90.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def readiness(stack: Stack) -> tuple[int, dict[str, dict[str, object]]]:
    status, body = http_get(stack.ports.web, "/health/ready")
    return status, json.loads(body)["parts"] if body else {}


def test_every_part_is_up(stack: Stack) -> None:
    status, parts = readiness(stack)
    assert status == 200
    assert {name for name, part in parts.items() if part["ok"]} == set(parts)
    assert http_get(stack.ports.mail_page, "/")[0] == 200


def test_the_sweeps_run_and_the_doctor_agrees(stack: Stack) -> None:
    until(lambda: http_get(stack.ports.web, "/health/reminders")[0] == 200)
    assert "Everything is well." in stack.manage("doctor")


def test_a_mail_sent_to_the_products_server_can_be_read(stack: Stack) -> None:
    message = EmailMessage()
    message["To"], message["Subject"] = "nurse.north@example.org", "A check is due"
    with smtplib.SMTP("127.0.0.1", stack.ports.smtp, timeout=10) as line:
        line.send_message(message, from_addr="rechallenge@example.org")
    assert "A check is due" in http_get(stack.ports.mail_page, "/api/mails")[1]


CHECK_A_FILE = """
import time
from django.db import transaction
from accounts.acting import acting_as
from accounts.models import Board, Membership, User
from cases.models import BulkJob
from cases.services.bulk import check_file
user, _ = User.objects.get_or_create(email='sheets@example.org', name='Sheets')
board, _ = Board.objects.get_or_create(name='Sheets', hospital='Sheets')
Membership.objects.get_or_create(user=user, board=board, role='coordinator')
rows = b'Hospital number,Family name,First name,Question to the board\\n1,A,B,Now?\\n'
with transaction.atomic(), acting_as(user):
    job = check_file(by=user, board=board, data=rows)
for _second in range(300):
    with transaction.atomic(), acting_as(user):
        job = BulkJob.objects.get(pk=job.pk)
    if not job.is_open:
        break
    time.sleep(0.2)
print(job.state, job.counts.get('patients_new'))
"""


def test_a_file_is_checked_by_the_worker_of_imports(stack: Stack) -> None:
    said = stack.manage("shell", "-c", CHECK_A_FILE)
    assert said.strip().splitlines()[-1] == "done 1"


TAKE_A_NUMBER = """
from django.db import transaction
from accounts.acting import acting_as
from accounts.models import Board, Membership, User
from cases.models import Case, PatientIdentity
from cases.services.identity import NumberTaken, save_identity
user = User.objects.get(email='coordinator.north@example.org')
with transaction.atomic(), acting_as(user):
    case = Case.objects.filter(board__memberships__user=user).exclude(state='closed').first()
    mine = PatientIdentity.objects.get(patient=case.patient)
    held = PatientIdentity.objects.filter(hospital=mine.hospital, holds_number=True)
    other = held.exclude(pk=mine.pk).exclude(hospital_number='').first()
    section = case.sections.get(key='patient')
    try:
        save_identity(by=user, case=case, version=section.version, values={
            'family_name': 'Plantedname', 'hospital_number': other.hospital_number})
    except NumberTaken:
        print('taken')
"""


def test_a_number_that_is_taken_leaves_no_name_in_the_databases_log(stack: Stack) -> None:
    said = stack.manage("shell", "-c", TAKE_A_NUMBER)
    assert said.strip().splitlines()[-1] == "taken"
    log = stack.services.postgres.log.read_text()
    assert "hospital_number_is_unique" in log
    assert "Plantedname" not in log


@pytest.mark.parametrize("name", PARTS)
def test_a_killed_part_is_started_again(stack: Stack, said: list[str], name: str) -> None:
    killed = stack.kill(name)
    until(lambda: stack.supervisor.children[name].pid != killed)
    until(lambda: readiness(stack)[0] == 200)
    assert any(line.startswith(f"{name} ended (signal SIGKILL)") for line in said)
    assert "Everything is well." in stack.manage("doctor")


def test_a_worker_that_stays_away_makes_it_unready(stack: Stack) -> None:
    worker = stack.supervisor.children.pop("worker")
    worker.stop()
    until(lambda: readiness(stack)[0] == 503)
    faulty = {name: part["says"] for name, part in readiness(stack)[1].items() if not part["ok"]}
    assert faulty == {"worker": "no worker has given a sign of life lately"}
    with pytest.raises(Refusal, match="FAULT  worker"):
        stack.manage("doctor")
    stack.supervisor.start(worker)
    until(lambda: readiness(stack)[0] == 200)


def test_a_second_start_on_the_same_data_is_refused(stack: Stack) -> None:
    with pytest.raises(Refusal, match=f"running already at {stack.url}"):
        Stack(stack.data_dir).start()


def ours(stack: Stack) -> list[str]:
    """Return the command lines that name a folder or the address of this product."""
    words = [
        str(stack.data_dir),
        str(stack.services.postgres.runtime),
        f"127.0.0.1:{stack.ports.web}",
    ]
    commands = [command_line(int(entry.name)) for entry in Path("/proc").glob("[0-9]*")]
    return [line for line in commands if any(word in line for word in words)]


def test_stopping_ends_every_process(stack: Stack) -> None:
    stack.manage(
        "shell", "-c", "from accounts.models import Board; Board.objects.create(name='Kept')"
    )
    stack.stop()
    assert ours(stack) == []


@pytest.fixture
def demonstration(stack: Stack) -> Iterator[subprocess.Popen[str]]:
    """`make demo` typed a second time, on the data of the stopped product and at its address."""
    with subprocess.Popen(
        [sys.executable, "-m", "launch.demo", "--data", str(stack.data_dir)],
        cwd=ROOT,
        env={**os.environ, "PORT": str(stack.ports.web)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as running:
        yield running
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)


def test_the_second_start_keeps_what_was_entered_and_ctrl_c_ends_everything(
    stack: Stack, demonstration: subprocess.Popen[str]
) -> None:
    stamps = (stack.services.postgres.data / "rechallenge.prepared", STAMP)
    before = [path.stat().st_mtime_ns for path in stamps]
    said = ""
    assert demonstration.stdout is not None
    for line in demonstration.stdout:
        said += line
        if "Ctrl-C ends everything" in line:
            break
    assert f"\nRechallenge is ready:  {stack.url}\n" in said
    # What makes a second start quick: nothing is migrated, loaded or collected again.
    assert "Preparing the database" not in said
    assert [path.stat().st_mtime_ns for path in stamps] == before
    for account in json.loads((ROOT / "demo" / "accounts.json").read_text()):
        assert account["email"] in said
    assert PASSWORD in said
    assert readiness(stack)[0] == 200
    mailbox = re.search(r"Its mails: +http://127\.0\.0\.1:(\d+)\n", said)
    assert mailbox
    assert "A check is due" in http_get(int(mailbox[1]), "/api/mails")[1]
    with psycopg.connect(stack.env["DATABASE_URL"]) as database:
        kept = database.execute("SELECT count(*) FROM accounts_board WHERE name = 'Kept'")
        assert kept.fetchone() == (1,)

    os.killpg(demonstration.pid, signal.SIGINT)
    rest = demonstration.communicate()[0]
    assert rest.strip().splitlines() == ["Ending ...", "Everything has ended; the data are kept."]
    assert demonstration.returncode == 0
    assert ours(stack) == []
    with pytest.raises(ProcessLookupError):
        os.killpg(demonstration.pid, 0)
