"""Sheets to look at: sixteen texts, three generated motions of each beside the nearest clip.

    python docs/build/generated_motions.py OUT [--seconds 4] [--steps 10] [--seeds 3]

writes OUT/1.png ... with eight moments a row, and prints what the quality gate measured and why it refused.
Eight texts are like the training data, eight are not. Every sample is one try: nothing is drawn again.
"""

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image

from clipactor_node import body
from clipactor_node.errors import ClipActorError
from clipactor_node.generation import Attempt, open_maker
from clipactor_node.language import parse
from clipactor_node.motion import MotionClip, open_library
from clipactor_node.render import facing, sheet, strip
from clipactor_node.retrieval import open_retriever, plan_prompt
from clipactor_node.text import load_encoder

KNOWN = (
    "a person walks forward",
    "a person walks forward and turns left",
    "a person runs forward and jumps",
    "a person waves with the right hand",
    "a person kicks with the right leg",
    "a person sits down on a chair",
    "a person raises both hands above the head",
    "a person bends forward and picks something up",
)
NEW = (
    "a person walks forward and waves with the left hand",
    "a person limps with a hurt left leg",
    "a person conducts an orchestra",
    "a person skips rope",
    "a person sneaks on tiptoe and looks around",
    "a person throws a frisbee with the left hand",
    "a drunk person staggers to the side",
    "a person plays the violin",
)
_MOMENTS, _WIDTH, _HEIGHT, _ON_A_SHEET = 8, 900, 190, 4


def main() -> None:
    """Write the sheets."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("out", type=Path)
    options.add_argument("--seconds", type=float, default=4.0)
    options.add_argument("--steps", type=int, default=10)
    options.add_argument("--seeds", type=int, default=3)
    given = options.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    skinner = body.Skinner(body.load())
    maker = open_maker(load_encoder(), skinner)
    library = open_library()
    retriever = open_retriever(library)[0]
    texts = KNOWN + NEW
    reasons: Counter[str] = Counter()
    for start in range(0, len(texts), _ON_A_SHEET):
        rows, captions = [], []
        for text in texts[start : start + _ON_A_SHEET]:
            for seed in range(1, given.seeds + 1):
                one = maker.make(text, given.seconds, seed, given.steps, tries=1).attempts[0]
                rows.append(_strip(skinner, one.clip))
                captions.append(f"{text}, seed {seed}: {_said(one)}")
                print(captions[-1], flush=True)
                reasons.update(fault.split(" (")[0].split(" in ")[0] for fault in one.faults)
                reasons["shown"] += not one.faults
            try:
                match = plan_prompt(retriever, parse(text)).layers[0].match
                rows.append(_strip(skinner, library.load(match.clip)))
                captions.append(f"nearest clip: {match.clip}")
            except ClipActorError as error:
                captions.append(f"no clip: {error}"[:110])
                rows.append(np.full((_HEIGHT, _WIDTH, 3), 255, np.uint8))
        picture = sheet(rows, captions, columns=2)
        Image.fromarray(picture).save(given.out / f"{start // _ON_A_SHEET + 1}.png", optimize=True)
    print(dict(reasons))


def _strip(skinner: body.Skinner, clip: MotionClip) -> np.ndarray:
    moments = np.linspace(0, len(clip) - 1, _MOMENTS).round().astype(int)
    transforms = skinner.transforms(clip.poses[moments], clip.translation[moments])
    colors = np.full((len(skinner.rest_vertices), 3), (190, 170, 150), np.uint8)
    return strip(skinner, colors, transforms, width=_WIDTH, height=_HEIGHT)


def _said(one: Attempt) -> str:
    """How far it goes ahead, how it was measured, why it is refused."""
    clip, q = one.clip, one.quality
    way = clip.translation[-1] - clip.translation[0]
    angle = facing(_forward(clip))
    ahead = float(way[0] * np.sin(angle) + way[2] * np.cos(angle))
    line = f"{ahead:+.1f} m, skates {q.skating:.2f}, jerk {q.jerk:.0f}, chance {q.chance:.2f}"
    return f"{line}; {'REFUSED: ' + '; '.join(one.faults) if one.faults else 'shown'}"


def _forward(clip: MotionClip) -> np.ndarray:
    """(3,) where the pelvis looks in the first frame."""
    from clipactor_node.geometry import matrix_from_axis_angle

    forward: np.ndarray = matrix_from_axis_angle(clip.poses[:1, 0].astype(np.float64))[0, :, 2]
    return forward


if __name__ == "__main__":
    main()
