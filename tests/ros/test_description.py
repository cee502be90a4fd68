"""The robot description shows what the avatar wears, whenever it changes."""

import re
from pathlib import Path
from urllib.parse import unquote, urlparse

import numpy as np
import trimesh
import yourdfpy
from rclpy.qos import DurabilityPolicy, QoSProfile
from std_msgs.msg import String

from clipactor_node.body import joint_state_names

TOPIC = "/clipactor/robot_description"
LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)


def folder_of(urdf: str) -> Path:
    """Where the meshes of a description lie."""
    (address,) = {uri.rpartition("/")[0] for uri in re.findall(r'filename="([^"]+)"', urdf)}
    return Path(unquote(urlparse(address).path))


def color_of(mesh: Path) -> np.ndarray:
    """(3,) mean color of a link's texture, as a program reads it that knows nothing of this project."""
    image = trimesh.load(mesh, force="mesh").visual.material.baseColorTexture
    return np.asarray(image.convert("RGB"), np.float64).reshape(-1, 3).mean(0)


def test_new_clothes_come_with_a_new_description(avatar, reader, tmp_path):
    descriptions: list[String] = []
    listening = reader.node.create_subscription(String, TOPIC, descriptions.append, LATCHED)
    reader.until(lambda: descriptions, "the first description")
    plain = folder_of(descriptions[-1].data)

    for wish, channel in (("a person in a red dress waves", 0), ("a person in a green dress waves", 1)):
        before = folder_of(descriptions[-1].data)
        reader.say(wish)
        reader.until(lambda before=before: folder_of(descriptions[-1].data) != before, "a new folder")
        color = color_of(folder_of(descriptions[-1].data) / "spine2.glb")
        assert color.argmax() == channel and color.max() > 1.5 * np.median(color), wish
    assert folder_of(descriptions[-1].data) != plain

    path = tmp_path / "body.urdf"
    path.write_text(descriptions[-1].data)
    robot = yourdfpy.URDF.load(str(path))
    assert set(joint_state_names()) == set(robot.actuated_joint_names)
    assert len(robot.scene.geometry) > 40
    reader.node.destroy_subscription(listening)
