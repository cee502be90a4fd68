"""The shipped library is what its sources make of it."""

from dataclasses import replace

import numpy as np
import pytest

from clipactor_node.errors import LibraryError
from clipactor_node.motion import open_library
from clipactor_node.motion.authoring import shipped_library
from clipactor_node.motion.importing.retarget import retarget
from clipactor_node.motion.importing.trim import trimmed
from clipactor_node.motion.library.pack import write_pack
from clipactor_node.render.sheets.clip_sheet import contact_sheet, telling_frames

SHIPPED = open_library()


@pytest.fixture(scope="module")
def motions():
    try:
        return shipped_library.deepmimic_folder()
    except LibraryError:
        pytest.skip("pybullet, which holds DeepMimic's motions, is not installed")


def test_the_shipped_clips_are_there_with_source_licence_and_labels():
    assert len(SHIPPED) >= 24 + 19
    for name in SHIPPED.names:
        info = SHIPPED.info(name)
        assert info.source, name
        assert info.licence, name
        assert len(info.labels) >= 3, name
        assert info.captions, name


def test_captured_clips_fit_their_source():
    infos = [SHIPPED.info(name) for name in SHIPPED.names]
    captured = [info for info in infos if "DeepMimic" in info.source and "recipe" not in info.source]
    assert len(captured) >= 19
    for info in captured:
        assert info.quality["fit_mean_m"] <= 0.021, info.name


def test_walking_goes_where_it_faces():
    clip = SHIPPED.load("walk")
    way = clip.translation[-1] - clip.translation[0]
    assert way[2] > 1.0  # SMPL faces z
    assert abs(way[0]) < 0.1
    assert clip.loop is not None


def test_building_again_gives_the_same_clips(skinner, motions, tmp_path):
    shipped_library.build_shipped_library(tmp_path / shipped_library.BUILTIN, skinner, motions)
    again = open_library([tmp_path / shipped_library.BUILTIN])
    assert again.names == SHIPPED.names
    for name in again.names:
        one, other = again.load(name), SHIPPED.load(name)
        np.testing.assert_allclose(one.poses, other.poses, atol=2e-3, err_msg=name)
        np.testing.assert_allclose(one.translation, other.translation, atol=1e-3, err_msg=name)


def test_labels_are_written_again_for_gestures_captures_and_recipes(tmp_path):
    path = tmp_path / shipped_library.BUILTIN
    names = ("wave", "walk", "sneak")
    write_pack(path, [replace(SHIPPED.load(name), labels=(), captions=()) for name in names])
    shipped_library.label_again(path)
    again = open_library([path])
    for name in names:
        one, other = again.info(name), SHIPPED.info(name)
        assert (one.labels, one.captions) == (other.labels, other.captions), name


def test_a_build_is_recorded_in_its_entry_alone(tmp_path):
    pack, registry = tmp_path / "motion" / "builtin.clips", tmp_path / "registry.toml"
    pack.parent.mkdir()
    pack.write_bytes(b"four")
    other = '[[model]]\nfile = "other"\nsize = 1\nsha256 = "aa"\n'
    registry.write_text(f'{other}[[model]]\nfile = "motion/builtin.clips"\nsize = 0\nsha256 = "00"\n{other}')
    digest = shipped_library.record_hash(pack, registry)
    entry = f'[[model]]\nfile = "motion/builtin.clips"\nsize = 4\nsha256 = "{digest}"\n'
    assert registry.read_text() == other + entry + other
    with pytest.raises(LibraryError, match="no entry"):
        shipped_library.record_hash(tmp_path / "registry.toml", registry)


def test_a_folder_without_the_motions_is_named(skinner, tmp_path):
    with pytest.raises(LibraryError, match=str(tmp_path)):
        list(shipped_library.captures(skinner, tmp_path))


def test_dead_time_is_cut_off_but_not_stillness_itself(skinner):
    wave, idle = SHIPPED.load("wave"), SHIPPED.load("idle")
    still = np.repeat(np.arange(len(wave)), [60, *[1] * (len(wave) - 2), 90])
    late = type(wave)("wave", 30.0, wave.poses[still], wave.translation[still], labels=())
    cut = trimmed(late, skinner.rest_joints)
    assert wave.duration_s - 1.0 < cut.duration_s < wave.duration_s + 0.6
    assert trimmed(idle, skinner.rest_joints) is idle


def test_telling_frames_are_moments_of_movement():
    frames = telling_frames(SHIPPED.load("wave"))
    assert frames == sorted(set(frames))
    assert 0 < frames[0] < frames[-1] < len(SHIPPED.load("wave")) - 1


def test_a_contact_sheet_has_a_tile_per_clip(skinner, tmp_path, make_clip):
    from clipactor_node.motion import write_pack

    write_pack(
        tmp_path / "few.clips", [make_clip("a"), make_clip("b", seed=1), make_clip("c", seed=2, frames=1)]
    )
    picture = contact_sheet(open_library([tmp_path / "few.clips"]), skinner, columns=2)
    assert picture.shape[1] == 2 * 3 * 96
    assert picture.dtype == np.uint8


def test_retargeting_reports_what_it_measured(skin, motions):
    from clipactor_node.motion.importing.formats import deepmimic

    clip, fit = retarget(deepmimic.read(motions / "humanoid3d_walk.txt"), skin)
    assert fit.mean_m <= 0.02
    assert fit.skating <= fit.source_skating + 1e-9
    assert clip.quality["fit_mean_m"] == pytest.approx(fit.mean_m, abs=1e-5)
