"""Poses from words: what words ask for, poses with names, the floor, sentences, pairs, training, export."""

import numpy as np
import pytest

from clipactor_node import body
from clipactor_node.errors import ClipActorError, PromptError
from clipactor_node.generation import poses as room
from clipactor_node.generation.poses import (
    FEET,
    Floor,
    PoseMaker,
    asked,
    facts_of,
    joints_of,
    named_pose,
    named_poses,
    poses_of,
    refused_reason,
    rows_of,
    sentences,
)
from clipactor_node.geometry import JOINT_INDEX, LEFT_HAND, RIGHT_HAND


@pytest.fixture(scope="module")
def skinner():
    return body.Skinner(body.load())


@pytest.fixture(scope="module")
def maker(skinner):
    return PoseMaker(skinner)


@pytest.fixture(scope="module")
def every(maker):
    """Every named pose of the whole body, on the floor."""
    rest, sole = maker.floor.legs.rest_joints, maker.floor.sole
    found = {}
    for one in named_poses():
        pose, translation = room.posed(one, rest, sole)
        found[one.name] = one, pose, *maker.floor.settled(pose, one.touches)
    return found


BASES = {
    "stands like a superhero": "superhero",
    "strike a superhero pose": "superhero",
    "tree pose": "tree",
    "hold a T-pose": "t_pose",
    "sits cross-legged": "cross_legged",
    "sits on the floor with legs crossed": "cross_legged",
    "the thinker": "thinker",
    "strikes a victory pose": "victory",
    "two soldiers stand at attention": "attention",
    "kneels on one knee": "kneel_one",
    "lies on the back": "lie_back",
    "sits on the floor hugging the knees": "hug_knees",
    "stands on the hands": "handstand",
    "sits on his heels": "sit_on_heels",
    "a ballerina": "ballerina",
}


@pytest.mark.parametrize(("text", "name"), BASES.items(), ids=BASES)
def test_words_name_a_pose(text, name):
    what = asked(text)
    assert what.named and not what.wants_diffusion
    assert what.base.name == name


PARTS = {
    "stands with arms crossed": {"arms_crossed": ("left", "right")},
    "left arm raised, right hand on the hip": {"one_arm_raised": ("left",), "one_hand_on_hip": ("right",)},
    "points forward with the left hand": {"pointing": ("left",)},
    "points to the left": {"pointing_aside": ("left",)},
    "sits cross-legged reading": {"reading": ("left", "right")},
}


@pytest.mark.parametrize(("text", "parts"), PARTS.items(), ids=PARTS)
def test_parts_know_their_side(text, parts):
    assert {one.name: sides for one, sides in asked(text).parts} == parts


def test_hands_are_said_by_name():
    assert asked("stands like a superhero with fists").hands == {"left": "fist", "right": "fist"}
    assert asked("left thumb up").hands == {"left": "thumb_up"}
    assert asked("points forward with the left hand").hands == {"left": "point"}
    assert asked("arms wide with open hands").hands == {"left": "open", "right": "open"}


@pytest.mark.parametrize(
    "text",
    ["sits and stands", "stands lying on the back", "arms crossed and arms raised",
     "lies on the back and on the belly", "kneels lying face down"],
)  # fmt: skip
def test_two_poses_at_once_are_refused_and_named(text):
    with pytest.raises(PromptError, match="asks for two poses"):
        asked(text)


def test_what_names_no_pose_is_refused():
    assert "names no pose" in refused_reason("a red car", False)
    assert refused_reason("the thinker", False) == ""
    assert refused_reason("someone runs", True) == ""


def test_several_people_are_said():
    assert "the first one" in asked("two soldiers stand at attention").notes[0]
    assert not asked("stands with two fingers raised and both arms up").notes


def test_a_name_with_a_side_is_mirrored(maker):
    left, right = (maker.make(f"stands on the {side} leg") for side in ("left", "right"))
    assert np.allclose(
        left.pose[JOINT_INDEX["left_hip"], 0], right.pose[JOINT_INDEX["right_hip"], 0], atol=0.03
    )
    assert np.abs(left.pose - right.pose).max() > 0.3


def test_every_named_pose_can_be_made_and_rests_on_the_floor(every, maker):
    assert len(every) >= 30
    for name, (_, _, pose, translation, _) in every.items():
        assert np.isfinite(pose).all(), name
        assert abs(maker.floor.height(pose, translation)) < 2e-3, name


def test_feet_of_standing_poses_are_flat_on_the_floor(every, maker, skinner):
    """Of those with both feet down, no sole is more than 1.5 cm above the floor."""
    for name in ("superhero", "attention", "victory", "t_pose", "star", "arms_crossed"):
        _, _, pose, translation, touches = every[name]
        assert touches == FEET
        vertices = skinner.vertices(skinner.transforms(pose, translation))
        for sign in (1, -1):
            sole = vertices[(skinner.rest_vertices[:, 0] * sign > 0)
                            & (skinner.rest_vertices[:, 1] < maker.floor.sole + 0.01)]  # fmt: skip
            assert sole[:, 1].max() < 0.025, name
            assert sole[:, 1].min() < 0.015, name


def test_named_poses_keep_joint_limits(every, skinner):
    """Those that are written; moments of clips are as the clips are."""
    written = {name: row[2] for name, row in every.items() if not row[0].clip}
    worst = {name: room.beyond_limits(pose, skinner) for name, pose in written.items()}
    assert {name: value for name, value in worst.items() if value > 0.35} == {}


def test_a_pose_that_lies_tilted_rolls_to_rest(skinner):
    """A body laid down on its heels alone is no pose: it comes to lie on its back."""
    floor = Floor(skinner)
    pose = np.zeros((55, 3))
    pose[0] = [np.radians(-60), 0, 0]
    settled, translation, _ = floor.settled(pose, room.REST)
    vertices = skinner.vertices(skinner.transforms(settled, translation))
    assert vertices[:, 1].min() == pytest.approx(0.0, abs=1e-3)
    touching = vertices[vertices[:, 1] < 0.03]
    assert np.ptp(touching[:, 2]) > 0.8  # from the seat to the heels


def test_parts_and_hands_are_laid_over_the_base(maker):
    plain, crossed = maker.make("sits on a chair"), maker.make("sits on a chair with arms crossed")
    legs = [JOINT_INDEX[f"{side}_{name}"] for side in ("left", "right") for name in ("hip", "knee")]
    assert np.allclose(plain.pose[legs], crossed.pose[legs], atol=0.05)
    assert np.abs(plain.pose[JOINT_INDEX["left_elbow"]] - crossed.pose[JOINT_INDEX["left_elbow"]]).max() > 0.3
    fists = maker.make("tree pose with fists").pose
    assert np.abs(fists[LEFT_HAND]).max() > 1.0 and np.abs(fists[RIGHT_HAND]).max() > 1.0


SEEN = {
    "lie_back": "lies on the back",
    "cross_legged": "cross",
    "superhero": "hips",
    "t_pose": "sides",
    "victory": "raised",
    "handstand": "hand",
    "kneel": "kneels",
    "squat": "squat",
    "arms_raised": "arm",
}


@pytest.mark.parametrize(("name", "word"), SEEN.items(), ids=SEEN)
def test_sentences_say_what_is_seen(every, maker, name, word):
    joints, turns = joints_of(rows_of(every[name][2][None]), maker.floor.legs.rest_joints)
    facts = facts_of(joints[0], turns[0], maker.floor.legs.rest_joints)
    said = {wording for fact in facts for wording in fact.wordings}
    assert any(word in wording for wording in said), said
    assert sentences(facts, "a") == sentences(facts, "a")


def test_left_and_right_change_places_in_the_mirror(every, maker):
    rest = maker.floor.legs.rest_joints
    rows = rows_of(every["flying_superhero"][2][None])
    said = []
    for one in (rows, room.mirrored_rows(rows)):
        joints, turns = joints_of(one, rest)
        said.append({w for fact in facts_of(joints[0], turns[0], rest) for w in fact.wordings})
    assert any("right arm raised" in w for w in said[0]) and any("left arm raised" in w for w in said[1])


def test_rows_hold_a_pose_but_for_its_heading(every):
    pose = every["lunge"][2][None]
    back = poses_of(rows_of(pose))
    assert np.abs(back[:, 1:22] - pose[:, 1:22]).max() < 1e-4
    assert np.abs(rows_of(back) - rows_of(pose)).max() < 1e-5


def test_words_are_numbers():
    words = room.Vocabulary.of(["a person stands"] * 4 + ["a rare word"])
    assert len(words) == 2 + 3
    assert words.ids(["a person flies"])[0].tolist()[:3] == [2, 3, 0]


def test_figures_are_right():
    draw = np.random.default_rng(1)
    points = draw.standard_normal((4000, 4))
    assert room.frechet_distance(points, points + [3, 0, 0, 0]) == pytest.approx(9.0, rel=1e-6)
    assert room.frechet_distance(points, 2 * points) == pytest.approx(4.0, rel=0.1)
    units = np.eye(40)
    assert room.r_precision(units, units) == {1: 1.0, 2: 1.0, 3: 1.0}
    assert room.share_beyond(np.array([0.0, 0.4])) == 0.5


@pytest.fixture(scope="module")
def pairs(data, rest, tmp_path_factory):
    from clipactor_node.generation.training.poses import write_pairs
    from clipactor_node.text import load_encoder

    folder = tmp_path_factory.mktemp("pairs")
    extra = folder / "own.npz"
    poses = np.stack([room.posed(named_pose(n), rest, 0.0)[0] for n in ("t_pose", "victory")])
    np.savez(
        extra, poses=poses[:, :22].reshape(2, 66), texts=np.array([["a scarecrow", ""], ["a winner", "yes"]])
    )
    return write_pairs(data, rest, folder / "made", load_encoder("minilm"), [extra], per_clip=6, count=1)


def test_pairs_are_distinct_poses_with_what_is_said_of_them(pairs, rest):
    own = [i for i, clip in enumerate(pairs.clips) if clip == "own.npz"]
    assert [[pairs.texts[t] for t in pairs.told[i]] for i in own] == [["a scarecrow"], ["a winner", "yes"]]
    assert set(pairs.splits) == {"train", "validate", "test"}
    waves = [i for i, clip in enumerate(pairs.clips) if clip == "wave"]
    joints = joints_of(pairs.rows[waves], rest)[0]
    apart = np.linalg.norm(joints[:, None] - joints[None], axis=-1).mean(-1)
    assert apart[~np.eye(len(waves), dtype=bool)].min() > 0.05
    assert any("wav" in pairs.texts[t] for i in waves for t in pairs.told[i])


def test_a_file_that_holds_no_pairs_is_refused(tmp_path):
    pytest.importorskip("torch")
    from clipactor_node.generation.training.poses import read_pairs

    np.savez(tmp_path / "a.npz", poses=np.zeros((2, 17)), texts=np.array(["x", "y"]))
    with pytest.raises(ClipActorError, match="no pairs"):
        read_pairs(tmp_path / "a.npz")


def test_what_is_trained_plays_as_it_was_trained(pairs, rest, tmp_path):
    """Losses fall, a run that was cut ends as one that was not, and the graphs say what the networks say."""
    import torch

    from clipactor_node.generation.training import run_folder
    from clipactor_node.generation.training.poses import PoseConfig, export_pose_models, train_pose_model

    torch.set_num_threads(1)
    runs = {}
    for kind in ("pose-prior", "pose-words", "pose-diffusion"):
        config = PoseConfig(kind, iterations=12, batch=16, width=32, layers=1, check_every=6, steps=20)
        runs[kind] = tmp_path / kind
        train_pose_model(pairs, rest, runs[kind], config)
    log = run_folder.read_log(runs["pose-prior"])
    assert log[-1]["rotations"] < log[0]["rotations"]
    out = tmp_path / "poses"
    export_pose_models(pairs, runs["pose-prior"], runs["pose-diffusion"], runs["pose-words"], out)
    diffusion, prior, space = room.PoseDiffusion(out), room.PosePrior(out), room.PoseSpace(out)
    vector = pairs.vectors[0, 0]
    five = diffusion.sample("a person waves", vector, 5, 3)
    assert np.array_equal(five, diffusion.sample("a person waves", vector, 5, 3))
    assert np.allclose(five[:1], diffusion.sample("a person waves", vector, 1, 3), atol=1e-5)
    assert not np.array_equal(five, diffusion.sample("a person waves", vector, 5, 4))
    columns = five[:, 6:].reshape(5, 21, 6)
    assert np.allclose(np.linalg.norm(columns[..., :3], axis=-1), 1.0, atol=1e-3)
    assert prior.encode(five)[0].shape == (5, 32) and prior.likelihood(five).shape == (5,)
    assert np.allclose(np.linalg.norm(space.poses(five), axis=1), 1.0, atol=1e-3)
    with pytest.raises(ClipActorError, match="samples"):
        diffusion.sample("a person waves", vector, 0, 3)
