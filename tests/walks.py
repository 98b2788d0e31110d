"""What walks the whole product once more, or reads its sources: other tests count what these run through."""

from __future__ import annotations

# Beginnings of paths below `tests/`.
WALKS = (
    "architecture/",
    "integration/answers/",
    "integration/bulk/test_round_trip.py",
    "integration/meetings/test_lengths.py",
    "integration/test_bench.py",
    "integration/test_cases_costs.py",
    "integration/test_condition_grid.py",
    "integration/test_condition_sql.py",
    "integration/test_draft_keys.py",
    "integration/test_erasure_reach.py",
    "integration/test_foreign_ids.py",
    "integration/test_forms_keep.py",
    "integration/test_merged_boards.py",
    "integration/test_reading.py",
    "integration/test_row_security_switch.py",
    "integration/translation/",
    "unit/test_cases_timeline.py",
    "unit/test_evidence_condition_laws.py",
)
