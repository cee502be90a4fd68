"""What the page is made of: frames, appearances, guard, address, texts. No browser here."""

import asyncio
import io
import socket
import struct
import threading
from array import array
from dataclasses import replace

import numpy as np
import pygltflib
import pytest
from clipactor_interfaces.msg import AvatarAppearance
from PIL import Image
from scipy.spatial.transform import Rotation
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

import clipactor_node.body as body_room
from clipactor_node.body.export import SkinnedMesh, glb
from clipactor_node.errors import ClipActorError
from clipactor_node.geometry import PARENTS
from clipactor_node.ros.client import AppearanceError
from clipactor_node.ros.publishers.appearance import arrays_of
from clipactor_node.stage.appearance import (
    AppearanceBuilder,
    BrowserAppearance,
    as_published,
    packed_correctives,
)
from clipactor_node.stage.broadcast import _Outbox
from clipactor_node.stage.frames import PACKED_BYTES, Links, blended, bones, packed
from clipactor_node.stage.guard import Guard, is_loopback
from clipactor_node.stage.idle import IdleMotion
from clipactor_node.stage.listening import PortInUse, listening_socket
from clipactor_node.stage.node_client import Clip
from clipactor_node.stage.page.avatars import _placed
from clipactor_node.stage.page.library import found
from clipactor_node.stage.page.now import short
from clipactor_node.stage.page.prompt import History, suggestions
from clipactor_node.stage.thumbnails import MOMENTS, SIDE, Thumbnails


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
    links = Links(np.arange(14, dtype=np.float32).reshape(2, 7))
    message = packed({3: pose, 9: links, 7: pose})
    assert len(message) == 12 + 2 * PACKED_BYTES + 8 + 56
    assert struct.unpack_from("<IIII", message) == (2, 2, 1, 3)
    assert struct.unpack_from("<I", message, 12 + PACKED_BYTES)[0] == 7
    read = np.frombuffer(message, "<f4", 235, 16)
    np.testing.assert_array_equal(read[:3], pose.position)
    np.testing.assert_array_equal(read[3:223].reshape(55, 4), pose.rotations)
    np.testing.assert_array_equal(read[223:], pose.face)
    assert struct.unpack_from("<II", message, 12 + 2 * PACKED_BYTES) == (9, 2)
    np.testing.assert_array_equal(np.frombuffer(message, "<f4", 14, 20 + 2 * PACKED_BYTES), np.arange(14))


def test_a_slow_browser_gets_the_last_pose_of_who_stood_still_meanwhile(bent):
    """Frames hold those that moved: one that is not sent is not simply replaced by the next."""
    sent = []

    class Browser:
        async def send_bytes(self, frame):
            sent.append(frame)

    async def play():
        outbox = _Outbox()
        outbox.move({3: bones(bent)})  # it stands from now on
        outbox.move({7: bones(bent)})
        outbox.move({7: bones(bent)})
        sending = asyncio.create_task(outbox.send(Browser()))
        await asyncio.sleep(0.05)
        sending.cancel()

    asyncio.run(play())
    assert [struct.unpack_from("<III", frame)[1] for frame in sent] == [2]


def test_a_pose_between_two_is_between_them_whatever_the_sign_of_a_rotation(bent):
    first = bones(bent)
    second = type(first)(first.position + 1, -first.rotations)
    half = blended(first, second, 0.5)
    np.testing.assert_allclose(half.position, first.position + 0.5)
    np.testing.assert_allclose(np.abs((half.rotations * first.rotations).sum(1)), 1.0, atol=1e-5)


def worn(body, **changed) -> AvatarAppearance:
    """Paint, as the node publishes it."""
    colors = np.full((len(body.template), 3), 90, np.uint8)
    mesh = SkinnedMesh.of(body_room.Skinner(body), colors, None)
    return AvatarAppearance(body_sha256=body.sha256, clothes="paint", **{**arrays_of(mesh), **changed})


def test_an_appearance_becomes_a_skinned_glb_with_all_joints_and_the_numbers_of_vertices(body):
    dressed = as_published(worn(body))
    file = glb(dressed.skinner, dressed.surface, None, dressed.displacement, 64, numbered=True)
    gltf = pygltflib.GLTF2.load_from_bytes(file)
    attributes = gltf.meshes[0].primitives[0].attributes
    accessor = gltf.accessors[attributes._VERTEX]
    view = gltf.bufferViews[accessor.bufferView]
    numbers = np.frombuffer(gltf.binary_blob(), "<f4", accessor.count, view.byteOffset)
    assert set(numbers.astype(int)) == set(range(len(body.template)))
    assert attributes.JOINTS_1 is not None
    assert as_published(worn(body)).key == dressed.key
    thick = array("f", np.full(len(body.template), 0.01, np.float32).tobytes())
    assert as_published(worn(body, displacement=thick)).key != dressed.key


def test_an_appearance_whose_arrays_do_not_fit_is_refused(body):
    with pytest.raises(AppearanceError, match="colors"):
        as_published(worn(body, colors=array("B", bytes(30))))


def test_what_was_wanted_last_is_made_and_what_was_wanted_before_is_not(monkeypatch, tmp_path):
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path))
    builder, begin, made = AppearanceBuilder(), threading.Event(), []

    def work(name):
        def make():
            begin.wait(10)
            return BrowserAppearance(name, b"", b"")

        return make

    for name in ("first", "second", "third"):  # snapshots of a style come faster than they are made
        builder.build("avatar", work(name), made.append, made.append)
    builder.build("another", work("other"), made.append, made.append)
    begin.set()
    done = threading.Event()
    builder.build("end", work("end"), lambda _: done.set(), made.append)
    assert done.wait(10)
    builder.close()
    assert made[-2:] == ["third", "other"] and "second" not in made
    assert builder.get("third") is not None


def unpacked(content: bytes):
    """The two parts of `packed_correctives`."""
    count, step = struct.unpack_from("<If", content)
    at = 8 + 4 * 56
    poses = np.frombuffer(content, "<i2", 27 * count, at + 4 * count) * step
    at += 4 * count + 4 * -(-27 * count // 2)
    moved, step = struct.unpack_from("<If", content, at)
    vertices = np.frombuffer(content, "<u4", moved, at + 8)
    face = np.frombuffer(content, "<i2", 36 * moved, at + 8 + 4 * moved).reshape(12, moved, 3) * step
    assert len(content) == at + 8 + 4 * moved + 72 * moved
    return poses, vertices, face


def test_correctives_and_face_arrive_whole(body):
    poses, vertices, face = unpacked(packed_correctives(body))
    np.testing.assert_allclose(poses, body.correctives.directions.ravel(), atol=2e-6)
    expected = body_room.face_directions(body)
    np.testing.assert_allclose(face, expected[vertices].transpose(2, 0, 1), atol=2e-6)
    assert np.abs(np.delete(expected, vertices, 0)).max() < 3e-6
    assert len(unpacked(packed_correctives(replace(body, correctives=None)))[0]) == 0


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


def test_places_that_a_browser_names_are_checked():
    assert _placed({"name": "bob", "x": 1.5, "z": -2}) == ("bob", -2.0, 1.5)  # ROS: x forward, y left
    for said in (
        {},
        None,
        "bob",
        {"name": "bob", "x": "far", "z": 0},
        {"name": "b", "x": float("nan"), "z": 0},
    ):
        assert _placed(said) == ("", 0.0, 0.0)
    assert _placed({"name": "bob", "x": 1e9, "z": 0})[2] == 1000.0


def test_a_clip_is_a_small_film_made_once(monkeypatch, tmp_path):
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path))
    thumbnails = Thumbnails()
    film = thumbnails.of("wave").result(60)
    with Image.open(io.BytesIO(film)) as picture:
        assert (picture.n_frames, picture.size) == (MOMENTS, (SIDE, SIDE))
        first = np.asarray(picture.convert("RGB"), int)
        picture.seek(MOMENTS // 2)
        assert np.abs(np.asarray(picture.convert("RGB"), int) - first).max() > 60  # it moves
    (kept,) = tmp_path.rglob("*.webp")
    kept.write_bytes(b"the kept one")
    assert thumbnails.of("wave").result(60) == b"the kept one"
    assert thumbnails.of("../../etc/passwd").result(60) is None
    thumbnails.close()
