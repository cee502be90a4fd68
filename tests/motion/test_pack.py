"""A pack is whole or it is not there; what is damaged is named and never believed."""

import numpy as np
import pytest

from clipactor_node.errors import LibraryError
from clipactor_node.motion import Label, write_pack
from clipactor_node.motion.library.pack import Pack, PackWriter


@pytest.fixture
def path(tmp_path, make_clip):
    path = tmp_path / "some.clips"
    first = make_clip(
        "walk",
        seed=1,
        labels=(Label("walk", 0.0, 1.0), Label("gehen, ходить", 0.2, 0.9)),
        captions=("A person walks.", "“Quoted” — and 日本語"),
        source="tests",
        licence="CC0-1.0",
        loop=(0.0, 1.0),
        quality={"fit_mean_m": 0.0123},
    )
    write_pack(path, [first, make_clip("run", seed=2, frames=5)])
    return path


def test_everything_said_about_a_clip_comes_back(path, make_clip):
    clip, original = Pack(path).load(0), make_clip("walk", seed=1)
    assert clip.name == "walk"
    assert [label.text for label in clip.labels] == ["walk", "gehen, ходить"]
    assert clip.labels[1].start_s == 0.2
    assert clip.captions == ("A person walks.", "“Quoted” — and 日本語")
    assert (clip.source, clip.licence, clip.loop) == ("tests", "CC0-1.0", (0.0, 1.0))
    assert dict(clip.quality) == {"fit_mean_m": 0.0123}
    np.testing.assert_allclose(clip.poses, original.poses, atol=5e-5)
    np.testing.assert_array_equal(clip.translation, original.translation)


def test_facts_are_read_without_frames(path):
    info = Pack(path).info(1)
    assert (info.name, info.frames, info.loop) == ("run", 5, None)
    assert info.duration_s == pytest.approx(4 / 30)


def test_the_same_clips_give_the_same_bytes(path, tmp_path, make_clip):
    again = tmp_path / "again.clips"
    pack = Pack(path)
    write_pack(again, [pack.load(0), pack.load(1)])
    assert Pack(again).load(0).name == "walk"
    write_pack(tmp_path / "third.clips", [Pack(again).load(0), Pack(again).load(1)])
    assert (tmp_path / "third.clips").read_bytes() == again.read_bytes()


@pytest.mark.parametrize("keep", [0, 10, 63, 64, 200, -100, -1])
def test_a_truncated_pack_is_refused_by_name(path, keep):
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(LibraryError, match=r"some\.clips"):
        Pack(path)


def test_every_damaged_byte_is_noticed(path):
    whole = path.read_bytes()
    rng = np.random.default_rng(0)
    used = [*range(56), *rng.integers(64, len(whole), 80)]  # 8 bytes of the header are unused
    for at in used:
        broken = bytearray(whole)
        broken[at] ^= 0x10
        path.write_bytes(broken)
        with pytest.raises(LibraryError, match=r"some\.clips"):
            pack = Pack(path)
            for index in range(len(pack)):
                pack.load(index)
            pytest.fail(f"byte {at} was believed")


def test_another_version_is_refused_in_words(path):
    data = bytearray(path.read_bytes())
    data[8] = 99
    path.write_bytes(data)
    with pytest.raises(LibraryError, match="version 99"):
        Pack(path)


def test_an_interrupted_write_leaves_the_old_pack(path, make_clip):
    before = path.read_bytes()
    with pytest.raises(KeyboardInterrupt), PackWriter(path) as writer:
        writer.add(make_clip("other"))
        raise KeyboardInterrupt
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["some.clips"]


def test_a_pack_has_each_name_once(tmp_path, make_clip):
    with pytest.raises(LibraryError, match="already has a clip 'walk'"):
        write_pack(tmp_path / "twice.clips", [make_clip("walk"), make_clip("walk", seed=3)])
    assert not list(tmp_path.iterdir())
