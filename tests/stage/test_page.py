"""What the page is made of: frames, appearances, guard, address, texts. No browser here."""

import socket
import struct

import numpy as np
import pygltflib
import pytest
from clipactor_interfaces.msg import AvatarClothes
from scipy.spatial.transform import Rotation
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

import clipactor_node.body as body_room
from clipactor_node.errors import ClipActorError
from clipactor_node.geometry import PARENTS
from clipactor_node.stage.appearance import ClothesError, packed_correctives, painted
from clipactor_node.stage.frames import PACKED_BYTES, blended, bones, packed
from clipactor_node.stage.guard import Guard, is_loopback
from clipactor_node.stage.idle import IdleMotion
from clipactor_node.stage.listening import PortInUse, listening_socket
from clipactor_node.stage.node_client import Clip
from clipactor_node.stage.page.library import found
from clipactor_node.stage.page.now import short
from clipactor_node.stage.page.prompt import History, suggestions


@pytest.fixture(scope="module")
def body():
    return body_room.load()


@pytest.fixture(scope="module")
def skinner(body):
    return body_room.Skinner(body)


@pytest.fixture
def bent(skinner):
    pose = np.zeros((55, 3), np.float32)
    pose[[0, 1, 4, 16, 18]] = (0.2, 1.0, 0), (-0.9, 0.1, 0), (1.2, 0, 0), (0, -0.3, -1.0), (0, -1.4, 0)
    return skinner.transforms(pose, np.array([200.0, 0.9, -200.0], np.float32))


def test_bones_put_every_joint_where_it_was(skinner, bent):
    pose = bones(bent)
    offsets = skinner.rest_joints - np.concatenate([[[0, 0, 0]], skinner.rest_joints[list(PARENTS[1:])]])
    local = Rotation.from_quat(pose.rotations).as_matrix()
    world = [(local[0], pose.position.astype(float))]
    for joint in range(1, 55):
        rotation, position = world[PARENTS[joint]]
        world.append((rotation @ local[joint], position + rotation @ offsets[joint]))
    np.testing.assert_allclose([r for r, _ in world], bent[:, :3, :3], atol=1e-5)
    np.testing.assert_allclose([p for _, p in world], bent[:, :3, 3], atol=1e-4)


def test_a_frame_holds_every_avatar_once(bent):
    pose = bones(bent)
    message = packed([(3, pose), (7, pose)])
    assert len(message) == 8 + 2 * PACKED_BYTES
    assert struct.unpack_from("<III", message) == (1, 2, 3)
    assert struct.unpack_from("<I", message, 8 + PACKED_BYTES)[0] == 7
    read = np.frombuffer(message, "<f4", 223, 12)
    np.testing.assert_array_equal(read[:3], pose.position)
    np.testing.assert_array_equal(read[3:].reshape(55, 4), pose.rotations)


def test_a_pose_between_two_is_between_them_whatever_the_sign_of_a_rotation(bent):
    first = bones(bent)
    second = type(first)(first.position + 1, -first.rotations)
    half = blended(first, second, 0.5)
    np.testing.assert_allclose(half.position, first.position + 0.5)
    np.testing.assert_allclose(np.abs((half.rotations * first.rotations).sum(1)), 1.0, atol=1e-5)


def clothes_of(body, **arrays) -> AvatarClothes:
    colors = np.full((len(body.template), 3), 90, np.uint8)
    return AvatarClothes(body_sha256=body.sha256, **{"colors": colors.ravel().tobytes(), **arrays})


def test_clothes_become_a_skinned_glb_with_all_joints_and_the_numbers_of_vertices(body, skinner):
    from clipactor_node.body.export import glb

    dressed = painted(body, clothes_of(body))
    file = glb(dressed.skinner, dressed.surface, None, dressed.displacement, 64, numbered=True)
    gltf = pygltflib.GLTF2.load_from_bytes(file)
    attributes = gltf.meshes[0].primitives[0].attributes
    accessor = gltf.accessors[attributes._VERTEX]
    view = gltf.bufferViews[accessor.bufferView]
    numbers = np.frombuffer(gltf.binary_blob(), "<f4", accessor.count, view.byteOffset)
    assert set(numbers.astype(int)) == set(range(len(body.template)))
    assert attributes.JOINTS_1 is not None
    assert painted(body, clothes_of(body)).key == dressed.key
    other = clothes_of(body, displacement=np.full(len(body.template), 0.01, np.float32).tobytes())
    assert painted(body, other).key != dressed.key


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"colors": bytes(30)}, "colors: 30 values"),
        ({"displacement": bytes(40)}, "displacement: 10 values"),
        ({"displacement": np.full(13718, np.nan, np.float32).tobytes()}, "not finite"),
        ({"cut": bytes(48)}, "cut: 12 values"),
    ],
)
def test_clothes_of_another_body_are_refused(body, arrays, said):
    with pytest.raises(ClothesError, match=said):
        painted(body, clothes_of(body, **arrays))


def test_correctives_arrive_whole(body):
    packed_ones = packed_correctives(body)
    count, step = struct.unpack_from("<If", packed_ones)
    assert count == len(body.correctives.vertices)
    read = np.frombuffer(packed_ones, "<i2", 27 * count, 8 + 4 * (56 + count)) * step
    np.testing.assert_allclose(read, body.correctives.directions.ravel(), atol=2e-6)


def test_who_is_not_heard_stands_idle_on_the_floor_and_breathes(skinner):
    idle = IdleMotion(skinner)
    first, later = idle.transforms(0.0), idle.transforms(1.0)
    assert abs(skinner.vertices(first)[:, 1].min()) < 0.02
    assert np.abs(first[0, [0, 2], 3]).max() < 0.01  # at the origin
    assert (first[[20, 21], 1, 3] < first[0, 1, 3] + 0.15).all()  # the arms hang
    assert np.abs(later - first).max() > 1e-4
    elsewhere = IdleMotion(skinner, np.array([5.0, -3.0]), 1.0).transforms(0.0)
    np.testing.assert_allclose(elsewhere[0, [0, 2], 3], [5.0, -3.0], atol=0.05)


# Who may see it.


def guarded(token: str, address: str = "http://localhost:8080") -> TestClient:
    async def page(_):
        return PlainTextResponse("the page")

    async def socket_route(websocket):
        await websocket.accept()
        await websocket.send_text("frames")
        await websocket.close()

    app = Starlette(routes=[Route("/", page), WebSocketRoute("/frames", socket_route)])
    return TestClient(Guard(app, token), address, follow_redirects=False)


def test_this_machine_needs_no_token_and_another_name_for_it_leads_nowhere():
    assert guarded("").get("/").text == "the page"
    assert guarded("", "http://127.0.0.1:8080").get("/").status_code == 200
    assert guarded("", "http://[::1]:8080").get("/").status_code == 200
    refused = guarded("", "http://evil.example:8080").get("/")
    assert refused.status_code == 403 and "localhost" in refused.text


def test_another_sites_scripts_are_refused_on_both_ways():
    client, foreign = guarded(""), {"origin": "http://evil.example"}
    assert client.get("/", headers=foreign).status_code == 403
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/frames", headers=foreign):
        pass
    with client.websocket_connect(
        "/frames", headers={"origin": "http://localhost:8080", "host": "localhost:8080"}
    ) as own:
        assert own.receive_text() == "frames"


def test_other_machines_need_the_token_once_and_it_leaves_the_address():
    client = guarded("secret", "http://stage.example:8080")
    assert client.get("/").status_code == 401
    assert client.get("/?token=wrong").status_code == 401
    welcome = client.get("/?token=secret&x=1")
    assert welcome.status_code == 303 and welcome.headers["location"] == "/?x=1"
    assert "httponly" in welcome.headers["set-cookie"].lower()
    assert client.get("/").text == "the page"  # by the cookie
    with pytest.raises(WebSocketDisconnect), guarded("secret").websocket_connect("/frames"):
        pass


def test_pages_may_load_nothing_from_elsewhere():
    policy = guarded("").get("/").headers["content-security-policy"]
    assert "default-src 'self'" in policy and "http" not in policy


def test_loopback_names():
    assert all(map(is_loopback, ("127.0.0.1", "::1", "[::1]", "localhost", "127.8.0.1")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "192.168.0.1", "localhost.evil.example", "")))


def test_port_in_use_is_said_with_its_number_and_what_to_type():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortInUse, match=rf"port {port} .* -p port:={port + 1}"):
            listening_socket("127.0.0.1", port)


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host"])
def test_host_that_is_not_ours_is_an_error_with_a_way_out(host, free_port):
    with pytest.raises(ClipActorError, match=r"127\.0\.0\.1"):
        listening_socket(host, free_port())


# Texts.


def test_suggestions_begin_with_what_is_typed_in_any_order():
    clips = (
        Clip("walk", "a person walks forward; someone walks", 3.0, True),
        Clip("wave", "a person waves hello", 2.0, False),
    )
    assert suggestions("wav per", clips) == ["a person waves hello"]
    assert suggestions("walk", clips) == ["someone walks", "a person walks forward"]
    assert suggestions("", clips) == [] and suggestions("fly", clips) == []
    assert suggestions("pira", clips, ["a pirate dances"]) == ["a pirate dances"]
    assert [clip.name for clip in found(clips, "hello WAVE")] == ["wave"]


def test_history_goes_back_and_forth_to_what_was_being_typed():
    history = History()
    assert history.older("draft") == "draft"
    for text in ("first", "second", "first"):
        history.add(text)
    assert [history.older("draft"), history.older("x"), history.older("x")] == ["first", "second", "second"]
    assert [history.newer(), history.newer(), history.newer()] == ["first", "draft", "draft"]


def test_texts_from_outside_are_one_line_and_not_too_long():
    assert short("**bold** <img src=x>\nnext") == "**bold** <img src=x> next"
    assert len(short("a" * 10_000)) < 300
