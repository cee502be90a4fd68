"""`clipactor style ...`, with a tiny image-text model and a schedule of a few iterations."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from clipactor_node import imagetext
from clipactor_node.cli import app
from clipactor_node.errors import ClipActorError, StyleError
from clipactor_node.style import PRESETS
from clipactor_node.style.optimization import optimizer
from clipactor_node.style.pictures.contact_sheet import contact_sheet
from clipactor_node.style.schedule import FieldSpec, Level, Schedule, ViewPlan

QUICK = Schedule(
    iterations=3,
    frames=2,
    spacing=1,
    scored_frames=2,
    subdivisions=0,
    report_every=1,
    field=FieldSpec(frequencies=16, width=32, trunk=2, branch=1),
    views=ViewPlan(per_frame=2, size=32),
    levels=(Level("full", "color", 1), Level("geometry", "grey", 1, crop=0.1)),
)


@pytest.fixture(autouse=True)
def quick(monkeypatch, model, small_body):
    monkeypatch.setattr("clipactor_node.body.load", lambda path=None: small_body)
    monkeypatch.setitem(PRESETS, "cpu-preview", QUICK)
    monkeypatch.setattr(imagetext, "load", lambda *args: model)
    monkeypatch.setattr(optimizer, "contact_sheet", lambda *args: contact_sheet(*args[:2], [0], height=24))


def run(*words):
    """Output of a command; its ClipActorError is raised."""
    result = CliRunner().invoke(app, ["style", *map(str, words)])
    if isinstance(result.exception, Exception) and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def optimize(prompt, *options):
    standing = ("--clip", "standing", "--threads", 1, "--preset", "cpu-preview")
    return run("optimize", prompt, *standing, *options).strip()


def styles():
    return json.loads(run("list", "--json"))["styles"]


def mine():
    """Prompts of the styles that are not shipped."""
    return [style["prompt"] for style in styles() if style["model"] == "tiny@1"]


def test_optimizing_tells_the_cost_first_and_ends_with_a_picture():
    output = optimize("a clown")
    assert output.index("3 iterations, 24 images to encode, about") < output.index("complete: score")
    picture = Image.open("".join(output.splitlines()[-1].split()))
    assert picture.width > picture.height
    assert mine() == ["a clown"]


def test_the_cost_alone_leaves_nothing_behind():
    assert "24 images to encode" in optimize("a clown", "--cost-only")
    assert mine() == []


def test_a_style_is_found_by_prompt_shown_and_removed(tmp_path):
    optimize("a clown")
    output = run("show", "A Clown", "--out", tmp_path / "sheet.png")
    assert "prompt: a clown" in output and "seed: 0" in output
    sheet = Image.open(tmp_path / "sheet.png")
    assert sheet.size == (4 * 180, 3 * 240)
    run("remove", "a clown")
    assert mine() == []


def test_two_styles_are_compared(tmp_path):
    optimize("a clown")
    optimize("a pilot", "--seed", 3)
    output = run("compare", "a clown", "a pilot", "--out", tmp_path / "both.png")
    assert "prompt: a clown | a pilot" in output and "seed: 0 | 3" in output
    assert "of 255 apart" in output and "mm apart" in output
    assert Image.open(tmp_path / "both.png").size == (4 * 240, 2 * 320)


def test_an_ablation_is_a_table_and_a_picture_with_a_row_for_each_part(tmp_path):
    output = run("ablate", "a clown", "--clip", "standing", "--threads", 1, "--out", tmp_path / "a")
    for name in ("full", "-aug_t", "-sample", "-weight", "-decoupled", "-geometry", "-laplacian", "-relief"):
        assert f"\n{name} " in output
    assert Image.open(tmp_path / "a" / "ablation.png").height == 10 * 240
    assert mine() == []


def test_an_ablation_takes_away_one_part_and_only_what_is_there():
    from clipactor_node.style.ablation import variants

    paper = variants(PRESETS["paper"])
    assert paper["full"] == PRESETS["paper"] and len(paper) == 10
    assert paper["-weight"] == replace(PRESETS["paper"], attention=False)
    assert [level.name for level in paper["-local"].levels] == ["full", "geometry"]
    assert "-relief" not in variants(replace(PRESETS["paper"], moves_surface=False))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["optimize", "a clown", "--preset", "slow"], "paper, gpu-fast, cpu-preview, proposal"),
        (["optimize", " "], "prompt is empty"),
        (["optimize", "a clown", "--clip", "no such clip"], "no such clip"),
        (["optimize", "a clown", "--device", "cuda:99"], "choose cpu"),
        (
            ["optimize", "a clown", "--clip", "standing", "--backend", "opengl", "--preset", "cpu-preview"],
            "numba, pytorch3d, nvdiffrast",
        ),
        (["optimize", "a clown", "--clip", "standing", "--seed", "-1"], "seed"),
        (["show", "nobody"], "clipactor style list"),
        (["remove", "nobody"], "clipactor style list"),
        (["compare", "nobody", "noone"], "clipactor style list"),
    ],
)
def test_bad_input_says_what_to_do(words, message):
    with pytest.raises(ClipActorError, match=message):
        run(*words)


def test_damaged_styles_are_listed_as_damaged_whatever_is_wrong_with_them(tmp_path):
    optimize("a clown")
    home = tmp_path / "home" / "styles"
    (home / "broken").mkdir()
    (clown,) = (entry for entry in home.iterdir() if (entry / "style.json").is_file())
    arrays = clown / "style.safetensors"
    arrays.write_bytes(arrays.read_bytes()[:-7])
    output = run("list")
    row = next(line for line in output.splitlines() if clown.name in line)
    assert "a clown" in row and "damaged" in row and "complete" not in row
    assert "damaged" in next(line for line in output.splitlines() if "broken" in line)
    listed = json.loads(run("list", "--json"))
    assert {Path(folder).name for folder in listed["refused"]} == {"broken", clown.name}
    assert clown.name not in {style["key"] for style in listed["styles"]}
    assert "removed broken" in run("clean", "--damaged")
    assert not clown.exists() and json.loads(run("list", "--json"))["refused"] == {}


def test_what_is_not_used_goes_and_what_is_said_stays(tmp_path):
    optimize("a clown")
    optimize("a pilot")
    assert "in 2 styles" in run("clean")
    assert "removed" not in run("clean", "--quota-mb", 500)
    assert "in 2 styles" in run("clean", "--to-mb", 0, "--dry-run")
    output = run("clean", "--to-mb", 0)
    assert output.count("removed") == 2 and "0.0 MB of 500 MB in 0 styles" in output
    assert [style["model"] for style in styles()].count("tiny@1") == 0


def test_every_command_chooses_its_motion_by_the_same_rule():
    """One place reads the planner; no command retrieves on its own."""
    from clipactor_node import cli

    for name in ("style", "style_batch", "style_work", "style_shipped"):
        source = (Path(cli.__file__).parent / f"{name}.py").read_text()
        assert "Retriever" not in source and "load_encoder" not in source


def test_every_surface_is_tried_and_a_body_without_a_map_has_no_clothes(tmp_path):
    words = ("--clip", "standing", "--threads", 1, "--iterations", 1, "--out", tmp_path / "surfaces")
    with pytest.raises(StyleError, match="no UV map"):  # the last of the four
        run("surfaces", "a clown", *words)
    cards = [json.loads(card.read_text()) for card in (tmp_path / "surfaces").glob("*/style.json")]
    assert sorted(card["preset"] for card in cards) == [
        f"cpu-preview {on}" for on in ("smpl", "smplx", "subdivided")
    ]
