"""Which mapping fits a skeleton: the one that is given, the user's, a shipped one, names, or a guess."""

from dataclasses import replace

import numpy as np

from clipactor_node.errors import LibraryError
from clipactor_node.motion.importing.body_points import SIDES, leg_length, points_of
from clipactor_node.motion.importing.joint_names import recognized
from clipactor_node.motion.importing.skeleton_guess import guessed
from clipactor_node.motion.importing.skeleton_mapping import (
    SkeletonMapping,
    best_of,
    load_mapping,
    mapping_names,
    missing_joints,
    user_mappings,
)
from clipactor_node.motion.importing.source_motion import SourceMotion

_SHORTEST_FOOT = 0.07  # from ankle to ball, of the leg


def choose_mapping(
    motion: SourceMotion, given: SkeletonMapping | None
) -> tuple[SkeletonMapping, tuple[str, ...]]:
    """The mapping for a motion in the axes and names of its file, and what is doubtful about it.

    Raises:
        LibraryError: none fits, or the one that is given does not; says how to write one.
    """
    names = list(motion.joints)
    if given is not None:
        missing = missing_joints(given, names)
        if missing:
            raise LibraryError(
                f"{motion.name}: mapping {given.name!r} finds no {', '.join(missing)} among its joints: "
                f"{_listed(names)}"
            )
        return given, ()
    shipped = [load_mapping(name) for name in mapping_names()]
    mapping = (
        best_of(user_mappings(), names)
        or best_of((one for one in shipped if _knows_the_chest(one, motion)), names, whole=True)
        or recognized(names, motion.parents)
        or best_of(shipped, names)
    )
    if mapping is not None:
        return _without_stubs(mapping, motion), ()
    mapping = guessed(motion)
    if mapping is None:
        raise LibraryError(
            f"{motion.name}: its joints ({_listed(names)}) are known neither by name nor by their build as "
            "those of a person; say which is which in a file for --mapping (docs/motion.md shows one)"
        )
    limbs = ", ".join(
        f"{joint} = {mapping.rotations[joint]}"
        for joint in ("left_knee", "left_elbow", "head")
        if joint in mapping.rotations
    )
    return _without_stubs(mapping, motion), (
        f"guessed which joint is which from their build ({limbs}); if wrong, give --mapping",
    )


def _knows_the_chest(mapping: SkeletonMapping, motion: SourceMotion) -> bool:
    """Whether what the arms hang on is among a mapping's joints; longer spines than its own end elsewhere."""
    joints = mapping.canonical(motion.joints)
    arm = next((mapping.rotations[j] for j in ("left_collar", "left_shoulder") if j in mapping.rotations), "")
    return arm in joints and joints[motion.parents[joints.index(arm)]] in mapping.rotations.values()


def _without_stubs(mapping: SkeletonMapping, motion: SourceMotion) -> SkeletonMapping:
    """Without the balls of feet that are none: some files end at the ankle, with a stub of any direction."""
    joints = mapping.canonical(motion.joints)
    points = points_of(mapping, joints, motion.rest)
    shortest = _SHORTEST_FOOT * leg_length(points)
    stubs = {
        f"{side}_foot"
        for side in SIDES
        if f"{side}_foot" in points
        and float(np.linalg.norm(points[f"{side}_foot"] - points[f"{side}_ankle"])) < shortest
    }
    if not stubs:
        return mapping
    return replace(mapping, positions={j: p for j, p in mapping.positions.items() if j not in stubs})


def _listed(names: list[str]) -> str:
    return ", ".join(names[:40]) + (", ..." if len(names) > 40 else "")
