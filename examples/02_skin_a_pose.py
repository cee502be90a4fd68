"""A body in one pose of a clip, drawn without a graphics card.

python examples/02_skin_a_pose.py pose.png
"""

import sys

from PIL import Image

from clipactor_node import body, motion
from clipactor_node.appearance.painting import plain_clothes
from clipactor_node.geometry import Camera
from clipactor_node.render import draw

shipped = body.load()
skinner = body.Skinner(shipped, betas=shipped.betas(height=1.0))
library = motion.open_library()
clip = library.load(library.labels[0].clip)
middle = len(clip.poses) // 2

transforms = skinner.transforms(clip.poses[middle], clip.translation[middle])  # (55, 4, 4), joint -> world
vertices = skinner.vertices(transforms)  # (V, 3) metres; x to the avatar's left, y up, z forward
colors = plain_clothes(shipped).srgb  # (V, 3) uint8
picture = draw(vertices, shipped.faces, colors, Camera.around(vertices, azimuth=0.5))

out = sys.argv[1] if len(sys.argv) > 1 else "pose.png"
Image.fromarray(picture).save(out)
print(f"{clip.name}, frame {middle}: {len(vertices)} vertices -> {out}")
