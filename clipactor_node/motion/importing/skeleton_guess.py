"""Which joint is which in a skeleton without telling names: by its hierarchy and symmetry.

Two pairs of mirrored limbs hang on a trunk: legs where the trunk begins, arms farther up. In every limb the
two longest bones in a row are thigh and shin, or upper arm and forearm. Feet point to the front, which tells
left from right.
"""

from itertools import combinations

import numpy as np

from clipactor_node.motion.importing.body_points import unit
from clipactor_node.motion.importing.skeleton_mapping import Point, SkeletonMapping, spine_of
from clipactor_node.motion.importing.source_motion import SourceMotion

GUESSED = "guessed by build"
_ALIKE = 0.08  # mirrored limbs differ in length by at most this share
_STRAIGHT = np.cos(np.radians(2.0))
_LEG = ("hip", "knee", "ankle", "foot")
_ARM = ("collar", "shoulder", "elbow", "wrist")


def guessed(motion: SourceMotion) -> SkeletonMapping | None:
    """A mapping by build; None: this is not built like a person."""
    build = _Build(motion)
    pairs = build.mirrored_pairs()
    best = max(
        ((legs, arms) for legs in pairs for arms in pairs if build.may_be(legs, arms)),
        key=lambda both: sum(build.length(limb[0]) for limb in both),
        default=None,
    )
    if best is None:
        return None
    legs, arms = best
    found = build.trunk(legs, arms)
    for pair, joints in ((legs, _LEG), (arms, _ARM)):
        sides = ("left", "right") if build.left_is_first(legs, pair, arms) else ("right", "left")
        for side, start in zip(sides, pair, strict=True):
            found.update({f"{side}_{j}": i for j, i in build.limb(start, joints).items()})
    named = {joint: motion.joints[index] for joint, index in found.items()}
    placed = [j for j in named if j.startswith(("left_", "right_")) and not j.endswith("collar")]
    return SkeletonMapping(GUESSED, named, {joint: Point(named[joint]) for joint in placed})


class _Build:
    """Lengths, chains and places of a skeleton, in the frame in which its limbs are farthest apart."""

    def __init__(self, motion: SourceMotion) -> None:
        self.parents = motion.parents
        self.frames = places = motion.world[1]
        spread = np.linalg.norm(places - places.mean(axis=1, keepdims=True), axis=-1).sum(axis=1)
        self.places = places[int(np.argmax(spread))]
        self.bones = np.linalg.norm(self.places - self.places[np.maximum(motion.parents, 0)], axis=-1)
        self.children: list[list[int]] = [[] for _ in motion.parents]
        for joint, parent in enumerate(motion.parents):
            if parent >= 0:
                self.children[parent].append(joint)
        self._chains: list[list[int]] = [[] for _ in motion.parents]  # down the longest way, by length
        for joint in reversed(range(len(motion.parents))):  # children come after their parents
            chains = [self._chains[child] for child in self.children[joint]]
            longest = max(chains, key=lambda chain: float(self.bones[chain].sum()), default=[])
            self._chains[joint] = [joint, *longest]

    def length(self, joint: int) -> float:
        """Of the longest chain below a joint."""
        return float(self.bones[self._chains[joint][1:]].sum())

    def mirrored_pairs(self) -> list[tuple[int, int]]:
        """Siblings whose longest chains are alike, three joints or more."""
        pairs = []
        for children in self.children:
            for one, other in combinations(children, 2):
                chains = self._chains[one], self._chains[other]
                lengths = [self.length(one), self.length(other)]
                if min(map(len, chains)) < 3 or len(chains[0]) != len(chains[1]):
                    continue
                bones = [self.bones[chain[1:]] for chain in chains]
                if np.abs(bones[0] - bones[1]).max() < _ALIKE * max(lengths):
                    pairs.append((one, other))
        return pairs

    def may_be(self, legs: tuple[int, int], arms: tuple[int, int]) -> bool:
        """Whether two pairs can be the legs and the arms of a person."""
        hips, chest = self.parents[legs[0]], self.parents[arms[0]]
        common = set(self.above(hips)) & set(self.above(chest))
        return (
            legs != arms
            and hips != chest
            and (hips in self.above(chest) or (bool(common) and chest not in self.above(hips)))
            and not {*legs} & {chest, *self.above(chest)}
            and not {*arms} & {hips, *self.above(hips)}
            and self.length(legs[0]) > 0.7 * self.length(arms[0])
        )

    def above(self, joint: int) -> list[int]:
        """Ancestors, nearest first."""
        chain = []
        while (joint := self.parents[joint]) >= 0:
            chain.append(joint)
        return chain

    def limb(self, start: int, names: tuple[str, ...]) -> dict[str, int]:
        """The joints of a limb: its two longest bones in a row are thigh and shin, or those of the arm."""
        chain = self._that_bend(self._chains[start])
        bones = np.linalg.norm(np.diff(self.places[chain], axis=0, prepend=self.places[:1]), axis=-1)
        last = max(
            range(2, len(chain)), key=lambda i: bones[i] + bones[i - 1] - 0.5 * abs(bones[i] - bones[i - 1])
        )
        middle = names.index("knee" if "knee" in names else "elbow")
        return {
            name: chain[last - 1 + i - middle]
            for i, name in enumerate(names)
            if 0 <= last - 1 + i - middle < len(chain)
        }

    def _that_bend(self, chain: list[int]) -> list[int]:
        """A chain without joints that only twist: those in which the bones go straight on in every frame."""
        bones = unit(np.diff(self.frames[:, chain], axis=1))
        straight = (bones[:, :-1] * bones[:, 1:]).sum(-1).min(axis=0) > _STRAIGHT
        bending = [chain[0], *(j for j, s in zip(chain[1:-1], straight, strict=True) if not s), chain[-1]]
        return bending if len(bending) > 3 else chain

    def trunk(self, legs: tuple[int, int], arms: tuple[int, int]) -> dict[str, int]:
        """Pelvis, spine, neck and head."""
        hips, chest = self.parents[legs[0]], self.parents[arms[0]]
        up = {hips, *self.above(hips)}
        spine = [joint for joint in reversed([chest, *self.above(chest)]) if joint not in up]
        found = {"pelvis": hips, **spine_of(spine)}
        others = [child for child in self.children[chest] if child not in arms]
        neck = self._chains[max(others, key=self.length)] if others else []
        fork = next((i for i, joint in enumerate(neck[:-1]) if i and len(self.children[joint]) > 1), None)
        if fork is not None:
            neck = neck[: fork + 1]  # eyes, jaw and hair hang on the head
        elif len(neck) > 2:
            neck = neck[:-1]  # the last is the top of the head
        if neck:
            found["head"] = neck[-1]
        if len(neck) > 1:
            found["neck"] = neck[0]
        return found

    def left_is_first(self, legs: tuple[int, int], pair: tuple[int, int], arms: tuple[int, int]) -> bool:
        """Whether the first limb of a pair is on the left, for feet point and knees bend to the front."""
        up = unit(self.frames[:, self.parents[arms[0]]] - self.frames[:, self.parents[legs[0]]])
        front = np.zeros_like(up)
        for start in legs:
            leg = self.limb(start, _LEG)
            hip, knee, ankle = (self.frames[:, leg[joint]] for joint in ("hip", "knee", "ankle"))
            front += self.frames[:, self._chains[leg["ankle"]][-1]] - ankle
            front += knee - hip - _along(knee - hip, unit(ankle - hip))
        one, other = (self.frames[:, self._chains[start][1]] for start in pair)
        return bool(((one - other) * np.cross(up, front)).sum() > 0)


def _along(vectors: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """(T, 3) the parts of vectors along unit directions."""
    return (vectors * directions).sum(-1, keepdims=True) * directions
