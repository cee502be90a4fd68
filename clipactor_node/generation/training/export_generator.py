"""A trained generator as what plays: one ONNX graph with guidance inside, and a manifest."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from clipactor_node.errors import ClipActorError
from clipactor_node.files import replacing_folder
from clipactor_node.generation.generator import DENOISER
from clipactor_node.generation.model_folder import MANIFEST, Manifest, open_graph, record
from clipactor_node.generation.training.data import Split
from clipactor_node.generation.training.diffusion import Generator, SharedWords
from clipactor_node.text.export import quiet, without_traces

_OPSET = 18
_LARGE = 1000
"""Numbers of a weight that is worth halving."""
_APART = 0.02
"""Deviations of a feature by which the graph, with halved weights, may differ from the network."""


class _Guided(nn.Module):
    """One guided step: with the text, without it, and on beyond."""

    def __init__(self, net: Generator) -> None:
        super().__init__()
        self.denoiser, self.text = net.denoiser, net.text

    def forward(self, noisy: Tensor, step: Tensor, words: Tensor, guidance: Tensor) -> Tensor:
        """Noisy (1, T, 263), step (1,), words (1, D), guidance (1,) -> clean motion (1, T, 263)."""
        tokens = self.text(words)
        empty = self.denoiser.nothing  # attention to one token, whatever the others: they are masked
        guided = self.denoiser(noisy, step, None, tokens, None)
        free = self.denoiser(noisy, step, None, empty, None)
        found: Tensor = free + guidance * (guided - free)
        return found


def export_generator(net: Generator, data: Split, out: Path, facts: dict[str, object]) -> Manifest:
    """Write the folder that `generator.open_generator` reads; weights in 16 bits, computed in 32.

    Raises:
        ClipActorError: it reads tokens instead of sentence vectors, or the graph does not compute what the
            network does.
    """
    if not isinstance(net.text, SharedWords):
        raise ClipActorError(
            "this generator reads the states of tokens; what plays shares the vectors of the retriever's "
            'first stage: train one of a size with text = "sentence"'
        )
    config = net.config
    guided = _Guided(net.eval()).eval()
    frames = config.frames // config.patch * config.patch
    example = (
        torch.randn(1, frames, data.features.shape[1], generator=torch.Generator().manual_seed(3)),
        torch.tensor([config.steps // 2]),
        torch.from_numpy(data.vectors[0, :1]),
        torch.tensor([config.guidance]),
    )
    names = ["noisy", "step", "words", "guidance"]
    with replacing_folder(out) as folder:
        with quiet(), torch.no_grad():
            torch.onnx.export(
                guided, example, str(folder / DENOISER), input_names=names, output_names=["clean"],
                dynamic_axes={"noisy": {1: "frames"}, "clean": {1: "frames"}}, opset_version=_OPSET,
                dynamo=False,
            )  # fmt: skip
        without_traces(folder / DENOISER)
        _halve(folder / DENOISER)
        needed = {
            "mean": [float(v) for v in data.mean],
            "deviation": [float(v) for v in data.deviation],
            "steps": config.steps,
            "frames": frames,
            "patch": config.patch,
            "guidance": config.guidance,
        }
        manifest = Manifest(
            data.encoder,
            int(data.vectors.shape[-1]),
            {DENOISER: record(folder / DENOISER)},
            {**facts, "trained_steps": facts.get("steps", 0), **needed, "data": data.digest},
        )
        _compare(folder, manifest, guided, example)
        (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    return manifest


def _halve(graph: Path) -> None:
    """Keep weights in 16 bits; they are widened once, when the graph is opened: it computes in 32.

    The file is half as large; the weights lose what is beyond their third digit.
    """
    import onnx

    model = onnx.load(str(graph))
    held = model.graph
    widened = []
    for weight in held.initializer:
        if weight.data_type != onnx.TensorProto.FLOAT or np.prod(weight.dims) < _LARGE:
            continue
        values = onnx.numpy_helper.to_array(weight).astype(np.float16)
        name = weight.name
        weight.CopyFrom(onnx.numpy_helper.from_array(values, f"{name}_half"))
        widened.append(
            onnx.helper.make_node(
                "Cast", [f"{name}_half"], [name], to=onnx.TensorProto.FLOAT, name=f"{name}_cast"
            )
        )
    nodes = [*widened, *held.node]
    del held.node[:]
    held.node.extend(nodes)
    onnx.save(model, str(graph))


def _compare(folder: Path, manifest: Manifest, guided: _Guided, example: tuple[Tensor, ...]) -> None:
    """The graph must say what the network says, at another length than it was traced with."""
    session = open_graph(folder, DENOISER, manifest)
    noisy, *rest = example
    short = noisy[:, : noisy.shape[1] // 2 // 4 * 4]
    names = ["noisy", "step", "words", "guidance"]
    feed = {name: value.numpy() for name, value in zip(names, (short, *rest), strict=True)}
    with torch.no_grad():
        right = guided(short, *rest).numpy()
    worst = float(np.abs(session.run(None, feed)[0] - right).max())
    if worst > _APART:
        raise ClipActorError(f"the exported generator differs from the trained one by {worst:.4f}")
