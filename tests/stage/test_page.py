"""The page, the port it is served on, and texts from outside in it."""

import socket
import urllib.request

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

import clipactor_node.body as body_room
from clipactor_node.appearance.painting import plain_clothes
from clipactor_node.errors import ClipActorError
from clipactor_node.stage.avatar import BrowserAvatar, _four_per_vertex
from clipactor_node.stage.first_pose import first_pose
from clipactor_node.stage.page import PortInUse, serve
from clipactor_node.stage.panel import described, escaped


@pytest.fixture
def server(free_port):
    server = serve("127.0.0.1", free_port())
    yield server
    server.stop()


def test_page_is_visers_with_our_paint(server):
    html = urllib.request.urlopen(f"http://127.0.0.1:{server.get_port()}", timeout=10).read().decode()
    assert "__THREE_DEVTOOLS__" in html.split("</head>")[0] and "<title>ClipActor</title>" in html


def test_port_in_use_is_said_with_its_number_and_what_to_type(server):
    with pytest.raises(PortInUse, match=rf"port {server.get_port()} .* -p port:={server.get_port() + 1}"):
        serve("127.0.0.1", server.get_port())


def test_port_of_any_program_counts(free_port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(PortInUse):
            serve("127.0.0.1", other.getsockname()[1])


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host"])
def test_host_that_is_not_ours_is_an_error_with_a_way_out(host, free_port):
    with pytest.raises(ClipActorError, match=r"127\.0\.0\.1"):
        serve(host, free_port())


def test_only_what_moved_is_sent(server):
    """A pose is 110 messages at most; a still one is none."""
    skinner = body_room.Skinner(body_room.load())
    avatar = BrowserAvatar(server, skinner, plain_clothes(skinner.body).srgb)
    sent = []
    queue = server._websock_server.queue_message
    server.scene._websock_interface.queue_message = lambda message: sent.append(message) or queue(message)
    pose = np.zeros((55, 3), np.float32)
    avatar.move(skinner.transforms(pose, np.zeros(3, np.float32)))
    pose[18] = (0, -0.5, 0)  # the left elbow carries 17 joints behind it
    sent.clear()
    avatar.move(skinner.transforms(pose, np.zeros(3, np.float32)))
    turned = [message for message in sent if "Orientation" in type(message).__name__]
    assert len(turned) == 17 and len(sent) <= 2 * 17
    sent.clear()
    avatar.move(skinner.transforms(pose, np.zeros(3, np.float32)))
    assert sent == []


def sent_by(server, act) -> list:
    """The messages that viser queues for browsers while `act` runs."""
    sent = []
    queue = server._websock_server.queue_message
    server.scene._websock_interface.queue_message = lambda message: sent.append(message) or queue(message)
    act()
    return sent


def test_a_vertex_keeps_four_joints_and_its_whole_weight():
    seven = np.zeros((1, 55), np.float32)
    seven[0, [3, 8, 15, 20, 33, 40, 54]] = 1.0 / 7.0
    few = _four_per_vertex(seven)
    assert np.count_nonzero(few) == 4
    np.testing.assert_allclose(few[few > 0], 0.25)
    ours = _four_per_vertex(body_room.load().weights)
    assert (np.count_nonzero(ours, axis=1) <= 4).all()
    np.testing.assert_allclose(ours.sum(axis=1), 1.0, atol=1e-6)


@pytest.mark.parametrize("away_m", [0.0, 200.0])
def test_what_browsers_compute_is_what_four_joints_per_vertex_give_far_away_too(server, away_m):
    """The page's formula, in the single precision of graphics cards, from the messages it is sent."""
    skinner = body_room.Skinner(body_room.load())
    pose = np.zeros((55, 3), np.float32)
    pose[[1, 4, 16, 18, 21]] = (-0.9, 0.1, 0), (1.2, 0, 0), (0, -0.3, -1.0), (0, -1.4, 0), (0.3, 0.2, 0.4)
    transforms = skinner.transforms(pose, np.array([away_m, 0.9, away_m], np.float32))

    def show() -> None:
        avatar = BrowserAvatar(server, skinner, plain_clothes(skinner.body).srgb)
        avatar.move(transforms)

    sent = sent_by(server, show)
    props = next(message for message in sent if "SkinnedMesh" in type(message).__name__).props
    quaternions = np.tile([1.0, 0.0, 0.0, 0.0], (55, 1))  # what is not sent is as it was bound
    positions = np.array(props.bone_positions, np.float64)
    for message in sent:
        if type(message).__name__ == "SetBoneOrientationMessage":
            quaternions[message.bone_index] = message.wxyz
        elif type(message).__name__ == "SetBonePositionMessage":
            positions[message.bone_index] = message.position
    count = len(skinner.rest_vertices)
    matrices = np.tile(np.eye(4), (55, 1, 1))
    matrices[:, :3, :3] = Rotation.from_quat(quaternions, scalar_first=True).as_matrix()
    matrices[:, :3, 3] = positions
    inverse = np.tile(np.eye(4), (55, 1, 1))
    inverse[:, :3, 3] = -props.bone_positions
    bones = (matrices @ inverse).astype(np.float32)
    joints, weights = props.skin_indices[:count], props.skin_weights[:count].astype(np.float32)
    ends = np.concatenate([props.vertices[:count], np.ones((count, 1), np.float32)], axis=1)
    shown = np.einsum("vk,vkij,vj->vi", weights, bones[joints], ends)[:, :3]

    four = _four_per_vertex(skinner.body.weights).astype(np.float64)
    offsets = skinner.rest_vertices[:, None] - skinner.rest_joints  # (V, 55, 3)
    exact = transforms.astype(np.float64)
    posed = np.einsum("jab,vjb->vja", exact[:, :3, :3], offsets) + exact[:, :3, 3]
    expected = np.einsum("vj,vja->va", four, posed)
    assert np.linalg.norm(shown - expected, axis=1).max() < 0.002
    off = np.linalg.norm(shown - skinner.vertices(transforms), axis=1)  # all weights, pose correctives
    assert np.median(off) < 0.002 and off.max() < 0.06


def test_nothing_is_shown_before_it_is_posed(server):
    skinner = body_room.Skinner(body_room.load())
    avatar = BrowserAvatar(server, skinner, plain_clothes(skinner.body).srgb)
    assert not avatar._mesh.visible
    avatar.change_appearance(plain_clothes(skinner.body).srgb)
    assert not avatar._mesh.visible
    avatar.move(first_pose(skinner))
    assert avatar._mesh.visible


def test_the_first_pose_stands_idle_on_the_floor():
    skinner = body_room.Skinner(body_room.load())
    transforms = first_pose(skinner)
    vertices = skinner.vertices(transforms)
    assert abs(vertices[:, 1].min()) < 0.02
    assert np.abs(transforms[0, [0, 2], 3]).max() < 0.01  # at the origin
    wrists = transforms[[20, 21], 1, 3]
    assert (wrists < transforms[0, 1, 3] + 0.15).all()  # the arms hang


def test_clothes_of_another_body_are_refused(server):
    skinner = body_room.Skinner(body_room.load())
    with pytest.raises(ValueError, match="colors have shape"):
        BrowserAvatar(server, skinner, np.zeros((10, 3), np.uint8))


def test_texts_from_outside_are_shown_as_they_are():
    assert escaped("plain words, 1 2 3") == "plain words, 1 2 3"
    assert escaped("**bold** <img src=x>\nnext") == r"\*\*bold\*\* \<img src=x\> next"
    assert len(escaped("a" * 10_000)) < 300
    assert described((("Clip", "walk"), ("Style", ""))) == "**Clip:** walk"
