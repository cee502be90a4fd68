"""Clothes from words, painted on the body and written as a GLB that Blender opens. No torch.

python examples/04_an_outfit_from_words.py "a pirate in a red coat" pirate.glb
"""

import sys
from pathlib import Path

import numpy as np

from clipactor_node import body
from clipactor_node.appearance.outfit import propose_outfit
from clipactor_node.appearance.painting import paint
from clipactor_node.body.export import glb

text = sys.argv[1] if len(sys.argv) > 1 else "a pirate in a red coat"
out = Path(sys.argv[2] if len(sys.argv) > 2 else "outfit.glb")

understood = propose_outfit(text)
for note in understood.notes:  # what was not taken literally
    print("note:", note)
shipped = body.load()
painted = paint(understood.outfit, shipped)  # colors (V, 3) in [0, 1], displacement (V,) metres
colors = np.round(255 * painted.colors).astype(np.uint8)
out.write_bytes(glb(body.Skinner(shipped), colors, displacement=painted.displacement))
print(f"{text!r} as {understood.name or 'described'}: {out.stat().st_size / 1e6:.1f} MB in {out}")
