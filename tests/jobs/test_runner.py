"""From a job to a request: frames, preset, and snapshots that every detail of the body can wear."""

import numpy as np
import pytest

from clipactor_node.body import load
from clipactor_node.errors import LibraryError
from clipactor_node.jobs.content_frames import frames_of, frames_of_clip
from clipactor_node.jobs.runner import _of_base
from clipactor_node.motion import open_library
from clipactor_node.style import Job
from clipactor_node.style.progress import Progress, Snapshot


def test_an_order_names_the_motion_to_dress():
    library = open_library()
    name = sorted(library.names)[0]
    whole = frames_of(Job("a monk", clip=name))
    motion = library.load(name)
    assert np.isclose(len(whole), len(motion.poses) * 30.0 / motion.rate_hz, atol=2) or len(whole) == 560
    part = frames_of(Job("a monk", clip=name, start_s=0.5, end_s=1.0))
    assert 14 <= len(part) <= 17
    assert len(frames_of(Job("a monk"))) == 4  # standing
    with pytest.raises(LibraryError, match="no such clip"):
        frames_of(Job("a monk", clip="no such clip"))


def test_a_stretch_beyond_the_end_is_the_last_frame():
    motion = open_library().load(sorted(open_library().names)[0])
    assert len(frames_of_clip(load(), motion, 1e6)) == 1


def test_snapshots_are_told_for_the_vertices_of_the_body_file():
    colors = np.arange(30, dtype=np.uint8).reshape(10, 3)
    snapshot = Snapshot(10, 0.5, colors, np.arange(10, dtype=np.float16))
    told = _of_base(Progress(10, 40, 1.0, {}, 0.5, 6, 1.0, 9.0, snapshot, ()), 4).snapshot
    assert (told.colors == colors[:4]).all() and (told.displacement == [0, 1, 2, 3]).all()
    assert told.iteration == 10
