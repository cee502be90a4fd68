"""Hands and faces: turns of fingers from where they are, numbers of a face from drawn ones."""

import numpy as np
import pytest

from clipactor_node.body import FACE_CHANNELS
from clipactor_node.face import face_of
from clipactor_node.geometry import JOINT_INDEX, Camera, axis_angle_from_matrix, matrix_from_axis_angle
from clipactor_node.perception import Estimator, View
from clipactor_node.perception.details import DetailWatcher, body_alone
from clipactor_node.perception.faces import FaceTracker
from clipactor_node.perception.hands import FINGERS, Hand, hand_turns
from clipactor_node.perception.tracker import BodyTracker
from clipactor_node.render import STUDIO, Figure, draw_figures

VIEW = View(400, 400, 45.0)


@pytest.mark.parametrize("side", ["left", "right"])
def test_fingers_bend_as_their_landmarks_do(skinner, side):
    pose = np.zeros((55, 3))
    sign = 1.0 if side == "left" else -1.0
    pose[JOINT_INDEX[f"{side}_wrist"]] = [0.2, -0.3 * sign, 0.4 * sign]
    for number, bend in ((1, -0.7), (2, -0.9), (3, -0.4)):
        pose[JOINT_INDEX[f"{side}_index{number}"], 2] = bend * sign
        pose[JOINT_INDEX[f"{side}_ring{number}"], 2] = 0.5 * bend * sign
    moved = skinner.transforms(pose.astype(np.float32), np.zeros(3, np.float32)).astype(np.float64)
    points = np.zeros((21, 3))
    points[0] = moved[JOINT_INDEX[f"{side}_wrist"], :3, 3]
    rest = np.asarray(skinner.rest_joints, np.float64)
    for name, marks in FINGERS.items():
        joints = [JOINT_INDEX[f"{side}_{name}{number}"] for number in (1, 2, 3)]
        points[list(marks[:3])] = moved[joints, :3, 3]
        tip = rest[joints[2]] - rest[joints[1]]
        points[marks[3]] = moved[joints[2], :3, 3] + moved[joints[2], :3, :3] @ tip
    hand = Hand(np.full((21, 2), 200.0), points * [1.0, -1.0, -1.0], 1.0)
    elbow = moved[JOINT_INDEX[f"{side}_elbow"], :3, :3]
    found = hand_turns(hand, side, VIEW, elbow, rest)
    true = matrix_from_axis_angle(pose.astype(np.float64))
    for name in ("index", "middle", "ring"):
        for number in (1, 2, 3):
            joint = JOINT_INDEX[f"{side}_{name}{number}"]
            off = axis_angle_from_matrix(true[joint].T @ found[joint])
            assert np.linalg.norm(off) < 0.3, (name, number)
    wrist = JOINT_INDEX[f"{side}_wrist"]
    assert np.linalg.norm(axis_angle_from_matrix(true[wrist].T @ found[wrist])) < 0.3


@pytest.fixture(scope="module")
def portraits(person):
    """Pictures of a face from 1.3 m, each with its camera: at rest, and what it does."""
    skinner, drawn = person.skinner, {}
    ways = {
        "rest": ({}, 0.0, 0.0),
        "blink": ({"blink": 1.0}, 0.0, 0.0),
        "open": ({"mouth_open": 0.6}, 0.3, 0.0),
        "smile": ({"smile": 1.0}, 0.0, 0.0),
        "turned": ({}, 0.0, 0.6),
    }
    for name, (face, jaw, yaw) in ways.items():
        pose = np.zeros((55, 3), np.float32)
        pose[16, 2], pose[17, 2] = -1.1, 1.1
        pose[JOINT_INDEX["jaw"], 0] = jaw
        pose[[JOINT_INDEX["neck"], JOINT_INDEX["head"]], 1] = 0.5 * yaw
        transforms = skinner.transforms(pose, np.zeros(3, np.float32))
        vertices = skinner.vertices(transforms, face_of(face))
        x, y, z = transforms[JOINT_INDEX["neck"], :3, 3]
        camera = Camera((x, y, z + 1.3), (x, y, z), fov=45.0, width=400, height=400)
        figure = Figure(vertices, skinner.faces, person.colors)
        drawn[name] = draw_figures([figure], camera, STUDIO), camera
    return drawn


@pytest.fixture(scope="module")
def faces(portraits, networks):
    tracker, found = BodyTracker(), {}
    for name, (picture, camera) in portraits.items():
        tracker.forget()
        seen = tracker(picture)
        assert seen is not None, name
        found[name] = FaceTracker()(picture, seen, View.of(camera))
        assert found[name] is not None, name
    return found


def coefficient(face, name):
    return float(face.coefficients[FACE_CHANNELS.index(name)])


def test_lids_jaw_and_smile_show_more_than_at_rest(faces):
    rest = faces["rest"]
    assert coefficient(faces["blink"], "blink") > coefficient(rest, "blink") + 0.3
    assert faces["open"].jaw > rest.jaw + 0.1
    assert coefficient(faces["smile"], "smile") > coefficient(rest, "smile") + 0.2


def test_what_a_face_does_not_do_is_not_shown(faces):
    for name in ("rest", "blink", "open", "turned"):
        assert coefficient(faces[name], "smile") < 0.3, name
        assert max(coefficient(faces[name], side) for side in ("blink_left", "blink_right")) < 0.1
    assert coefficient(faces["rest"], "blink") < 0.1 and faces["rest"].jaw < 0.05


def test_the_head_looks_where_it_looks(faces):
    ahead, turned = (faces[name].head[:, 2] for name in ("rest", "turned"))
    assert ahead[2] > 0.93
    assert 0.3 < np.arctan2(turned[0], turned[2]) < 0.9  # to its left, right in the picture


@pytest.mark.usefixtures("networks")
def test_hands_too_small_to_see_stay_as_they_are(waving, skinner):
    estimator, tracker = Estimator(skinner), BodyTracker()
    picture, view = waving[0].picture[::4, ::4].copy(), View.of(waving[0].camera)
    seen = tracker(picture)
    if seen is None:
        pytest.skip("nobody is made out in so small a picture")
    estimate = estimator(seen, view)
    found, details = DetailWatcher(estimator)(picture, seen, estimate, view)
    assert (found.local[25:] == estimate.local[25:]).all()
    assert (details.given == body_alone().given).all() and details.face is None
