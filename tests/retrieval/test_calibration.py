"""What a cosine is worth."""

import json

import numpy as np
import pytest

from clipactor_node.retrieval import calibration
from clipactor_node.retrieval.calibration import Calibration, calibrate, fit, samples


def test_confidence_grows_with_the_cosine_from_zero_to_one():
    curve = Calibration(slope=10.0, middle=0.5)
    chances = [curve.confidence(c) for c in (-1.0, 0.3, 0.5, 0.7, 1.0)]
    assert chances == sorted(chances)
    assert chances[2] == 0.5
    assert 0.0 <= chances[0] < 0.01 < 0.99 < chances[-1] <= 1.0


def test_the_fit_recovers_the_curve_that_made_the_data():
    rng = np.random.default_rng(0)
    scores = rng.uniform(0, 1, 50_000)
    truth = Calibration(slope=12.0, middle=0.55)
    right = rng.uniform(size=len(scores)) < [truth.confidence(s) for s in scores]
    found = fit(scores, right)
    # Right and wrong count equally, which moves the middle to where they are equally likely.
    shift = np.log((~right).sum() / right.sum()) / truth.slope
    assert found.slope == pytest.approx(truth.slope, rel=0.05)
    assert found.middle == pytest.approx(truth.middle - shift, abs=0.01)


@pytest.mark.parametrize("right", [[True, True], [False, False]])
def test_one_sided_data_give_a_finite_curve(right):
    found = fit(np.array([0.2, 0.4]), np.array(right))
    assert np.isfinite([found.slope, found.middle]).all()


def test_the_shipped_cases_tell_right_from_wrong(minilm):
    scores, right = samples(minilm)
    assert right.sum() > 40
    assert scores[right].mean() > scores[~right].mean() + 0.05
    found = calibrate(minilm)
    assert found.slope > 0
    assert 0.3 < found.middle < 0.7


def test_a_curve_that_does_not_ship_is_fitted_once_and_a_damaged_one_again(minilm, cache, monkeypatch):
    monkeypatch.setattr(calibration, "shipped_calibration", lambda key: None)
    first = calibrate(minilm)
    (path,) = (cache.parent / "calibration").glob("*.json")
    path.write_text(json.dumps({"slope": 1.0, "middle": 0.25}))
    assert calibrate(minilm) == Calibration(1.0, 0.25)
    path.write_text("{")
    assert calibrate(minilm) == first
