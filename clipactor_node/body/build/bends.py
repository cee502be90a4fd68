"""What flesh does when joints bend: one block of flesh per joint of the left side, settled in many poses.

A block is cut out of the A-pose, the shape MakeHuman's artists sculpted, and counts as free of strain
there. Bones (capsules between joints) and deep nodes of the trunk are carried; so are the nodes where
the block was cut off. Everything between finds its own place.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from clipactor_node.body.build.flesh import Flesh, Lattice
from clipactor_node.body.build.sites import Site
from clipactor_node.body.build.voxels import Voxels
from clipactor_node.geometry import JOINT_COUNT, JOINT_INDEX, forward_kinematics, matrix_from_axis_angle

_TRUNK = [JOINT_INDEX[n] for n in ("pelvis", "spine1", "spine2", "spine3", "neck", "head")]


@dataclass(frozen=True)
class Anatomy:
    """The body in the A-pose with all that carries it to the T-pose and from there to any pose."""

    vertices: np.ndarray
    """(V, 3) A-pose, the closed skin only."""
    faces: np.ndarray
    joints: np.ndarray
    """(55, 3) A-pose."""
    weights: np.ndarray
    """(V, 55)."""
    bones: tuple[str, ...]
    bone_weights: np.ndarray
    """(V, B) of anny's bones."""
    bone_motions: np.ndarray
    """(B, 4, 4) from the A-pose to the T-pose."""
    rest_joints: np.ndarray
    """(55, 3) T-pose."""

    def motions(self, pose: np.ndarray) -> np.ndarray:
        """Rest-to-posed motion of each joint: (55, 3) axis-angle -> (55, 4, 4)."""
        rotations = matrix_from_axis_angle(np.asarray(pose, np.float64))
        motions = forward_kinematics(self.rest_joints, rotations, np.zeros(3))
        motions[:, :3, 3] -= np.einsum("jab,jb->ja", motions[:, :3, :3], self.rest_joints)
        return motions


class Block:
    """The flesh around one joint."""

    def __init__(self, anatomy: Anatomy, site: Site) -> None:
        self._anatomy, self._site = anatomy, site
        self._centre = anatomy.joints[JOINT_INDEX[site.joint]]
        voxels = Voxels(anatomy.vertices, anatomy.faces, site.voxel)
        tree = cKDTree(anatomy.vertices)
        chosen = self._cut_out(voxels, tree)
        held = chosen[tuple(voxels.cell(anatomy.vertices).T)]
        self.vertices = np.flatnonzero(held)
        """(P,) the skin's vertices in the block."""
        self._lattice = lattice = Lattice.block(voxels, chosen, anatomy.vertices[held])
        near = tree.query(lattice.nodes)[1]
        self._carry_to_t(near)
        fixed = self._bones(near) | self._core() | lattice.cut
        self._flesh = Flesh(lattice, fixed)
        self._fixed = fixed

    @property
    def mask(self) -> np.ndarray:
        """(P,) how far the block speaks for its vertices: 1 near the joint, 0 where it was cut."""
        distance = np.linalg.norm(self._anatomy.vertices[self.vertices] - self._centre, axis=1)
        inner, outer = self._site.fade
        s = np.clip((outer - distance) / (outer - inner), 0, 1)
        beyond = self._anatomy.weights[self.vertices][:, [JOINT_INDEX[n] for n in self._site.without]].sum(1)
        return s * s * (3 - 2 * s) * np.clip(1 - 2 * beyond, 0, 1)

    def settled(self, pose: np.ndarray) -> np.ndarray:
        """Vertices of the block, (P, 3), in the pose (55, 3)."""
        motions = self._anatomy.motions(pose)
        blended = np.einsum("nj,jab->nab", self._weights, motions)
        start = np.einsum("nab,nb->na", blended[:, :3, :3], self._tposed) + blended[:, :3, 3]
        return self._lattice.embedding @ self._flesh.settle(start)

    def _cut_out(self, voxels: Voxels, tree: cKDTree) -> np.ndarray:
        anatomy, site = self._anatomy, self._site
        centres = voxels.centres()
        weights = anatomy.weights[tree.query(centres)[1]]
        beyond = weights[:, [JOINT_INDEX[n] for n in site.without]].sum(1)
        near = np.linalg.norm(centres - self._centre, axis=1) < site.radius
        chosen = np.zeros_like(voxels.inside)
        chosen[tuple(np.argwhere(voxels.inside)[near & (centres[:, 0] > 0) & (beyond < 0.6)].T)] = True
        label, _ = ndimage.label(chosen)
        return label == 1 + np.argmax(np.bincount(label.ravel())[1:])

    def _carry_to_t(self, near: np.ndarray) -> None:
        """Where nodes go in the T-pose if they follow the nearest skin, and by which joints further."""
        anatomy = self._anatomy
        blended = np.einsum("nb,bij->nij", anatomy.bone_weights[near], anatomy.bone_motions)
        nodes = self._lattice.nodes
        self._tposed = np.einsum("nab,nb->na", blended[:, :3, :3], nodes) + blended[:, :3, 3]
        self._weights = anatomy.weights[near].copy()

    def _bones(self, near: np.ndarray) -> np.ndarray:
        """Marks the nodes inside bones and makes them follow their bone alone."""
        anatomy, nodes = self._anatomy, self._lattice.nodes
        marked = np.zeros(len(nodes), bool)
        for bone in self._site.bones:
            start, end = (anatomy.joints[JOINT_INDEX[name]] for name in (bone.start, bone.end))
            axis = end - start
            along = (nodes - start) @ axis / (axis @ axis)
            off = np.linalg.norm(nodes - start - along[:, None] * axis, axis=1)
            own = (off < bone.radius) & (along > bone.span[0]) & (along < bone.span[1])
            columns = [anatomy.bones.index(name) for name in bone.follows]
            shares = anatomy.bone_weights[near[own]][:, columns] + 1e-6
            shares /= shares.sum(1, keepdims=True)
            blended = np.einsum("nb,bij->nij", shares, anatomy.bone_motions[columns])
            self._tposed[own] = np.einsum("nab,nb->na", blended[:, :3, :3], nodes[own]) + blended[:, :3, 3]
            self._weights[own] = np.eye(JOINT_COUNT)[JOINT_INDEX[bone.joint]]
            marked |= own
        return marked

    def _core(self) -> np.ndarray:
        """Ribs and pelvis: what lies deep in the trunk, away from the joint."""
        trunk = self._weights[:, _TRUNK].sum(1)
        distance = np.linalg.norm(self._lattice.nodes - self._centre, axis=1)
        depth, away = self._site.core
        core = (trunk > 0.55) & (self._lattice.depth > depth) & (distance > away)
        self._weights[core] = np.where(np.isin(np.arange(JOINT_COUNT), _TRUNK), self._weights[core], 0)
        self._weights[core] /= self._weights[core].sum(1, keepdims=True)
        return core


def poses_of(site: Site) -> Iterator[np.ndarray]:
    """The poses a block is settled in, (55, 3) axis-angle each; the first is the T-pose."""
    for angles in site.poses:
        pose = np.zeros((JOINT_COUNT, 3))
        for name, vector in angles.items():
            pose[JOINT_INDEX[name]] = np.radians(vector)
        yield pose
