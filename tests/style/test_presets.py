"""Schedules and their names."""

from dataclasses import asdict, replace

import pytest

from clipactor_node.errors import InvalidChoice, StyleError
from clipactor_node.style import PRESETS, preset
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
    assert paper.weights.laplacian == 250.0 and paper.attention and paper.subdivisions == 1


def test_a_preview_encodes_few_images():
    assert preset("cpu-preview").images_per_iteration <= 8


def test_unknown_presets_list_the_known_ones():
    with pytest.raises(InvalidChoice, match="paper, gpu-fast, cpu-preview"):
        preset("fastest")


@pytest.mark.parametrize("name", PRESETS)
def test_schedules_are_plain_data(name):
    import json

    assert json.loads(json.dumps(asdict(preset(name))))["iterations"] == preset(name).iterations


@pytest.mark.parametrize(
    "wrong",
    [{"iterations": 0}, {"learning_rate": -1.0}, {"sampling": "best"}, {"levels": ()}, {"subdivisions": 9}],
)
def test_impossible_schedules_are_refused(wrong):
    with pytest.raises(StyleError, match="impossible"):
        replace(Schedule(), **wrong)


def test_impossible_levels_are_refused():
    with pytest.raises(StyleError):
        Level("full", "color", 3, crop=0.0)
