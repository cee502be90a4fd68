"""Which clip of the library answers a sentence, and how surely.

python examples/01_find_a_clip.py "somebody greets a friend"
"""

import sys

from clipactor_node import motion, retrieval

text = " ".join(sys.argv[1:]) or "somebody greets a friend"
library = motion.open_library()  # the clips that ship, and the user's
retriever, notes = retrieval.open_retriever(library)
for note in notes:
    print("note:", note)
for match in retriever.find(text, top=3):
    print(f"{match.score:.2f}  {match.clip}  {match.start_s:.1f} to {match.end_s:.1f} s  {match.label!r}")
