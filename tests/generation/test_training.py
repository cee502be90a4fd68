"""Training: losses with right values, exact resume, loss that falls, what goes wrong is said."""

import numpy as np
import pytest

from clipactor_node.errors import ClipActorError, InvalidChoice, ModelError
from clipactor_node.generation import open_space
from clipactor_node.generation.features import features

torch = pytest.importorskip("torch")

from clipactor_node.generation.opposites import opposite  # noqa: E402
from clipactor_node.generation.training import Config, load_pair, train  # noqa: E402
from clipactor_node.generation.training.batches import Sampler, Variation, stacked  # noqa: E402
from clipactor_node.generation.training.data import subject_of  # noqa: E402
from clipactor_node.generation.training.evaluation import table  # noqa: E402
from clipactor_node.generation.training.export import export_model  # noqa: E402
from clipactor_node.generation.training.losses import alignment, contrast, tether  # noqa: E402
from clipactor_node.generation.training.models import Pair  # noqa: E402
from clipactor_node.generation.training.networks import LimbAttention, MotionGru  # noqa: E402
from clipactor_node.generation.training.run_folder import read_log  # noqa: E402

TINY = Config(steps=6, batch=6, check_every=3, warm_up=2, patience=0)


def test_the_contrast_of_two_pairs_is_what_the_equation_says():
    """Equation 2: S = identity, 1/tau = 2: -log(e^2 / (e^2 + 1)) both ways."""
    eye = torch.eye(2)
    assert float(contrast(eye, eye, 2.0)) == pytest.approx(np.log(1 + np.exp(-2.0)), abs=1e-6)
    same = torch.tensor([[False, True], [True, False]])
    assert float(contrast(eye, eye, 2.0, same)) == pytest.approx(0.0, abs=1e-6)


def test_alignment_and_tether_fall_when_pairs_turn_to_each_other():
    a, b = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 1.0]])
    assert float(alignment(a, a)) == pytest.approx(0.0) and float(alignment(a, b)) == pytest.approx(1.0)
    assert float(tether(a, -a)) == pytest.approx(2.0)


def test_recall_counts_every_clip_that_a_text_is_about():
    scores = np.array([[0.9, 0.8, 0.1], [0.1, 0.2, 0.3]])
    right = np.array([[False, True, False], [False, False, True]])
    found = table(scores, right)
    assert found.text[1] == 0.5 and found.text[2] == 1.0 and found.median == 1.5


@pytest.mark.parametrize(
    ("name", "subject"), [("cmu/02_01", "cmu/02"), ("127_32", "127"), ("wave", "wave"), ("salsa_18", "salsa")]
)
def test_the_subject_is_the_name_without_its_last_number(name, subject):
    assert subject_of(name) == subject


def test_an_opposite_differs_in_one_word():
    assert opposite("a person turns to the left slowly", "side") == "a person turns to the right slowly"
    assert opposite("a person turns to the left slowly", "speed") == "a person turns to the left quickly"
    assert opposite("a person claps", "count") == ""


@pytest.mark.parametrize("kind", [MotionGru, LimbAttention])
def test_what_comes_after_the_end_of_a_motion_changes_nothing(kind):
    torch.manual_seed(0)
    net = kind().eval()
    rows = torch.randn(2, 40, 263)
    alone = net(rows[:1, :20], torch.tensor([20]))
    padded = net(torch.cat([rows[:1, :20], rows[1:, :20]], dim=1), torch.tensor([20]))
    torch.testing.assert_close(alone, padded, atol=1e-5, rtol=1e-4)


def test_batches_are_the_same_for_the_same_seed_and_step(data):
    one, two = (Sampler(data, "train", Variation(), 3).batch(5, 4) for _ in range(2))
    assert one.texts == two.texts and torch.equal(one.rows, two.rows)
    assert Sampler(data, "train", Variation(), 3).batch(6, 4).texts != one.texts


def test_nothing_of_other_subjects_is_trained_on(data):
    trained = {data.clips[data.windows[i].clip]["name"] for i in data.of("train")}
    assert trained.isdisjoint({"nod", "squat", "march", "run"})
    assert {data.clips[i]["name"] for i in data.clips_of("test")} == {"march", "run"}


def test_a_run_that_is_cut_goes_on_exactly(data, tmp_path):
    whole = train(data, tmp_path / "whole", TINY)

    class Stop(Exception):
        pass

    def stop(entry):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(data, tmp_path / "cut", TINY, stop)
    assert len(read_log(tmp_path / "cut")) == 1
    cut = train(data, tmp_path / "cut", TINY)
    a, b = (torch.load(path, weights_only=True)["net"] for path in (whole, cut))
    assert all(torch.equal(a[name], b[name]) for name in a)
    assert [e["step"] for e in read_log(tmp_path / "cut")] == [3, 6]
    assert (tmp_path / "cut" / "curves.png").is_file()


@pytest.mark.parametrize("motion", ["gru", "limbs"])
def test_the_loss_falls(data, tmp_path, motion):
    entries = []
    config = Config(motion=motion, steps=24, batch=6, check_every=1, warm_up=2, patience=0)
    train(data, tmp_path / "run", config, entries.append)
    first, last = (
        np.mean([e["contrast"] + e["align"] for e in part]) for part in (entries[:5], entries[-5:])
    )
    assert last < 0.9 * first


@pytest.mark.parametrize("text", ["words", "tuned"])
def test_texts_that_are_read_word_by_word_learn_too(data, tmp_path, text):
    pytest.importorskip("open_clip")
    entries = []
    config = Config(text=text, base="random", steps=4, batch=4, check_every=2, patience=0)
    assert train(data, tmp_path / "run", config, entries.append).is_file()
    assert ("tether" in entries[-1]) == (text == "tuned")


def test_the_exported_graphs_say_what_the_networks_say(data, few, rest, tmp_path):
    run = tmp_path / "run"
    train(data, run, TINY)
    net = load_pair(data, run)
    export_model(net, data, tmp_path / "model", {"steps": 6})
    space = open_space(tmp_path / "model")
    rows = features(few.load("kick"), rest)
    padded, lengths = stacked([(rows - data.mean) / data.deviation])
    with torch.no_grad():
        motion = net.motion(padded, lengths).numpy()[0]
        words = net.text(torch.from_numpy(data.vectors[0, :3])).numpy()
    assert space.motions(rows)[0] @ motion > 0.98
    assert (np.sum(space.words(data.vectors[0, :3]) * words, axis=1) > 0.98).all()
    (tmp_path / "model" / "motion.onnx").write_bytes(b"short")
    with pytest.raises(ModelError, match="absent or not the file that was exported"):
        open_space(tmp_path / "model")


def test_what_cannot_be_trained_is_said(data, tmp_path):
    with pytest.raises(InvalidChoice, match="motion network 'lstm' is unknown"):
        train(data, tmp_path / "a", Config(motion="lstm"))
    train(data, tmp_path / "b", TINY)
    with pytest.raises(ModelError, match="another config or other data"):
        train(data, tmp_path / "b", Config(steps=9, batch=6))
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "checkpoint.pt").write_bytes(b"\x80nothing")
    with pytest.raises(ModelError, match="is no checkpoint"):
        train(data, tmp_path / "c", TINY)
    with pytest.raises(ClipActorError, match="is no run folder"):
        load_pair(data, tmp_path / "nowhere")


def test_a_pair_of_words_is_no_model_that_plays(data, tmp_path):
    pytest.importorskip("open_clip")
    with pytest.raises(ClipActorError, match="train one with --text sentence"):
        export_model(Pair("gru", "words", "random", 384), data, tmp_path / "x", {})
