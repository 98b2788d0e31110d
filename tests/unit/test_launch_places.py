"""Folders, ports and refusals of the launcher."""

from __future__ import annotations

import os
import shutil
import socket
from collections import namedtuple
from typing import TYPE_CHECKING

import pytest

from launch import places
from launch.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

Usage = namedtuple("Usage", "total used free")


def test_a_full_disk_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10, 10, 499 * 2**20))
    with pytest.raises(Refusal, match="499 MB free, and 500 MB are needed: free some space"):
        places.require_free_space(tmp_path / "not" / "there" / "yet")


def test_enough_space_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10, 10, 501 * 2**20))
    places.require_free_space(tmp_path)


def test_a_port_in_use_is_refused_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Refusal, match=f"Port {port} is in use.*make demo"):
            places.require_free_port(port)
        assert not places.port_is_free(port)


@pytest.mark.parametrize("port", [0, 80, 65536])
def test_a_port_that_cannot_be_is_refused(port: int) -> None:
    with pytest.raises(Refusal, match="from 1024 to 65535"):
        places.require_free_port(port)


def test_free_ports_are_in_range_and_not_the_avoided_ones() -> None:
    first = places.free_port()
    assert 18000 <= first < 28000
    assert places.free_port(avoid={first}) != first


def test_no_free_port_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "port_is_free", lambda *_: False)
    with pytest.raises(Refusal, match="No port from 18000 to 18010 is free"):
        places.free_port(18000, 18010)


def test_a_private_folder_is_closed_to_others(tmp_path: Path) -> None:
    folder = places.private_folder(tmp_path / "own", None)
    assert folder.stat().st_mode & 0o777 == 0o700
    places.private_folder(tmp_path / "own", None)  # a second start finds its own folder


def test_a_link_in_the_place_of_a_private_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "own").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refusal, match="belongs to somebody else"):
        places.private_folder(tmp_path / "own", None)


def test_socket_folders_are_short_and_differ_by_data_folder(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 200)
    assert len(f"/tmp/rc-{places.short_hash(long)}/.s.PGSQL.5432") < 60  # noqa: S108
    assert places.short_hash(long) != places.short_hash(tmp_path)


def test_an_ordinary_users_services_run_as_that_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert places.service_user() is None
    assert places.service_folder(tmp_path, None) == tmp_path


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
def test_as_root_the_service_user_is_another_who_cannot_enter_closed_folders(
    tmp_path: Path,
) -> None:
    user = places.service_user()
    assert user not in {None, "root"}
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "var").mkdir()
    assert not places.reachable(closed / "var", user)
    outside = places.service_folder(closed / "var", user)
    assert outside.parent.as_posix() == "/var/tmp"  # noqa: S108
    assert closed.stat().st_mode & 0o777 == 0o700, "the closed folder stays closed"
    outside.rmdir()
