"""Environments for workers."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for `import waiting`

from waiting import new_home  # noqa: E402


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Iterator[Path]:
    """One home for a module, so that its worker stays warm."""
    with pytest.MonkeyPatch.context() as patch:
        place = new_home(tmp_path_factory.mktemp("jobs") / "home")
        patch.setenv("CLIPACTOR_HOME", str(place))
        yield place


@pytest.fixture
def no_torch(tmp_path, monkeypatch) -> Path:
    """An environment for child processes in which torch cannot be imported."""
    folder = tmp_path / "no_torch" / "torch"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(folder.parent))
    return folder.parent
