"""A player of what a node has loaded, and what it has to compile before anybody waits for it."""

import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from clipactor_node.face import Speech
from clipactor_node.player import Company, Goal, Place, Player, Prepared, Scene
from clipactor_node.ros.nodes.loading import Loaded


def new_player(
    loaded: Loaded,
    settings: Mapping[str, Any],
    place: Place,
    scene: Scene | None = None,
    company: Company | None = None,
) -> Player | None:
    """A player for what was loaded; None: there is no body. Takes some time, in any thread."""
    if loaded.skinner is None:
        return None
    return Player(
        loaded.library,
        loaded.retriever,
        loaded.skinner,
        settings["rate_hz"],
        loop=settings["loop"],
        excuse="; ".join(loaded.problems),
        selector=loaded.selector,
        generated=loaded.generated,
        place=place,
        idle=settings["idle"],
        seed=zlib.crc32(place.position.tobytes()),  # not all of them blink and look around at once
        scene=scene,
        company=company,
    )


def warm_up_motion(player: Player) -> None:
    """Play a motion to its end and on, out of sight: what is compiled for that holds up no tick later.

    Args:
        player: nobody else's; for any thread.
    """
    speech = Speech("hello")
    player.perform(Prepared("", motions=(player.motion,), speech=speech, revision=player.preparer.revision))
    for _ in range(player.motion.frames + 2):
        player.tick()
    walk = player.preparer.going_to(Goal(way=np.array([[0.0, 0.5]])))
    if not walk.error:
        player.perform(walk)
        player.tick()
        player.drive(0.3, 0.0, 0.0)
        player.tick()
