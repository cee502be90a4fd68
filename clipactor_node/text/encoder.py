"""Text encoders: sentences in, unit vectors out, by ONNX Runtime alone."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime

from clipactor_node.errors import ModelError
from clipactor_node.text.encoder_folder import (
    TOKENIZER,
    Manifest,
    available_precisions,
    check_file,
    folder_with,
    graph_file,
    how_to_get,
    read_manifest,
)
from clipactor_node.text.tokens import Tokens

log = logging.getLogger(__name__)

BATCH = 32
_PREFERRED = {False: ("int8", "fp32", "fp16"), True: ("fp16", "fp32", "int8")}
"""Whether there is a GPU -> precisions, best first. On a CPU int8 answers twice as fast and ranks as well."""


class Encoder(Protocol):
    """Anything that turns sentences into unit vectors.

    Attributes:
        id: changes whenever the vectors would: name, precision and hash of the graph.
        dimension: D.
        provider: what computes, such as `CPUExecutionProvider`.
    """

    id: str
    dimension: int
    provider: str

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """(N, D) float32, every row of unit length, in the order of `texts`."""
        ...


class OnnxEncoder:
    """An exported encoder (see `Encoder`).

    Args:
        name: what it was exported as.
        precision: `fp32`, `int8` or `fp16`; None: the first of `_PREFERRED` that is there.
        threads: of one inference; 1 leaves the other cores to the player.

    Raises:
        ModelError: it is not exported, or a file is truncated or changed; says what to type.
    """

    def __init__(self, name: str, precision: str | None = None, threads: int = 1) -> None:
        wanted = precision or _preferred(name, gpu_available())
        session, manifest, folder = _opened(name, wanted, threads)
        if precision is None and session.get_providers()[0] != _providers()[0]:
            on_cpu = _preferred(name, False)  # the GPU did not start, and a CPU is slow at half precision
            if on_cpu != wanted:
                wanted = on_cpu
                session, manifest, folder = _opened(name, wanted, threads)
        self.name = name
        self.precision = wanted
        self.dimension = manifest.dimension
        self.id = f"{name}-{wanted}-{manifest.files[graph_file(wanted)].sha256[:12]}"
        self.provider = session.get_providers()[0]
        self._session = session
        self._manifest = manifest
        tokenizer = check_file(name, manifest, TOKENIZER, folder)
        self._tokens = Tokens(tokenizer, manifest.max_tokens, manifest.cleaning)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """(N, D) float32, every row of unit length, in the order of `texts`."""
        ids = self._tokens.encode(texts)
        result = np.empty((len(ids), self.dimension), dtype=np.float32)
        # Neighbours in length share a batch, so little is padded.
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            result[rows] = self._run([ids[row] for row in rows])
        return result

    def is_cut(self, text: str) -> bool:
        """Whether the text is longer than the encoder reads; `encode` logs it, too."""
        return self._tokens.is_cut(text)

    def _run(self, ids: list[np.ndarray]) -> np.ndarray:
        width = self._manifest.pad_to or max(map(len, ids))
        tokens = np.full((len(ids), width), self._manifest.pad_id, dtype=np.int64)
        mask = np.zeros_like(tokens)
        for row, sequence in enumerate(ids):
            tokens[row, : len(sequence)] = sequence
            mask[row, : len(sequence)] = 1
        feed = {"input_ids": tokens}
        if self._manifest.takes_mask:
            feed["attention_mask"] = mask
        (vectors,) = self._session.run(None, feed)
        vectors = vectors.astype(np.float32)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def gpu_available() -> bool:
    """Whether ONNX Runtime was built for CUDA (`onnxruntime-gpu`); the GPU itself shows on loading."""
    return len(_providers()) > 1


def _providers() -> list[str]:
    available = onnxruntime.get_available_providers()
    return [p for p in ("CUDAExecutionProvider", "CPUExecutionProvider") if p in available]


def _preferred(name: str, on_gpu: bool) -> str:
    """The precision to take where none is asked for."""
    there = available_precisions(name)
    return next(precision for precision in _PREFERRED[on_gpu] if precision in there)


def _opened(name: str, precision: str, threads: int) -> tuple[onnxruntime.InferenceSession, Manifest, Path]:
    folder = folder_with(name, precision)
    manifest = read_manifest(name, folder)
    graph = check_file(name, manifest, graph_file(precision), folder)
    providers = _providers()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if precision == "fp16":
        # ONNX Runtime 1.31 dies on the CPU when it rearranges the layout of CLIP's fp16 graph.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    try:
        session = onnxruntime.InferenceSession(str(graph), options, providers=providers)
    except Exception as error:  # ONNX Runtime's exceptions share no base class
        raise ModelError(
            f"ONNX Runtime cannot load {graph} ({error}); type: {how_to_get(name)} --force"
        ) from error
    if session.get_providers()[0] != providers[0]:
        log.warning("%s did not start for %s; using %s", providers[0], name, session.get_providers()[0])
    return session, manifest, folder


def load_encoder(name: str = "minilm", precision: str | None = None, threads: int = 1) -> OnnxEncoder:
    """The exported text encoder called `name`.

    Args:
        name: `minilm`, `mpnet`, `clip`, `open_clip:<architecture>/<pretrained tag>` or
            `sentence:<model>`; see `clipactor models list`.
        precision: `fp32`, `int8` or `fp16`; None: what is fastest and ranks as well, int8 on a CPU, and
            on a GPU fp16 or fp32, whichever is there.
        threads: of one inference.

    Raises:
        ModelError: it is not prepared, or damaged; the message says what to type.
        InvalidChoice: an unknown precision.
    """
    return OnnxEncoder(name, precision, threads)
