"""Files with a turned bit, or without their end: what is damaged is named, what is not is as it was."""

import shutil

import numpy as np
import pytest

from clipactor_node import body
from clipactor_node.errors import ClipActorError
from clipactor_node.home import shipped_models
from clipactor_node.motion import open_library, write_pack
from clipactor_node.motion.library.pack import Pack
from clipactor_node.style import StyleCache

PLACES = 200


def damaged(content: bytes, count: int, seed: int = 0):
    """Copies with one bit turned, every fourth one cut short instead."""
    random = np.random.default_rng(seed)
    for number, place in enumerate(random.integers(len(content), size=count)):
        if number % 4:
            yield (
                content[:place]
                + bytes([content[place] ^ 1 << int(random.integers(8))])
                + content[place + 1 :]
            )
        else:
            yield content[:place]


def test_a_library_damaged_at_200_places_is_refused_or_reads_as_before(tmp_path, make_clip):
    path, bad = tmp_path / "good.clips", tmp_path / "bad.clips"
    clips = [make_clip("walk", 6), make_clip("run", 9)]
    write_pack(path, clips)
    expected = [Pack(path).load(index) for index in range(2)]
    refused = 0
    for content in damaged(path.read_bytes(), PLACES):
        bad.write_bytes(content)
        try:
            pack = Pack(bad)
            read = [pack.load(index) for index in range(2)]
        except ClipActorError as error:
            refused += 1
            assert "bad.clips" in str(error)
            continue
        assert [clip.name for clip in read] == ["walk", "run"]
        for clip, right in zip(read, expected, strict=True):
            np.testing.assert_array_equal(clip.poses, right.poses)
    assert refused > 0.8 * PLACES


def test_a_damaged_library_does_not_hide_the_shipped_clips(tmp_path, make_clip):
    path = tmp_path / "mine.clips"
    write_pack(path, [make_clip("walk")])
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ClipActorError, match=r"mine\.clips"):
        Pack(path)
    assert len(open_library()) > 200


@pytest.mark.long
def test_a_body_damaged_at_200_places_is_refused_or_reads_as_before(tmp_path):
    check_body(tmp_path, PLACES)


def test_a_damaged_body_is_refused_or_reads_as_before(tmp_path):
    check_body(tmp_path, 4)


def check_body(folder, count):
    source = next((shipped_models() / "body").glob("*.npz"))
    right, bad = body.load(source), folder / "bad.npz"
    for content in damaged(source.read_bytes(), count):
        bad.write_bytes(content)
        try:
            read = body.load(bad)
        except ClipActorError as error:
            assert "bad.npz" in str(error)
            continue
        np.testing.assert_array_equal(read.template, right.template)
        np.testing.assert_array_equal(read.faces, right.faces)


def test_a_style_damaged_at_200_places_is_refused_or_reads_as_before(tmp_path):
    shipped = next(path for path in (shipped_models() / "styles").iterdir() if path.is_dir())
    place = tmp_path / "styles" / shipped.name
    shutil.copytree(shipped, place)
    right = StyleCache(place.parent).load(shipped.name)
    for name in ("style.json", "style.safetensors"):
        content = (place / name).read_bytes()
        for number, bad in enumerate(damaged(content, PLACES // 10)):
            (place / name).write_bytes(bad)
            try:
                read = StyleCache(place.parent).load(shipped.name)
            except ClipActorError:
                continue
            assert name == "style.json", f"a changed picture was believed ({number})"
            np.testing.assert_array_equal(read.colors, right.colors)
        (place / name).write_bytes(content)
