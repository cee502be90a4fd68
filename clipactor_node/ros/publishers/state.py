"""`state`: what the avatar is doing; `clothes`: what it looks like."""

from array import array
from collections.abc import Iterable

import numpy as np
from builtin_interfaces.msg import Time
from clipactor_interfaces.msg import AvatarClothes, AvatarState, StyleProgress
from std_msgs.msg import Header

from clipactor_node.body import Body
from clipactor_node.player import Appearance, Status


def clothes_message(appearance: Appearance, body: Body, stamp: Time) -> AvatarClothes:
    """What `clothes` carries, for readers that skin the body themselves.

    Args:
        appearance: on `body`, or on a subdivision of it, which begins with the vertices of `body`.
    """
    count = len(body.template)
    return AvatarClothes(
        header=Header(stamp=stamp),
        name=appearance.name,
        body_sha256=body.sha256,
        colors=array("B", appearance.colors[:count].tobytes()),
        displacement=array("f", appearance.displacement[:count].tobytes()),
        cut=array("f", b"" if appearance.rest_offsets is None else appearance.rest_offsets[:count].tobytes()),
    )


class StateMessage:
    """Makes AvatarState messages from what the player says about itself.

    Args:
        problems: what is wrong since the start (a missing model, a refused parameter); these stay
            in `warnings`, and in `last_error` until a command goes wrong in another way.
    """

    def __init__(self, frame_id: str, rate_hz: float, body_sha256: str, problems: Iterable[str]) -> None:
        self._frame_id, self._rate_hz, self._body_sha256 = frame_id, rate_hz, body_sha256
        self._problems = tuple(problems)

    def message(self, status: Status, style: StyleProgress, stamp: Time) -> AvatarState:
        """What `state` carries."""
        return AvatarState(
            header=Header(stamp=stamp, frame_id=self._frame_id),
            command=status.command,
            plan="\n".join(status.plan),
            clip=status.clip,
            label=status.label,
            score=float(np.nan_to_num(status.score)),
            index=status.index,
            clip_duration=status.frames / self._rate_hz,
            rate_hz=self._rate_hz,
            style=status.style,
            activity=str(status.activity),
            warnings=[*self._problems, *status.warnings],
            body_sha256=self._body_sha256,
            last_error=status.error or "; ".join(self._problems),
            style_progress=style,
        )
