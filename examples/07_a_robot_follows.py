"""A humanoid robot does what a clip does, within its limits. Needs the [robots] extra.

python examples/07_a_robot_follows.py my_robot.urdf motion.csv
"""

import sys
from pathlib import Path

from clipactor_node import body, motion, robots

urdf = sys.argv[1] if len(sys.argv) > 1 else robots.GENERIC  # a file, or the name of one that ships
out = Path(sys.argv[2] if len(sys.argv) > 2 else "motion.csv")

skinner = body.Skinner(body.load())
library = motion.open_library()
clip = library.load(library.labels[0].clip)
transforms = skinner.transforms(clip.poses[:90], clip.translation[:90])  # (90, 55, 4, 4), SMPL axes

robot = robots.open_robot(urdf)  # which link follows which joint is guessed, or read from a TOML file
for problem in robot.problems:
    print("note:", problem)
followed = robots.retarget_clip(robot, skinner, transforms, clip.rate_hz)
followed.write(out)
figures = followed.figures()
print(f"{clip.name}: {followed.positions.shape[0]} frames of {len(robot.joint_names)} joints -> {out}")
print(f"speed limits held {figures['held_by_speed_limit']} times, broken {figures['speed_limit_violations']}")
