"""A home of the tests' own: the models that were prepared, and nothing a user added.

`pytest --without style` (or `ros`, `colcon`; several times) leaves out the files that need what is not
installed. Without that option every file is collected, and fails where something is missing.
"""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from clipactor_node.home import user_home

sys.path.insert(0, str(Path(__file__).parent))  # for `import domain`


def _home_for_tests() -> Path:
    prepared = user_home() / "models"
    home = Path(tempfile.mkdtemp(prefix="clipactor-tests-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)  # removes the links, not what they point to
    (home / "models").mkdir()
    for model in prepared.iterdir() if prepared.is_dir() else ():
        (home / "models" / model.name).symlink_to(model)
    return home


# At import, before any test module or child process can look at the real one.
os.environ["CLIPACTOR_HOME"] = str(_home_for_tests())

# Two processes at a time on two cores: threads that spin for each other make torch ten times slower.
os.environ.setdefault("OMP_NUM_THREADS", "1")

NEEDING = {
    "style": (
        "appearance/test_painting.py",
        "body/test_build.py",
        "body/test_parity.py",
        "body/test_torch_skinning.py",
        "imagetext",
        "jobs",
        "style",
        "text/test_encoder.py",
        "text/test_export.py",
        "text/test_folder.py",
    ),
    "ros": ("ros", "stage", "cli/test_demo.py", "cli/test_main.py", "test_examples.py"),
    "colcon": ("test_colcon.py",),
}
"""Files and folders of tests that cannot run without torch, rclpy or colcon."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--without", action="append", default=[], choices=NEEDING, help="what is not installed")


def pytest_report_header(config: pytest.Config) -> list[str]:
    return [f"without {what}: {', '.join(NEEDING[what])} not run" for what in config.getoption("without")]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    here = Path(__file__).parent
    left_out = [here / name for what in config.getoption("without") for name in NEEDING[what]]
    return True if collection_path in left_out else None
