"""A step of a plan may be a pose: taken, held with breath, feet where they stand; the rule says why."""

import numpy as np
import pytest

from clipactor_node.geometry import JOINT_INDEX
from clipactor_node.player import Player
from clipactor_node.retrieval import plan_prompt

FEET = [JOINT_INDEX[f"{side}_{name}"] for side in ("left", "right") for name in ("ankle", "foot")]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("stands like a superhero", "superhero"),
        ("tree pose", "tree"),
        ("stand with arms crossed", "arms crossed"),
        ("holds a T-pose", "t pose"),
    ],
)
def test_words_that_name_a_pose_are_held(retriever, text, title):
    planned = plan_prompt(retriever, text).layers[0]
    assert planned.pose is not None and title in planned.pose.title
    assert "held (its words name it)" in planned.line


@pytest.mark.parametrize(
    "text",
    ["a person waves hello", "punch the air like a superhero", "cross your arms", "sit down", "thumbs up",
     "hands on hips", "stands waving", "walks like a zombie", "kneel down"],
)  # fmt: skip
def test_what_moves_stays_a_clip(retriever, text):
    assert all(planned.pose is None for planned in plan_prompt(retriever, text).layers)


def test_a_pose_is_taken_and_stays_with_its_feet(library, retriever, skinner):
    """For ten seconds after it was taken no foot is 1 cm away; the chest breathes."""
    player = Player(library, retriever, skinner, 15.0)
    assert player.command("stands like a superhero"), player.status.error
    frames = [player.tick() for _ in range(13 * 15)][3 * 15 :]
    places = np.stack([skinner.transforms(frame.pose, frame.translation)[:, :3, 3] for frame in frames])
    assert np.ptp(places[:, FEET], axis=0).max() < 0.01
    assert 1e-4 < np.ptp(places[:, JOINT_INDEX["left_shoulder"], 1]) < 0.03
    assert frames[-1].status.label == "pose: superhero"
    wrists = places[-1, [JOINT_INDEX["left_wrist"], JOINT_INDEX["right_wrist"]]]
    hips = places[-1, [JOINT_INDEX["left_hip"], JOINT_INDEX["right_hip"]]]
    assert np.linalg.norm(wrists - hips, axis=1).max() < 0.3


def test_a_pose_gives_way_to_the_next_step(library, retriever, skinner):
    player = Player(library, retriever, skinner, 15.0, loop=False)
    assert player.command("stands with arms crossed, then waves")
    labels = [player.tick().status.label for _ in range(12 * 15)]
    assert labels[20] == "pose: stand + arms crossed" and any("wav" in label for label in labels)


def test_two_poses_at_once_are_no_pose(retriever):
    assert plan_prompt(retriever, "arms crossed and arms raised").layers[0].pose is None
