"""The generator: its equations with right values, what is trained and what is not, sampling by seed."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")
pytest.importorskip("peft")
pytest.importorskip("open_clip")

from clipactor_node.errors import ClipActorError, InvalidChoice  # noqa: E402
from clipactor_node.generation.generator import kept_shares  # noqa: E402
from clipactor_node.generation.training.batches import Sampler, Variation  # noqa: E402
from clipactor_node.generation.training.denoiser import Denoiser, GeneratorConfig  # noqa: E402
from clipactor_node.generation.training.diffusion import Generator, Guide  # noqa: E402
from clipactor_node.generation.training.models import Pair  # noqa: E402

TINY = GeneratorConfig(width=32, layers=2, heads=2, feed=64, base="random", dropout=0.0, without_text=0.0)
SHARED = replace(TINY, text="sentence", patch=4, frames=60, batch=4, decay_at=3, root=5.0)


@pytest.fixture(scope="module")
def batch(data):
    return Sampler(data, "train", Variation(limb=0.0), 1).batch(0, 6)


@pytest.fixture(scope="module")
def guided(data):
    torch.manual_seed(0)
    return Generator(TINY, Guide(Pair("gru", "sentence", "random", data.vectors.shape[-1])))


def test_the_sizes_are_what_the_paper_and_the_limit_say():
    paper, small = GeneratorConfig.of_size("paper"), GeneratorConfig.of_size("small")
    assert (paper.batch, paper.iterations, paper.frames, paper.learning_rate) == (64, 600_000, 196, 1e-4)
    assert (paper.steps, paper.guidance, paper.rank) == (50, 2.5, 16)
    assert (paper.lambda_motion, paper.lambda_text) == (10.0, 2.0)
    assert (paper.text, paper.patch, paper.root) == ("tokens", 1, 1.0)
    assert sum(p.numel() for p in Denoiser(small, 384).parameters()) < 10e6
    with pytest.raises(InvalidChoice, match="choose one of: paper, small"):
        GeneratorConfig.of_size("huge")


def test_a_motion_is_consistent_with_itself(guided, batch):
    (guide,) = guided._guide
    assert float(guide.motion_consistency(batch.rows, batch.rows, batch.lengths)) == pytest.approx(
        0.0, abs=1e-5
    )
    assert float(guide.motion_consistency(batch.rows, -batch.rows, batch.lengths)) > 0.05


def test_the_loss_is_the_sum_of_equation_five(guided, batch):
    terms = guided.losses(batch, torch.Generator().manual_seed(1))
    assert set(terms) == {"mse", "L_M", "L_T"}
    (guide,) = guided._guide
    assert 0.0 <= float(terms["L_M"]) <= 2 * TINY.lambda_motion
    assert 0.0 <= float(terms["L_T"]) <= 2 * TINY.lambda_text


def test_feedback_reaches_the_text_encoder_and_only_its_lora(guided, batch):
    guided.zero_grad()
    terms = guided.losses(batch, torch.Generator().manual_seed(1))
    (terms["L_M"] + terms["L_T"]).backward()
    trained = {name for name, p in guided.text.named_parameters() if p.requires_grad}
    assert trained and all("lora_" in name for name in trained)
    places = ("q_proj", "k_proj", "v_proj", "fc1", "fc2")
    assert all(any(place in name for name in trained) for place in places)
    assert any(p.grad is not None and p.grad.abs().sum() > 0 for p in guided.text.parameters())
    assert not any("motion" in name for name in guided.state_dict())


def test_full_tuning_trains_all_of_the_text_encoder():
    full = Generator(replace(TINY, full=True))
    assert all(p.requires_grad for p in full.text.parameters())


def test_the_loss_falls_on_a_tiny_run(batch):
    torch.manual_seed(0)
    net = Generator(TINY)
    optimizer = torch.optim.AdamW([p for p in net.parameters() if p.requires_grad], lr=2e-3)
    seen = []
    for step in range(40):
        loss = sum(net.losses(batch, torch.Generator().manual_seed(step % 4)).values())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        seen.append(float(loss))
    assert sum(seen[-4:]) < 0.7 * sum(seen[:4])


def test_the_same_seed_samples_the_same_and_another_does_not():
    torch.manual_seed(0)
    net = Generator(TINY)
    one, two, other = (net.sample(["a person walks"], 16, seed, steps=3) for seed in (1, 1, 2))
    assert one.shape == (1, 16, 263)
    assert torch.equal(one, two) and not torch.equal(one, other)


def test_what_is_given_of_a_motion_is_kept():
    torch.manual_seed(0)
    net = Generator(TINY)
    given, mask = torch.full((1, 16, 263), 0.25), torch.zeros(1, 16, 263)
    mask[:, 0] = 1
    made = net.sample(["a person walks"], 16, 1, steps=3, known=(given, mask))
    torch.testing.assert_close(made[:, 0], given[:, 0], atol=1e-4, rtol=0)


@pytest.mark.parametrize(
    ("frames", "steps", "says"), [(0, 3, "0 frames"), (9000, 3, "9000 frames"), (8, 99, "99 steps")]
)
def test_what_cannot_be_sampled_is_said(frames, steps, says):
    with pytest.raises(ClipActorError, match=says):
        Generator(TINY).sample(["a person walks"], frames, 1, steps)


@pytest.fixture(scope="module")
def shared(data, tmp_path_factory):
    """Extractors and a generator that they guide, after a few steps: run folders."""
    from clipactor_node.generation.training import Config, train, train_generator

    folder = tmp_path_factory.mktemp("runs")
    train(data, folder / "guide", Config(steps=2, batch=4, check_every=2, width=32, patience=0))
    config = replace(SHARED, iterations=4, check_every=2)
    train_generator(data, folder / "whole", config, folder / "guide")
    return folder, config


def test_a_generator_that_is_cut_goes_on_exactly(data, shared):
    from clipactor_node.generation.training import train_generator

    folder, config = shared

    def stop(entry):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_generator(data, folder / "cut", config, folder / "guide", stop)
    train_generator(data, folder / "cut", config, folder / "guide")
    a, b = (
        torch.load(folder / name / "checkpoint.pt", weights_only=True)["net"] for name in ("whole", "cut")
    )
    assert all(torch.equal(a[name], b[name]) for name in a)


def test_the_exported_generator_plays_what_the_network_makes(data, shared):
    from clipactor_node.generation import open_generator
    from clipactor_node.generation.training import export_generator, load_generator

    folder, _ = shared
    net = load_generator(data, folder / "whole")
    export_generator(net, data, folder / "exported", {})
    made = open_generator(folder / "exported")
    words = data.vectors[0, 3]
    one, two, other = (made.sample(words, 1.5, seed, steps=4) for seed in (1, 1, 2))
    assert one.shape == (30, 263) and one.dtype == np.float32
    assert np.array_equal(one, two) and not np.allclose(one, other)
    start = np.array(data.features[:5])
    onward = made.sample(words, 1.5, 1, steps=4, start=start)
    np.testing.assert_allclose(onward[:5], start, atol=1e-4)
    long = made.sample(words, 7.0, 1, steps=2)
    assert len(long) == 140
    kept = kept_shares(SHARED.steps)
    np.testing.assert_allclose(kept, net.schedule.alphas_cumprod.numpy(), atol=1e-6)


@pytest.mark.parametrize(
    ("seconds", "steps", "says"), [(0, 4, "0 seconds"), (600, 4, "600"), (2, 0, "0 steps")]
)
def test_a_length_that_cannot_be_is_said(data, shared, seconds, steps, says):
    from clipactor_node.generation import open_generator
    from clipactor_node.generation.training import export_generator, load_generator

    folder, _ = shared
    if not (folder / "exported").is_dir():
        export_generator(load_generator(data, folder / "whole"), data, folder / "exported", {})
    with pytest.raises(ClipActorError, match=says):
        open_generator(folder / "exported").sample(data.vectors[0, 0], seconds, 1, steps)


def test_a_truncated_generator_is_refused(data, shared, tmp_path):
    from clipactor_node.errors import ModelError
    from clipactor_node.generation import open_generator
    from clipactor_node.generation.training import load_generator

    folder, _ = shared
    (tmp_path / "denoiser.onnx").write_bytes(b"short")
    with pytest.raises(ModelError, match="train one: clipactor motion-model train"):
        open_generator(tmp_path)
    with pytest.raises(ModelError, match="not of a generator"):
        load_generator(data, folder / "guide")


@pytest.fixture(scope="module")
def maker(data, shared):
    """A generator and extractors that learnt nothing, as they play."""
    from clipactor_node import body
    from clipactor_node.generation import MotionMaker, open_generator, open_space
    from clipactor_node.generation.training import export_generator, export_model, load_generator, load_pair
    from clipactor_node.text import load_encoder

    folder, _ = shared
    export_model(load_pair(data, folder / "guide"), data, folder / "space", {})
    export_generator(load_generator(data, folder / "whole"), data, folder / "plays", {})
    skinner = body.Skinner(body.load())
    return MotionMaker(
        open_generator(folder / "plays"), open_space(folder / "space"), load_encoder(), skinner
    )


def test_what_learnt_nothing_is_refused_three_times_and_says_why(maker):
    made, again = (maker.make("a person waves", 1.5, 3, steps=2) for _ in range(2))
    assert made.clip is None and len(made.attempts) == 3
    assert made.line.startswith("3 generated motions were refused (")
    assert len({attempt.seed for attempt in made.attempts}) == 3
    for one, two in zip(made.attempts, again.attempts, strict=True):
        assert np.array_equal(one.clip.poses, two.clip.poses)


def test_a_motion_goes_on_from_where_another_ends(maker, few):
    from clipactor_node.motion.blending import heading_of

    before = few.load("walk")
    made = maker.make("a person stands", 1.5, 3, steps=2, start=before, tries=1)
    clip = made.attempts[0].clip
    assert np.linalg.norm((clip.translation[0] - before.translation[-1])[[0, 2]]) < 0.1
    assert abs(np.angle(np.exp(1j * (heading_of(clip.poses[0]) - heading_of(before.poses[-1]))))) < 0.1


def test_what_cannot_be_made_is_said(maker, few):
    from clipactor_node.errors import PromptError
    from clipactor_node.generation import described_by

    with pytest.raises(ClipActorError, match="no text was given"):
        maker.make("  ", 2.0, 1)
    with pytest.raises(ClipActorError, match="0 seconds"):
        maker.make("a person waves", 0.0, 1)
    with pytest.raises(ClipActorError, match="quarter of a second"):
        maker.make("a person waves", 2.0, 1, start=few.load("wave").slice(0.0, 0.1))
    with pytest.raises(PromptError, match="no action was asked for"):
        described_by(())


def test_a_command_plays_the_nearest_clip_where_nothing_good_was_generated(maker):
    from clipactor_node.motion import open_library
    from clipactor_node.player import CommandPreparer, GeneratedMotions
    from clipactor_node.retrieval import Plan, open_retriever

    library = open_library()
    retriever, _ = open_retriever(library)
    generated = GeneratedMotions(maker, "generated", 2)
    prepared = CommandPreparer(library, retriever, None, 30.0, generated=generated).prepare("a person waves")
    assert not prepared.error and len(prepared.motions) == 1
    assert any("3 generated motions were refused" in warning for warning in prepared.warnings)
    auto = GeneratedMotions(maker, "auto", 2)
    assert auto.asked(None) and not auto.asked(Plan()) and generated.asked(Plan())
