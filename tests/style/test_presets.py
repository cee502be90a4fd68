"""Schedules and their names."""

import math
from dataclasses import asdict, replace

import pytest

from clipactor_node.errors import InvalidChoice, StyleError
from clipactor_node.style import PRESETS, preset, variants
from clipactor_node.style.frames import LONGEST
from clipactor_node.style.presets import suiting
from clipactor_node.style.schedule import Level, Schedule


def test_the_paper_preset_is_the_published_schedule():
    paper = preset("paper")
    assert (paper.iterations, paper.frames * paper.views.per_frame, paper.images_per_iteration) == (
        1500,
        24,
        264,
    )
    assert (paper.learning_rate, paper.decay, paper.decay_every) == (5e-4, 0.9, 100)
    assert (paper.views.size, paper.views.fov, paper.views.elevation) == (224, 60.0, (-30.0, 30.0))
    assert [(level.name, level.picture, level.repeats, level.crop) for level in paper.levels] == [
        ("full", "color", 3, 1.0),
        ("local", "color", 4, 0.4),
        ("geometry", "grey", 4, 0.1),
    ]
    assert paper.attention and paper.subdivisions == 1 and not paper.propose


def test_the_paper_preset_smoothes_as_strongly_as_published():
    """The authors add 250 x the Laplacian of each frame to 11 terms, each of all frames together; here each
    frame has 11 terms of its own, as in algorithm 1."""
    paper = preset("paper")
    terms = paper.images_per_iteration / paper.views.per_frame
    published = 250.0 / 11
    assert paper.weights.laplacian / terms == pytest.approx(published)
    single = variants(paper)["-aug_t"]
    assert single.weights.laplacian / (single.images_per_iteration / single.views.per_frame) == pytest.approx(
        published
    )


def test_the_paper_preset_scores_every_frame_takes_the_best_three_and_draws_on_white():
    paper = preset("paper")
    assert (paper.frames, paper.sampling, paper.spacing, paper.scored_frames) == (3, "text", 0, LONGEST)
    assert paper.views.background == "white"
    (framing,) = paper.views.framings
    distance = framing.height_m / 2 / math.tan(math.radians(paper.views.fov / 2))
    assert distance == pytest.approx(2.0) and framing.joints == ("pelvis",)
    base = variants(paper)["-decoupled"]
    assert (base.frames, base.sampling, base.decoupled) == (1, "centre", False)


def test_the_base_ablation_keeps_the_proposal_of_a_preset_that_has_one():
    assert variants(preset("cpu-preview"))["-decoupled"].propose


def test_without_a_gpu_nothing_is_refined_unless_iterations_are_asked_for():
    assert [suiting("cuda"), suiting("cuda:1"), suiting("cpu"), suiting("cpu", 20)] == [
        "gpu-fast",
        "gpu-fast",
        "proposal",
        "cpu-preview",
    ]
    assert preset("proposal").iterations == 0


def test_a_preview_encodes_few_images():
    assert preset("cpu-preview").images_per_iteration <= 8


def test_unknown_presets_list_the_known_ones():
    with pytest.raises(InvalidChoice, match="paper, gpu-fast, cpu-preview, proposal"):
        preset("fastest")


@pytest.mark.parametrize("name", PRESETS)
def test_schedules_are_plain_data(name):
    import json

    assert json.loads(json.dumps(asdict(preset(name))))["iterations"] == preset(name).iterations


@pytest.mark.parametrize(
    "wrong",
    [{"iterations": -1}, {"learning_rate": -1.0}, {"sampling": "best"}, {"levels": ()}, {"subdivisions": 9}],
)
def test_impossible_schedules_are_refused(wrong):
    with pytest.raises(StyleError, match="impossible"):
        replace(Schedule(), **wrong)


def test_impossible_levels_are_refused():
    with pytest.raises(StyleError):
        Level("full", "color", 3, crop=0.0)
