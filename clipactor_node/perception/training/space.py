"""Train the pose VQ-VAE (equation 2) and align a text encoder to it (equation 3); torch."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from clipactor_node.perception.pose_space import CODES, LATENT, POSE, WIDTH
from clipactor_node.perception.training.poses import SpokenPoses

if TYPE_CHECKING:
    import torch
    from torch import Tensor

_HIDDEN = 384
_COMMIT = 0.25  # alpha of equation 2
_DECAY = 0.98  # of the moving averages that the codebook is
_TEMPERATURE = 0.07
_BATCH = 512


def train_space(
    spoken: SpokenPoses,
    vectors: np.ndarray,
    epochs: int = 30,
    seed: int = 0,
    progress: Callable[[str], None] = print,
) -> dict[str, np.ndarray]:
    """Learn the space.

    Args:
        vectors: (S, 384) unit vectors of `spoken.texts`.

    Returns:
        Arrays as `PoseSpace.of` reads them.
    """
    import torch

    torch.manual_seed(seed)
    scale = np.stack([spoken.numbers.mean(0), spoken.numbers.std(0) + 0.05]).astype(np.float32)
    poses = torch.tensor((spoken.numbers - scale[0]) / scale[1])
    encoder, decoder, codebook = _vq_vae(poses, epochs, progress)
    middle, turn = whitening(vectors)
    white = torch.tensor((vectors - middle) @ turn, dtype=torch.float32)
    sentence, text = _aligned(poses, spoken, white, encoder, decoder, epochs, progress)
    arrays: dict[str, np.ndarray] = {
        "space.scale": scale,
        "space.codebook": codebook.numpy().astype(np.float16),
    }
    with torch.no_grad():  # running takes the sentences' own vectors
        first = next(part for part in sentence.modules() if isinstance(part, torch.nn.Linear))
        first.bias.sub_(first.weight @ torch.tensor(turn.T @ middle, dtype=torch.float32))
        first.weight.copy_(first.weight @ torch.tensor(turn.T, dtype=torch.float32))
    named = {"pose": encoder, "decoder": decoder, "sentence": sentence, "text": text}
    for name, net in named.items():
        arrays |= layer_arrays(f"space.{name}", net)
    return arrays


def whitening(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean (D,) of sentence vectors, and a matrix (D, D) that makes all directions alike: "left" and "right"
    change a sentence's vector little, and the pose much."""
    middle = vectors.mean(0)
    values, ways = np.linalg.eigh(np.cov((vectors - middle).T))
    return middle, ways / np.sqrt(np.maximum(values, 0.0) + 2e-4)


def layer_arrays(name: str, net: "torch.nn.Module") -> dict[str, np.ndarray]:
    """Weights and biases of the dense layers of a network, half precision."""
    import torch

    linear = [part for part in net.modules() if isinstance(part, torch.nn.Linear)]
    out = {}
    for index, part in enumerate(linear):
        out[f"{name}.w{index}"] = part.weight.detach().numpy().astype(np.float16)
        out[f"{name}.b{index}"] = part.bias.detach().numpy().astype(np.float16)
    return out


def dense(*sizes: int, dropout: float = 0.0) -> "torch.nn.Sequential":
    """Layers of these sizes with ReLU between."""
    import torch

    parts: list[torch.nn.Module] = []
    for before, after in zip(sizes[:-1], sizes[1:], strict=True):
        parts += [torch.nn.Linear(before, after), torch.nn.ReLU(), torch.nn.Dropout(dropout)]
    return torch.nn.Sequential(*parts[:-2])


def _vq_vae(
    poses: "Tensor", epochs: int, progress: Callable[[str], None]
) -> "tuple[torch.nn.Module, torch.nn.Module, Tensor]":
    """Equation 2; the codebook follows the latent vectors by moving averages, unused codes start anew."""
    import torch

    encoder, decoder = dense(POSE, _HIDDEN, _HIDDEN, LATENT), dense(LATENT, _HIDDEN, _HIDDEN, POSE)
    optimizer = torch.optim.AdamW([*encoder.parameters(), *decoder.parameters()], lr=1e-3)
    steps = epochs * -(-len(poses) // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=steps)
    with torch.no_grad():
        first = encoder(poses[torch.randperm(len(poses))[:_BATCH]]).reshape(-1, WIDTH)
        codebook = first[torch.randperm(len(first))[:CODES]].clone()
    counts, sums = torch.ones(CODES), codebook.clone()
    for epoch in range(epochs):
        total = 0.0
        for rows in torch.split(torch.randperm(len(poses)), _BATCH):
            pose = poses[rows]
            latent = encoder(pose + 0.03 * torch.randn_like(pose)).reshape(-1, WIDTH)
            with torch.no_grad():
                near = torch.cdist(latent, codebook).argmin(1)
                used = torch.bincount(near, minlength=CODES).float()
                counts = _DECAY * counts + (1.0 - _DECAY) * used
                sums = _DECAY * sums + (1.0 - _DECAY) * torch.zeros_like(sums).index_add_(0, near, latent)
                codebook = sums / counts.clamp(min=1e-3)[:, None]
                dead = torch.nonzero(counts < 0.05)[:, 0]
                fresh = latent[torch.randint(len(latent), (len(dead),))]
                codebook[dead], sums[dead], counts[dead] = fresh, fresh, 1.0
            picked = codebook[near]
            straight = latent + (picked - latent).detach()
            rebuilt = decoder(straight.reshape(-1, LATENT))
            loss = _COMMIT * (latent - picked).square().mean() + (rebuilt - pose).square().mean()
            # continuous latents are decoded, too: words land between the codes
            loss = loss + 0.3 * (decoder(latent.reshape(-1, LATENT)) - pose).square().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float((rebuilt.detach() - pose).square().mean()) * len(rows)
        if epoch % 3 == 2:
            progress(f"vq-vae, epoch {epoch + 1}: error {total / len(poses):.3f} of the variance")
    return encoder.eval(), decoder.eval(), codebook


def _aligned(
    poses: "Tensor",
    spoken: SpokenPoses,
    vectors: "Tensor",
    encoder: "torch.nn.Module",
    decoder: "torch.nn.Module",
    epochs: int,
    progress: Callable[[str], None],
) -> "tuple[torch.nn.Module, torch.nn.Module]":
    """Equation 3, poses frozen: contrastive loss, and the pose that is decoded from the words."""
    import torch

    rng = np.random.default_rng(0)
    sentence = torch.nn.Sequential(torch.nn.Linear(vectors.shape[1], _HIDDEN), torch.nn.ReLU())
    text = dense(_HIDDEN, _HIDDEN, LATENT)
    optimizer = torch.optim.AdamW([*sentence.parameters(), *text.parameters()], lr=1e-3)
    steps = epochs * -(-len(poses) // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=steps)
    for frozen in (*encoder.parameters(), *decoder.parameters()):
        frozen.requires_grad_(False)
    for epoch in range(epochs):
        sums = np.zeros(2)
        for rows in torch.split(torch.randperm(len(poses)), _BATCH):
            picked, owners = described(spoken, rows.tolist(), rng)
            given = vectors[picked]
            given = given + 0.1 * torch.randn_like(given)
            counts = torch.bincount(owners, minlength=len(rows)).clamp(min=1)[:, None]
            read = torch.zeros(len(rows), _HIDDEN).index_add_(0, owners, sentence(given)) / counts
            meant = text(read)
            with torch.no_grad():
                seen = encoder(poses[rows])
            a = torch.nn.functional.normalize(seen, dim=1)
            b = torch.nn.functional.normalize(meant, dim=1)
            contrast = torch.nn.functional.cross_entropy(a @ b.T / _TEMPERATURE, torch.arange(len(rows)))
            rebuilt = (decoder(meant) - poses[rows]).square().mean()
            loss = 0.1 * contrast + rebuilt + 0.1 * (meant - seen).square().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            sums += np.array([float(contrast.detach()), float(rebuilt.detach())]) * len(rows)
        if epoch % 3 == 2:
            contrast_, rebuilt_ = sums / len(poses)
            progress(
                f"words, epoch {epoch + 1}: contrast {contrast_:.2f}, rebuilt {rebuilt_:.3f} of variance"
            )
    return sentence.eval(), text.eval()


def described(spoken: SpokenPoses, rows: list[int], rng: np.random.Generator) -> "tuple[Tensor, Tensor]":
    """Some of the sentences about poses: numbers of the sentences, and which of `rows` each belongs to."""
    import torch

    picked, owners = [], []
    for owner, row in enumerate(rows):
        ways = spoken.said[row]
        said = ways[int(rng.integers(len(ways)))]
        share = rng.uniform(0.2, 1.2)
        some = [number for number in said if rng.random() < share]
        if spoken.captions[row] >= 0 and rng.random() < 0.3:
            some.append(int(spoken.captions[row]))
        some = some or [said[0]]
        picked += some
        owners += [owner] * len(some)
    return torch.tensor(picked), torch.tensor(owners)
