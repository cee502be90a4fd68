"""`python -m clipactor_node.player.dressing_worker`: reads orders, a line each; answers with dressed bodies.

Its parent is `DressingProcess`; when that closes the pipe, it ends.
"""

import json
import os
import sys
import traceback
from functools import cache
from pathlib import Path

from clipactor_node import body as bodies
from clipactor_node.appearance.outfit import propose_outfit
from clipactor_node.appearance.painting import EVERYDAY
from clipactor_node.body.export import SkinnedMesh
from clipactor_node.errors import ClipActorError
from clipactor_node.player.dressing import DRESSED, NICENESS, REFUSED, DressingError, Order, send


def dress(order: Order) -> SkinnedMesh:
    """The mesh that was ordered.

    Raises:
        ClipActorError: this body cannot wear cloth.
    """
    from clipactor_node.appearance import cloth

    proposed, body = propose_outfit(order.words) if order.words else None, _body(order.body)
    outfit = proposed.outfit if proposed else EVERYDAY
    if not len(body.uv_faces):
        raise DressingError(f"the body {order.body or body.name} has no UV map, by which cloth is drawn")
    clothed = cloth.dressed(outfit, body, order.texture or cloth.TEXTURE)
    betas = proposed.betas(body, order.person) if proposed else ()
    return SkinnedMesh.of(clothed.whole(betas), clothed.picture(), swing=clothed.swing)


def _sentence(order: Order, error: Exception) -> str:
    who = f"the body {order.body}" if order.body else "the shipped body"
    why = f"{type(error).__name__}: {error}"
    return f"{order.words or 'everyday clothes'!r} cannot be made of cloth on {who}: {why}"


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
        except Exception as error:  # of one outfit or body: the next may be made
            traceback.print_exc()
            kind, content = REFUSED, _sentence(order, error).encode()
        send(out, kind, content)


if __name__ == "__main__":
    main()
