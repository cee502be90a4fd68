"""What `clipactor library describe` prints."""

import json
import random

from clipactor_node import body
from clipactor_node.generation import captions_of
from clipactor_node.generation.describing import describe, events_of, phrase
from clipactor_node.motion import mirrored as in_a_mirror
from clipactor_node.motion import open_library


def run_describe(name: str, seed: int, sentences: int, mirrored: bool, as_json: bool) -> None:
    """Print the sentences about a clip, what people wrote about it, and its events with their times."""
    clip = open_library().load(name)
    written = captions_of(name, mirrored)
    if mirrored:
        clip = in_a_mirror(clip)
    rest_joints = body.Skinner(body.load()).rest_joints
    seen = describe(clip, rest_joints, seed, sentences)
    events = events_of(clip, rest_joints)
    lines = [(e.start_s, e.end_s, phrase(e, random.Random(f"{seed}/{e.start_s}"))) for e in events]
    if as_json:
        spans = [[text, start, end] for start, end, text in lines]
        print(json.dumps({"clip": clip.name, "sentences": seen, "written": written, "events": spans}))
        return
    print(f"{clip.name}, {clip.duration_s:.2f} s")
    for text in seen:
        print(f"  {text}")
    for text in (*clip.captions, *written):
        print(f"  written: {text}")
    for start, end, text in lines:
        print(f"  {start:6.2f} - {end:6.2f} s  {text}")
