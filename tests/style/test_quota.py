"""The room that styles take: least recently used first, never what is worn, made or shipped."""

import os
import subprocess
import sys

import pytest
from made_styles import style

from clipactor_node.errors import StyleError
from clipactor_node.files import in_use, lock, remove_stale_locks
from clipactor_node.home import shipped_models
from clipactor_node.style import StyleCache, make_room, quota_mb, rooms, set_quota
from clipactor_node.style.quota import DEFAULT_MB, USED


@pytest.fixture
def cache(tmp_path):
    """Three styles, the first used longest ago."""
    cache = StyleCache([tmp_path / "own", tmp_path / "shipped"])
    for age, prompt in ((300, "a clown"), (200, "a pilot"), (100, "a monk")):
        folder = cache.save(style(prompt), {})
        for name in os.listdir(folder):
            os.utime(folder / name, (1e9 - age, 1e9 - age))
    return cache


def prompts(cache):
    return sorted(card.prompt for card in StyleCache(cache.folders).cards())


def size_mb(cache):
    return sum(room.size for room in rooms(cache.home)) / 1e6


def test_what_was_not_used_for_longest_goes_first(cache):
    (gone,) = make_room(cache.home, most_mb=0.7 * size_mb(cache))
    assert gone.path.name == style("a clown").card.key
    assert prompts(cache) == ["a monk", "a pilot"]


def test_to_wear_is_to_use(cache):
    reader = StyleCache(cache.folders)
    reader.load(style("a clown").card.key)
    reader._marks._marks.popitem()[1].end()  # that process is over
    make_room(cache.home, most_mb=0.4 * size_mb(cache))
    assert prompts(cache) == ["a clown"]


def test_what_a_process_wears_stays_until_it_ends(cache):
    key = style("a clown").card.key
    code = (
        "import sys; from pathlib import Path; from clipactor_node.style import StyleCache;"
        "cache = StyleCache([Path(sys.argv[1])]); cache.load(sys.argv[2]);"
        "print('worn', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, cache.home, key], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as wearer:
        assert wearer.stdout.readline() == b"worn\n"
        assert in_use(cache.home / key / USED)
        make_room(cache.home, most_mb=0)
        assert prompts(cache) == ["a clown"]
        wearer.kill()
    assert not in_use(cache.home / key / USED)
    make_room(cache.home, most_mb=0)
    assert prompts(cache) == []


def test_a_new_style_makes_room_for_itself_and_stays(cache):
    set_quota(cache.home, 1.2 * size_mb(cache) / 3)
    cache.save(style("a nun"), {})
    assert prompts(cache) == ["a nun"]


def test_shipped_styles_and_those_of_others_are_never_touched(cache):
    StyleCache([cache.folders[1]]).save(style("a chef"), {})
    make_room(cache.home, most_mb=0)
    assert prompts(cache) == ["a chef"]


def test_unfinished_styles_take_room_unless_somebody_is_at_them(cache):
    checkpoints = [cache.checkpoint(key) for key in ("a" * 16, "b" * 16)]
    for checkpoint in checkpoints:
        checkpoint.parent.mkdir(exist_ok=True)
        checkpoint.write_bytes(b"half made")
    with lock(checkpoints[0].with_suffix(".lock")):
        make_room(cache.home, most_mb=0)
        assert [path.exists() for path in checkpoints] == [True, False]


def test_locks_that_nobody_holds_go_and_those_that_somebody_holds_stay(cache):
    work = cache.home / ".work"
    work.mkdir(exist_ok=True)
    for name in ("left", "left too"):
        (work / f"{name}.lock").write_text("12345")  # by a killed process
    with lock(work / "held.lock"):
        assert remove_stale_locks(work) == 2
        assert [path.name for path in work.glob("*.lock")] == ["held.lock"]
    assert list(work.glob("*.lock")) == []


def test_the_quota_is_two_gigabytes_unless_it_is_set(cache):
    assert quota_mb(cache.home) == DEFAULT_MB == 2000
    set_quota(cache.home, 12.5)
    assert quota_mb(cache.home) == 12.5
    (cache.home / ".quota.json").write_text("{")
    with pytest.raises(StyleError, match="--quota-mb"):
        quota_mb(cache.home)
    cache.save(style("a nun"), {})  # nothing is removed by a limit that nobody can read
    assert len(prompts(cache)) == 4


def test_a_folder_that_cannot_be_written_is_read_without_a_mark(cache):
    key = style("a clown").card.key
    (cache.home / key).chmod(0o500)
    try:
        assert StyleCache(cache.folders).load(key).card.prompt == "a clown"
    finally:
        (cache.home / key).chmod(0o700)


def test_the_shipped_styles_are_never_written_to():
    shipped = StyleCache(shipped_models() / "styles")
    for card in shipped.cards():
        shipped.load(card.key)
    assert not list(shipped.home.rglob(".used"))
