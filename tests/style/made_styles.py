"""Finished styles that nobody optimized: small, random, and of the right form."""

import numpy as np

from clipactor_node.style import Style, StyleCard, style_key

COUNT = 30


def style(prompt="a clown", seed=0, status="complete", created="2024-01-01T00:00:00+00:00"):
    random = np.random.default_rng(seed)
    card = StyleCard(
        key=style_key(prompt, seed, {"iterations": 3}, "tiny@1", "body", "frames"), prompt=prompt, seed=seed,
        preset="cpu-preview", schedule={"iterations": 3}, model="tiny@1", body="body", frames="frames",
        clip="walk", vertices=COUNT, subdivisions=0, status=status, iterations=3, images=18, seconds=1.5,
        score=0.3, proposal_score=0.2, moved=0.1, losses=[3.0, 2.0, 1.0], scores=[[0, 0.2], [3, 0.3]],
        events=["slow"], made_with={"torch": "2"}, created=created,
    )  # fmt: skip
    colors = random.integers(0, 256, (COUNT, 3), np.uint8)
    relief = random.uniform(-0.1, 0.1, COUNT).astype(np.float16)
    return Style(card, colors, relief, random.normal(size=(COUNT, 3)).astype(np.float16))
