"""A patient with 300 events in twelve years, for the picture of the history: `python -m tests.e2e.long_history`.

With `one`, a patient with a single event of last year, and nothing else; with `vague`, one of whom years, months and
days counted from the ICI are told, and no version of CTCAE.

Prints, as JSON, where the case is and how many things of each kind it holds. Everything about the patient is
written as one member of the board would; courses overlap, dates are exact, ranged, relative or not known.
"""

from __future__ import annotations

import json
import os
import random
import sys
import uuid
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

YEARS = 12
KNOWN = "known"
DRUGS = ("pembrolizumab", "nivolumab", "atezolizumab", "ipilimumab", "durvalumab")
ENTITIES = (
    ("colon", "colitis"),
    ("lung", "pneumonitis"),
    ("liver", "hepatitis"),
    ("skin", "rash"),
)


class Writer:
    """Writes the rows of one patient and counts them by kind."""

    def __init__(self, patient: Any, user: Any, today: date) -> None:
        self.patient, self.user, self.today = patient, user, today
        self.first = today - timedelta(days=365 * YEARS)
        self.counts: Counter[str] = Counter()
        self.chance = random.Random(7)

    def day(self, share: float) -> date:
        """Return a day of the twelve years."""
        return self.first + timedelta(days=round((self.today - self.first).days * share))

    def add(self, counted: str, model: Any, /, **values: Any) -> Any:
        """Write a row; partial dates are given as text."""
        from ui.partial_dates import parse_partial_date

        dates = {name for name in ("start", "stop", "onset", "resolved", "assessed", "since")
                 if isinstance(values.get(name), str)}  # fmt: skip
        told = {name: parse_partial_date(values[name]) for name in dates}
        if counted:
            self.counts[counted] += 1
        return model.objects.create(patient=self.patient, **{**values, **told})

    def everything(self) -> None:
        """Write all that the picture draws of a patient's own history."""
        self.courses()
        self.treatments()
        self.iraes(240)
        self.steroids()
        self.responses()
        self.labs()

    def one_event(self) -> None:
        """Write a colitis of last year alone."""
        from cases.models import IrAE

        self.add(
            "event", IrAE, organ="colon", entity="colitis", ctcae_version="5.0", worst_grade=2,
            worst_grade_state=KNOWN, onset=(self.today - timedelta(days=300)).isoformat(),
        )  # fmt: skip

    def vague(self) -> None:
        """Write a history of which no more than parts of its dates are known."""
        from cases.models import ICICourse, Immunosuppressant, IrAE, SteroidCourse, SteroidDose

        spans = (("2019", "2021"), ("March 2020", "2021"), ("5 May 2024", "11 September 2025"))
        for n, ((start, stop), drug) in enumerate(zip(spans, DRUGS, strict=False), start=1):
            self.add(
                "course",
                ICICourse,
                number=n,
                drugs=[drug],
                drugs_state=KNOWN,
                start=start,
                stop=stop,
            )
        last = ICICourse.objects.get(patient=self.patient, number=3)
        for n, (onset, resolved, course) in enumerate(
            (
                ("2020", "2021", None),
                ("day 200 after ICI start", None, None),
                ("in cycle 3", None, None),
                ("in cycle 3", "March 2025", last),
                ("day 26 after ICI start", None, last),
            )
        ):
            organ, entity = ENTITIES[n % len(ENTITIES)]
            self.add(
                "event", IrAE, organ=organ, entity=entity, ctcae_version="none", worst_grade=1 + n % 4,
                worst_grade_state=KNOWN, onset=onset, resolved=resolved, course=course,
            )  # fmt: skip
        steroids: tuple[tuple[str, str, str, tuple[tuple[str, int], ...]], ...] = (
            ("prednisolone", "2022", "", (("2022", 60), ("2023", 0))),
            ("prednisolone", "2020", "", ()),
            ("prednisolone", "20 May 2024", "2025", (("20 May 2024", 60), ("July 2024", 20))),
            ("hydrocortisone", "2021", "2023", ()),
        )
        for drug, start, stop, steps in steroids:
            more: dict[str, Any] = {}
            if not stop:
                more = {"now_mg_per_day": Decimal(0), "now_mg_per_day_state": KNOWN}
            if drug == "hydrocortisone":
                more |= {"indication": "adrenal_replacement", "indication_state": KNOWN}
            course = self.add(
                "steroid", SteroidCourse, drug=drug, drug_state=KNOWN, start=start, stop=stop or None,
                peak_mg_per_day=Decimal(60), peak_mg_per_day_state=KNOWN, now_on=self.today, **more,
            )  # fmt: skip
            for since, mg in steps:
                self.add("", SteroidDose, course=course, since=since, mg_per_day=Decimal(mg))
        self.add("second_line", Immunosuppressant, drug="infliximab", start="2020", stop="2020")

    def courses(self) -> None:
        """Five courses that overlap; of one the month alone is known, one goes on."""
        from cases.models import ICICourse

        spans = (
            (self.day(0.0).isoformat(), self.day(0.2).isoformat()),
            (self.day(0.1).isoformat(), self.day(0.3).isoformat()),
            (self.day(0.25).strftime("%B %Y"), self.day(0.4).isoformat()),
            (self.day(0.5).isoformat(), str(self.day(0.62).year)),
            (self.day(0.8).isoformat(), None),
        )
        for n, ((start, stop), drug) in enumerate(zip(spans, DRUGS, strict=True), start=1):
            self.add(
                "course", ICICourse, number=n, drugs=[drug], drugs_state=KNOWN, start=start, stop=stop,
                cycles_low=12, cycles_high=12, **({} if stop else {"stop_state": "not_applicable"}),
            )  # fmt: skip

    def treatments(self) -> None:
        """Radiotherapy of one day beside long chemotherapy, overlapping; one without a date."""
        from cases.models import OtherTreatment

        for n in range(14):
            start = self.day(0.03 + n / 16)
            short = n % 3 == 0
            stop = start + timedelta(days=0 if short else 150)
            self.add(
                "treatment", OtherTreatment, kind="radiotherapy" if short else "chemotherapy",
                name="T8, palliative" if short else "carboplatin, pemetrexed",
                start=start.isoformat(), stop=stop.isoformat(),
            )  # fmt: skip
        self.add("treatment", OtherTreatment, kind="targeted", name="osimertinib")

    def iraes(self, number: int) -> None:
        """Events on days, in months, counted from the ICI or from a cycle, and without any date."""
        from cases.models import ICICourse, IrAE

        first = ICICourse.objects.get(patient=self.patient, number=1)
        told = {
            7: ("after cycle 7", None),
            8: ("day 26 after ICI start", None),
            9: ("day 5 after cycle 3", None),
        }
        for n in range(number):
            organ, entity = ENTITIES[n % len(ENTITIES)]
            day = self.day(self.chance.uniform(0.01, 0.97))
            onset: str | None = day.isoformat()
            resolved: str | None = (day + timedelta(days=self.chance.randint(5, 90))).isoformat()
            if n in told:
                onset, resolved = told[n]
            elif n % 12 == 0:
                onset, resolved = day.strftime("%B %Y"), None
            elif n % 40 == 1:
                onset = resolved = None
            if resolved and resolved > self.today.isoformat():
                resolved = None
            self.add(
                "event", IrAE, organ=organ, entity=entity, ctcae_version="5.0", worst_grade=1 + n % 4,
                worst_grade_state=KNOWN, onset=onset, resolved=resolved, course=first if n in told else None,
            )  # fmt: skip

    def steroids(self) -> None:
        """Steroids dose by dose, and second-line agents."""
        from cases.models import Immunosuppressant, SteroidCourse, SteroidDose

        for n in range(16):
            start = self.day(0.04 + n / 18)
            course = self.add(
                "steroid", SteroidCourse, drug="prednisolone", drug_state=KNOWN, start=start.isoformat(),
                stop=(start + timedelta(days=120)).isoformat(), peak_mg_per_day=Decimal(60),
                peak_mg_per_day_state=KNOWN,
            )  # fmt: skip
            for step, mg in enumerate((60, 30, 10) if n % 2 else ()):
                since = (start + timedelta(days=30 * step)).isoformat()
                self.add("", SteroidDose, course=course, since=since, mg_per_day=Decimal(mg))
        for n in range(4):
            start = self.day(0.1 + n / 5)
            self.add(
                "second_line", Immunosuppressant, drug="infliximab", start=start.isoformat(),
                stop=(start + timedelta(days=40 * n)).isoformat(),
            )  # fmt: skip

    def responses(self) -> None:
        """Assessments of the tumour, some in a month."""
        from cases.models import ResponseAssessment

        for n in range(24):
            day = self.day(0.02 + n / 25)
            self.add(
                "response", ResponseAssessment, criteria="recist", response=("PR", "SD", "PD")[n % 3],
                response_state=KNOWN, assessed=day.strftime("%B %Y") if n % 8 == 0 else day.isoformat(),
            )  # fmt: skip

    def labs(self) -> None:
        """Results of some analytes: those have their trends, and so has the ratio of two of them."""
        from cases.models import Analyte, LabResult

        rows = []
        for code in ("neutrophils", "lymphocytes", "ldh", "alt"):
            analyte = Analyte.objects.get(code=code)
            scale = 100 if code in {"ldh", "alt"} else 2
            rows += [
                LabResult(
                    patient=self.patient, analyte=analyte, taken_on=self.day(0.02 + n / 31),
                    value_entered=str(scale + n % 7), unit_entered=analyte.unit,
                    value=Decimal(scale + n % 7), entered_by=self.user,
                )
                for n in range(30)
            ]  # fmt: skip
        LabResult.objects.bulk_create(rows)
        self.counts["trend"] += 5


def write(which: str = "") -> dict[str, Any]:
    """Write the patient as a member of the first board; return where the case is and what it holds."""
    from django.db import transaction
    from django.utils import timezone

    from accounts.acting import acting_as
    from accounts.models import Membership
    from cases.models import Provenance
    from cases.services.patients import Identity, register_patient
    from tests.factories.meetings import make_draft, make_item, make_meeting
    from tests.factories.record import make_case

    member = Membership.objects.get(user__email="member.north@example.org", role="member")
    coordinator = Membership.objects.get(
        board=member.board, role="coordinator", user__email__startswith="coord"
    )
    user = member.user
    # A number of its own, so that the same database may be asked twice.
    identity = Identity("Longhistory", "Ada", f"E{uuid.uuid4().int % 10**9:09d}")
    with transaction.atomic(), acting_as(user):
        patient = register_patient(
            by=user, board=member.board, identity=identity, provenance=Provenance.INVENTED
        )
        case = make_case(
            user,
            member.board,
            patient=patient,
            **(
                {} if which else {"proposed_regimen": "same_agent", "proposed_regimen_state": KNOWN}
            ),
        )
        writer = Writer(case.patient, user, timezone.localdate())
        if which:
            {"one": writer.one_event, "vague": writer.vague}[which]()
            return {"path": f"/cases/{case.public_id}/", "counts": writer.counts}
        writer.everything()
        item = make_item(coordinator.user, make_meeting(coordinator.user, member.board), case)
        make_draft(coordinator.user, item)
        writer.counts["decision"] += 1
        writer.counts["proposed"] += 1
    return {"path": f"/cases/{case.public_id}/", "counts": writer.counts}


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rechallenge.settings")
    django.setup()
    sys.stdout.write(json.dumps(write(*sys.argv[1:])) + "\n")
