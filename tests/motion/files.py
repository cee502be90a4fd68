"""Small motion files for the tests: a person with straight limbs who bends the left knee by an angle."""

import numpy as np

# name, parent, offset in metres (T-pose, x to the left, y up, z forward)
PERSON = (
    ("Hips", "", (0.0, 0.0, 0.0)),
    ("Spine", "Hips", (0.0, 0.1, 0.0)),
    ("Spine1", "Spine", (0.0, 0.12, 0.0)),
    ("Spine2", "Spine1", (0.0, 0.12, 0.0)),
    ("Neck", "Spine2", (0.0, 0.2, 0.0)),
    ("Head", "Neck", (0.0, 0.1, 0.0)),
    ("LeftShoulder", "Spine2", (0.06, 0.14, 0.0)),
    ("LeftArm", "LeftShoulder", (0.12, 0.0, 0.0)),
    ("LeftForeArm", "LeftArm", (0.27, 0.0, 0.0)),
    ("LeftHand", "LeftForeArm", (0.25, 0.0, 0.0)),
    ("RightShoulder", "Spine2", (-0.06, 0.14, 0.0)),
    ("RightArm", "RightShoulder", (-0.12, 0.0, 0.0)),
    ("RightForeArm", "RightArm", (-0.27, 0.0, 0.0)),
    ("RightHand", "RightForeArm", (-0.25, 0.0, 0.0)),
    ("LeftUpLeg", "Hips", (0.09, -0.05, 0.0)),
    ("LeftLeg", "LeftUpLeg", (0.0, -0.42, 0.0)),
    ("LeftFoot", "LeftLeg", (0.0, -0.42, 0.0)),
    ("LeftToeBase", "LeftFoot", (0.0, -0.06, 0.13)),
    ("RightUpLeg", "Hips", (-0.09, -0.05, 0.0)),
    ("RightLeg", "RightUpLeg", (0.0, -0.42, 0.0)),
    ("RightFoot", "RightLeg", (0.0, -0.42, 0.0)),
    ("RightToeBase", "RightFoot", (0.0, -0.06, 0.13)),
)
HIPS_HEIGHT = 0.97


def bvh(knee_deg, frame_time=1 / 30, unit=0.01, prefix="mixamorig:", moving=()):
    """A Mixamo-like BVH: the left knee flexed by the given degrees, frame by frame, while walking on.

    Args:
        unit: metres per unit of the file. prefix: of the joint names.
        moving: joints that have position channels besides the hips.
    """
    lines, order = ["HIERARCHY"], []
    _joint(lines, order, "Hips", 0, 1.0 / unit, prefix, {"Hips", *moving})
    lines += ["MOTION", f"Frames: {len(knee_deg)}", f"Frame Time: {frame_time:.7f}"]
    offsets = {name: np.array(offset) / unit for name, _, offset in PERSON}
    for i, knee in enumerate(knee_deg):
        row = []
        for name in order:
            if name in {"Hips", *moving}:
                place = offsets[name] if name != "Hips" else np.array([0.0, HIPS_HEIGHT, 0.02 * i]) / unit
                row += place.tolist()
            row += [0.0, knee if name == "LeftLeg" else 0.0, 0.0]  # Z, X, Y
        lines.append(" ".join(f"{value:.6f}" for value in row))
    return "\n".join(lines) + "\n"


def _joint(lines, order, name, depth, scale, prefix, moving):
    offset = next(offset for n, _, offset in PERSON if n == name)
    indent = "\t" * depth
    order.append(name)
    lines += [
        f"{indent}{'JOINT' if depth else 'ROOT'} {prefix}{name}",
        f"{indent}{{",
        f"{indent}\tOFFSET " + " ".join(f"{x * scale:.6f}" for x in offset),
    ]
    rotation = "Zrotation Xrotation Yrotation"
    channels = f"6 Xposition Yposition Zposition {rotation}" if name in moving else f"3 {rotation}"
    lines.append(f"{indent}\tCHANNELS {channels}")
    children = [n for n, parent, _ in PERSON if parent == name]
    for child in children:
        _joint(lines, order, child, depth + 1, scale, prefix, moving)
    if not children:
        lines += [f"{indent}\tEnd Site", f"{indent}\t{{", f"{indent}\t\tOFFSET 0 0 1", f"{indent}\t}}"]
    lines.append(f"{indent}}}")


# The same person as an Acclaim skeleton: bone, parent, direction and length from the bone's start.
BONES = (
    ("lhipjoint", "root", (0.09, -0.05, 0.0), ""), ("lfemur", "lhipjoint", (0, -0.42, 0), "rx ry rz"),
    ("ltibia", "lfemur", (0, -0.42, 0), "rx"), ("lfoot", "ltibia", (0, -0.06, 0.13), "rx rz"),
    ("ltoes", "lfoot", (0, 0, 0.06), "rx"),
    ("rhipjoint", "root", (-0.09, -0.05, 0.0), ""), ("rfemur", "rhipjoint", (0, -0.42, 0), "rx ry rz"),
    ("rtibia", "rfemur", (0, -0.42, 0), "rx"), ("rfoot", "rtibia", (0, -0.06, 0.13), "rx rz"),
    ("rtoes", "rfoot", (0, 0, 0.06), "rx"),
    ("lowerback", "root", (0, 0.1, 0), "rx ry rz"), ("upperback", "lowerback", (0, 0.12, 0), "rx ry rz"),
    ("thorax", "upperback", (0, 0.2, 0), "rx ry rz"), ("lowerneck", "thorax", (0, 0.05, 0), "rx ry rz"),
    ("upperneck", "lowerneck", (0, 0.05, 0), "rx ry rz"), ("head", "upperneck", (0, 0.1, 0), "rx ry rz"),
    ("lclavicle", "thorax", (0.18, 0.0, 0), "ry rz"), ("lhumerus", "lclavicle", (0.27, 0, 0), "rx ry rz"),
    ("lradius", "lhumerus", (0.20, 0, 0), "rx"), ("lwrist", "lradius", (0.09, 0, 0), "ry"),
    ("lhand", "lwrist", (0.05, 0, 0), "rx rz"), ("lfingers", "lhand", (0.05, 0, 0), "rx"),
    ("lthumb", "lwrist", (0.03, 0, 0.03), "rx rz"),
    ("rclavicle", "thorax", (-0.18, 0.0, 0), "ry rz"), ("rhumerus", "rclavicle", (-0.27, 0, 0), "rx ry rz"),
    ("rradius", "rhumerus", (-0.20, 0, 0), "rx"), ("rwrist", "rradius", (-0.09, 0, 0), "ry"),
    ("rhand", "rwrist", (-0.05, 0, 0), "rx rz"), ("rfingers", "rhand", (-0.05, 0, 0), "rx"),
    ("rthumb", "rwrist", (-0.03, 0, 0.03), "rx rz"),
)  # fmt: skip
CMU_UNIT_M = 0.0254 / 0.45


def asf(axis="0 0 0"):
    """An ASF skeleton in CMU's unit; `axis`: of every bone, degrees about x, y, z."""
    text = [
        ":version 1.10", ":name TEST", ":units", "  mass 1.0", "  length 0.45", "  angle deg", ":root",
        "   order TX TY TZ RX RY RZ", "   axis XYZ", "   position 0 0 0", "   orientation 0 0 0",
        ":bonedata",
    ]  # fmt: skip
    for number, (name, _, along, dof) in enumerate(BONES, 1):
        length = np.linalg.norm(along)
        direction = " ".join(f"{x / length:.9f}" for x in along)
        text += ["  begin", f"     id {number}", f"     name {name}", f"     direction {direction}"]
        text += [f"     length {length / CMU_UNIT_M:.9f}", f"     axis {axis} XYZ"]
        text += [f"     dof {dof}"] if dof else []
        text += ["  end"]
    parents = dict.fromkeys(parent for _, parent, _, _ in BONES)
    text += [":hierarchy", "  begin"]
    text += [f"    {parent} " + " ".join(n for n, p, *_ in BONES if p == parent) for parent in parents]
    return "\n".join([*text, "  end"]) + "\n"


def amc(knee_deg):
    """An AMC motion: the left knee flexed by the given degrees, frame by frame, while walking on."""
    text = ["#!OML:ASF test", ":FULLY-SPECIFIED", ":DEGREES"]
    for i, knee in enumerate(knee_deg):
        text += [str(i + 1), f"root 0 {HIPS_HEIGHT / CMU_UNIT_M:.6f} {0.02 * i / CMU_UNIT_M:.6f} 0 0 0"]
        for name, _, _, dof in BONES:
            if dof:
                values = [f"{knee if name == 'ltibia' else 0.0:.6f}" for _ in dof.split()]
                text.append(f"{name} {' '.join(values)}")
    return "\n".join(text) + "\n"
