"""A torch text tower to an ONNX folder: graphs, tokenizer, manifest."""

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from clipactor_node.files import replacing_folder
from clipactor_node.text.encoder_folder import TOKENIZER, Manifest, folder_of, write_manifest

OPSET = 18
_INT8_ACTIVATIONS = 4

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Tower:
    """A text tower ready for export.

    Attributes:
        module: (N, L) int64 ids [, (N, L) int64 mask] -> (N, D) float32 unit vectors.
        tokenizer_json: what the `tokenizers` library loads.
        manifest: without files.
        reference_ids: texts -> ids, as the tower's own tokenizer makes them, without padding.
    """

    module: torch.nn.Module
    tokenizer_json: str
    manifest: Manifest
    reference_ids: Callable[[list[str]], list[list[int]]]


def export(tower: Tower, progress: Progress = print, fp16: bool = False) -> None:
    """Write the tower's folder: fp32 and int8 graphs (fp16 on request), tokenizer, manifest."""
    name = tower.manifest.name
    with replacing_folder(folder_of(name)) as folder:
        progress(f"{name}: exporting fp32")
        _export_graph(tower, folder / "fp32.onnx")
        progress(f"{name}: quantizing to int8")
        _quantize(folder / "fp32.onnx", folder / "int8.onnx")
        if fp16:
            progress(f"{name}: converting to fp16")
            _halve(folder / "fp32.onnx", folder / "fp16.onnx")
        (folder / TOKENIZER).write_text(tower.tokenizer_json, encoding="utf-8")
        write_manifest(folder, tower.manifest)


def _export_graph(tower: Tower, path: Path) -> None:
    fixed = tower.manifest.pad_to
    ids = torch.randint(5, 400, (2, fixed or 9))
    axes = {0: torch.export.Dim("batch")}
    if not fixed:
        axes[1] = torch.export.Dim("tokens", max=tower.manifest.max_tokens)
    count = 2 if tower.manifest.takes_mask else 1
    with quiet(), torch.no_grad():
        torch.onnx.export(
            tower.module,
            (ids, torch.ones_like(ids))[:count],
            str(path),
            input_names=["input_ids", "attention_mask"][:count],
            output_names=["unit_vectors"],
            dynamo=True,
            dynamic_shapes=(axes, axes)[:count],
            opset_version=OPSET,
            external_data=False,
            verbose=False,
        )
    without_traces(path)


def without_traces(path: Path) -> None:
    """Take out where in whose source files each node came from: it is of no use and names folders."""
    model = onnx.load(str(path))
    del model.metadata_props[:]
    graph = model.graph
    for item in (graph, *graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer):
        del item.metadata_props[:]
        item.doc_string = ""
    onnx.save(model, str(path))


def _quantize(fp32: Path, int8: Path) -> None:
    """Weights and activations in 8 bits with a scale per block of 64: an outlier spoils its block only.

    With one scale per tensor, as dynamic quantization has it, MPNet's cosine to torch falls to 0.91.
    """
    with quiet():
        from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

        blocks = MatMulNBitsQuantizer(
            onnx.load(str(fp32)), bits=8, block_size=64, is_symmetric=True, accuracy_level=_INT8_ACTIVATIONS
        )
        blocks.process()
        blocks.model.save_model_to_file(str(int8), False)
        # What is left: embedding tables, and products that the exporter wrote as Gemm.
        quantize_dynamic(
            str(int8),
            str(int8),
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["Gather", "Gemm"],
        )


def _halve(fp32: Path, fp16: Path) -> None:
    from onnxruntime.transformers.float16 import convert_float_to_float16

    with quiet():
        onnx.save(convert_float_to_float16(onnx.load(str(fp32)), keep_io_types=True), str(fp16))


@contextmanager
def quiet() -> Iterator[None]:
    """Without the exporters' chatter, and without the log handlers they install: what matters is raised."""
    before, handlers, level = logging.root.manager.disable, list(logging.root.handlers), logging.root.level
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
        logging.root.handlers[:] = handlers
        logging.root.setLevel(level)
