"""`clipactor doctor`: it finds what is wrong with an installation, and is quick about it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CLIPACTOR = Path(sys.executable).with_name("clipactor")


def doctor(*path: Path) -> dict[str, dict[str, str]]:
    """The findings by topic, with further folders on the import path."""
    inherited = os.environ.get("PYTHONPATH", "")
    paths = os.pathsep.join([*map(str, path), inherited]).strip(os.pathsep)
    environment = {**os.environ, "PYTHONPATH": paths}
    told = subprocess.run([CLIPACTOR, "doctor", "--json"], capture_output=True, env=environment, timeout=300)
    return {finding["topic"]: finding for finding in json.loads(told.stdout)["findings"]}


@pytest.fixture
def gpu_runtime(tmp_path):
    """A folder in which the distribution onnxruntime-gpu is installed, as far as pip would tell."""
    information = tmp_path / "onnxruntime_gpu-1.31.1.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: onnxruntime-gpu\nVersion: 1.31.1\n")
    (information / "RECORD").write_text("")
    return tmp_path


def test_two_onnxruntimes_at_once_are_named_with_what_to_uninstall(gpu_runtime):
    found = doctor(gpu_runtime)["onnxruntime"]
    assert found["state"] == "broken"
    assert "pip uninstall -y onnxruntime onnxruntime-gpu && pip install onnxruntime-gpu" in found["detail"]


def test_one_onnxruntime_is_fine():
    found = doctor()["onnxruntime"]
    assert found["state"] == "ok"
    assert "CPU" in found["detail"]


def test_an_onnxruntime_that_cannot_be_imported_is_reported_not_raised(tmp_path):
    (tmp_path / "onnxruntime").mkdir()
    (tmp_path / "onnxruntime" / "__init__.py").write_text("raise ImportError('libonnxruntime.so is gone')\n")
    found = doctor(tmp_path)
    assert found["onnxruntime"]["state"] == "broken"
    assert "libonnxruntime.so is gone" in found["onnxruntime"]["detail"]
    assert found["sentence encoder"]["state"] == "broken"


def test_it_asks_for_versions_without_importing_torch(tmp_path):
    """Importing torch takes longer than everything else together."""
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch" / "__init__.py").write_text("raise SystemExit('torch was imported')\n")
    (tmp_path / "torch-2.0.dist-info").mkdir()
    (tmp_path / "torch-2.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: torch\nVersion: 2.0\n"
    )
    found = doctor(tmp_path)
    assert found["torch"]["state"] == "ok"
    assert found["GPU"]["state"] in {"ok", "missing"}


@pytest.mark.parametrize("slow", ["numba", "scipy", "sentence_transformers"])
def test_it_looks_at_bytes_and_imports_nothing_that_takes_seconds(tmp_path, slow):
    (tmp_path / slow).mkdir()
    (tmp_path / slow / "__init__.py").write_text(f"raise SystemExit('{slow} was imported')\n")
    found = doctor(tmp_path)
    assert {found[topic]["state"] for topic in ("body", "library", "sentence encoder")} == {"ok"}


def test_a_damaged_body_is_named(tmp_path, monkeypatch):
    from clipactor_node.cli.doctor import diagnose
    from clipactor_node.home import shipped_models

    models = tmp_path / "models"
    for path in shipped_models().rglob("*"):
        if path.is_file():
            (models / path.relative_to(shipped_models())).parent.mkdir(parents=True, exist_ok=True)
            (models / path.relative_to(shipped_models())).symlink_to(path)
    body = models / "body" / "open_body.npz"
    content = bytearray(body.read_bytes())
    content[1000] ^= 1
    body.unlink()
    body.write_bytes(content)
    monkeypatch.setattr("clipactor_node.text.model_state.shipped_models", lambda: models)
    found = {finding.topic: finding for finding in diagnose()}
    assert found["body"].state == "broken" and "sha256" in found["body"].detail
    assert found["library"].state == "ok"
