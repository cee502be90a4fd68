"""A page that no avatar node speaks to: what it shows from its first picture on, and where it puts a body."""

from pathlib import Path

import numpy as np
import pytest
from clipactor_interfaces.msg import AvatarAppearance, AvatarFace, AvatarState
from geometry_msgs.msg import TransformStamped
from playwright.sync_api import Browser, Page
from rclpy.qos import DurabilityPolicy, QoSProfile
from sensor_msgs.msg import JointState
from std_msgs.msg import String
from tf2_msgs.msg import TFMessage

import clipactor_node.body as body_room
from clipactor_node.body.export import SkinnedMesh
from clipactor_node.home import shipped_models
from clipactor_node.ros.publishers.appearance import arrays_of
from clipactor_node.stage.frames import bones as pose_of

PATIENCE_S = 300.0
LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
READ_BACK = Path(__file__).with_name("read_back.js").read_text()
SHOWN = "window.socket?.connected && window.clipactorStage?.avatars.get(0)?.body?.root.visible"


@pytest.fixture(scope="module")
def page(domain, client, free_port, browser: Browser):
    port = free_port()
    process, output = domain.start("clipactor_node.stage.viewer_node", f"port:={port}")
    client.until(lambda: process.poll() is not None or "look at" in output.read_text(), "a viewer")
    page = browser.new_page(viewport={"width": 500, "height": 700})
    said, foreign = [], []
    page.on("console", lambda message: message.type == "error" and said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: foreign.append(request.url))
    page.goto(f"http://127.0.0.1:{port}", timeout=1000 * PATIENCE_S)
    page.wait_for_function(SHOWN, timeout=1000 * PATIENCE_S)
    yield page
    page.close()
    assert said == []
    assert [
        url for url in foreign if not url.startswith((f"http://127.0.0.1:{port}", "blob:", "data:"))
    ] == []


def bones(page: Page) -> dict[str, list[float]]:
    return page.evaluate(
        """() => {
          const { bones } = window.clipactorStage.avatars.get(0).body;
          const at = (i) => { const e = bones[i].matrixWorld.elements; return [e[12], e[13], e[14]]; };
          const turned = bones.filter(({ quaternion }) => quaternion.w < 0.999).length;
          return { hips: at(0), ankles: [at(7)[1], at(8)[1]], turned };
        }"""
    )


def test_somebody_stands_idle_on_the_floor_and_the_page_says_what_to_do(page):
    shown = bones(page)
    assert all(0.03 < height < 0.15 for height in shown["ankles"])  # not sunk into the floor
    assert shown["hips"][1] > 0.8
    assert shown["turned"] > 3  # not the T-pose
    page.get_by_text("No avatar node is running yet").wait_for(timeout=1000 * PATIENCE_S)


def test_the_avatar_stands_where_nothing_covers_it(page):
    seen = page.evaluate(
        """() => {
          const { view, avatars } = window.clipactorStage;
          const at = (y) => {
            const p = avatars.get(0).at.clone(); p.y = y; p.project(view.camera);
            return [(p.x + 1) / 2 * view.size.width, (1 - p.y) / 2 * view.size.height];
          };
          const free = document.querySelector(".ca-free").getBoundingClientRect();
          return { head: at(1.75), feet: at(0), free: [free.left, free.top, free.right, free.bottom] };
        }"""
    )
    left, top, right, bottom = seen["free"]
    for x, y in (seen["head"], seen["feet"]):
        assert left < x < right and top < y < bottom
    assert seen["feet"][1] - seen["head"][1] > 0.55 * (bottom - top)  # and fills it


def test_far_from_the_origin_the_picture_is_what_the_processor_computes(page, client):
    """Read back from the graphics card: weights, pose correctives and face, at 200 m, within 2 mm."""
    body = body_room.load()
    skinner = body_room.Skinner(body)
    clothes = client.node.create_publisher(AvatarAppearance, "/clipactor/appearance", LATCHED)
    colors = np.full((len(body.template), 3), 120, np.uint8)
    mesh = SkinnedMesh.of(skinner, colors, None)
    clothes.publish(AvatarAppearance(body_sha256=body.sha256, clothes="paint", **arrays_of(mesh)))
    face = np.zeros(12, np.float32)
    face[[0, 6, 11]] = 0.8, 0.5, 1.0  # smiles, raises the brows, winks
    faces = client.node.create_publisher(AvatarFace, "/clipactor/face", 10)
    pose = np.zeros((55, 3), np.float32)
    pose[[0, 1, 4, 16, 18, 21]] = (
        (0, 0.4, 0),
        (-0.9, 0.1, 0),
        (1.2, 0, 0),
        (0, -0.3, -1.0),
        (0, -1.4, 0),
        (0.3, 0.2, 0.4),
    )
    transforms = skinner.transforms(pose, np.array([200.0, 0.9, -200.0], np.float32))
    joints = client.node.create_publisher(JointState, "/clipactor/joint_states", 10)
    frames = client.node.create_publisher(TFMessage, "/tf", 100)
    ours = "window.clipactorStage.avatars.get(0)"
    before = page.evaluate(f"{ours}.shown")

    def there() -> bool:
        stamp = client.node.get_clock().now().to_msg()
        positions = body_room.joint_positions(transforms)
        message = JointState(name=list(body_room.joint_state_names()), position=positions.tolist())
        message.header.stamp = stamp
        translations, quaternions = body_room.link_transforms(transforms)
        base = TransformStamped(child_frame_id="base_footprint")
        base.header.stamp, base.header.frame_id = stamp, "map"
        for axis, value in zip("xyz", translations[0], strict=True):
            setattr(base.transform.translation, axis, float(value))
        for axis, value in zip("xyzw", quaternions[0], strict=True):
            setattr(base.transform.rotation, axis, float(value))
        shows = AvatarFace(coefficient_names=list(body_room.FACE_CHANNELS), coefficients=face.tolist())
        faces.publish(shows)
        frames.publish(TFMessage(transforms=[base]))
        joints.publish(message)
        shown, smile, x = page.evaluate(f"[{ours}.shown, {ours}.next.face[0], {ours}.at.x]")
        return shown not in ("", before) and abs(x - 200.0) < 1.0 and abs(smile - 0.8) < 1e-6

    client.until(there, "an avatar at 200 m in new clothes")
    exact = pose_of(transforms)
    given = {"id": 0, "position": exact.position.tolist(), "rotations": exact.rotations.ravel().tolist()}
    given["face"] = face.tolist()
    rows = np.array(page.evaluate(READ_BACK, given))
    assert (rows[:, 4] == 1.0).all()  # every one was drawn
    expected = skinner.vertices(transforms, face)[rows[:, 0].astype(int)]
    away = np.linalg.norm(rows[:, 1:4] - expected, axis=1)
    assert away.max() < 0.002
    unmoved = np.linalg.norm(skinner.vertices(transforms)[rows[:, 0].astype(int)] - expected, axis=1)
    assert unmoved.max() > 0.006  # the face would be missed
    assert set(rows[:, 0].astype(int)) == set(np.unique(body.faces))


def test_the_robot_that_follows_stands_where_its_frames_are(page, client):
    urdf = (shipped_models() / "robots" / "generic_humanoid.urdf").read_text()
    description = client.node.create_publisher(String, "/clipactor/robot/robot_description", LATCHED)
    description.publish(String(data=urdf))
    frames = client.node.create_publisher(TFMessage, "/tf", 100)
    root = TransformStamped(child_frame_id="robot/pelvis")
    root.header.frame_id = "map"
    root.transform.translation.x, root.transform.translation.z = 3.0, 0.7
    head = TransformStamped(child_frame_id="robot/head_link")
    head.header.frame_id = "robot/pelvis"
    head.transform.translation.z = 0.5
    robot = "window.clipactorStage.avatars.get(1)"

    def there() -> bool:
        frames.publish(TFMessage(transforms=[root, head]))
        return page.evaluate(f"{robot}?.body?.root.visible && {robot}.at.z > 2.9")

    client.until(there, "a robot")
    seen = page.evaluate(
        f"""() => {{
          const {{ links, root }} = {robot}.body;
          let drawn = 0;
          root.updateWorldMatrix(true, true);
          root.traverse((node) => (drawn += node.isMesh ? 1 : 0));
          return {{ drawn, links: links.map(({{ matrixWorld: m }}) => m.elements.slice(12, 15)) }};
        }}"""
    )
    assert seen["drawn"] > 20 and len(seen["links"]) == 30
    highest = max(seen["links"], key=lambda place: place[1])
    assert highest == pytest.approx([0.0, 1.2, 3.0], abs=1e-5)  # left, up, forward


def test_texts_of_others_are_shown_as_text(page, client):
    states = client.node.create_publisher(AvatarState, "/clipactor/state", LATCHED)
    evil = "<img src=x onerror='window.hurt=1'><b>bold</b>"
    states.publish(AvatarState(command=evil, activity="idle", warnings=[evil], rate_hz=30.0))
    page.get_by_text("<b>bold</b>").first.wait_for(timeout=1000 * PATIENCE_S)
    assert page.evaluate("window.hurt") is None


def test_browsers_have_nothing_to_say_on_the_stream_of_frames(page):
    code = page.evaluate(
        """() => new Promise((done) => {
          const socket = new WebSocket(`ws://${location.host}/stage/frames`);
          socket.onopen = () => socket.send("hello");
          socket.onclose = ({ code }) => done(code);
        })"""
    )
    assert code == 1003
