"""A motion file (BVH, ASF/AMC, AMASS, ...) as a clip of a library.

python examples/03_import_a_motion_file.py walk.bvh my_library
"""

import sys
from pathlib import Path

from clipactor_node import motion
from clipactor_node.motion.importing import Settings, add

files, folder = [Path(sys.argv[1])], Path(sys.argv[2])
report = add(files, folder, Settings(source="my own recording", licence="CC0-1.0"))
for outcome in report.outcomes:  # imported, repaired, quarantined, duplicate or failed
    print(f"{outcome.path.name}: {outcome.status} {outcome.note}")

library = motion.open_library([folder])
for name in library.names:
    clip = library.load(name)
    print(f"{name}: {len(clip.poses)} frames at {clip.rate_hz:g} Hz, labels {[x.text for x in clip.labels]}")
