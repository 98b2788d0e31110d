"""A draft in one's list leads to the form in which it was typed."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest

from cases.models import Draft
from cases.presenters.drafts import draft_rows
from cases.views.drafts import KEY
from cases.views.editing import form_key

CASE = UUID("11111111-1111-4111-8111-111111111111")
ITEM = UUID("22222222-2222-4222-8222-222222222222")
FORMS = {
    ("question", ""): "sections/question",
    ("fitness", ""): "sections/fitness",
    ("fitness", "background"): "parts/background",
    ("tumour", "metastases"): "parts/metastases",
    ("tumour", "drivers"): "parts/drivers",
    ("tumour", "biomarkers:new"): "biomarkers/add",
    ("tumour", f"biomarkers:{ITEM}"): f"biomarkers/{ITEM}",
    ("courses", "new"): "courses/add",
    ("courses", str(ITEM)): f"courses/{ITEM}",
    ("iraes", "organs"): "organs",
    ("iraes", f"dossier:{ITEM}"): f"iraes/{ITEM}/dossier",
    ("iraes", f"reports:{ITEM}"): f"reports/{ITEM}",
    ("steroids", "immunosuppressants:new"): "immunosuppressants/add",
    ("labs", "sample"): "labs/add",
    ("labs", "new"): "labs/add-one",
    ("labs", str(ITEM)): f"labs/{ITEM}",
}


@pytest.mark.parametrize(("form", "address"), FORMS.items())
def test_draft_leads_to_its_form(form, address, monkeypatch):
    monkeypatch.setattr("cases.presenters.drafts.counts_of", lambda _case: (1, 2))
    identity = SimpleNamespace(display_name="DOE, Jane")
    case = SimpleNamespace(
        public_id=CASE,
        reference="RC-2026-0001",
        state="referred",
        patient=SimpleNamespace(identity=identity),
    )
    key = form_key(CASE, *form)
    assert KEY.fullmatch(key)
    draft = Draft(key=key, fields={}, saved_at=datetime(2026, 3, 3, tzinfo=UTC))
    (row,) = draft_rows([draft], {str(CASE): case})
    assert row.href == f"/cases/{CASE}/{address}"
