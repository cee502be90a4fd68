"""What ament and colcon need besides pyproject.toml."""

from pathlib import Path

from setuptools import setup

NAME = "clipactor_node"
ROOT = Path(__file__).parent


def shared(folder: str) -> list[tuple[str, list[str]]]:
    """`data_files` entries that install every file below `folder` under share/clipactor_node."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / folder).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            relative = path.relative_to(ROOT)
            found.setdefault(f"share/{NAME}/{relative.parent}", []).append(str(relative))
    return list(found.items())


setup(
    python_requires=">=3.11",  # in pyproject.toml it would be an object that colcon cannot read back
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{NAME}"]),
        (f"share/{NAME}", ["package.xml"]),
        *shared("launch"),
        *shared("models"),
    ],
)
