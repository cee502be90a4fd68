"""models/registry.toml tells the truth about what ships."""

import hashlib
import tomllib
from pathlib import Path

import pytest

MODELS = Path(__file__).resolve().parent.parent / "models"
REGISTRY = tomllib.loads((MODELS / "registry.toml").read_text())["model"]
SHIPPED = {entry["file"]: entry for entry in REGISTRY if entry["get"].startswith("shipped")}


def test_something_ships():
    assert SHIPPED


@pytest.mark.parametrize("file", SHIPPED)
def test_size_hash_and_licence(file):
    entry, data = SHIPPED[file], (MODELS / file).read_bytes()
    assert len(data) == entry["size"]
    assert hashlib.sha256(data).hexdigest() == entry["sha256"]
    assert entry["licence"]
    assert entry["source"]


def test_nothing_ships_unlisted():
    for path in MODELS.rglob("*"):
        if path.suffix in {".npz", ".clips", ".safetensors", ".onnx"} and "styles" not in path.parts:
            assert path.relative_to(MODELS).as_posix() in SHIPPED, path
