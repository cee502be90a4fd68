"""The generator that ships makes what it is asked for, and its gate keeps out what it cannot do."""

import pytest

from clipactor_node import body
from clipactor_node.generation import open_generator, open_maker
from clipactor_node.home import shipped_models
from clipactor_node.text import load_encoder


@pytest.fixture(scope="module")
def maker():
    return open_maker(load_encoder(), body.Skinner(body.load()))


def test_it_says_where_it_comes_from():
    manifest = open_generator(shipped_models() / "motion-generator").manifest
    assert manifest.facts["trained_steps"] > 0 and len(manifest.facts["data"]) == 64
    assert manifest.facts["config"]["lambda_motion"] == 10.0


def test_raised_hands_are_generated_and_the_same_for_the_same_seed(maker):
    one, two = (maker.make("a person raises both hands above the head", 3.0, 1) for _ in range(2))
    assert one.clip is not None and two.clip is not None
    assert one.line.startswith("generated ") and one.clip.duration_s == pytest.approx(3.0, abs=0.1)
    assert (one.clip.poses == two.clip.poses).all()


def test_a_kick_that_is_none_is_refused_with_the_reason(maker):
    made = maker.make("a person kicks with the right leg", 3.0, 1)
    assert made.clip is None and "refused" in made.line
