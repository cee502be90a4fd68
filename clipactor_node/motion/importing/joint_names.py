"""Joints recognized by their names, whatever program spelled them.

Words that mean different joints in different programs ("shoulder", "arm", "leg", "foot", "hand", "hip") are
told by which others there are; spines and fingers of any length are told by the hierarchy.
"""

from collections.abc import Callable
from itertools import pairwise

from clipactor_node.motion.importing.name_parts import FINGERS, NameParts, bare, parsed
from clipactor_node.motion.importing.skeleton_mapping import POSITIONED, Point, SkeletonMapping, spine_of

RECOGNIZED = "recognized by names"
_ORDER = ("collar", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot")
_BALL_SHARE = 0.7  # of the way from the ankle to the end of a foot without toes


def recognized(names: list[str], parents: tuple[int, ...]) -> SkeletonMapping | None:
    """The mapping that the names spell; None: they do not name hips, knees, ankles, shoulders, elbows."""
    reader = _Reader(names, parents)
    rotations = reader.limbs()
    if rotations is None:
        return None
    rotations.update(reader.trunk(rotations))
    rotations.update(reader.fingers())
    named = {joint: names[index] for joint, index in rotations.items()}
    positions = {
        joint: Point(name)
        for joint, name in named.items()
        if joint.removeprefix("left_").removeprefix("right_") in POSITIONED
    }
    for side in ("left", "right"):
        ankle = rotations.get(f"{side}_ankle")
        if (
            f"{side}_foot" not in positions
            and ankle is not None
            and (end := reader.end_of(ankle)) is not None
        ):
            positions[f"{side}_foot"] = Point(names[ankle], names[end], _BALL_SHARE)
    return SkeletonMapping(RECOGNIZED, named, positions)


def _leg_words(kinds: set[str]) -> dict[str, str]:
    """SMPL-X joint of a leg -> the kind of word it has in a skeleton with these kinds."""
    thigh = next((kind for kind in ("thigh", "hip", "leg") if kind in kinds), "")
    ankle = "ankle" if "ankle" in kinds else "foot"
    return {
        "hip": thigh,
        "knee": "shin" if "shin" in kinds or thigh == "leg" else "leg",
        "ankle": ankle,
        "foot": "toe" if "toe" in kinds or ankle == "foot" else "foot",
    }


def _arm_words(kinds: set[str]) -> dict[str, str]:
    """SMPL-X joint of an arm -> the kind of word it has in a skeleton with these kinds."""
    upper = next((kind for kind in ("upperarm", "arm", "shoulder") if kind in kinds), "")
    return {
        "collar": "collar" if "collar" in kinds or upper == "shoulder" else "shoulder",
        "shoulder": upper,
        "elbow": "forearm",
        "wrist": "wrist" if "wrist" in kinds else "hand",
    }


class _Reader:
    """The joints of one skeleton by what their names say."""

    def __init__(self, names: list[str], parents: tuple[int, ...]) -> None:
        self.parents = parents
        self.joints = [parsed(name) for name in bare(names)]
        self.children: list[list[int]] = [[] for _ in parents]
        for joint, parent in enumerate(parents):
            if parent >= 0:
                self.children[parent].append(joint)

    def limbs(self) -> dict[str, int] | None:
        """SMPL-X joint -> index, for legs and arms; None where one has no hip, knee, ankle, shoulder,
        elbow."""
        found: dict[str, int] = {}
        for side in ("left", "right"):
            for words in (_leg_words, _arm_words):
                own = self._limb(side, words)
                if own is None:
                    return None
                found.update({f"{side}_{joint}": index for joint, index in own.items()})
        return found

    def _limb(self, side: str, words: Callable[[set[str]], dict[str, str]]) -> dict[str, int] | None:
        kinds: dict[str, int] = {}
        for index, joint in enumerate(self.joints):
            if joint.side == side and joint.kind:
                kinds.setdefault(joint.kind, index)
        wanted = words(set(kinds))
        picked = {joint: kinds[wanted[joint]] for joint in _ORDER if wanted.get(joint) in kinds}
        if any(
            joint not in picked for joint in ("hip", "knee", "ankle", "shoulder", "elbow") if joint in wanted
        ):
            return None
        for above, below in pairwise(list(picked)):
            if not self.is_above(picked[above], picked[below]):
                if above != "collar" and below not in ("wrist", "foot"):
                    return None
                del picked[above if above == "collar" else below]
        return picked

    def is_above(self, upper: int, lower: int) -> bool:
        """Whether one joint is an ancestor of another."""
        return upper in self.ancestors(lower)

    def ancestors(self, joint: int) -> list[int]:
        """Parent, grandparent, ... of a joint."""
        chain = []
        while (joint := self.parents[joint]) >= 0:
            chain.append(joint)
        return chain

    def trunk(self, limbs: dict[str, int]) -> dict[str, int]:
        """Pelvis, spine, neck and head, from the hierarchy between the limbs."""
        hips = [limbs[f"{side}_hip"] for side in ("left", "right")]
        shoulders = [limbs.get(f"{side}_collar", limbs[f"{side}_shoulder"]) for side in ("left", "right")]
        fork, chest = self._fork(*hips), self._fork(*shoulders)
        if fork is None or chest is None:
            return {}
        named = [
            i for i, joint in enumerate(self.joints) if joint.kind in ("pelvis", "hip") and not joint.side
        ]
        pelvis = fork if fork in named or not named else named[0]
        above = {pelvis, *self.ancestors(pelvis), fork, *self.ancestors(fork)}
        spine = [joint for joint in reversed([chest, *self.ancestors(chest)]) if joint not in above]
        neck = [joint for joint in spine if self.joints[joint].kind == "neck"]  # some hang the arms on it
        if neck and len(neck) < len(spine):
            spine = [joint for joint in spine if joint not in neck]
        neck_from = spine[-1] if spine else chest
        return {"pelvis": pelvis, **spine_of(spine), **self._neck(neck_from, set(shoulders))}

    def _neck(self, chest: int, arms: set[int]) -> dict[str, int]:
        heads = [i for i, joint in enumerate(self.joints) if joint.kind == "head" and self.is_above(chest, i)]
        if heads:
            head = heads[0]
            path = [i for i in reversed(self.ancestors(head)) if self.is_above(chest, i)]
        else:  # a chain that only goes on, as Rigify's spine does
            path = self._longest_below(chest, arms)
            path = path[:-1] if path and not self.joints[path[-1]].kind else path
            if not path:
                return {}
            head, path = path[-1], path[:-1]
        return {"head": head, **({"neck": path[0]} if path else {})}

    def _longest_below(self, joint: int, without: set[int]) -> list[int]:
        """The joints of the chain with most joints below one."""
        chains: dict[int, list[int]] = {}
        for lower in reversed(range(joint, len(self.parents))):  # children come after their parents
            below = [chains[child] for child in self.children[lower] if child not in without]
            chains[lower] = [lower, *max(below, key=len, default=[])]
        return chains[joint][1:]

    def _fork(self, one: int, other: int) -> int | None:
        ancestors = self.ancestors(other)
        return next((joint for joint in self.ancestors(one) if joint in ancestors), None)

    def end_of(self, joint: int) -> int | None:
        """The last joint below one."""
        below = self._longest_below(joint, set())
        return below[-1] if below else None

    def fingers(self) -> dict[str, int]:
        """Three joints of every finger that is named, the thumb's metacarpal included."""
        chains: dict[tuple[str, str], list[int]] = {}
        for index, joint in enumerate(self.joints):
            finger = self._finger(joint)
            if joint.side and finger:
                chains.setdefault((joint.side, finger), []).append(index)
        found = {}
        for (side, finger), chain in chains.items():
            chain.sort(key=lambda joint: len(self.ancestors(joint)))
            if len(chain) >= 3:
                found.update({f"{side}_{finger}{i + 1}": joint for i, joint in enumerate(chain[:3])})
        return found

    @staticmethod
    def _finger(joint: NameParts) -> str:
        if joint.kind in FINGERS:
            return joint.kind
        if joint.kind in ("finger", "digit") and joint.number:  # 3ds Max counts from 0, others from 1
            which = int(joint.number[0]) - (joint.kind == "digit")
            return FINGERS[which] if 0 <= which < len(FINGERS) else ""
        return ""
