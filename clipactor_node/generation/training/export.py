"""Trained extractors as what plays: two ONNX graphs and a manifest.

The graphs keep 32 bits: in 8 bits a motion's vector turned by 23 degrees (cosine 0.92). The index of a
library has 8 bits a number.
"""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from clipactor_node.errors import ClipActorError
from clipactor_node.files import replacing_folder
from clipactor_node.generation.model_folder import MANIFEST, Manifest, record
from clipactor_node.generation.space import MOTION, TEXT
from clipactor_node.generation.training.data import Split
from clipactor_node.generation.training.models import Pair
from clipactor_node.text.export import quiet, without_traces

_OPSET = 18


class _Motion(nn.Module):
    """The motion network with its scaling of features inside."""

    def __init__(self, net: nn.Module, mean: np.ndarray, deviation: np.ndarray) -> None:
        super().__init__()
        self.net = net
        self.mean: Tensor
        self.deviation: Tensor
        self.register_buffer("mean", torch.from_numpy(mean))
        self.register_buffer("deviation", torch.from_numpy(deviation))

    def forward(self, rows: Tensor) -> Tensor:
        """Features (1, T, 263), T a multiple of 4 -> (1, SPACE)."""
        scaled = (rows - self.mean) / self.deviation
        length = torch.full((1,), rows.shape[1], dtype=torch.int64)
        found: Tensor = self.net(scaled, length)
        return found


def export_model(net: Pair, data: Split, out: Path, facts: dict[str, object]) -> Manifest:
    """Write the folder that `space.open_space` reads.

    Args:
        facts: for the record: config, steps, tables.

    Raises:
        ClipActorError: the text network is no head on a frozen encoder's vectors, or the graph does not
            compute what the network does.
    """
    if net.kind != "sentence":
        raise ClipActorError(
            f"the text network {net.kind!r} reads every text again; what plays shares the vectors of the "
            "retriever's first stage: train one with --text sentence"
        )
    net.eval()
    with replacing_folder(out) as folder:
        motion = _Motion(net.motion, data.mean, data.deviation).eval()
        rows = torch.from_numpy(np.array(data.features[:60])[None])
        _graph(motion, rows, folder / MOTION, {1: "frames"}, "rows")
        vectors = torch.from_numpy(data.vectors[0, :2])
        _graph(net.text, vectors, folder / TEXT, {0: "texts"}, "vectors")
        _compare(folder, motion, data)
        files = {name: record(folder / name) for name in (MOTION, TEXT)}
        manifest = Manifest(data.encoder, int(data.vectors.shape[-1]), files, {**facts, "data": data.digest})
        (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    return manifest


def _graph(module: nn.Module, example: Tensor, path: Path, axes: dict[int, str], name: str) -> None:
    out = {0: "texts"} if 0 in axes else {}
    with quiet(), torch.no_grad():  # the newer exporter of torch 2.12 fails on GRUs of a length not known
        torch.onnx.export(
            module, (example,), str(path), input_names=[name], output_names=["unit_vectors"], dynamo=False,
            dynamic_axes={name: axes, "unit_vectors": out}, opset_version=_OPSET,
        )  # fmt: skip
    without_traces(path)


def _compare(folder: Path, motion: _Motion, data: Split) -> None:
    """The graph must say what the network says."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(folder / MOTION), providers=["CPUExecutionProvider"])
    worst = 1.0
    for window in data.windows[:: max(len(data.windows) // 24, 1)]:
        length = max((window.last - window.first) // 4 * 4, 8)
        rows = np.array(data.features[window.first : window.first + length])[None]
        rows = rows[:, : rows.shape[1] // 4 * 4]
        with torch.no_grad():
            right = motion(torch.from_numpy(rows)).numpy()[0]
        worst = min(worst, float(session.run(None, {"rows": rows})[0][0] @ right))
    if worst < 0.999:
        raise ClipActorError(f"the exported motion encoder differs from the trained one (cosine {worst:.3f})")
