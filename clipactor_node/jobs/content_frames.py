"""From the name of a motion to posed frames for an optimization. Needs no torch."""

import os
from pathlib import Path

from clipactor_node import body as bodies
from clipactor_node.body import Body
from clipactor_node.motion import MotionClip, open_library
from clipactor_node.style import STANDING, Frames, Job, standing_frames

_RATE_HZ = 30.0


def frames_of(job: Job) -> Frames:
    """The frames that an order wants dressed.

    Raises:
        LibraryError: no clip of that name. ModelError: no such body.
    """
    body = bodies.load(Path(job.body) if job.body else None)
    if job.clip == STANDING:
        return standing_frames(body)
    packs = [Path(place).expanduser() for place in job.library.split(os.pathsep) if place]
    motion = open_library(packs or None).load(job.clip)
    return frames_of_clip(body, motion, job.start_s, job.end_s)


def frames_of_clip(body: Body, motion: MotionClip, start_s: float = 0.0, end_s: float = 0.0) -> Frames:
    """The stretch of a clip (end_s 0: to its end), at 30 Hz or its own rate if that is lower."""
    rate, count = motion.rate_hz, len(motion.poses)
    first = min(int(start_s * rate), count - 1)
    last = min(count, int(end_s * rate) + 1) if end_s else count
    chosen = slice(first, max(last, first + 1), max(1, round(rate / _RATE_HZ)))
    return Frames.from_poses(body, motion.poses[chosen], motion.translation[chosen])
