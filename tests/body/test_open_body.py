"""The shipped body: what it promises to look like, and where its joints lie."""

import hashlib
import tomllib

import numpy as np
import pytest

from clipactor_node.body import Skinner, load
from clipactor_node.errors import InvalidChoice, ModelError
from clipactor_node.geometry.skeleton import JOINT_INDEX, MIRROR, PARENTS
from clipactor_node.home import shipped_models

BODY = load()
JOINTS = BODY.joints(BODY.template)
AT = dict(zip(JOINT_INDEX, JOINTS, strict=True))

# Degrees in the published SMPL-X rest pose, rounded: of the left side outward and forward from straight
# down (legs), outward from straight up and forward (trunk), up and forward from straight left (arms).
LEGS = {("left_hip", "left_knee"): (8, -2), ("left_knee", "left_ankle"): (-4, -4)}
TRUNK = {
    ("pelvis", "spine1"): (0, -14),
    ("spine1", "spine2"): (0, -3),
    ("spine2", "spine3"): (0, 28),
    ("spine3", "neck"): (0, -10),
    ("neck", "head"): (0, 7),
    ("spine3", "left_collar"): (29, -4),
}
ARMS = {
    ("left_collar", "left_shoulder"): (26, -7),
    ("left_shoulder", "left_elbow"): (-12, -8),
    ("left_elbow", "left_wrist"): (2, -1),
}


def volume(vertices: np.ndarray) -> float:
    """Litres."""
    a, b, c = vertices[BODY.faces].transpose(1, 0, 2).astype(np.float64)
    return float(np.einsum("fi,fi->", a, np.cross(b, c)) / 6) * 1000


def apart(start: str, end: str, wanted: np.ndarray) -> float:
    """Degrees between a bone and a direction."""
    bone = AT[end] - AT[start]
    cosine = bone @ wanted / np.linalg.norm(bone) / np.linalg.norm(wanted)
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def test_the_file_is_the_registered_one_and_small():
    registry = tomllib.loads((shipped_models() / "registry.toml").read_text())
    (entry,) = [m for m in registry["model"] if m["name"] == "open-body"]
    content = BODY.path.read_bytes()
    assert entry["size"] == len(content) < 4_000_000
    assert entry["sha256"] == hashlib.sha256(content).hexdigest() == BODY.sha256
    assert entry["licence"] == "CC0-1.0"


def test_the_mesh_is_closed_symmetric_and_of_human_size():
    edges = np.sort(
        np.concatenate([BODY.faces[:, [0, 1]], BODY.faces[:, [1, 2]], BODY.faces[:, [2, 0]]]), axis=1
    )
    assert (np.unique(edges, axis=0, return_counts=True)[1] == 2).all()
    from scipy.spatial import cKDTree

    assert cKDTree(BODY.template).query(BODY.template * [-1, 1, 1])[0].max() < 1e-4
    assert 1.6 < np.ptp(BODY.template[:, 1]) < 1.8
    assert 50 < volume(BODY.template) < 80


def test_joints_are_symmetric_and_inside():
    np.testing.assert_allclose(JOINTS[list(MIRROR)] * [-1, 1, 1], JOINTS, atol=1e-4)
    low, high = BODY.template.min(0), BODY.template.max(0)
    assert ((low < JOINTS) & (high > JOINTS)).all()


def test_the_pelvis_lies_where_smplx_has_it():
    np.testing.assert_allclose(AT["pelvis"], [0, -0.351, 0.012], atol=2e-3)


@pytest.mark.parametrize(("bone", "angles"), LEGS.items())
def test_legs_point_as_in_smplx(bone, angles):
    out, forward = np.radians(angles)
    assert apart(*bone, np.array([np.tan(out), -1, np.tan(forward)])) < 10


@pytest.mark.parametrize(("bone", "angles"), TRUNK.items())
def test_the_spine_points_as_in_smplx(bone, angles):
    out, forward = np.radians(angles)
    assert apart(*bone, np.array([np.tan(out), 1, np.tan(forward)])) < 10


@pytest.mark.parametrize(("bone", "angles"), ARMS.items())
def test_arms_point_as_in_smplx(bone, angles):
    up, forward = np.radians(angles)
    assert apart(*bone, np.array([1, np.tan(up), np.tan(forward)])) < 10


def test_arms_are_level_and_fingers_straight():
    for start, end in (
        ("left_shoulder", "left_elbow"),
        ("left_elbow", "left_wrist"),
        ("left_wrist", "left_middle1"),
    ):
        assert apart(start, end, np.array([1.0, 0, 0])) < 10
    for finger, yaw in (("index", 5), ("middle", 0), ("ring", -6), ("pinky", -12)):
        wanted = np.array([1.0, 0, np.tan(np.radians(yaw))])
        assert apart(f"left_{finger}1", f"left_{finger}2", wanted) < 3
        assert apart(f"left_{finger}2", f"left_{finger}3", wanted) < 3


def test_palms_face_down_and_thumbs_forward():
    across = AT["left_index1"] - AT["left_pinky1"]
    assert across[2] > 0.05
    assert abs(across[1]) < 0.02
    assert AT["left_thumb3"][2] > AT["left_index1"][2]
    assert AT["left_thumb3"][1] < AT["left_index1"][1]


def test_soles_are_level():
    low = BODY.template[:, 1].min()
    for name in ("left_heel", "left_big_toe"):
        assert BODY.template[BODY.landmarks[name], 1] - low < 0.03


def test_every_joint_of_every_shape_stays_between_its_neighbours():
    rng = np.random.default_rng(0)
    for _ in range(20):
        joints = BODY.joints(BODY.shape(rng.normal(0, 1.5, 10)))
        lengths = np.linalg.norm(joints[1:] - joints[np.array(PARENTS[1:])], axis=1)
        rest = np.linalg.norm(JOINTS[1:] - JOINTS[np.array(PARENTS[1:])], axis=1)
        assert (lengths > 0.5 * rest).all()
        assert (lengths < 1.7 * rest).all()
        np.testing.assert_allclose(joints[list(MIRROR)] * [-1, 1, 1], joints, atol=1e-3)


def test_shape_parameters_do_what_their_names_say():
    def change(name: str, measure) -> float:
        low, high = (measure(BODY.shape(BODY.betas(**{name: u}))) for u in (-1, 1))
        return high - low

    def height(vertices):
        return np.ptp(vertices[:, 1])

    def shoulders(vertices):
        joints = BODY.joints(vertices)
        return joints[JOINT_INDEX["left_shoulder"], 0] - joints[JOINT_INDEX["right_shoulder"], 0]

    def legs(vertices):
        joints = BODY.joints(vertices)
        return joints[JOINT_INDEX["left_hip"], 1] - joints[JOINT_INDEX["left_ankle"], 1]

    def girth(vertices, joint):
        level = np.abs(BODY.template[:, 1] - AT[joint][1]) < 0.02
        trunk = level & (np.abs(BODY.template[:, 0]) < 0.25)
        return np.ptp(vertices[trunk][:, 0]) + np.ptp(vertices[trunk][:, 2])

    assert 0.08 < change("height", height) < 0.14
    assert change("weight", volume) > 5
    assert abs(change("weight", height)) < 0.01
    assert change("shoulder_width", shoulders) > 0.04
    assert change("leg_length", legs) > 0.06
    assert change("waist", lambda v: girth(v, "spine1")) > 0.02
    assert change("hip_width", lambda v: girth(v, "left_hip")) > 0.03
    assert change("femininity", shoulders) < -0.02


def test_unknown_names_are_refused_with_the_choices():
    with pytest.raises(InvalidChoice, match=r"'tallness'.*height.*leg_length"):
        BODY.betas(tallness=1)
    with pytest.raises(InvalidChoice, match=r"'grin'.*smile"):
        BODY.expression(grin=1)
    with pytest.raises(InvalidChoice, match=r"'nose'.*left_eye"):
        BODY.without("nose")


def test_expressions_move_the_face_and_no_joint():
    away = np.linalg.norm(BODY.template - AT["head"], axis=1) > 0.3
    for name in BODY.expression_names:
        moved = BODY.shape(expression=BODY.expression(**{name: 1})) - BODY.template
        assert np.abs(moved).max() > 0.002, name
        assert np.abs(moved[away]).max() < 1e-4, name
        assert np.abs(BODY.joints(BODY.template + moved) - JOINTS).max() < 1e-3, name


def test_eyes_and_tongue_can_go():
    bare = BODY.without("left_eye", "right_eye", "tongue")
    assert len(bare.template) == 13348
    assert (bare.parts == 0).all()
    np.testing.assert_allclose(bare.joints(bare.template), JOINTS, atol=1e-5)
    pose = np.random.default_rng(0).normal(0, 0.3, (55, 3))
    whole, part = Skinner(BODY), Skinner(bare)
    transforms = whole.transforms(pose, np.zeros(3))
    np.testing.assert_allclose(
        part.vertices(transforms), whole.vertices(transforms)[BODY.parts == 0], atol=1e-5
    )
    assert "nose" in bare.landmarks
    assert "left_eye" not in bare.landmarks


def test_the_skin_cannot_go():
    with pytest.raises(ModelError, match="joints are computed"):
        BODY.without("skin")


def test_landmarks_are_where_they_are_called():
    point = {name: BODY.template[vertex] for name, vertex in BODY.landmarks.items()}
    assert point["crown"][1] == BODY.template[:, 1].max()
    assert point["nose"][2] > point["left_eye"][2] > AT["head"][2]
    assert point["chin"][1] < point["nose"][1] < point["left_eye"][1] < point["crown"][1]
    assert point["nape"][2] < AT["neck"][2] < point["throat"][2]
    assert point["left_heel"][2] < AT["left_ankle"][2] < point["left_big_toe"][2]
    assert point["left_small_toe"][0] > point["left_big_toe"][0]
    assert point["left_knee"][2] > AT["left_knee"][2]
    assert point["left_elbow"][2] < AT["left_elbow"][2]
    for finger in ("thumb", "index", "middle", "ring", "pinky"):
        reach = np.linalg.norm(point[f"left_{finger}_tip"] - AT[f"left_{finger}3"])
        assert 0.01 < reach < 0.05
    for name in point:
        if name.startswith("left_"):
            np.testing.assert_allclose(
                point["right_" + name[5:]] * [-1, 1, 1], point[name], atol=1e-3, err_msg=name
            )
        elif "_" not in name:
            assert abs(point[name][0]) < 0.01, name


def test_hands_rest_curled_and_mirror_each_other():
    hands = BODY.hands
    np.testing.assert_allclose(hands.right_mean, hands.left_mean * [1, -1, -1], atol=1e-6)
    np.testing.assert_allclose(hands.right_components, hands.left_components * [1, -1, -1], atol=1e-6)
    pose = np.zeros((55, 3), np.float32)
    pose[25:40] = hands.left()
    skinner = Skinner(BODY)
    tip = skinner.vertices(skinner.transforms(pose, np.zeros(3)))[BODY.landmarks["left_middle_tip"]]
    flat = BODY.template[BODY.landmarks["left_middle_tip"]]
    assert tip[1] < flat[1] - 0.03
    assert hands.left([1.0]).shape == (15, 3)
    with pytest.raises(ModelError, match="at most 8"):
        hands.left(np.zeros(9))


def test_uv_is_a_chart_of_the_whole_surface():
    assert BODY.uv_faces.shape == BODY.faces.shape
    assert 0 <= BODY.uv.min() <= BODY.uv.max() <= 1
    (ax, ay), (bx, by), (cx, cy) = BODY.uv[BODY.uv_faces].transpose(1, 2, 0)
    area = 0.5 * ((bx - ax) * (cy - ay) - (cx - ax) * (by - ay))
    assert (np.abs(area) > 0).mean() > 0.99
