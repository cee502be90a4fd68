"""What is asked or given wrongly is answered in one sentence, and what was learnt stays."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")
pytest.importorskip("peft")

from clipactor_node.errors import ClipActorError, LibraryError, ModelError  # noqa: E402
from clipactor_node.generation import open_generator, open_space  # noqa: E402
from clipactor_node.generation.training import (  # noqa: E402  # noqa: E402
    Config,
    DataPlan,
    GeneratorConfig,
    Measuring,
    export_generator,
    load_pair,
    measure,
    train,
    untrained_generator,
    write_data,
)

TINY = GeneratorConfig(width=32, layers=1, heads=2, feed=32, text="sentence", patch=4, frames=40)


@pytest.fixture(scope="module")
def small(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("small") / "motion-generator"
    export_generator(untrained_generator(TINY, data.vectors.shape[-1]), data, folder, {})
    return folder


def changed(folder, to, **facts):
    """A copy of a model whose manifest says something else; None: does not say it."""
    shutil.copytree(folder, to)
    manifest = json.loads((to / "manifest.json").read_text())
    manifest["facts"] = {k: v for k, v in {**manifest["facts"], **facts}.items() if v is not None}
    (to / "manifest.json").write_text(json.dumps(manifest))
    return to


def test_a_model_of_other_features_is_refused(small, tmp_path):
    other = changed(small, tmp_path / "other", mean=[0.0] * 251, deviation=[1.0] * 251)
    with pytest.raises(ModelError, match="of 251 numbers per frame; expected 263: train one"):
        open_generator(other)


def test_a_model_that_does_not_say_how_it_samples_is_refused(small, tmp_path):
    with pytest.raises(ModelError, match="does not say how the generator samples .*steps.*export it again"):
        open_generator(changed(small, tmp_path / "other", steps=None))


def test_a_truncated_graph_is_refused(small, tmp_path):
    cut = changed(small, tmp_path / "cut")
    content = (cut / "denoiser.onnx").read_bytes()
    (cut / "denoiser.onnx").write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelError, match="absent or not the file that was exported"):
        open_generator(cut)


def test_a_space_of_other_features_is_refused(tmp_path):
    import onnx

    from clipactor_node.generation.model_folder import record
    from clipactor_node.generation.space import MOTION
    from clipactor_node.home import shipped_models

    other = tmp_path / "motion-text"
    shutil.copytree(shipped_models() / "motion-text", other)
    graph = onnx.load(str(other / MOTION))
    graph.graph.input[0].type.tensor_type.shape.dim[-1].dim_value = 251
    onnx.save(graph, str(other / MOTION))
    manifest = json.loads((other / "manifest.json").read_text())
    found = record(other / MOTION)
    manifest["files"][MOTION] = {"size": found.size, "sha256": found.sha256}
    (other / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="numbers per frame; expected 263|cannot load"):
        open_space(other)


def test_a_library_of_three_clips_trains_and_says_that_it_cannot_be_measured(few, rest, tmp_path):
    from clipactor_node.text import load_encoder
    from tests.generation.conftest import Few

    three = write_data(
        Few(few, ("wave", "nod", "clap")), rest, tmp_path / "data", DataPlan(sentences=1),
        load_encoder("minilm"),
    )  # fmt: skip
    train(three, tmp_path / "run", Config(steps=1, batch=8, check_every=1, width=16, patience=0))
    with pytest.raises(ClipActorError, match="0 windows of 'test' have a sentence of their own; 32 are"):
        measure(None, load_pair(three, tmp_path / "run"), three, Measuring(repetitions=1), 40)


def test_a_clip_that_is_not_finite_is_refused_before_it_is_learnt_from(few):
    clip = few.load("nod")
    poses = np.array(clip.poses)
    poses[3, 0, 0] = np.nan
    with pytest.raises(LibraryError, match="not finite at frame 3"):
        replace(clip, poses=poses)


def test_a_full_disk_ends_training_with_a_sentence_and_keeps_the_checkpoint(data, tmp_path, monkeypatch):
    config = Config(steps=2, batch=4, check_every=1, width=16, patience=0)

    def stop(entry):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(data, tmp_path, config, stop)
    before = (tmp_path / "checkpoint.pt").read_bytes()

    def full(*given, **named):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(ModelError, match="No space left on device.*make room and start the same command"):
        train(data, tmp_path, config)
    assert (tmp_path / "checkpoint.pt").read_bytes() == before
    monkeypatch.undo()
    train(data, tmp_path, config)
    assert torch.load(tmp_path / "checkpoint.pt", weights_only=True)["progress"][0] == 2
