"""`clipactor models`: which models are here, and whether they are whole."""

import json

import pytest
from typer.testing import CliRunner

from clipactor_node.cli import models
from clipactor_node.files import replacing_folder
from clipactor_node.text.encoder_folder import Manifest, folder_of, write_manifest
from clipactor_node.text.model_state import model_states, verify

TOY = Manifest("sentence:toy", 4, 8, "none", True, 0, 0, "CC0-1.0", "abc")


def state_of(name: str):
    return next(s for s in model_states() if s.entry.name == name)


def export_toy() -> None:
    with replacing_folder(folder_of(TOY.name)) as folder:
        (folder / "fp32.onnx").write_bytes(b"graph")
        write_manifest(folder, TOY)


def test_the_registry_names_the_encoders_of_both_profiles():
    assert {"minilm", "mpnet", "clip"} <= {s.entry.name for s in model_states()}


def test_what_is_not_prepared_is_absent(home):
    assert state_of("mpnet").state == "absent"
    assert state_of("mpnet").entry.get == "clipactor models fetch mpnet"


def test_prepared_minilm_is_ready_and_whole():
    assert verify(state_of("minilm")).state == "ready"


def test_what_the_user_exported_is_listed(home):
    export_toy()
    found = state_of("sentence:toy")
    assert (found.state, found.entry.licence, found.detail) == ("ready", "CC0-1.0", "fp32")


def test_verification_finds_a_changed_byte(home):
    export_toy()
    (folder_of(TOY.name) / "fp32.onnx").write_bytes(b"grapf")
    assert verify(state_of("sentence:toy")).state == "damaged"


def test_shipped_files_are_verified():
    shipped = [s for s in model_states() if s.state == "shipped"]
    assert shipped
    assert {verify(s).state for s in shipped} == {"shipped"}


def run(*arguments: str):
    return CliRunner().invoke(models.app, list(arguments))


def test_list_prints_licence_size_hash_and_state():
    rows = {row["name"]: row for row in json.loads(run("list", "--json").stdout)}
    assert rows["mpnet"]["licence"] == "Apache-2.0"
    assert rows["mpnet"]["size"] == 437971872
    assert rows["mpnet"]["sha256"].startswith("78c0197b")
    assert rows["minilm"]["state"] == "ready"
    assert "Apache-2.0" in run("list").stdout


def test_verify_exits_with_one_if_something_is_damaged(home):
    export_toy()
    assert run("verify", "sentence:toy").exit_code == 0
    (folder_of(TOY.name) / "fp32.onnx").write_bytes(b"")
    assert run("verify", "sentence:toy").exit_code == 1


def test_verify_of_an_unknown_model_lists_the_known_ones():
    assert "minilm" in str(run("verify", "nonsense").exception)


def test_prepare_has_nothing_to_do_because_the_encoder_ships(home):
    assert "ready" in run("prepare").stdout
    assert not home.exists()
    assert (state_of("minilm").state, state_of("minilm").detail) == ("shipped", "int8")


def test_fetch_does_nothing_when_all_is_there():
    before = folder_of("minilm").stat().st_mtime_ns
    assert "ready" in run("fetch", "minilm").stdout
    assert folder_of("minilm").stat().st_mtime_ns == before


@pytest.mark.parametrize("content", [b"", b"{}"])
def test_a_damaged_manifest_is_shown_as_damaged(home, content):
    folder_of("minilm").mkdir(parents=True)
    (folder_of("minilm") / "manifest.json").write_bytes(content)
    assert state_of("minilm").state == "damaged"
