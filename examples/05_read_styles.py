"""The finished styles of the cache, and one of them as arrays. No torch.

python examples/05_read_styles.py firefighter
"""

import sys

from clipactor_node import body, style

cache = style.open_cache()  # the styles that ship, and the user's
for card in cache.cards():
    print(f"{card.key}  {card.score:.3f}  {card.prompt}")

name = sys.argv[1] if len(sys.argv) > 1 else cache.cards()[0].key
worn = cache.load(cache.find(name).key)  # by key, beginning of a key, prompt, or part of a prompt
print(f"{worn.card.prompt!r}: colors {worn.colors.shape}, displacement {worn.displacement.shape}")

fine = body.cached_subdivision(body.load())  # styles move to other resolutions and bodies
print(f"on {len(fine.template)} vertices: colors {style.transfer(worn, fine.template).colors.shape}")
