"""Environments for workers."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for `import waiting`


@pytest.fixture
def no_torch(tmp_path, monkeypatch) -> Path:
    """An environment for child processes in which torch cannot be imported."""
    folder = tmp_path / "no_torch" / "torch"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("raise ImportError(\"No module named 'torch'\")\n")
    monkeypatch.setenv("PYTHONPATH", str(folder.parent))
    return folder.parent
