"""The static files are collected anew when anything that they are made of has changed, and only then."""

from __future__ import annotations

import pytest

from launch import assets, prepare

SOURCES = {
    "package.json": "{}",
    "static/js/ui.js": "ui",
    "evidence/static/evidence/curation.js": "boxes",
    "requirements.lock": "django==1",
}


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A project whose static files are as they were collected."""
    for name, text in SOURCES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(assets, "ROOT", tmp_path)
    monkeypatch.setattr(prepare, "STAMP", tmp_path / "static" / "collected" / ".sources")
    collect(monkeypatch)
    return tmp_path


def collect(monkeypatch) -> int:
    """Return how often the files were collected."""
    asked = []

    def call(name, **_options):
        asked.append(name)
        prepare.STAMP.parent.mkdir(parents=True, exist_ok=True)

    monkeypatch.setattr("django.core.management.call_command", call)
    prepare.collect_static()
    return len(asked)


def test_what_is_unchanged_is_not_collected_again(root, monkeypatch):
    assert prepare.static_is_current()
    assert collect(monkeypatch) == 0


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_what_has_changed_is(root, monkeypatch, name):
    (root / name).write_text("changed")
    assert not prepare.static_is_current()
    assert collect(monkeypatch) == 1
    assert prepare.static_is_current()


def test_what_an_application_brings_anew_is(root, monkeypatch):
    (root / "evidence" / "static" / "evidence" / "new.js").write_text("new")
    assert collect(monkeypatch) == 1
    assert prepare.static_is_current()
