"""A disk that is really full: a small file system of its own, where the machine lets us mount one."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Store

from schachzug.derivation import derive
from schachzug.errors import StoreError
from schachzug.extraction import Extraction
from schachzug.gazetteer import Gazetteer
from schachzug.serialise import sorted_lines
from schachzug.store import ArticleStore
from tests.graph.readings import extraction, reading

MEGABYTES = 8


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    size = f"size={MEGABYTES}m"
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "schachzug-test", str(folder)], capture_output=True)
    if made.returncode:
        # Elsewhere a limit on the size of files stands for the disk: see test_line.py.
        pytest.xfail("this user may not mount a file system; run the test as root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def articles(count: int) -> list[Extraction]:
    return [extraction(reading(f"article {n}", f"Russland verliert Einfluss: {n}.")) for n in range(count)]


def build(folder: Path, given: list[Extraction]) -> bytes:
    """Build as the line does, a few articles at a time, going on where a build before stopped."""
    with ArticleStore(folder) as store:
        have = store.ledger.digests()
        wanted = [e for e in given if e.id not in have]
        for begin in range(0, len(wanted), 8):
            store.put(wanted[begin : begin + 8])
        derive(store, Gazetteer.load())
        return content(store.graphs)


def content(store: Store) -> bytes:
    return sorted_lines(store.quads_for_pattern(None, None, None, None))


@pytest.mark.parametrize("room", [20_000, 300_000, 1_500_000])
def test_a_full_disk_is_one_message_and_the_build_goes_on_when_there_is_room(
    disk: Path, tmp_path: Path, room: int
) -> None:
    given = articles(64)
    store = disk / "store"
    build(store, given[:2])
    ballast = disk / "ballast"
    _fill(ballast, room)
    with pytest.raises(StoreError) as raised:
        for _ in range(40):  # what is left of the room is used up sooner or later
            build(store, given)
            _fill(disk / "more", 0)
            build(store, [*given, *articles(400)[64:]])
    message = str(raised.value)
    assert str(store) in message
    assert "Make room" in message, message
    assert "\n" not in message
    for path in (ballast, disk / "more"):
        path.unlink(missing_ok=True)
    with ArticleStore(store) as opened:
        assert set(opened.ledger.digests()) >= {given[0].id, given[1].id}
        have = set(opened.ledger.digests())
    wanted = given if len(have) <= len(given) else articles(400)
    assert build(store, wanted) == build(tmp_path / "uninterrupted", wanted)


def _fill(path: Path, room: int) -> None:
    """Fill the file system up to some bytes."""
    with path.open("wb", buffering=0) as stream:
        try:
            while stream.write(b"x" * 65_536):
                pass
        except OSError:
            pass
        stream.truncate(max(0, stream.tell() - room))
