"""A file cannot bring the figure that no print gives either, on a machine that has the finding not yet."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from accounts.models import User
from evidence.curation import files, importing
from evidence.loading import read
from evidence.models import Finding, Source

pytestmark = pytest.mark.django_db


def test_a_file_that_gives_it_a_figure_is_refused_by_number(
    author: User, tmp_path: Path, source: Source
) -> None:
    row = next(row for row in read().findings if row["code"] == "egfr-adjuvant-5y")
    content = {name: row[name] for name in files.text_fields(Finding) if name in row}
    content |= {"value": "13.0 %", "state": "corrected", "source": source.code}
    (tmp_path / "findings").mkdir()
    path = tmp_path / "findings" / "egfr-adjuvant-5y.yaml"
    path.write_text(yaml.safe_dump({**content, "code": "egfr-adjuvant-5y"}), encoding="utf-8")
    report = importing.take(files.read(tmp_path), by=author)
    assert report.made == [] and "state: Erratum E24: " in report.refused[0]
