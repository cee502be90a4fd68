"""`clipactor body ...` and `clipactor bench body` as one types them."""

import json

import numpy as np
import pytest
import typer
from PIL import Image
from typer.testing import CliRunner

from clipactor_node.bench import body as bench_body
from clipactor_node.body import load
from clipactor_node.cli import body

runner = CliRunner()


def test_export_smplx_puts_landmarks_where_stock_software_looks(tmp_path):
    result = runner.invoke(body.app, ["export-smplx", str(tmp_path / "SMPLX_NEUTRAL.npz")])
    assert result.exit_code == 0, result.output
    exported, own = load(tmp_path / "SMPLX_NEUTRAL.npz"), load()
    np.testing.assert_allclose(exported.template[9120], own.template[own.landmarks["nose"]], atol=1e-6)
    np.testing.assert_allclose(exported.template[8846], own.template[own.landmarks["left_heel"]], atol=1e-6)
    np.testing.assert_allclose(exported.joints(exported.template), own.joints(own.template), atol=1e-5)
    np.testing.assert_allclose(exported.template[exported.faces], own.template[own.faces], atol=1e-6)


def test_export_smplx_refuses_another_kind_of_file(tmp_path):
    result = runner.invoke(body.app, ["export-smplx", str(tmp_path / "SMPLX_NEUTRAL.pkl")])
    assert "written as .npz" in str(result.exception)


def test_the_sheet_is_drawn(tmp_path, monkeypatch):
    monkeypatch.setattr("clipactor_node.render.sheets.body_views.SIZE", 60)
    result = runner.invoke(body.app, ["sheet", "--out", str(tmp_path / "deep" / "sheet.png")])
    assert result.exit_code == 0, result.output
    image = np.asarray(Image.open(tmp_path / "deep" / "sheet.png").convert("RGB"))
    assert image.shape[1] > 500
    assert image.std() > 20


@pytest.mark.parametrize("command", ["build", "export-smplx", "sheet"])
def test_every_command_explains_itself(command):
    assert runner.invoke(body.app, [command, "--help"]).exit_code == 0


def test_bench_prints_one_flat_object(tmp_path, monkeypatch):
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path))
    app = typer.Typer()
    app.command()(bench_body.body)
    result = runner.invoke(app, ["--frames", "10", "--json"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.output.strip().splitlines()[-1])
    assert figures["body_vertex_count"] == len(load().template)
    assert all(isinstance(value, float) for value in figures.values())
