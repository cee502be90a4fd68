"""Exported encoders on disk: whole or refused."""

import json
import os
import shutil

import pytest

from clipactor_node.errors import ModelError
from clipactor_node.files import replacing_folder
from clipactor_node.home import shipped_models, user_home
from clipactor_node.text import encoder_folder, load_encoder, shipped_folder
from clipactor_node.text.encoder_folder import (
    MANIFEST,
    Manifest,
    check_all,
    folder_of,
    read_manifest,
    write_manifest,
)

NOTHING = Manifest("toy", 4, 8, "none", True, 0, 0, "CC0-1.0", "")


@pytest.fixture
def minilm_copy(tmp_path, monkeypatch):
    """A CLIPACTOR_HOME whose MiniLM may be damaged."""
    source = (user_home() / "models" / "minilm").resolve()
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path))
    shutil.copytree(source, tmp_path / "models" / "minilm")
    return tmp_path / "models" / "minilm"


def test_a_whole_encoder_passes(minilm_copy):
    assert {"fp32", "int8"} <= set(check_all("minilm").precisions)


@pytest.mark.parametrize("file", ["fp32.onnx", "tokenizer.json"])
def test_a_truncated_file_is_refused(minilm_copy, file):
    path = minilm_copy / file
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ModelError, match=r"bytes instead of .*type: clipactor models fetch minilm"):
        load_encoder("minilm", "fp32")


def test_a_changed_byte_is_refused(minilm_copy):
    path = minilm_copy / "fp32.onnx"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelError, match="does not match its sha256"):
        load_encoder("minilm", "fp32")


def test_a_missing_file_is_refused(minilm_copy):
    (minilm_copy / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match="absent"):
        load_encoder("minilm", "fp32")


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"files": {"a": 1}}', '{"files": {}}'])
def test_a_damaged_manifest_is_refused(minilm_copy, content):
    (minilm_copy / MANIFEST).write_text(content)
    with pytest.raises(ModelError, match="damaged"):
        load_encoder("minilm", "fp32")


def test_a_graph_that_is_no_graph_is_refused_even_if_its_hash_is_right(home):
    with replacing_folder(folder_of("minilm")) as folder:
        (folder / "fp32.onnx").write_bytes(b"not a graph")
        shutil.copy(_tokenizer(), folder / "tokenizer.json")
        write_manifest(folder, NOTHING)
    with pytest.raises(ModelError, match="ONNX Runtime cannot load"):
        load_encoder("minilm", "fp32")


def test_a_tokenizer_that_is_no_tokenizer_is_refused(home):
    with replacing_folder(folder_of("minilm")) as folder:
        (folder / "fp32.onnx").write_bytes(b"not reached")
        (folder / "tokenizer.json").write_text("{}")
        write_manifest(folder, NOTHING)
    with pytest.raises(ModelError, match="tokenizer"):
        load_encoder("minilm", "fp32")


def test_a_failed_export_leaves_the_old_folder_as_it_was(home):
    with replacing_folder(folder_of("toy")) as folder:
        (folder / "fp32.onnx").write_bytes(b"old")
        write_manifest(folder, NOTHING)
    with pytest.raises(RuntimeError), replacing_folder(folder_of("toy")) as folder:
        (folder / "fp32.onnx").write_bytes(b"half of the n")
        raise RuntimeError("power cut")
    check_all("toy")
    assert (folder_of("toy") / "fp32.onnx").read_bytes() == b"old"
    assert [p.name for p in (home / "models").iterdir()] == ["toy"]


def test_a_new_export_takes_the_place_of_the_old_one(home):
    for content in (b"old", b"newer"):
        with replacing_folder(folder_of("toy")) as folder:
            (folder / "fp32.onnx").write_bytes(content)
            write_manifest(folder, NOTHING)
    assert read_manifest("toy").files["fp32.onnx"].size == 5
    assert json.loads((folder_of("toy") / MANIFEST).read_text())["name"] == "toy"


def test_any_name_has_a_folder_of_its_own_inside_home(home):
    names = ["minilm", "open_clip:ViT-B-32/openai", "sentence:../../etc", "open_clip:ViT-L-14/openai"]
    folders = [folder_of(name) for name in names]
    assert len(set(folders)) == len(names)
    assert all(folder.parent == home / "models" for folder in folders)


def _tokenizer():
    from tokenizers import Tokenizer, models

    path = folder_of("minilm").parent / "tokenizer.json"
    Tokenizer(models.WordLevel({"a": 0}, unk_token="a")).save(str(path))
    return path


def test_leftovers_of_killed_runs_are_removed(home):
    old, young = home / "models" / ".scratch-toy-old", home / "models" / ".scratch-toy-young"
    for folder in (old, young):
        folder.mkdir(parents=True)
    os.utime(old, (0, 0))
    with replacing_folder(folder_of("toy")) as folder:
        write_manifest(folder, NOTHING)
    assert not old.exists()
    assert young.exists()


def test_an_export_of_another_version_is_made_again(minilm_copy):
    manifest = json.loads((minilm_copy / MANIFEST).read_text())
    del manifest["version"]  # as before versions were counted
    (minilm_copy / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match=r"another version.*clipactor models fetch minilm"):
        load_encoder("minilm", "fp32")


def test_what_ships_is_read_whatever_a_user_has_of_it(minilm_copy):
    """int8 has the same bytes on every machine, so every machine finds the same clips."""
    for path in minilm_copy.iterdir():
        path.write_bytes(b"damaged")
    assert load_encoder("minilm").precision == "int8"
    assert check_all("minilm", shipped_folder("minilm")).precisions == ("int8",)


def test_a_truncated_shipped_file_says_how_to_restore_it(tmp_path, monkeypatch):
    shutil.copytree(shipped_models(), tmp_path / "models", ignore=shutil.ignore_patterns("styles", "*.npz"))
    monkeypatch.setattr(encoder_folder, "shipped_models", lambda: tmp_path / "models")
    os.truncate(tmp_path / "models" / "minilm" / "int8.onnx", 1000)
    with pytest.raises(ModelError, match=r"has 1000 bytes instead of .*restore it from the package"):
        load_encoder("minilm")


def test_the_shipped_graph_tells_of_no_folder_of_the_machine_that_made_it():
    content = (shipped_models() / "minilm" / "int8.onnx").read_bytes()
    assert b"site-packages" not in content and b"/home/" not in content and b'File "' not in content
