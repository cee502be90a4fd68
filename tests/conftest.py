"""A home of the tests' own: the models that were prepared, and nothing a user added."""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

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
