"""Training of prior, diffusion and pose-words space, by the loop that the other models use."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from clipactor_node.errors import InvalidChoice, ModelError
from clipactor_node.generation.generator import kept_shares
from clipactor_node.generation.poses import (
    BODY,
    BODY_NUMBERS,
    LATENT,
    NUMBERS,
    REPRESENTATIONS,
    ROOT_NUMBERS,
    Vocabulary,
    mirrored_rows,
)
from clipactor_node.generation.training import run_folder
from clipactor_node.generation.training.data import TRAIN, VALIDATE
from clipactor_node.generation.training.loop import Loop, Say, Schedule, device_of, groups_of, only_one
from clipactor_node.generation.training.poses.networks import (
    PoseDenoiser,
    PosePriorNet,
    PoseWordsNet,
    joints_from,
)
from clipactor_node.generation.training.poses.pairs import PosePairs
from clipactor_node.geometry import PARENTS
from clipactor_node.motion import swapped_sides

PRIOR, DIFFUSION, WORDS_SPACE = "pose-prior", "pose-diffusion", "pose-words"
KINDS = (PRIOR, DIFFUSION, WORDS_SPACE)
_LEAST = 0.05


@dataclass(frozen=True)
class PoseConfig:
    """What is trained, and how.

    Fields:
        kind: one of `KINDS`.
        representation: of the diffusion's poses: latent (the prior's space), 6d, or 6d-prior, which is trained
            as 6d and goes through the prior afterwards.
        kinematics: whether sentences from kinematics are among the captions.
        divergence: weight of the prior's KL term.
        without_text: share of poses that are trained without their caption.
        steps: of the diffusion; iterations: of training.
    """

    kind: str
    representation: str = "6d-prior"
    kinematics: bool = True
    iterations: int = 6000
    batch: int = 96
    learning_rate: float = 1e-3
    width: int = 96
    layers: int = 3
    heads: int = 4
    dropout: float = 0.1
    steps: int = 100
    without_text: float = 0.1
    divergence: float = 2e-3
    average: float = 0.999
    check_every: int = 500
    patience: int = 0
    seed: int = 7

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidChoice("pose model", self.kind, KINDS)
        if self.representation not in REPRESENTATIONS:
            raise InvalidChoice("representation", self.representation, REPRESENTATIONS)

    @property
    def size(self) -> int:
        """Numbers of a pose in its representation."""
        return LATENT if self.representation == "latent" else BODY_NUMBERS


class Scaling:
    """Rows of training poses as numbers about one: mean and deviation, by representation."""

    def __init__(self, rows: np.ndarray) -> None:
        self.mean = rows.mean(axis=0).astype(np.float32)
        self.deviation = np.maximum(rows.std(axis=0), _LEAST).astype(np.float32)

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """(N, K) -> (N, K) float32."""
        return ((rows - self.mean) / self.deviation).astype(np.float32)


class PoseBatches:
    """Draws poses with a caption each; the same for the same seed and step."""

    def __init__(self, data: PosePairs, config: PoseConfig, vocabulary: Vocabulary, split: str) -> None:
        self.data, self.config = data, config
        told_only = not config.kinematics
        self.chosen = np.array(
            [i for i in data.of(split) if data.told[i] or (data.seen[i] and not told_only)]
        )
        if not len(self.chosen):
            raise ModelError(f"no pose of the split {split!r} has a caption; make the pairs of more clips")
        clips = np.array([hash_of(data.clips[i]) for i in self.chosen])
        _, group, counts = np.unique(clips, return_inverse=True, return_counts=True)
        self.weights = 1.0 / np.sqrt(counts[group])
        self.weights /= self.weights.sum()
        both = [data.texts, tuple(map(swapped_sides, data.texts))]
        self.ids = np.stack([vocabulary.ids(texts) for texts in both])
        self.mirrored = mirrored_rows(data.rows)

    def draw(
        self, step: int, size: int, mirror: float = 0.5
    ) -> tuple[np.ndarray, Tensor, Tensor, np.ndarray]:
        """Rows (B, 132), words (B, WORDS), vectors (B, D), and which text each is."""
        draw = np.random.default_rng((self.config.seed, step))
        chosen = draw.choice(self.chosen, size, p=self.weights)
        turned = (draw.random(size) < mirror).astype(int)
        texts = np.array([self._text(i, draw) for i in chosen])
        rows = np.where(turned[:, None] == 1, self.mirrored[chosen], self.data.rows[chosen])
        words, vectors = self.ids[turned, texts], self.data.vectors[turned, texts]
        return rows, torch.from_numpy(words), torch.from_numpy(vectors), 2 * texts + turned

    def _text(self, pose: int, draw: np.random.Generator) -> int:
        told, seen = self.data.told[pose], self.data.seen[pose]
        if not self.config.kinematics or not seen or (told and draw.random() < 0.4):
            return int(draw.choice(told))
        return int(draw.choice(seen))


def hash_of(name: str) -> int:
    """A number for a name, the same in every process."""
    import zlib

    return zlib.crc32(name.encode())


def vocabulary_of(data: PosePairs) -> Vocabulary:
    """The words of training captions, mirrored ones too."""
    used = {t for i in data.of(TRAIN) for t in (*data.seen[i], *data.told[i])}
    texts = [data.texts[i] for i in sorted(used)]
    return Vocabulary.of([*texts, *map(swapped_sides, texts)])


def train_pose_model(
    data: PosePairs,
    rest_joints: np.ndarray,
    out: Path,
    config: PoseConfig,
    prior: Path | None = None,
    say: Say = lambda entry: None,
) -> Path:
    """Train in the run folder `out`; an interrupted run goes on exactly where its checkpoint stands.

    Args:
        rest_joints: (55, 3) metres, of the body the poses are on.
        prior: run folder of the prior; the representation "latent" needs it.

    Returns:
        the file of the best weights.

    Raises:
        ModelError: the checkpoint is of another config or other data; a prior is needed and not given.
        ClipActorError: another process trains there.
    """
    with only_one(out):
        device = device_of()
        torch.manual_seed(config.seed)
        net, average = (_network(data, config).to(device) for _ in range(2))
        task = _task(net, average, data, rest_joints, config, prior, device)
        warm = min(200, max(config.iterations // 10, 1))

        def rate(step: int) -> float:
            along = max(step - warm, 0) / max(config.iterations - warm, 1)
            return min((step + 1) / warm, 1.0) * (0.05 + 0.95 * 0.5 * (1.0 + np.cos(np.pi * min(along, 1.0))))

        schedule = Schedule(
            config.iterations, rate, config.check_every, config.patience, config.average, config.seed
        )
        origin = {"what": config.kind, "config": asdict(config), "data": data.digest}
        groups = groups_of(net, lambda name: config.learning_rate, 0.01)
        return Loop(out, schedule, net, average, groups, task.losses, task.score, origin, say).go()


def load_pose_network(data: PosePairs, run: Path) -> tuple[nn.Module, PoseConfig]:
    """The best weights of a run, on the CPU, and how it was trained.

    Raises:
        ModelError: they are absent or damaged, or the run is none of a pose model.
    """
    import json

    try:
        origin = json.loads((run / run_folder.CONFIG).read_text())
        if origin.get("what") not in KINDS:
            raise ModelError(f"{run} is a run of {origin.get('what', 'extractors')}, not of a pose model")
        config = PoseConfig(**origin["config"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{run} is no run folder ({str(error)[:80]}); type: clipactor pose-model train"
        ) from error
    net = _network(data, config)
    try:
        net.load_state_dict(run_folder.load(run, run_folder.BEST)["net"])
    except (RuntimeError, KeyError) as error:
        raise ModelError(f"{run / run_folder.BEST} is of another model ({str(error)[:80]})") from error
    return net.eval(), config


def _network(data: PosePairs, config: PoseConfig) -> nn.Module:
    torch.manual_seed(config.seed)
    if config.kind == PRIOR:
        return PosePriorNet(dropout=config.dropout)
    vocabulary, dimension = len(vocabulary_of(data)), int(data.vectors.shape[2])
    if config.kind == WORDS_SPACE:
        return PoseWordsNet(vocabulary, dimension)
    return PoseDenoiser(
        config.size,
        vocabulary,
        dimension,
        config.width,
        config.layers,
        config.heads,
        config.dropout,
        config.steps,
    )


class _PriorTask:
    """Reconstruction of rotations and joints, and the KL term (PAS, 3.1)."""

    def __init__(
        self, net: PosePriorNet, average: PosePriorNet, data: PosePairs, rest: np.ndarray, config: PoseConfig
    ) -> None:
        self.net, self.average, self.config = net, average, config
        self.offsets = offsets_of(rest)
        self.distinct = data.rows[data.of(TRAIN)]
        self.frames = data.frames[data.frame_splits == TRAIN]
        kept = data.rows[data.of(VALIDATE)]
        self.kept = torch.from_numpy((kept if len(kept) else self.distinct)[:2000, BODY])

    def losses(self, step: int) -> dict[str, Tensor]:
        draw = np.random.default_rng((self.config.seed, step))
        half = self.config.batch // 2
        rows = np.concatenate([self.distinct[draw.integers(len(self.distinct), size=half)],
                               self.frames[draw.integers(len(self.frames), size=half)]])  # fmt: skip
        mirror = draw.random(len(rows)) < 0.5
        rows[mirror] = mirrored_rows(rows[mirror])
        body = torch.from_numpy(rows[:, BODY])
        mean, spread = self.net.encode(body)
        made = self.net.decode(mean + torch.randn_like(mean) * (0.5 * spread).exp())
        divergence = -0.5 * (1.0 + spread - mean.square() - spread.exp()).sum(1).mean()
        apart = (joints_from(made, self.offsets) - joints_from(body, self.offsets)).norm(dim=-1).mean()
        return {
            "rotations": (made - body).square().sum(1).mean(),
            "joints": 20.0 * apart,
            "divergence": self.config.divergence * divergence,
        }

    @torch.no_grad()
    def score(self) -> dict[str, float]:
        """Minus the mean joint error, millimetres, of poses kept aside."""
        self.average.eval()
        made = self.average.decode(self.average.encode(self.kept)[0])
        apart = joints_from(made, self.offsets) - joints_from(self.kept, self.offsets)
        return {"score": -1000.0 * float(apart.norm(dim=-1).mean())}


def offsets_of(rest_joints: np.ndarray) -> Tensor:
    """(22, 3) metres: each joint from its parent."""
    found = np.zeros((22, 3), np.float32)
    for joint in range(1, 22):
        found[joint] = rest_joints[joint] - rest_joints[PARENTS[joint]]
    return torch.from_numpy(found)


class Represented:
    """Poses in the representation of a diffusion: (N, 132) -> scaled (N, 6 + size)."""

    def __init__(self, data: PosePairs, config: PoseConfig, prior: PosePriorNet | None) -> None:
        self.config, self.prior = config, prior
        self.scaling = Scaling(self._plain(data.rows[data.of(TRAIN)]))

    def __call__(self, rows: np.ndarray) -> Tensor:
        return torch.from_numpy(self.scaling(self._plain(rows)))

    @torch.no_grad()
    def _plain(self, rows: np.ndarray) -> np.ndarray:
        if self.prior is None:
            return rows
        latent = self.prior.encode(torch.from_numpy(rows[:, BODY]))[0].numpy()
        return np.concatenate([rows[:, :ROOT_NUMBERS], latent], axis=1)


class _DiffusionTask:
    """Mean squared error of the clean pose and root (PAS, 3.3)."""

    def __init__(
        self, net: PoseDenoiser, average: PoseDenoiser, data: PosePairs, config: PoseConfig,
        prior: PosePriorNet | None,
    ) -> None:  # fmt: skip
        self.net, self.average, self.config = net, average, config
        vocabulary = vocabulary_of(data)
        self.batches = PoseBatches(data, config, vocabulary, TRAIN)
        aside = VALIDATE if len(data.of(VALIDATE)) else TRAIN
        self.aside = PoseBatches(data, replace(config, kinematics=True), vocabulary, aside).draw(0, 512, 0.0)
        self.represented = Represented(data, config, prior)
        self.kept = torch.from_numpy(kept_shares(config.steps).astype(np.float32))

    def losses(self, step: int) -> dict[str, Tensor]:
        rows, words, vectors, _ = self.batches.draw(step, self.config.batch)
        drop = torch.rand(len(rows)) < self.config.without_text
        noise = torch.randn(vectors.shape) * (0.2 / vectors.shape[1] ** 0.5)
        words, vectors = self.net.without(words, vectors + noise, drop)
        return {"mse": self._error(self.net, self.represented(rows), words, vectors, None)}

    def _error(
        self, net: PoseDenoiser, clean: Tensor, words: Tensor, vectors: Tensor, draw: torch.Generator | None
    ) -> Tensor:
        step = torch.randint(self.config.steps, (len(clean),), generator=draw)
        kept = self.kept[step][:, None]
        noisy = kept.sqrt() * clean + (1.0 - kept).sqrt() * torch.randn(clean.shape, generator=draw)
        return (net(noisy, step, words, vectors) - clean).square().mean()

    @torch.no_grad()
    def score(self) -> dict[str, float]:
        self.average.eval()
        rows, words, vectors, _ = self.aside
        draw = torch.Generator().manual_seed(5)
        return {"score": -float(self._error(self.average, self.represented(rows), words, vectors, draw))}


class _WordsTask:
    """Symmetric InfoNCE between poses and captions; captions that say the same are no negatives."""

    def __init__(self, net: PoseWordsNet, average: PoseWordsNet, data: PosePairs, config: PoseConfig) -> None:
        self.net, self.average, self.config = net, average, config
        vocabulary = vocabulary_of(data)
        self.batches = PoseBatches(data, config, vocabulary, TRAIN)
        aside = VALIDATE if len(data.of(VALIDATE)) else TRAIN
        self.aside = PoseBatches(data, config, vocabulary, aside).draw(0, 256, 0.0)
        self.scaling = Scaling(data.rows[data.of(TRAIN)])

    def losses(self, step: int) -> dict[str, Tensor]:
        rows, words, vectors, texts = self.batches.draw(step, self.config.batch)
        scaled = torch.from_numpy(self.scaling(rows)) + 0.1 * torch.randn(len(rows), NUMBERS)
        poses = self.net.poses(scaled)
        captions = self.net.texts(words, vectors)
        alike = (vectors @ vectors.T > 0.97) | torch.from_numpy(texts[:, None] == texts[None])
        alike.fill_diagonal_(False)
        scores = (self.net.warmth.exp() * poses @ captions.T).masked_fill(alike, -1e4)
        target = torch.arange(len(rows))
        loss = functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)
        return {"contrast": 0.5 * loss}

    @torch.no_grad()
    def score(self) -> dict[str, float]:
        self.average.eval()
        rows, words, vectors, texts = self.aside
        poses = self.average.poses(torch.from_numpy(self.scaling(rows)))
        scores = self.average.texts(words, vectors) @ poses.T
        right = torch.from_numpy(texts[:, None] == texts[None])
        best = scores.topk(10, dim=1).indices
        found = right.gather(1, best)
        return {"score": float(found.any(1).float().mean()), "R@1": float(found[:, 0].float().mean())}


def _task(
    net: nn.Module, average: nn.Module, data: PosePairs, rest: np.ndarray, config: PoseConfig, prior: Path | None,
    device: str,
) -> "_PriorTask | _DiffusionTask | _WordsTask":  # fmt: skip
    if device != "cpu":  # these networks are too small for a GPU to be worth it
        net.cpu(), average.cpu()
    if config.kind == PRIOR:
        return _PriorTask(net, average, data, rest, config)  # type: ignore[arg-type]
    if config.kind == WORDS_SPACE:
        return _WordsTask(net, average, data, config)  # type: ignore[arg-type]
    return _DiffusionTask(net, average, data, config, open_prior(data, config, prior))  # type: ignore[arg-type]


def open_prior(data: PosePairs, config: PoseConfig, run: Path | None) -> PosePriorNet | None:
    """The prior that a representation needs in training; None: it needs none.

    Raises:
        ModelError: it needs one and there is none.
    """
    if config.kind != DIFFUSION or config.representation != "latent":
        return None
    if run is None:
        raise ModelError(
            "the representation latent needs a prior: --prior RUN, of `pose-model train pose-prior`"
        )
    net, found = load_pose_network(data, run)
    if not isinstance(net, PosePriorNet):
        raise ModelError(f"{run} is a run of {found.kind}, not of a prior")
    return net.requires_grad_(False)
