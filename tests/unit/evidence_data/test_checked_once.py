"""What the tests' own shortcut lets pass: rows that were found fit, and none whose grounds have changed since."""

from __future__ import annotations

from evidence.loading import check, read


def test_a_statement_is_checked_again_when_a_finding_that_it_rests_on_has_changed() -> None:
    delivery = read()
    assert check(delivery) == []
    row = next(r for r in delivery.statements if r["findings"] and r["mark"] == "seen")
    name = row["findings"][0]
    finding = next(f for f in delivery.findings if f["code"] == name)
    finding["mark"] = "not_seen"
    assert f"{row['code']}: rests on {name}, which was not read." in check(delivery)
    finding["mark"] = "seen"
    assert check(delivery) == []


def test_a_row_is_checked_again_when_its_own_words_have_changed() -> None:
    delivery = read()
    assert check(delivery) == []
    delivery.statements[0]["sources"] = ["nowhere"]
    assert any("there is no source nowhere" in one for one in check(delivery))
