"""A sheet of the poses that have a name, in plain clothes.

python docs/build/named_poses.py OUT.webp
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from clipactor_node import body
from clipactor_node.cli.dressed_body import DressedBody
from clipactor_node.generation.poses import Floor, named_pose, named_poses, posed
from clipactor_node.generation.poses.named import joints_of_part
from clipactor_node.render import sheet, strip

SIDE = 0.5  # radians from the front
WIDTH, HEIGHT, COLUMNS = 160, 175, 8


def main(out: Path) -> None:
    skinner, worn = body.Skinner(body.load()), DressedBody.open("none")
    floor = Floor(skinner)
    standing, _ = posed(named_pose("stand"), skinner.rest_joints, floor.sole)
    cells, captions = [], []
    for named in named_poses():
        pose, _ = posed(named, skinner.rest_joints, floor.sole)
        if named.part != "whole":
            joints = joints_of_part(named.part)
            pose, part = standing.copy(), pose
            pose[joints] = part[joints]
        pose, translation, _ = floor.settled(pose, named.touches if named.part == "whole" else "feet")
        transforms = worn.skinner.transforms(pose, translation)[np.newaxis]
        cells.append(strip(worn.skinner, worn.colors, transforms, SIDE, width=WIDTH, height=HEIGHT))
        captions.append(named.name.replace("_", " "))
    Image.fromarray(sheet(cells, captions, columns=COLUMNS)).save(out, quality=82, method=6)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
