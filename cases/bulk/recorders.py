"""Where rows go once they are found good: into the record through its services, or, in a trial, nowhere."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings

from cases.models import Case, ICICourse, IrAE, Provenance, Section
from cases.services import history, labs
from cases.services.assigning import assign
from cases.services.facts import refresh_patient
from cases.services.identity import save_identity
from cases.services.lifecycle import Question, refer_case
from cases.services.patients import Identity, register_patient
from cases.services.sections import locked_version

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from accounts.models import Board, User
    from cases.models import LabResult, Patient

Values = dict[str, Any]


class Recorder(Protocol):
    """What happens with the rows of one patient; `case` is None in a trial of a patient who is new."""

    writes: bool

    def register(self, values: Values, question: str) -> Case | None:
        """Make a patient and put the question."""

    def ask(self, patient: Patient, question: str) -> Case | None:
        """Put a question about a patient who is here."""

    def identify(self, case: Case | None, values: Values) -> None:
        """Complete who a patient is."""

    def standing(self, case: Case | None, ecog: Values, background: Values) -> None:
        """Keep the ECOG and the background, each where it is said."""

    def course(self, case: Case | None, values: Values, row: ICICourse | None) -> ICICourse:
        """Add a course, or complete one."""

    def in_order(self, case: Case | None) -> None:
        """Number the courses by their first doses."""

    def about(self, case: Case | None, course: ICICourse) -> None:
        """Let the case ask about a course."""

    def irae(self, case: Case | None, values: Values, row: IrAE | None) -> IrAE:
        """Add an irAE, or complete one."""

    def results(
        self, case: Case | None, new: Sequence[Values], more: Mapping[LabResult, Values]
    ) -> None:
        """Add results, and complete others."""


class Trial:
    """Keeps nothing: rows are made in memory alone, so that later rows can refer to them."""

    writes = False

    def register(self, values: Values, question: str) -> None:
        """Make nobody."""

    def ask(self, patient: Patient, question: str) -> None:
        """Ask nothing."""

    def identify(self, case: Case | None, values: Values) -> None:
        """Change nothing."""

    def standing(self, case: Case | None, ecog: Values, background: Values) -> None:
        """Change nothing."""

    def course(self, case: Case | None, values: Values, row: ICICourse | None) -> ICICourse:
        """Return the course as it would be."""
        row = row or ICICourse()
        assign(row, values)
        return row

    def in_order(self, case: Case | None) -> None:
        """Change nothing."""

    def about(self, case: Case | None, course: ICICourse) -> None:
        """Change nothing."""

    def irae(self, case: Case | None, values: Values, row: IrAE | None) -> IrAE:
        """Return the irAE as it would be."""
        row = row or IrAE()
        assign(row, values)
        return row

    def results(
        self, case: Case | None, new: Sequence[Values], more: Mapping[LabResult, Values]
    ) -> None:
        """Keep nothing."""


class Record:
    """Writes by the services that the forms call, as the user who asked for the import."""

    writes = True

    def __init__(self, by: User, board: Board) -> None:
        self.by, self.board = by, board

    def _lock(self, case: Case | None, key: str) -> dict[str, Any]:
        if case is None:
            raise LookupError("a patient without a case cannot be written to")
        return {"by": self.by, "case": case, "version": locked_version(case, key)}

    def register(self, values: Values, question: str) -> Case:
        """Make a patient and put the question."""
        names = Identity.__dataclass_fields__
        patient = register_patient(
            by=self.by,
            board=self.board,
            identity=Identity(**{n: values[n] for n in names}),
            sex=values["sex"],
            provenance=Provenance.INVENTED if settings.DEMO else Provenance.REAL,
        )
        case = self.ask(patient, question)
        if values["died"]:
            self.identify(case, values)
        return case

    def ask(self, patient: Patient, question: str) -> Case:
        """Put a question about a patient who is here."""
        asked = Question(question=question)
        case = refer_case(
            by=self.by, board=self.board, patient=patient, question=asked, derive=False
        )
        # Once, when all rows of the patient are entered.
        refresh_patient(patient=patient)
        return case

    def identify(self, case: Case | None, values: Values) -> None:
        """Complete who a patient is."""
        save_identity(**self._lock(case, Section.PATIENT), values=values)

    def standing(self, case: Case | None, ecog: Values, background: Values) -> None:
        """Keep the ECOG and the background, each where it is said."""
        if ecog:
            history.save_fitness(**self._lock(case, Section.FITNESS), status=ecog)
        if background:
            history.save_background(**self._lock(case, Section.FITNESS), values=background)

    def course(self, case: Case | None, values: Values, row: ICICourse | None) -> ICICourse:
        """Add a course, or complete one."""
        # Other rows name courses by the numbers of the file: the record numbers them once all are entered.
        save = partial(history.save_course, in_order=False, from_file=True)
        return self._listed(save, case, Section.COURSES, values, row)

    def in_order(self, case: Case | None) -> None:
        """Number the courses by their first doses."""
        history.number_in_order(**self._lock(case, Section.COURSES))

    def about(self, case: Case | None, course: ICICourse) -> None:
        """Let the case ask about a course."""
        history.save_question(**self._lock(case, Section.QUESTION), values={"course": course})

    def irae(self, case: Case | None, values: Values, row: IrAE | None) -> IrAE:
        """Add an irAE, or complete one."""
        return self._listed(history.save_irae, case, Section.IRAES, values, row)

    def _listed(
        self, save: Callable[..., Any], case: Case | None, key: str, values: Values, row: Any
    ) -> Any:
        return save(
            **self._lock(case, key), values=values, public_id=row.public_id if row else None
        )

    def results(
        self, case: Case | None, new: Sequence[Values], more: Mapping[LabResult, Values]
    ) -> None:
        """Add results, and complete others."""
        if new:
            labs.save_results(**self._lock(case, Section.LABS), results=new)
        for row, values in more.items():
            lock = self._lock(case, Section.LABS)
            labs.save_result(**lock, values=values, public_id=row.public_id)
