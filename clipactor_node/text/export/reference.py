"""A torch tower behind the same door as its export: what the export is measured against."""

from collections.abc import Sequence

import numpy as np
import torch

from clipactor_node.text.export.graph import Tower


class TorchEncoder:
    """An `Encoder` that runs the tower in torch, with the tower's own tokenizer."""

    provider = "torch"

    def __init__(self, tower: Tower, threads: int = 1) -> None:
        torch.set_num_threads(threads)
        self._tower = tower
        self.dimension = tower.manifest.dimension
        self.id = f"{tower.manifest.name}-torch-{tower.manifest.weights_sha256[:12]}"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """(N, D) float32, unit length; one text at a time, so that nothing is padded."""
        manifest = self._tower.manifest
        rows = []
        with torch.inference_mode():
            for ids in self._tower.reference_ids(list(texts)):
                row = torch.tensor([ids + [manifest.pad_id] * (manifest.pad_to - len(ids))])
                inputs = (row, torch.ones_like(row)) if manifest.takes_mask else (row,)
                rows.append(self._tower.module(*inputs)[0].float().numpy())
        return np.stack(rows) if rows else np.zeros((0, self.dimension), np.float32)
