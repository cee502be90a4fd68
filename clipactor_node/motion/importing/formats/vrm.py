"""Humanoid bones as VRM names them, in avatars (VRM 0 and 1) and in animations (VRMA)."""

from typing import Any

from clipactor_node.motion.importing.skeleton_mapping import POSITIONED, Point, SkeletonMapping

_BONES = {
    "hips": "pelvis",
    "spine": "spine1",
    "chest": "spine2",
    "upperChest": "spine3",
    "neck": "neck",
    "head": "head",
}
_LIMBS = {
    "Shoulder": "collar",
    "UpperArm": "shoulder",
    "LowerArm": "elbow",
    "Hand": "wrist",
    "UpperLeg": "hip",
    "LowerLeg": "knee",
    "Foot": "ankle",
    "Toes": "foot",
}
_FINGERS = {"Thumb": "thumb", "Index": "index", "Middle": "middle", "Ring": "ring", "Little": "pinky"}
_PHALANGES = ("Proximal", "Intermediate", "Distal")
_THUMB = ("Metacarpal", "Proximal", "Distal")  # VRM 1; VRM 0 names it like the fingers


def vrm_mapping(extensions: dict[str, Any], names: dict[int, str]) -> SkeletonMapping | None:
    """The mapping that a file's VRM extension spells; None: it has none.

    Args:
        names: node -> name of its joint.
    """
    bones = _bones(extensions)
    joints = {bone: names[node] for bone, node in bones.items() if node in names}
    rotations = {}
    for bone, joint in (*_BONES.items(), *_sided(bones)):
        if bone in joints:
            rotations[joint] = joints[bone]
    if "chest" in joints and "upperChest" not in joints:
        rotations["spine3"] = rotations.pop("spine2")
    positions = {
        joint: Point(name)
        for joint, name in rotations.items()
        if joint.removeprefix("left_").removeprefix("right_") in POSITIONED
    }
    return SkeletonMapping("VRM", rotations, positions) if "left_hip" in rotations else None


def _bones(extensions: dict[str, Any]) -> dict[str, int]:
    """Name of a humanoid bone -> node."""
    for key in ("VRMC_vrm_animation", "VRMC_vrm"):
        bones = (extensions.get(key) or {}).get("humanoid", {}).get("humanBones", {})
        if bones:
            return {bone: given["node"] for bone, given in bones.items() if "node" in given}
    old = (extensions.get("VRM") or {}).get("humanoid", {}).get("humanBones", [])
    return {given["bone"]: given["node"] for given in old if "bone" in given and "node" in given}


def _sided(bones: dict[str, int]) -> list[tuple[str, str]]:
    thumb = _THUMB if any("ThumbMetacarpal" in bone for bone in bones) else _PHALANGES
    pairs = []
    for side in ("left", "right"):
        pairs += [(f"{side}{bone}", f"{side}_{joint}") for bone, joint in _LIMBS.items()]
        for bone, finger in _FINGERS.items():
            phalanges = thumb if bone == "Thumb" else _PHALANGES
            pairs += [(f"{side}{bone}{name}", f"{side}_{finger}{i}") for i, name in enumerate(phalanges, 1)]
    return pairs
