"""Every body file goes through one door; a bad one is refused with the key, what was found and expected."""

import os
import pickle

import numpy as np
import pytest
from scipy import sparse

from clipactor_node.body import load
from clipactor_node.body.open_format import write_open_body
from clipactor_node.body.smplx_format import WANTED, write_smplx
from clipactor_node.errors import ModelError
from clipactor_node.geometry.skeleton import PARENTS

BODY = load()


@pytest.fixture(scope="module")
def smplx_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("smplx") / "SMPLX_NEUTRAL.npz"
    write_smplx(BODY, path)
    return path


@pytest.fixture(scope="module")
def licensed() -> dict:
    """Random numbers in the shapes of a small licensed SMPL-X file (its 55 joints, 400 directions)."""
    rng = np.random.default_rng(1)
    weights = rng.random((60, 55)) ** 8
    return {
        "v_template": rng.normal(0, 0.3, (60, 3)),
        "f": rng.integers(0, 60, (90, 3)).astype(np.uint32),
        "weights": weights / weights.sum(1, keepdims=True),
        "J_regressor": np.full((55, 60), 1 / 60),
        "kintree_table": np.stack([np.array((2**32 - 1, *PARENTS[1:])), np.arange(55)]),
        "posedirs": rng.normal(0, 0.01, (60, 3, 486)),
        "shapedirs": rng.normal(0, 0.01, (60, 3, 400)),
        "hands_meanl": rng.normal(0, 0.1, 45),
        "hands_meanr": rng.normal(0, 0.1, 45),
        "hands_componentsl": np.eye(45),
        "hands_componentsr": np.eye(45),
    }


def test_a_written_body_is_read_back(tmp_path):
    digest = write_open_body(BODY, tmp_path / "again.npz")
    again = load(tmp_path / "again.npz")
    assert again.sha256 == digest == write_open_body(BODY, tmp_path / "same.npz")
    np.testing.assert_array_equal(again.template, BODY.template)
    np.testing.assert_allclose(again.weights, BODY.weights, atol=5e-5)
    np.testing.assert_allclose(again.shape_directions, BODY.shape_directions, atol=1e-6)
    assert again.shape_names == BODY.shape_names
    assert again.landmarks == BODY.landmarks


def test_the_smplx_schema_loses_nothing(smplx_file):
    again = load(smplx_file)
    np.testing.assert_array_equal(again.template, BODY.template)
    np.testing.assert_array_equal(again.faces, BODY.faces)
    np.testing.assert_array_equal(again.weights, BODY.weights)
    np.testing.assert_array_equal(again.parts, BODY.parts)
    np.testing.assert_array_equal(
        again.shape_directions[:, :, : len(BODY.shape_names)], BODY.shape_directions
    )
    np.testing.assert_array_equal(again.expression_directions[:, :, :10], BODY.expression_directions)
    np.testing.assert_array_equal(again.hands.left_mean, BODY.hands.left_mean)


def test_a_licensed_npz_and_pickle_hold_the_same_body(licensed, tmp_path):
    np.savez(tmp_path / "SMPLX_MALE.npz", **licensed, joint2num=np.array({"pelvis": 0}, dtype=object))
    (tmp_path / "SMPLX_MALE.pkl").write_bytes(
        pickle.dumps({**licensed, "J_regressor": sparse.csc_matrix(licensed["J_regressor"])}, protocol=2)
    )
    one, two = load(tmp_path / "SMPLX_MALE.npz"), load(tmp_path / "SMPLX_MALE.pkl")
    assert one.shape_directions.shape == (60, 3, 300)
    assert one.expression_directions.shape == (60, 3, 100)
    np.testing.assert_allclose(one.template, licensed["v_template"], atol=1e-6)
    np.testing.assert_array_equal(one.template, two.template)
    np.testing.assert_array_equal(one.joints(one.template), two.joints(two.template))
    np.testing.assert_allclose(one.correctives.dense(60), licensed["posedirs"], atol=1e-6)
    np.testing.assert_allclose(one.hands.left_mean.ravel(), licensed["hands_meanl"], atol=1e-6)


class _Evil:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


def test_a_pickle_that_would_run_code_is_refused_and_not_run(licensed, tmp_path):
    trace = tmp_path / "was_run"
    (tmp_path / "evil.pkl").write_bytes(pickle.dumps({**licensed, "posedirs": _Evil(str(trace))}))
    with pytest.raises(ModelError, match=r"mkdir(.|\n)*numpy\.savez"):
        load(tmp_path / "evil.pkl")
    assert not trace.exists()


def test_an_npz_with_a_pickle_in_a_needed_key_is_refused_and_not_run(licensed, tmp_path):
    trace = tmp_path / "was_run"
    np.savez(tmp_path / "evil.npz", **{**licensed, "weights": np.array(_Evil(str(trace)), dtype=object)})
    with pytest.raises(ModelError, match="allow_pickle"):
        load(tmp_path / "evil.npz")
    assert not trace.exists()


@pytest.mark.parametrize(
    "key", ["v_template", "f", "weights", "J_regressor", "kintree_table", "posedirs", "shapedirs"]
)
def test_a_missing_key_is_named(licensed, tmp_path, key):
    np.savez(tmp_path / "part.npz", **{k: v for k, v in licensed.items() if k != key})
    with pytest.raises(ModelError, match=key):
        load(tmp_path / "part.npz")


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("v_template", np.zeros((60, 2)), "anyx3"),
        ("weights", np.zeros((60, 24)), "60x55"),
        ("weights", np.zeros((60, 55)), "sum to 1"),
        ("weights", np.full((60, 55), np.nan), "finite"),
        ("v_template", np.full((60, 3), np.inf), "finite"),
        ("J_regressor", np.full((55, 60), np.nan), "finite"),
        ("posedirs", np.zeros((60, 3, 207)), "60x3x486"),
        ("posedirs", np.full((60, 3, 486), np.nan), "finite"),
        ("kintree_table", np.zeros((2, 24), np.int64), "55"),
        ("f", np.full((90, 3), 60), r"\[0, 60\)"),
        ("f", np.array([["a"] * 3] * 90), "numbers"),
        ("hands_meanl", np.zeros(12), "45"),
    ],
)
def test_a_wrong_value_is_named_with_what_was_expected(licensed, tmp_path, key, value, expected):
    np.savez(tmp_path / "wrong.npz", **{**licensed, key: value})
    with pytest.raises(ModelError, match=expected) as caught:
        load(tmp_path / "wrong.npz")
    word = {"f": "f", "v_template": "template", "J_regressor": "regressor"}.get(key, key)
    assert word in str(caught.value) or "correctives" in str(caught.value)


@pytest.mark.parametrize("kept", [0.0, 0.001, 0.3, 0.7, 0.99])
def test_a_truncated_file_is_refused(tmp_path, kept):
    whole = BODY.path.read_bytes()
    (tmp_path / "cut.npz").write_bytes(whole[: int(kept * len(whole))])
    with pytest.raises(ModelError, match="truncated"):
        load(tmp_path / "cut.npz")


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_file_is_refused_or_read_but_never_crashes(tmp_path, seed):
    rng = np.random.default_rng(seed)
    content = bytearray(BODY.path.read_bytes())
    for place in rng.integers(0, len(content), 40):
        content[place] = rng.integers(256)
    (tmp_path / "damaged.npz").write_bytes(content)
    with pytest.raises(ModelError):
        load(tmp_path / "damaged.npz")


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_pickle_is_refused_or_read_but_never_crashes(licensed, tmp_path, seed):
    rng = np.random.default_rng(seed)
    content = bytearray(pickle.dumps(licensed))
    content[: int(rng.integers(1, 400))] = rng.bytes(int(rng.integers(1, 400)))
    (tmp_path / "damaged.pkl").write_bytes(content)
    with pytest.raises(ModelError):
        load(tmp_path / "damaged.pkl")


def test_a_key_missing_from_our_own_file_is_named(tmp_path):
    with np.load(BODY.path) as archive:
        arrays = {key: archive[key] for key in archive.files}
    for key in set(arrays) - {"format", "correctives_starts"}:
        np.savez(tmp_path / "part.npz", **{k: v for k, v in arrays.items() if k != key})
        with pytest.raises(ModelError, match=key):
            load(tmp_path / "part.npz")


def test_no_file_and_no_body_say_so(tmp_path):
    with pytest.raises(ModelError, match="no body model"):
        load(tmp_path / "nothing.npz")
    with pytest.raises(ModelError, match="no body model"):
        load(tmp_path)
    np.savez(tmp_path / "other.npz", colors=np.zeros(3))
    with pytest.raises(ModelError, match="colors"):
        load(tmp_path / "other.npz")


def test_only_what_is_used_is_read_from_a_licensed_file():
    assert "joint2num" not in WANTED
