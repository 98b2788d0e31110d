"""A mark written wherever the product takes text about a patient is nowhere in the database after an erasure.

What is expected to hold the mark is read off the models, so that a new column with text fails here until it is
written to by `make_marked` and erased by its migration.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pypdf
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from psycopg import sql

from accounts.acting import acting_as, set_acting
from cases.differing import pairs_of
from cases.models import Draft, Patient, PatientIdentity, SavedFilter, SavedSearch
from cases.services.drafts import save_draft
from cases.services.filters import save_filter
from cases.services.identity import save_identity
from cases.services.searches import save_search
from followup.models import Notice
from meetings.models import Letter
from meetings.services.erasure import erase_patient
from tests.architecture.test_tables import event_models, patient_models
from tests.factories.marked import MARK, make_marked
from tests.factories.merging import merge_records
from tests.factories.people import make_board
from tests.factories.record import make_case, make_patient

if TYPE_CHECKING:
    from accounts.models import User

TEXTS = (
    models.CharField,
    models.TextField,
    models.FileField,
    models.JSONField,
    models.BinaryField,
    ArrayField,
)
# Columns of text that no person writes: codes of a list, and what the product makes itself.
CODES = {
    # Names of filters and the codes that they offer: nothing else is taken (cases.filtering).
    "cases_savedfilter": {"query"},
    "cases_case": {"reference", "returned_reason", "proposed_drugs"},
    "cases_biomarkerresult": {"state"},
    "cases_facttask": {"fact"},
    "cases_icicourse": {"drugs"},
    "cases_irae": {"entity", "drugs"},
    "cases_attachedguidance": {"answer", "kept_mark"},
    "meetings_guidancereview": {"mark"},
    "cases_patient": {"entry_pairs"},
    "cases_patientaccess": {"reason"},
    "cases_patientmerge": {"moved", "swapped"},
    "followup_monitoringplan": {"earlier_entities", "known_iraes", "known_at_opening"},
    "followup_planprotocol": {"because_entity"},
    "followup_check": {"label", "measures"},
    "followup_reminder": {"last_error"},
    "followup_notice": {"reference", "reason"},
    "meetings_decision": {
        *("drugs", "defer_fact", "salt"),
        *("snapshot", "snapshot_sha256", "previous_sha256"),
    },
    "meetings_decisioncondition": {"condition"},
    "meetings_letter": {"sha256"},
    "cases_draft": {"key", "window"},
}


def is_written(table: str, field: models.Field) -> bool:
    """Whether a person's words can stand in a column."""
    base = getattr(field, "base_field", field)
    if not isinstance(field, TEXTS) or not isinstance(base, TEXTS) or field.choices or base.choices:
        return False
    # Every value of the derived facts is a number or one of their choices.
    if table == "cases_casefacts" or field.name.startswith("pgh_"):
        return False
    known = CODES.get(table.removesuffix("event"), set())
    return field.name not in known and not field.name.endswith(("_state", "_precision"))


# The mark as somebody else may have typed it, and where a name is looked for as it is found.
OTHERWISE = "Žýxquill"
TYPED = {("cases_draft", "fields"), ("cases_savedsearch", "text"), ("cases_savedfilter", "name")}


def type_otherwise(by: User) -> None:
    """Leave a draft, a search and a filter in which the name has accents that the record lacks."""
    with acting_as(by):
        names = {"family_name": [OTHERWISE], "given_name": [f"{OTHERWISE}a"]}
        save_draft(by=by, key=f"referral:{uuid4()}", fields=names)
        save_search(by=by, text=f"{OTHERWISE}, {OTHERWISE}a")
        save_filter(by=by, name=OTHERWISE, given={"state": "listed"})


def columns_for_words() -> set[tuple[str, str]]:
    """Return every table and column, histories included, that should hold the mark."""
    found = set()
    for model in [*patient_models(), *event_models(), Draft, SavedFilter, SavedSearch, Notice]:
        table = model._meta.db_table
        found |= {(table, f.column) for f in model._meta.concrete_fields if is_written(table, f)}
    return found


def columns_with(server: psycopg.Connection, word: str) -> set[tuple[str, str]]:
    """Return every column of every table in which the word stands, whatever its case."""
    columns = server.execute(
        "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c"
        " JOIN information_schema.tables t USING (table_schema, table_name)"
        " WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'"
    ).fetchall()
    assert len(columns) > 500
    found = set()
    for table, column, kind in columns:
        text = "encode({c}, 'escape')" if kind == "bytea" else "{c}::text"
        query = "SELECT EXISTS (SELECT 1 FROM {t} WHERE " + text + " ILIKE %s)"
        row = server.execute(
            sql.SQL(query).format(c=sql.Identifier(column), t=sql.Identifier(table)), [f"%{word}%"]
        ).fetchone()
        if row and row[0]:
            found.add((table, column))
    return found


# A text in a column, as SQL, where it is no text alone: by type, or by table and column.
WORDS = {
    "jsonb": """'[{"text": "Smith"}]'""",
    "ARRAY": "ARRAY['Smith']",
    "bytea": "'Smith'::bytea",
    ("followup_check", "values"): """'{"crp": "Smith"}'""",
    ("followup_check", "upper_limits"): """'{"crp": "Smith"}'""",
}


def refusals(server: psycopg.Connection) -> dict[tuple[str, str], str]:
    """Return what the database says when a text is written into each column for words; "" where it takes it."""
    found = {}
    events = {model._meta.db_table for model in event_models()}
    for table, column in sorted(c for c in columns_for_words() if c[0] not in events):
        target = sql.Identifier(table), sql.Identifier(column)
        if not server.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(target[0])).fetchone():
            continue
        kind = "SELECT data_type FROM information_schema.columns WHERE table_name = %s AND column_name = %s"
        (of_type,) = server.execute(kind, [table, column]).fetchone() or ("",)
        words = WORDS.get((table, column)) or WORDS.get(of_type, "'Smith'")
        query = sql.SQL("UPDATE {} SET {} = {}").format(*target, sql.SQL(words))
        found[table, column] = ""
        try:
            with server.transaction(force_rollback=True):
                server.execute(query)
        except psycopg.Error as error:
            found[table, column] = str(error)
    return found


def is_refused(column: tuple[str, str], words: str) -> bool:
    """Whether the database refuses a text for the right reason.

    Which row of a table it comes to first is chance: of decisions the signed one says that it is frozen.
    """
    signed = column[0] == "meetings_decision" and "is frozen and cannot be changed" in words
    return signed or "was erased" in words


def test_nothing_that_was_written_about_a_patient_is_left(committed_db, superuser):
    with transaction.atomic():
        board = make_board()
        marked = make_marked(board)
        chair = marked.people["chair"]
        type_otherwise(marked.people["member"])
        set_acting(chair)
        letter = bytes(Letter.objects.get(decision=marked.decision).pdf)
    pages = pypdf.PdfReader(io.BytesIO(letter)).pages
    assert MARK.upper() in "".join(page.extract_text() for page in pages)
    # The control: the mark stands everywhere, or its absence would prove nothing. In the letter it is packed.
    packed = {("meetings_letter", "pdf")}
    assert columns_with(superuser, MARK) == columns_for_words() - packed
    assert columns_with(superuser, OTHERWISE) == TYPED
    days = "SELECT count(birth_date) + count(died_earliest) FROM cases_patientidentity{}"
    assert superuser.execute(days.format("")).fetchone() == (2,)
    assert superuser.execute(days.format("event")).fetchone()[0] > 2

    with transaction.atomic():
        set_acting(chair)
        assert erase_patient(by=chair, patient=marked.patient, reason="request")

    assert columns_with(superuser, MARK) == columns_with(superuser, OTHERWISE) == set()
    assert superuser.execute(days.format("")).fetchone() == (0,)
    assert superuser.execute(days.format("event")).fetchone() == (0,)
    assert superuser.execute("SELECT count(*), count(pdf) FROM meetings_letter").fetchone() == (
        1,
        0,
    )
    # And none comes back, into whatever row is left and whoever writes.
    said = refusals(superuser)
    assert "frozen" in said.pop(("meetings_letter", "pdf"))
    assert {column for column, words in said.items() if not is_refused(column, words)} == set()
    assert len(said) > 60
    ages = "SELECT age_state, age_low FROM cases_casefacts"
    assert superuser.execute(ages).fetchall() == [("missing", None)] * 2


def test_nothing_is_left_of_a_record_that_was_merged_either(committed_db, superuser):
    with transaction.atomic():
        marked = make_marked(make_board())
        people = marked.people
        set_acting(people["chair"])
        about = {"provenance": marked.patient.provenance, "citation": marked.patient.citation}
        kept = make_case(
            people["member"],
            marked.board,
            patient=make_patient(people["member"], marked.board, **about),
        )
        with acting_as(people["member"]):
            died = {"died": PatientIdentity.objects.get(patient=marked.patient).died}
            save_identity(by=people["member"], case=kept, version=1, values=died)
    with transaction.atomic():
        set_acting(people["coordinator"])
        one, other = kept.patient, marked.patient
        every = [pair.key for pair in pairs_of(one, other)]
    with transaction.atomic():
        merge_records(people["coordinator"], kept, marked.case, *every)
    names = "SELECT count(DISTINCT patient_id) FROM cases_patientidentityevent WHERE family_name ILIKE %s"
    assert superuser.execute(names, [f"%{MARK}%"]).fetchone() == (2,)
    with transaction.atomic():
        set_acting(people["chair"])
        patient = Patient.objects.select_related("board").get(pk=kept.patient_id)
        assert erase_patient(by=people["chair"], patient=patient, reason="request")
    assert columns_with(superuser, MARK) == set()
