"""The optimizer: it improves, reproduces, resumes, and survives trouble."""

import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch

from clipactor_node.appearance.outfit import propose_outfit
from clipactor_node.appearance.painting import paint
from clipactor_node.appearance.painting.proposal import Proposal
from clipactor_node.errors import InvalidChoice, JobError, StyleError
from clipactor_node.style import StyleCache
from clipactor_node.style.acceptance import named_parts, spoilt
from clipactor_node.style.entry import read_field
from clipactor_node.style.frames import standing_frames
from clipactor_node.style.optimization import optimizer
from clipactor_node.style.optimization.field import field_from_state
from clipactor_node.style.optimization.optimization import Optimization
from clipactor_node.style.optimization.optimizer import optimize
from clipactor_node.style.pictures.contact_sheet import contact_sheet
from clipactor_node.style.request import Job, Request
from clipactor_node.style.schedule import FieldSpec, Level, Schedule, ViewPlan, Weights
from clipactor_node.style.surfaces import owners_on

QUICK = Schedule(
    iterations=6,
    frames=2,
    spacing=1,
    scored_frames=2,
    subdivisions=0,
    learning_rate=5e-3,
    report_every=2,
    field=FieldSpec(frequencies=16, width=32, trunk=2, branch=1),
    views=ViewPlan(per_frame=2, size=32),
    levels=(
        Level("full", "color", 1),
        Level("local", "color", 2, crop=0.4),
        Level("geometry", "grey", 1, crop=0.1),
    ),
    weights=Weights(laplacian=1.0),
)


def request(frames, seed=0, prompt="a clown", **changes):
    return Request(Job(prompt, seed=seed), frames, "custom", replace(QUICK, **changes))


@pytest.fixture(scope="module")
def frames(small_body):
    """Eight hundred vertices: the smallest body that still looks like one."""
    return standing_frames(small_body)


@pytest.fixture(autouse=True)
def small_previews(monkeypatch):
    def smaller(style, frames, indices):
        return contact_sheet(style, frames, indices[:1], height=24)

    monkeypatch.setattr(optimizer, "contact_sheet", smaller)


@pytest.fixture
def cache(tmp_path):
    return StyleCache([tmp_path / "styles"])


def same(first, second):
    return np.array_equal(first.colors, second.colors) and np.array_equal(
        first.displacement.view(np.uint16), second.displacement.view(np.uint16)
    )


class Stop(Exception):
    """Stands for kill -9: nothing is cleaned up."""


def killed_at(iteration):
    def on_progress(progress):
        if progress.iteration == iteration:
            raise Stop

    return on_progress


# What it does.


def test_the_score_rises_and_the_text_decides_the_result(frames, model, cache):
    longer = dict(iterations=12, report_every=6)
    clown = optimize(request(frames, **longer), model, cache=cache)
    pilot = optimize(request(frames, prompt="a pilot", **longer), model, cache=cache)
    assert clown.card.score > clown.card.proposal_score + 0.05
    assert not same(clown, pilot)
    assert np.abs(clown.displacement.astype(float)).max() > 0


def test_every_iteration_encodes_what_the_schedule_says(frames, model):
    task = Optimization("a clown", frames, model, QUICK)
    model.encoded.clear()
    task.step()
    assert sum(model.encoded) == QUICK.images_per_iteration == 16


def test_smaller_batches_change_the_memory_not_the_gradient(frames, model):
    tasks = [Optimization("a clown", frames, model, QUICK) for _ in range(2)]
    tasks[1].at_once = 2
    gradients = []
    for task in tasks:
        model.encoded.clear()
        task._gradients(task._generator())
        gradients.append(torch.cat([p.grad.flatten() for p in task.field.parameters()]))
    assert max(model.encoded) == 2
    assert torch.allclose(*gradients, atol=1e-5, rtol=1e-3)
    assert gradients[0].abs().max() > 1e-3


def test_a_state_is_all_that_the_next_iterations_depend_on(frames, model):
    first, second = (Optimization("a clown", frames, model, QUICK, seed=seed) for seed in (0, 0))
    for _ in range(2):
        first.step()
    first.rate_scale = 0.5
    state = first.state_dict()
    kept = {name: value.copy() for name, value in state.arrays.items()}
    after = [first.step() for _ in range(2)]
    assert all(np.array_equal(kept[name], value) for name, value in state.arrays.items())  # a copy
    second.load_state_dict(state)
    assert (second.iteration, second.rate_scale, second.events) == (2, 0.5, first.events)
    assert [second.step() for _ in range(2)] == after
    assert all(map(np.array_equal, first.result(), second.result()))
    first.rewind(state)
    assert first.iteration == 2 and first.step() == after[0]


def test_attention_off_is_eq_4(frames, model):
    """Crops see more or less of the body, so weighing them changes the loss."""
    with_attention = Optimization("a clown", frames, model, QUICK).step()
    without = Optimization("a clown", frames, model, replace(QUICK, attention=False)).step()
    assert with_attention["semantic"] != pytest.approx(without["semantic"], abs=1e-4)
    assert with_attention["laplacian"] == pytest.approx(without["laplacian"])


def test_a_surface_that_may_not_move_stays_where_the_proposal_put_it(frames, model, cache):
    count = len(frames.body.template)
    relief = np.linspace(-0.02, 0.05, count).astype(np.float32)
    model.propose_outfit = lambda text, body: Proposal(np.full((count, 3), 0.3), relief, f"{text} it is")
    style = optimize(request(frames, prompt="somebody", moves_surface=False), model, cache=cache)
    assert np.abs(style.displacement - relief).max() < 1e-4
    assert style.card.events == ["somebody it is"]
    assert 0 < style.card.moved < 0.5


def test_readouts_are_pulled_towards_the_text(frames, model):
    model.readout = lambda embeddings: embeddings[:, :4]
    weights = Weights(semantic=0.0, laplacian=0.0, readout=1.0)
    plain = Level("full", "color", 1, perspective=0.0)
    schedule = replace(
        QUICK, weights=weights, levels=(plain,), views=replace(QUICK.views, background="white")
    )
    task = Optimization("a clown", frames, model, schedule)
    losses = [task.step()["readout"] for _ in range(30)]
    assert np.mean(losses[-5:]) < 0.8 * np.mean(losses[:5])


def test_the_ablation_without_decoupling_sees_the_posed_mesh(frames, model):
    task = Optimization("a clown", frames, model, replace(QUICK, decoupled=False))
    assert not torch.equal(task.field.mean, Optimization("a clown", frames, model, QUICK).field.mean)


def test_subdivided_styles_have_a_color_for_every_new_vertex(frames, model, cache):
    style = optimize(request(frames, subdivisions=1, iterations=1), model, cache=cache)
    assert style.card.vertices == len(frames.subdivided(1).body.template) == len(style.colors)
    assert style.card.body == frames.body.sha256


def test_the_saved_field_gives_the_saved_colors(frames, model, cache):
    style = optimize(request(frames), model, cache=cache)
    field = field_from_state(QUICK.field, frames.body.template, read_field(cache.path(style.card.key)))
    colors, displacement = field()
    assert np.abs(colors.detach().numpy() * 255 - style.colors).max() <= 0.51
    assert np.abs(displacement.detach().numpy() - style.displacement).max() < 1e-4


# The same again.


def test_the_same_seed_gives_identical_bytes_and_another_one_does_not(frames, model, tmp_path):
    first, again, other = (
        optimize(request(frames, seed=seed), model, cache=StyleCache([tmp_path / str(i)]))
        for i, seed in enumerate((3, 3, 4))
    )
    assert same(first, again) and not same(first, other)
    assert first.card.losses == again.card.losses and first.card.key == again.card.key != other.card.key


@pytest.mark.parametrize("iteration", [1, 3, 4])
def test_killed_half_way_it_goes_on_and_ends_the_same(frames, model, cache, tmp_path, iteration):
    whole = optimize(request(frames), model, cache=StyleCache([tmp_path / "other"]))
    with pytest.raises(Stop):
        optimize(request(frames), model, cache=cache, on_progress=killed_at(iteration))
    seen = []
    resumed = optimize(request(frames), model, cache=cache, on_progress=lambda p: seen.append(p.iteration))
    assert seen[0] == iteration // 2 * 2 + 1
    assert same(whole, resumed)
    assert (whole.card.losses, whole.card.scores) == (resumed.card.losses, resumed.card.scores)
    assert not list((cache.home / ".work").iterdir())  # neither a checkpoint nor a lock


def test_a_damaged_checkpoint_means_starting_again(frames, model, cache):
    with pytest.raises(Stop):
        optimize(request(frames), model, cache=cache, on_progress=killed_at(3))
    (checkpoint,) = (cache.home / ".work").glob("*.safetensors")
    checkpoint.write_bytes(checkpoint.read_bytes()[:100])
    seen = []
    optimize(request(frames), model, cache=cache, on_progress=lambda p: seen.append(p.iteration))
    assert seen[0] == 1


def test_what_is_cached_is_not_made_again(frames, model, cache):
    first = optimize(request(frames), model, cache=cache)
    again = optimize(
        request(frames), model, cache=cache, on_progress=lambda p: pytest.fail("optimized again")
    )
    assert same(first, again)


def test_a_damaged_entry_is_made_again(frames, model, cache):
    first = optimize(request(frames), model, cache=cache)
    (cache.path(first.card.key) / "style.safetensors").write_bytes(b"nothing")
    assert same(first, optimize(request(frames), model, cache=cache))


# Progress, cancelling, stopping.


def test_progress_streams_snapshots(frames, model, cache):
    seen = []
    optimize(request(frames), model, cache=cache, on_progress=seen.append)
    assert [p.iteration for p in seen] == [1, 2, 3, 4, 5, 6]
    assert [p.snapshot is not None for p in seen] == [False, True] * 3
    snapshot = seen[1].snapshot
    count = len(frames.body.template)
    assert (snapshot.colors.shape, snapshot.colors.dtype) == ((count, 3), np.uint8)
    assert (snapshot.displacement.shape, snapshot.displacement.dtype) == ((count,), np.float16)
    assert seen[-1].images == 96 and seen[-1].seconds_left == 0 and seen[0].images_per_s > 0
    assert seen[3].loss == pytest.approx(sum(seen[3].terms.values()))


def test_cancelled_it_keeps_the_best_state_as_a_style_and_can_go_on(frames, model, cache):
    seen = []
    style = optimize(
        request(frames), model, cache=cache, on_progress=seen.append, cancelled=lambda: len(seen) >= 4
    )
    assert (style.card.status, style.card.iterations) == ("cancelled", 4)
    assert cache.load(style.card.key).card.status == "cancelled"
    finished = optimize(request(frames), model, cache=cache, on_progress=seen.append)
    assert finished.card.status == "complete" and len(seen) == 6


def test_cancelling_does_not_wait_for_the_end_of_a_long_iteration(frames, model, cache):
    asked = []

    def cancelled():
        asked.append(len(model.encoded))
        return len(asked) > 3

    many = (Level("full", "color", 40),)
    style = optimize(request(frames, levels=many), model, cache=cache, cancelled=cancelled)
    assert (style.card.status, style.card.iterations) == ("cancelled", 0)
    assert len(asked) == 4 and len(model.encoded) == asked[-1]


def test_it_stops_when_nothing_improves(frames, model, cache):
    style = optimize(request(frames, learning_rate=1e-12, patience=2, iterations=50), model, cache=cache)
    assert style.card.status == "plateau" and style.card.iterations < 20


def test_the_best_state_is_kept_not_the_last(frames, model, cache, monkeypatch):
    scores = iter([0.1, 0.5, 0.3, 0.2])
    monkeypatch.setattr(Optimization, "score", lambda self: next(scores))
    snapshots = []
    style = optimize(request(frames), model, cache=cache, on_progress=lambda p: snapshots.append(p.snapshot))
    assert style.card.score == 0.5
    assert np.array_equal(style.colors, snapshots[1].colors)


# Refined, and still what the words say.


def painted(text, body):
    return paint(propose_outfit(text).outfit, body)


def rising(monkeypatch):
    """A picture that is liked more with every report."""
    scores = itertools.count(0.1, 0.1)
    monkeypatch.setattr(Optimization, "score", lambda self: next(scores))


def test_a_refinement_that_spoils_a_named_color_is_not_taken_over_however_it_scores(
    frames, model, cache, monkeypatch
):
    """Batman's grey leggings may not turn pink, though the picture as a whole is liked more."""
    model.propose_outfit = painted
    proposal = optimize(request(frames, prompt="Batman", iterations=0), model, cache=cache)
    rising(monkeypatch)
    style = optimize(request(frames, prompt="Batman", learning_rate=0.05), model, cache=cache)
    refused = [event for event in style.card.events if "not taken over" in event]
    assert len(refused) == 1 and "colors left what the words name" in refused[0]
    assert max(score for _, score in style.card.scores) > style.card.score
    parts = named_parts(
        "Batman", frames.template, owners_on(None, frames, "Batman"), proposal.colors.astype(float)
    )
    assert {"leggings", "bodysuit", "cape"} <= {part.name for part in parts}
    assert spoilt(parts, style.colors.astype(float)) == []
    assert style.card.score == style.card.proposal_score and style.card.moved == 0


def test_a_refinement_that_keeps_them_is(frames, model, cache, monkeypatch):
    model.propose_outfit = painted
    rising(monkeypatch)
    held = replace(QUICK.field, reach=0.01)
    style = optimize(request(frames, prompt="Batman", field=held), model, cache=cache)
    assert style.card.score > style.card.proposal_score and style.card.moved > 0
    assert not [event for event in style.card.events if "not taken over" in event]


def test_what_was_refused_stays_refused_after_a_crash(frames, model, cache, tmp_path, monkeypatch):
    model.propose_outfit = painted
    spoiling = request(frames, prompt="Batman", learning_rate=0.05)
    rising(monkeypatch)
    with pytest.raises(Stop):
        optimize(spoiling, model, cache=cache, on_progress=killed_at(5))
    monkeypatch.setattr(Optimization, "score", lambda self: 0.15)  # less than what was refused
    resumed = optimize(spoiling, model, cache=cache)
    assert resumed.card.score == pytest.approx(0.1) and resumed.card.moved == 0


def test_without_iterations_the_proposal_is_the_style(frames, model, cache):
    model.propose_outfit = painted
    told = []
    style = optimize(request(frames, prompt="Batman", iterations=0), model, cache=cache, on_cost=told.append)
    assert (style.card.status, style.card.images, told[0].images) == ("complete", 0, 0)
    assert np.abs(style.colors - 255 * painted("Batman", frames.body).colors).max() < 3
    assert "nothing was refined" in style.card.events[-1]


def test_without_iterations_and_without_a_proposal_there_is_no_style(frames, model, cache):
    with pytest.raises(StyleError, match="another preset"):
        optimize(request(frames, iterations=0), model, cache=cache)


def test_the_base_model_is_optimized_on_the_centre_frame(frames, model):
    task = Optimization("a clown", frames, model, replace(QUICK, sampling="centre", frames=1))
    assert task.content.tolist() == [2]


@pytest.mark.parametrize("spelled", ["A Clown", "a clown.", "clown", "  the  clown!", "“a clown”"])
def test_a_look_is_made_once_however_it_is_spelled(frames, model, cache, spelled):
    first = optimize(request(frames), model, cache=cache)
    again = optimize(
        request(frames, prompt=spelled), model, cache=cache, on_progress=lambda p: pytest.fail("made again")
    )
    assert again.card.key == first.card.key and same(again, first)


def test_styles_of_older_versions_are_found_under_their_old_keys(frames, model, cache):
    made = optimize(request(frames, prompt="A clown."), model, cache=cache)
    old = "0123456789abcdef"
    card = json.loads((cache.path(made.card.key) / "style.json").read_text()) | {"key": old}
    (cache.path(made.card.key) / "style.json").write_text(json.dumps(card))
    cache.path(made.card.key).rename(cache.home / old)
    found = optimize(request(frames), model, cache=cache, on_progress=lambda p: pytest.fail("made again"))
    assert found.card.key == old and same(found, made)


# Trouble.


@pytest.mark.parametrize("prompt", ["", "   ", "?!", "x" * 401])
def test_empty_and_overlong_prompts_are_refused(frames, prompt):
    with pytest.raises(JobError, match="prompt"):
        Request.of(Job(prompt), frames)


def test_a_long_prompt_is_optimized_with_a_warning(frames, model, cache):
    style = optimize(request(frames, prompt="red hat and " * 25, iterations=1), model, cache=cache)
    assert "long prompt" in style.card.events[0]


def test_unknown_presets_and_impossible_seeds_are_refused(frames):
    with pytest.raises(InvalidChoice, match="cpu-preview"):
        Request.of(Job("a clown"), frames, preset="slow")
    with pytest.raises(InvalidChoice, match="'auto'"):
        Request.of(Job("a clown"), frames)
    with pytest.raises(JobError, match="seed"):
        Request.of(Job("a clown", seed=-1), frames)


def test_out_of_memory_halves_the_batch_says_so_and_goes_on(frames, model, cache):
    encode = model.encode_image

    def small_memory(images):
        if len(images) > 4 and images.requires_grad:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return encode(images)

    model.encode_image = small_memory
    style = optimize(request(frames), model, cache=cache)
    assert style.card.status == "complete"
    assert "going on with 4 images" in style.card.events[-1]


def test_no_memory_at_all_is_an_error_that_says_what_to_do(frames, model, cache):
    encode = model.encode_image

    def no_memory(images):
        if images.requires_grad:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return encode(images)

    model.encode_image = no_memory
    with pytest.raises(StyleError, match="smaller preset"):
        optimize(request(frames), model, cache=cache)


def test_a_loss_that_is_no_number_goes_back_lowers_the_rate_and_says_so(frames, model, cache):
    encode, calls = model.encode_image, []

    def sometimes_nan(images):
        calls.append(1)
        embeddings = encode(images)
        return embeddings * float("nan") if images.requires_grad and len(calls) == 6 else embeddings

    model.encode_image = sometimes_nan
    style = optimize(request(frames), model, cache=cache)
    assert style.card.status == "complete" and np.isfinite(style.card.losses).all()
    assert "learning rate x 0.5" in style.card.events[0]


def test_a_loss_that_never_is_a_number_ends_with_the_last_good_state(frames, model, cache):
    encode = model.encode_image
    model.encode_image = lambda images: encode(images) * (float("nan") if images.requires_grad else 1.0)
    style = optimize(request(frames, iterations=50), model, cache=cache)
    assert style.card.status == "out of tries"
    assert np.all(style.colors == 128)


def test_a_full_disk_is_named_and_the_run_can_go_on_later(frames, model, cache, monkeypatch):
    from pathlib import Path

    def full(self, data):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(StyleError, match="No space left"):
            optimize(request(frames), model, cache=cache)
    assert optimize(request(frames), model, cache=cache).card.status == "complete"


def test_of_two_at_the_same_style_one_works_and_both_have_it(frames, model, another_model, tmp_path):
    """Two threads with caches of their own hold the lock as two processes do: it belongs to an open file."""
    made = [[], []]

    def work(who):
        cache = StyleCache([tmp_path / "styles"])
        seen = (model, another_model)[who]
        return optimize(request(frames), seen, cache=cache, on_progress=made[who].append)

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(work, range(2))
    assert sorted(map(len, made)) == [0, 6]
    assert same(first, second)


def test_the_cost_is_told_before_it_starts_and_the_probe_changes_nothing(frames, model, tmp_path):
    without = optimize(request(frames), model, cache=StyleCache([tmp_path / "a"]))
    told = []
    probed = optimize(
        request(frames),
        model,
        cache=StyleCache([tmp_path / "b"]),
        on_cost=told.append,
        on_progress=lambda p: told.append(p.iteration),
    )
    assert (told[0].iterations, told[0].images) == (6, 96) and told[0].seconds > 0
    assert told[1:] == [1, 2, 3, 4, 5, 6]
    assert same(without, probed) and without.card.losses == probed.card.losses
