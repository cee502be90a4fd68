"""Trained pose models as what plays: five ONNX graphs in one folder, weights in 16 bits, and a manifest."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from clipactor_node.errors import ClipActorError, ModelError
from clipactor_node.files import replacing_folder
from clipactor_node.generation.model_folder import MANIFEST, Manifest, open_graph, record
from clipactor_node.generation.poses import DECODER, DENOISER, ENCODER, POSE, TEXT, WORDS
from clipactor_node.generation.training.data import TRAIN
from clipactor_node.generation.training.poses.batches import PoseConfig, Scaling, vocabulary_of
from clipactor_node.generation.training.poses.networks import PoseDenoiser, PosePriorNet, PoseWordsNet
from clipactor_node.generation.training.poses.pairs import PosePairs
from clipactor_node.generation.training.poses.tasks import Represented
from clipactor_node.generation.training.poses.trainers import load_pose_network
from clipactor_node.text.export import quiet, without_traces

_OPSET = 18
_SMALL = 256
_CLOSE = 5e-2
"""How far numbers of the graphs may be from the network's: they are about one, weights have 16 bits."""


class _Encoder(nn.Module):
    def __init__(self, net: PosePriorNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, body: Tensor) -> tuple[Tensor, Tensor]:
        return self.net.encode(body)


class _Decoder(nn.Module):
    def __init__(self, net: PosePriorNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, latent: Tensor) -> Tensor:
        return self.net.decode(latent)


class _Guided(nn.Module):
    """One guided step: with the text, without it, and on beyond (PAS, 3.3)."""

    def __init__(self, net: PoseDenoiser) -> None:
        super().__init__()
        self.net = net

    def forward(
        self, noisy: Tensor, step: Tensor, words: Tensor, vectors: Tensor, guidance: Tensor
    ) -> Tensor:
        guided = self.net(noisy, step, words, vectors)
        empty = self.net.nothing + 0.0 * vectors
        free = self.net(noisy, step, torch.ones_like(words), empty)
        found: Tensor = free + guidance * (guided - free)
        return found


class _Pose(nn.Module):
    def __init__(self, net: PoseWordsNet, scaling: Scaling) -> None:
        super().__init__()
        self.net = net
        self.mean: Tensor
        self.deviation: Tensor
        self.register_buffer("mean", torch.from_numpy(scaling.mean))
        self.register_buffer("deviation", torch.from_numpy(scaling.deviation))

    def forward(self, rows: Tensor) -> Tensor:
        return self.net.poses((rows - self.mean) / self.deviation)


class _Text(nn.Module):
    def __init__(self, net: PoseWordsNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, words: Tensor, vectors: Tensor) -> Tensor:
        return self.net.texts(words, vectors)


def export_pose_models(
    data: PosePairs,
    prior: Path,
    diffusion: Path,
    space: Path,
    out: Path,
    facts: dict[str, object] | None = None,
) -> Manifest:
    """Write the folder that `generation.poses` reads.

    Args:
        prior, diffusion, space: run folders. facts: for the record.

    Raises:
        ModelError: a run is none of what it should be. ClipActorError: a graph computes something else.
    """
    prior_net, _ = _expected(data, prior, PosePriorNet)
    denoiser, config = _expected(data, diffusion, PoseDenoiser)
    words, _ = _expected(data, space, PoseWordsNet)
    assert isinstance(prior_net, PosePriorNet) and isinstance(denoiser, PoseDenoiser)
    assert isinstance(words, PoseWordsNet)
    latent = prior_net if config.representation == "latent" else None
    scaling = Represented(data, config, latent).scaling
    vocabulary = vocabulary_of(data)
    rows = torch.from_numpy(data.rows[:3])
    ids, vectors = torch.ones(3, WORDS, dtype=torch.int64), torch.from_numpy(data.vectors[0, :3])
    draw = torch.Generator().manual_seed(3)
    noisy = torch.randn(3, 6 + config.size, generator=draw)
    step = torch.full((3,), config.steps // 2)
    graphs: dict[str, tuple[nn.Module, dict[str, Tensor], list[str]]] = {
        ENCODER: (_Encoder(prior_net), {"body": rows[:, 6:]}, ["mean", "spread"]),
        DECODER: (_Decoder(prior_net), {"latent": torch.randn(3, 32, generator=draw)}, ["body_rows"]),
        DENOISER: (
            _Guided(denoiser),
            {"noisy": noisy, "step": step, "words": ids, "vectors": vectors, "guidance": torch.tensor([2.5])},
            ["clean"],
        ),
        POSE: (_Pose(words, Scaling(data.rows[data.of(TRAIN)])), {"rows": rows}, ["unit_vectors"]),
        TEXT: (_Text(words), {"words": ids, "vectors": vectors}, ["unit_vectors"]),
    }
    with replacing_folder(out) as folder:
        for name, (module, feed, outputs) in graphs.items():
            _export(module.eval(), feed, outputs, folder / name)
        needed = {
            "representation": config.representation,
            "steps": config.steps,
            "mean": [float(v) for v in scaling.mean],
            "deviation": [float(v) for v in scaling.deviation],
            "words": list(vocabulary.words),
            "config": asdict(config),
            "pairs": data.digest,
        }
        files = {name: record(folder / name) for name in graphs}
        manifest = Manifest(data.encoder, int(data.vectors.shape[2]), files, {**(facts or {}), **needed})
        for name, (module, feed, _) in graphs.items():
            _compare(folder, name, manifest, module, feed)
        (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    return manifest


def export_diffusion(
    data: PosePairs, prior: Path, diffusion: Path, space: Path, out: Path, representation: str
) -> Manifest:
    """The same for an ablation: a run of "6d" may be exported as "6d-prior", and the reverse."""
    manifest = export_pose_models(data, prior, diffusion, space, out)
    facts = {**manifest.facts, "representation": representation}
    changed = replace(manifest, facts=facts)
    (out / MANIFEST).write_text(json.dumps(asdict(changed), indent=1), encoding="utf-8")
    return changed


def _expected(data: PosePairs, run: Path, kind: type[nn.Module]) -> tuple[nn.Module, PoseConfig]:
    net, config = load_pose_network(data, run)
    if not isinstance(net, kind):
        raise ModelError(
            f"{run} is a run of {config.kind}; another was expected: see clipactor pose-model --help"
        )
    return net, config


def _export(module: nn.Module, feed: dict[str, Tensor], outputs: list[str], path: Path) -> None:
    axes = {name: {0: "batch"} for name in (*feed, *outputs) if name != "guidance"}
    with quiet(), torch.no_grad():
        torch.onnx.export(
            module, tuple(feed.values()), str(path), input_names=list(feed), output_names=outputs,
            dynamic_axes=axes, opset_version=_OPSET, dynamo=False,
        )  # fmt: skip
    without_traces(path)
    halve_weights(path)


def halve_weights(path: Path) -> None:
    """Keep large weights of a graph in 16 bits; they are made 32 again when it is loaded."""
    model = onnx.load(str(path))
    graph, casts = model.graph, []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.size < _SMALL:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}_half"))
        casts.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.save(model, str(path))


def _compare(folder: Path, name: str, manifest: Manifest, module: nn.Module, feed: dict[str, Tensor]) -> None:
    """The graph must say what the network says, of another number of poses than it was traced with."""
    session = open_graph(folder, name, manifest)
    fewer = {key: value if key == "guidance" else value[:2] for key, value in feed.items()}
    with torch.no_grad():
        right = module(*fewer.values())
    first = right[0] if isinstance(right, tuple) else right
    found = session.run(None, {key: value.numpy() for key, value in fewer.items()})[0]
    worst = float(np.abs(found - first.numpy()).max())
    if not worst < _CLOSE:
        raise ClipActorError(f"the exported {name} differs from the trained network by {worst:.4f}")
