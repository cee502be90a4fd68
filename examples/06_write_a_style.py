"""A style optimized from a text, written to a cache. Needs the [style] extra.

python examples/06_write_a_style.py "a pirate" my_styles 120
"""

import sys
from pathlib import Path

from clipactor_node import body, imagetext, style
from clipactor_node.style.optimization import optimize

prompt, folder = sys.argv[1], Path(sys.argv[2])
iterations = int(sys.argv[3]) if len(sys.argv) > 3 else 2  # few: a try; 120 take a minute or two

frames = style.standing_frames(body.load())  # what the body is doing in the pictures
request = style.Request.of(style.Job(prompt, "cpu-preview", at_most=iterations), frames)
cache = style.StyleCache(folder)
made = optimize(request, imagetext.load("embedded"), cache=cache)  # killed: the same call goes on

card = made.card
print(f"{card.prompt!r} ({card.status}): score {card.proposal_score:.3f} -> {card.score:.3f}")
print(f"{card.iterations} iterations in {card.seconds:.0f} s, in {cache.path(card.key)}")
