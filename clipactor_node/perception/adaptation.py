"""Refinement of a pose by pictures and words: guided diffusion (Xu et al., Sec. II.D).

What the pose may be is a distribution around the first estimate. Samples of it are denoised in a few steps;
at each step the network is told the image features (what the landmark network found), the gradient of the
reprojection error at the sample (equation 6) and the gradient of its similarity to the description (equation
7). The mean of the samples is the result.
"""

from dataclasses import dataclass, replace

import numpy as np

from clipactor_node.perception.denoiser import POSES, SEEN, Denoiser, load_denoiser, times
from clipactor_node.perception.estimate import Estimate, Estimator, landmark_weights, placed_before
from clipactor_node.perception.feedback import (
    KEYPOINTS,
    TEXT,
    Rig,
    keypoint_gradients,
    text_gradients,
)
from clipactor_node.perception.landmarks import Landmarks
from clipactor_node.perception.pose_space import PoseSpace, load_space, sentence_vectors
from clipactor_node.perception.recovery_model import BODY_JOINTS, columns_of, rotations_of_columns
from clipactor_node.perception.refine import refined
from clipactor_node.perception.view import View
from clipactor_node.perception.wording import limbs_named
from clipactor_node.perception.words import filled

STEPS, SAMPLES = 5, 6


@dataclass(frozen=True)
class Conditions:
    """What the refiner may use (the rows of the paper's Table II).

    Fields:
        image: image features. keypoints: equation 6. text: equation 7, if there is a description.
        first: start from the first estimate; else from noise around the mean pose.
    """

    image: bool = True
    keypoints: bool = True
    text: bool = True
    first: bool = True


class Adapter:
    """Refines poses by pictures and words.

    Args:
        estimator: that made the first estimates.
        space, denoiser: None: the shipped ones.

    Raises:
        ModelError: what was learnt cannot be read.

    Fields:
        diffuses: whether there is a trained diffusion network; without one hidden limbs go towards the pose
            that the words mean (`words.filled`), and keypoints do the rest.
    """

    def __init__(
        self, estimator: Estimator, space: PoseSpace | None = None, denoiser: Denoiser | None = None
    ) -> None:
        self._estimator = estimator
        self.space = space or load_space()
        self._denoiser = denoiser or load_denoiser()
        self.diffuses = self._denoiser is not None
        self._rig = Rig(estimator.rest_joints[:BODY_JOINTS], estimator.offsets)
        self._described: tuple[str, np.ndarray | None] = "", None

    def meaning(self, description: str) -> np.ndarray | None:
        """(LATENT,) what a description means; None: it says nothing. The last one is remembered."""
        if description != self._described[0]:
            vectors = sentence_vectors(description)
            self._described = description, self.space.read(vectors) if len(vectors) else None
        return self._described[1]

    def __call__(
        self,
        estimate: Estimate,
        seen: Landmarks,
        view: View,
        description: str = "",
        conditions: Conditions = Conditions(),
        steps: int = STEPS,
        samples: int = SAMPLES,
    ) -> Estimate:
        """The estimate, refined. Pure: the same for the same arguments."""
        net = self._denoiser
        meant = self.meaning(description) if conditions.text else None
        if net is None:
            local = estimate.local
            if meant is not None:
                limbs = limbs_named(description)
                local = filled(local, self.space, meant, limbs, seen.visibility)
            return self._finished(estimate, local, seen, view, conditions)
        centre, wide = net.mean, net.wide
        if conditions.first:
            centre, wide = columns_of(estimate.local[:BODY_JOINTS]).ravel().astype(np.float32), net.spread
        features = np.zeros(SEEN, np.float32)
        if conditions.image:
            features = seen_features(net.scale, self._estimator.closed(seen, view)[1])
        looked = net.look(features)
        noise = np.random.default_rng(0).standard_normal(((samples + 1) // 2, POSES)).astype(np.float32)
        now = np.concatenate([noise, -noise])
        signal = np.cos(0.5 * np.pi * np.linspace(1.0, 0.0, steps + 1)).astype(np.float32)
        for left, next_ in zip(signal[:-1], signal[1:], strict=True):
            rows = self._state(now, centre, wide, float(left), seen, view, meant, conditions)
            clean = net(rows, looked)
            rest = np.sqrt(max(1.0 - float(left) ** 2, 1e-6))
            found = (now - left * clean) / rest
            now = next_ * clean + np.sqrt(max(1.0 - float(next_) ** 2, 0.0)) * found
        turns = rotations_of_columns((centre + wide * now.mean(0)).reshape(BODY_JOINTS, 6).astype(np.float64))
        local = estimate.local.copy()
        local[:BODY_JOINTS] = turns
        return self._finished(estimate, local, seen, view, conditions)

    def _finished(
        self, estimate: Estimate, local: np.ndarray, seen: Landmarks, view: View, conditions: Conditions
    ) -> Estimate:
        """A pose where it is seen; then down the reprojection error."""
        placed = self._estimator.landmarks(local, np.zeros(3))
        pelvis = placed_before(placed, view.rays(seen.picture), landmark_weights(seen.visibility))
        out = replace(estimate, local=local, pelvis=pelvis)
        return refined(self._estimator, out, seen, view) if conditions.keypoints else out

    def _state(
        self,
        now: np.ndarray,
        centre: np.ndarray,
        wide: np.ndarray,
        left: float,
        seen: Landmarks,
        view: View,
        meant: np.ndarray | None,
        conditions: Conditions,
    ) -> np.ndarray:
        """(N, STATE) what the network is told of the samples (N, POSES)."""
        count = len(now)
        keypoints, text = np.zeros((count, KEYPOINTS)), np.zeros((count, TEXT))
        local = rotations_of_columns((centre + wide * now).reshape(count, BODY_JOINTS, 6).astype(np.float64))
        if conditions.keypoints:
            rays, sure = view.rays(seen.picture), seen.visibility
            points = self._rig.landmarks(local)
            keypoints = keypoint_gradients(points, np.tile(rays, (count, 1, 1)), np.tile(sure, (count, 1)))
        if meant is not None:
            room = np.tile(view.room_from_camera, (count, 1, 1))
            text = text_gradients(self.space, local, room, np.tile(meant, (count, 1)))
        first = np.full(count, conditions.first, np.float32)
        return state_rows(now, np.tile(centre, (count, 1)), np.full(count, left), first, keypoints, text)


def state_rows(
    now: np.ndarray,
    centre: np.ndarray,
    left: np.ndarray,
    first: np.ndarray,
    keypoints: np.ndarray,
    text: np.ndarray,
) -> np.ndarray:
    """(N, STATE) float32: samples in deviations, where they are centred, how much of the signal is left (N,),
    whether they start from a first estimate (N,), and the gradients."""
    return np.concatenate([now, centre, times(left), first[:, None], keypoints, text], 1).astype(np.float32)


def seen_features(scale: np.ndarray, told: np.ndarray) -> np.ndarray:
    """(..., SEEN) float32 image features as the network takes them: (..., INPUTS) of
    `Estimator.closed`, scaled, and 1, for there are some."""
    rows = np.clip((told - scale[0]) / scale[1], -8.0, 8.0)
    return np.concatenate([rows, np.ones((*rows.shape[:-1], 1))], -1).astype(np.float32)
