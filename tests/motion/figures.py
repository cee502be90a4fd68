"""A clip as other programs would write it: their names, axes, unit, rest pose and file format.

What is read back can be compared with the clip, joint by joint.
"""

from dataclasses import dataclass, replace

import numpy as np
import pygltflib as gltf
from scipy.spatial.transform import Rotation

from clipactor_node.geometry import (
    BODY,
    JOINT_NAMES,
    PARENTS,
    forward_kinematics,
    matrix_from_axis_angle,
    smpl_from_axes,
)
from clipactor_node.motion.importing.body_points import points_of
from clipactor_node.motion.importing.orientation import direction

SIDES = ("left", "right")


def axes(up, front):
    """(3, 3) from SMPL's axes to a world whose `up` is up and where one looks along `front`."""
    return smpl_from_axes(direction(up), direction(front)).T


@dataclass(frozen=True)
class Figure:
    """names, parents; rest (J, 3); global rotations from the rest pose (T, J, 3, 3) and places (T, J, 3)."""

    names: tuple
    parents: tuple
    rest: np.ndarray
    turned: np.ndarray
    places: np.ndarray
    rate_hz: float

    @classmethod
    def of(cls, clip, rest_joints, still=(), joints=BODY):
        """The body joints of a clip; those named in `still` are not turned."""
        poses = clip.poses.astype(float)
        poses[:, [JOINT_NAMES.index(name) for name in still]] = 0.0
        transforms = forward_kinematics(rest_joints, matrix_from_axis_angle(poses), clip.translation)
        names = JOINT_NAMES[joints]
        return cls(
            names,
            PARENTS[joints],
            np.asarray(rest_joints, float)[joints],
            transforms[:, joints, :3, :3],
            transforms[:, joints, :3, 3],
            clip.rate_hz,
        )

    def without(self, *names):
        """Without joints; what hangs on them hangs on their parents."""
        kept = [i for i, name in enumerate(self.names) if name not in names]
        row = {joint: i for i, joint in enumerate(kept)}
        parents = []
        for joint in kept:
            parent = self.parents[joint]
            while parent >= 0 and parent not in row:
                parent = self.parents[parent]
            parents.append(row.get(parent, -1))
        return Figure(
            tuple(self.names[i] for i in kept),
            tuple(parents),
            self.rest[kept],
            self.turned[:, kept],
            self.places[:, kept],
            self.rate_hz,
        )

    def with_joint(self, name, parent, offset=(0.0, 0.0, 0.0), above=None, share=0.5):
        """With a joint more, which turns with its parent: beside others, or in the bone that ends in `above`.

        Without a parent: a new root at the origin.
        """
        names, parents = [*self.names], [*self.parents]
        if parent is None:
            return Figure(
                (name, *names),
                (-1, *(p + 1 for p in parents)),
                np.concatenate([np.zeros((1, 3)), self.rest]),
                np.concatenate([np.tile(np.eye(3), (len(self.turned), 1, 1, 1)), self.turned], axis=1),
                np.concatenate([np.zeros((len(self.places), 1, 3)), self.places], axis=1),
                self.rate_hz,
            )
        on = names.index(parent)
        if above is not None:
            below = names.index(above)
            offset = share * (self.rest[below] - self.rest[on])
            parents[below] = len(names)
        rest = self.rest[on] + offset
        places = self.places[:, on] + self.turned[:, on] @ np.asarray(offset, float)
        return Figure(
            (*names, name),
            (*parents, on),
            np.concatenate([self.rest, rest[None]]),
            np.concatenate([self.turned, self.turned[:, on : on + 1]], axis=1),
            np.concatenate([self.places, places[:, None]], axis=1),
            self.rate_hz,
        )

    def hung(self, joint, parent):
        """With a joint hung on another one."""
        parents = list(self.parents)
        parents[self.names.index(joint)] = self.names.index(parent)
        return replace(self, parents=tuple(parents))

    def renamed(self, names):
        """With other names: {name here: name there}, or a function of the name."""
        rename = names if callable(names) else lambda name: names.get(name, name)
        return replace(self, names=tuple(map(rename, self.names)))

    def turned_by(self, motion, rest=None):
        """In other axes: (3, 3) for the motion, and for the rest pose if that is written in others."""
        rest = motion if rest is None else rest
        return replace(
            self,
            rest=self.rest @ rest.T,
            turned=motion @ self.turned @ rest.T,
            places=self.places @ motion.T,
        )

    def scaled(self, units_per_metre):
        return replace(self, rest=self.rest * units_per_metre, places=self.places * units_per_metre)

    def rested(self, frame_or_turns):
        """With another rest pose: one of its frames, or {joint: axis-angle} of the T-pose."""
        if isinstance(frame_or_turns, int):
            pose, rest = self.turned[frame_or_turns], self.places[frame_or_turns]
            return replace(self, rest=rest - rest[0], turned=self.turned @ np.swapaxes(pose, -1, -2))
        pose, rest = np.tile(np.eye(3), (len(self.names), 1, 1)), self.rest.copy()
        for joint in self.depth_first():
            parent = self.parents[joint]
            own = matrix_from_axis_angle(np.array(frame_or_turns.get(self.names[joint], (0.0, 0.0, 0.0))))
            if parent >= 0:
                pose[joint] = pose[parent] @ own
                rest[joint] = rest[parent] + pose[parent] @ (self.rest[joint] - self.rest[parent])
        return replace(self, rest=rest, turned=self.turned @ np.swapaxes(pose, -1, -2))

    def rolled(self, degrees):
        """With joints rolled about their bones, {joint: degrees}: nothing moves."""
        turned = self.turned.copy()
        for name, angle in degrees.items():
            joint = self.names.index(name)
            bone = self.rest[self.parents.index(joint)] - self.rest[joint]
            roll = matrix_from_axis_angle(np.radians(angle) * bone / np.linalg.norm(bone))
            turned[:, joint] = turned[:, joint] @ roll
        return replace(self, turned=turned)

    def depth_first(self):
        """Joints in the order in which files have them."""
        order, waiting = [], [self.parents.index(-1)]
        while waiting:
            joint = waiting.pop()
            order.append(joint)
            waiting += [i for i in reversed(range(len(self.parents))) if self.parents[i] == joint]
        return order

    def bvh(self, ends=True):
        """The text of a BVH file; joints that move in their parents have position channels."""
        lines, order, columns = ["HIERARCHY"], [], []
        self._bvh_joint(self.parents.index(-1), 0, lines, order, columns, ends)
        lines += ["MOTION", f"Frames: {len(self.turned)}", f"Frame Time: {1.0 / self.rate_hz:.8f}"]
        lines += [" ".join(f"{value:.6f}" for value in row) for row in np.concatenate(columns, axis=1)]
        return "\n".join(lines) + "\n"

    def _bvh_joint(self, joint, depth, lines, order, columns, ends):
        parent = self.parents[joint]
        above = self.turned[:, parent] if parent >= 0 else np.eye(3)
        offset = self.rest[joint] - (self.rest[parent] if parent >= 0 else self.rest[joint])
        moved = self.places[:, joint] - (self.places[:, parent] if parent >= 0 else 0.0)
        moved = np.einsum("...ji,...j->...i", above, moved)
        moves = parent < 0 or np.abs(moved - offset).max() > 1e-5 * np.abs(self.rest).max()
        position = "Xposition Yposition Zposition " if moves else ""
        tab = "\t" * depth
        lines += [
            f"{tab}{'JOINT' if depth else 'ROOT'} {self.names[joint]}",
            f"{tab}{{",
            f"{tab}\tOFFSET " + " ".join(f"{x:.6f}" for x in offset),
            f"{tab}\tCHANNELS {6 if moves else 3} {position}Zrotation Xrotation Yrotation",
        ]
        local = np.swapaxes(above, -1, -2) @ self.turned[:, joint]
        columns += [moved] if moves else []
        columns += [Rotation.from_matrix(local).as_euler("ZXY", degrees=True)]
        children = [i for i, p in enumerate(self.parents) if p == joint]
        for child in children:
            self._bvh_joint(child, depth + 1, lines, order, columns, ends)
        if not children and ends:
            lines += [f"{tab}\tEnd Site", f"{tab}\t{{", f"{tab}\t\tOFFSET 0 0.01 0", f"{tab}\t}}"]
        lines.append(f"{tab}}}")


@dataclass(frozen=True)
class Armature:
    """What glTF files have above the bones: a node that turns and scales them all."""

    turn: np.ndarray
    scale: float = 1.0


def write_gltf(path, figures, armature=None, bone_axes=True, extensions=None, kind="LINEAR"):
    """Write figures with one skeleton as a glTF file of as many animations, .glb or .gltf with its .bin.

    Args:
        bone_axes: nodes have axes of their own, as bones in Blender do, not those of the world.
        extensions: {name: content} of the file, made from a function of the nodes' names.
        kind: LINEAR, STEP or CUBICSPLINE.
    """
    first = figures[0]
    order = first.depth_first()
    rng = np.random.default_rng(5)
    own = (
        Rotation.random(len(order), random_state=rng).as_matrix()
        if bone_axes
        else np.tile(np.eye(3), (len(order), 1, 1))
    )
    above = armature or Armature(np.eye(3))
    nodes, offset = [], 1 if armature else 0
    if armature:
        turn = Rotation.from_matrix(armature.turn).as_quat().tolist()
        nodes.append(gltf.Node(name="Armature", rotation=turn, scale=[armature.scale] * 3, children=[1]))
    row = {joint: i for i, joint in enumerate(order)}
    for joint in order:
        translation, rotation = _local(first, joint, own, row, above, first.rest[None], np.eye(3)[None, None])
        children = [row[c] + offset for c, p in enumerate(first.parents) if p == joint]
        nodes.append(
            gltf.Node(
                name=first.names[joint],
                translation=translation[0].tolist(),
                rotation=rotation[0].tolist(),
                children=children,
            )
        )
    blob, views, accessors, animations = bytearray(), [], [], []

    def accessor(values, kind_name):
        values = np.ascontiguousarray(values, np.float32)
        views.append(gltf.BufferView(buffer=0, byteOffset=len(blob), byteLength=values.nbytes))
        blob.extend(values.tobytes())
        accessors.append(
            gltf.Accessor(
                bufferView=len(views) - 1,
                componentType=5126,
                count=len(values),
                type=kind_name,
                min=values.min(axis=0).reshape(-1).tolist(),
                max=values.max(axis=0).reshape(-1).tolist(),
            )
        )
        return len(accessors) - 1

    for number, figure in enumerate(figures):
        times = accessor(np.arange(len(figure.turned)) / figure.rate_hz, "SCALAR")
        animation = gltf.Animation(
            name=f"take {number}" if len(figures) > 1 else "take", samplers=[], channels=[]
        )
        for joint in order:
            translation, rotation = _local(figure, joint, own, row, above, figure.places, figure.turned)
            keys = [("rotation", rotation, "VEC4")]
            if figure.parents[joint] < 0:
                keys.append(("translation", translation, "VEC3"))
            for target, values, width in keys:
                if kind == "CUBICSPLINE":
                    slope = np.gradient(values, axis=0) * figure.rate_hz
                    values = np.stack([slope, values, slope], axis=1).reshape(-1, values.shape[1])
                animation.samplers.append(
                    gltf.AnimationSampler(input=times, output=accessor(values, width), interpolation=kind)
                )
                animation.channels.append(
                    gltf.AnimationChannel(
                        sampler=len(animation.samplers) - 1,
                        target=gltf.AnimationChannelTarget(node=row[joint] + offset, path=target),
                    )
                )
        animations.append(animation)
    names = {node.name: index for index, node in enumerate(nodes)}
    scene = gltf.GLTF2(
        asset=gltf.Asset(version="2.0"),
        scene=0,
        scenes=[gltf.Scene(nodes=[0])],
        nodes=nodes,
        animations=animations,
        bufferViews=views,
        accessors=accessors,
        buffers=[gltf.Buffer(byteLength=len(blob))],
        extensions=extensions(names) if extensions else {},
    )
    if path.suffix == ".gltf":
        scene.buffers[0].uri = f"{path.stem}.bin"
        path.with_suffix(".bin").write_bytes(bytes(blob))
        path.write_text(scene.to_json())
    else:
        scene.set_binary_blob(bytes(blob))
        scene.save_binary(str(path))
    return path


def _local(figure, joint, own, row, above, places, turned):
    """Translation (T, 3) and quaternion (T, 4) of a joint in its parent's node."""
    turned = np.broadcast_to(turned, (len(places), len(figure.names), 3, 3))
    world = turned[:, joint] @ own[row[joint]]
    parent = figure.parents[joint]
    if parent >= 0:
        frame, origin, scale = turned[:, parent] @ own[row[parent]], places[:, parent], above.scale
    else:
        frame, origin, scale = np.broadcast_to(above.turn, world.shape), np.zeros(3), above.scale
    back = np.swapaxes(frame, -1, -2)
    moved = np.einsum("tij,tj->ti", back, places[:, joint] - origin) / scale
    quaternion = Rotation.from_matrix(back @ world).as_quat()
    flips = np.cumprod(
        np.concatenate([[1.0], np.where((quaternion[1:] * quaternion[:-1]).sum(-1) < 0, -1.0, 1.0)])
    )
    return moved, quaternion * flips[:, None]


def vrm_animation(names_to_bones):
    """The VRMA extension for nodes with these names."""

    def extensions(nodes):
        bones = {bone: {"node": nodes[name]} for name, bone in names_to_bones.items()}
        return {"VRMC_vrm_animation": {"specVersion": "1.0", "humanoid": {"humanBones": bones}}}

    return extensions


def errors_mm(motion, truth):
    """SMPL-X joint -> millimetres by which a motion that was read has it elsewhere, at most."""
    found = points_of(motion.mapping, motion.joints, motion.world[1])
    return {
        name: 1000.0 * float(np.linalg.norm(place - truth.places[:, truth.names.index(name)], axis=-1).max())
        for name, place in found.items()
        if name in truth.names
    }


def assert_same(motion, truth, within_mm=1.0, least=14, without=()):
    """The body points of a motion that was read are those of the figure, in place and axes."""
    errors = errors_mm(motion, truth)
    wrong = {
        name: round(error, 1) for name, error in errors.items() if error > within_mm and name not in without
    }
    assert not wrong, f"off by millimetres: {wrong}"
    assert len(errors) >= least, f"only {sorted(errors)} were found"
