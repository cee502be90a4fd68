"""`python -m clipactor_node.player.dressing_worker`: reads orders, a line each; answers with dressed bodies.

Its parent is `DressingProcess`; when that closes the pipe, it ends.
"""

import json
import os
import sys
from functools import cache
from pathlib import Path

from clipactor_node import body as bodies
from clipactor_node.appearance.outfit import propose_outfit
from clipactor_node.appearance.painting import EVERYDAY
from clipactor_node.body.export import SkinnedMesh
from clipactor_node.errors import ClipActorError
from clipactor_node.player.dressing import DRESSED, NICENESS, REFUSED, Order, send


def dress(order: Order) -> SkinnedMesh:
    """Raises:
    ClipActorError: this body cannot wear cloth.
    """
    from clipactor_node.appearance import cloth

    outfit = propose_outfit(order.words).outfit if order.words else EVERYDAY
    clothed = cloth.dressed(outfit, _body(order.body), order.texture or cloth.TEXTURE)
    return SkinnedMesh.of(clothed.whole(), clothed.picture())


@cache
def _body(path: str) -> bodies.Body:
    return bodies.load(Path(path) if path else None)


def main() -> None:
    """Until the pipe is closed."""
    os.nice(NICENESS)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print does not get between the answers
    for line in sys.stdin.buffer:
        order = Order(**json.loads(line))
        try:
            kind, content = DRESSED, dress(order).packed()
        except ClipActorError as error:
            kind, content = REFUSED, str(error).encode()
        except Exception as error:  # of one outfit: the next may be made
            kind, content = REFUSED, f"{type(error).__name__}: {error}".encode()
        send(out, kind, content)


if __name__ == "__main__":
    main()
