"""The parts the open body is built with, each on something whose answer is known."""

import numpy as np
import pytest
import trimesh

from clipactor_node.body.build.fit import both_sides, fit_directions, packed
from clipactor_node.body.build.flesh import Flesh, Lattice
from clipactor_node.body.build.hand_poses import POSES, authored_hands
from clipactor_node.body.build.regressor import fit_regressor
from clipactor_node.body.build.sites import SITES
from clipactor_node.body.build.voxels import Voxels
from clipactor_node.body.correctives import CorrectiveKernel
from clipactor_node.geometry.kinematics import forward_kinematics
from clipactor_node.geometry.rotations import matrix_from_axis_angle
from clipactor_node.geometry.skeleton import JOINT_COUNT, JOINT_INDEX, MIRROR

RNG = np.random.default_rng(0)


def bar() -> tuple[Lattice, trimesh.Trimesh]:
    """A round bar of 30 cm along x, 6 cm thick, in voxels of 1 cm."""
    mesh = trimesh.creation.capsule(height=0.24, radius=0.03, count=[16, 16])
    mesh.apply_transform(trimesh.transformations.rotation_matrix(np.pi / 2, [0, 1, 0]))
    mesh.apply_translation([0.5, 0, 0] - mesh.centroid)
    mesh = mesh.subdivide_to_size(0.02)
    vertices, faces = np.array(mesh.vertices), np.array(mesh.faces)
    voxels = Voxels(vertices, faces, 0.01)
    return Lattice.block(voxels, voxels.inside, vertices), mesh


def held_at_both_ends(lattice: Lattice) -> tuple[np.ndarray, np.ndarray]:
    x = lattice.nodes[:, 0] - 0.5
    return x < -0.11, x > 0.11


def test_voxels_fill_the_surface():
    ball = trimesh.creation.icosphere(subdivisions=3, radius=0.2)
    voxels = Voxels(np.array(ball.vertices), np.array(ball.faces), 0.01)
    assert voxels.inside[tuple(voxels.cell(ball.vertices).T)].all()
    assert ball.volume < voxels.inside.sum() * 1e-6 < 1.25 * ball.volume
    assert 0.19 < voxels.depth.max() < 0.23
    assert voxels.inside[tuple(voxels.cell(np.zeros((1, 3)))[0])]


def test_voxels_have_no_holes_where_triangles_are_large():
    box = trimesh.creation.box([0.2, 0.2, 0.2])
    voxels = Voxels(np.array(box.vertices), np.array(box.faces), 0.005)
    assert voxels.depth.max() > 0.09


def test_embedded_points_lie_where_they_were():
    lattice, mesh = bar()
    np.testing.assert_allclose(lattice.embedding @ lattice.nodes, mesh.vertices, atol=1e-12)
    assert not lattice.cut.any()


def test_flesh_that_is_moved_as_a_whole_follows_as_a_whole():
    lattice, _ = bar()
    left, right = held_at_both_ends(lattice)
    turn = matrix_from_axis_angle(np.array([0.4, -0.9, 0.3]))
    wanted = lattice.nodes @ turn.T + [0.1, 0.2, -0.3]
    start = np.where((left | right)[:, None], wanted, lattice.nodes)
    settled = Flesh(lattice, left | right).settle(start, steps=400)
    assert np.abs(settled - wanted).max() < 1e-3


def test_bent_flesh_keeps_its_volume_where_skinning_loses_it():
    lattice, mesh = bar()
    left, right = held_at_both_ends(lattice)
    turn = matrix_from_axis_angle(np.array([0, 0, np.radians(100)]))
    share = np.clip((lattice.nodes[:, 0] - 0.5) / 0.06 + 0.5, 0, 1)[:, None]
    pivot = np.array([0.5, 0, 0])
    skinned = (1 - share) * lattice.nodes + share * ((lattice.nodes - pivot) @ turn.T + pivot)
    settled = Flesh(lattice, left | right).settle(skinned)

    def volume(nodes) -> float:
        return trimesh.Trimesh(lattice.embedding @ nodes, mesh.faces, process=False).volume

    assert abs(volume(settled) - mesh.volume) < 0.5 * abs(volume(skinned) - mesh.volume)
    np.testing.assert_array_equal(settled[left | right], skinned[left | right])


def test_flesh_settles_the_same_way_every_time():
    lattice, _ = bar()
    left, right = held_at_both_ends(lattice)
    start = lattice.nodes + np.where(right, 0.02, 0.0)[:, None]
    np.testing.assert_array_equal(
        Flesh(lattice, left | right).settle(start, 20), Flesh(lattice, left | right).settle(start, 20)
    )


def test_directions_that_made_the_examples_are_found():
    poses = np.zeros((60, JOINT_COUNT, 3))
    joint = JOINT_INDEX["left_elbow"]
    poses[:, joint] = RNG.normal(0, 0.8, (60, 3))
    feature = (matrix_from_axis_angle(poses[:, joint]) - np.eye(3)).reshape(60, 9)
    truth = RNG.normal(0, 0.01, (5, 3, 9))
    blended = matrix_from_axis_angle(RNG.normal(0, 0.3, (60, 5, 3)))
    missing = np.einsum("spab,pbf,sf->spa", blended, truth, feature)
    found = fit_directions(("left_elbow",), poses, blended, missing)[joint]
    made = np.einsum("spab,pbf,sf->spa", blended, found, feature)
    assert np.abs(made - missing).max() < 0.15 * np.abs(missing).max()


def test_the_right_side_does_what_the_left_does_mirrored():
    left, right = JOINT_INDEX["left_knee"], JOINT_INDEX["right_knee"]
    mirror = np.array([1, 0, 3, 2])
    directions = both_sides({left: RNG.normal(0, 0.01, (4, 3, 9))}, mirror)
    kernel = CorrectiveKernel(packed(directions))

    def offsets(joint: int, angles) -> np.ndarray:
        pose = np.zeros((JOINT_COUNT, 3))
        pose[joint] = angles
        transforms = forward_kinematics(np.zeros((JOINT_COUNT, 3)), matrix_from_axis_angle(pose), np.zeros(3))
        out = np.zeros((4, 3), np.float32)
        kernel.add(transforms.astype(np.float32), out)
        return out

    mirrored = offsets(right, [0.5, -0.3, 0.2])[mirror] * [-1, 1, 1]
    np.testing.assert_allclose(offsets(left, [0.5, 0.3, -0.2]), mirrored, atol=1e-7)


def test_a_joint_that_slides_along_the_skin_is_still_found():
    """Points on a tube that stretches ever more towards its end; the joint moves twice as far as its ring."""
    around, along = RNG.uniform(-np.pi, np.pi, 400), RNG.uniform(-0.3, 0.3, 400)
    tube = np.stack([0.05 * np.cos(around), along, 0.05 * np.sin(around)], 1)
    stretch = 5 * along * np.abs(along)
    growth = RNG.normal(0, 0.1, 40)
    vertices = np.repeat(tube[:, :, None], 40, axis=2)
    vertices[:, 1] += stretch[:, None] * growth
    joints = np.zeros((JOINT_COUNT, 3, 40))
    joints[:, 1] = 0.1 + 2 * 5 * 0.1**2 * growth
    found = fit_regressor(vertices, joints, np.ones(400, bool), np.arange(400))
    np.testing.assert_allclose(np.asarray(found.sum(1)).ravel(), 1, atol=1e-4)
    error = (found @ vertices.reshape(400, -1)).reshape(joints.shape) - joints
    assert np.abs(error[[j for j, m in enumerate(MIRROR) if j <= m]]).max() < 0.001


def test_every_site_starts_from_the_t_pose_and_bends_what_it_learns():
    for site in SITES:
        assert site.poses[0] == {}
        assert set().union(*site.poses) == set(site.learns)
        assert site.fade[0] < site.fade[1] < site.radius


@pytest.mark.parametrize("name", POSES)
def test_authored_hands_bend_no_finger_further_than_fingers_bend(name):
    bends, _, _ = POSES[name]
    assert all(-20 <= angle <= 105 for finger in bends for angle in finger)


def test_hand_components_rebuild_the_poses_they_came_from():
    thumb = np.array([0.7, -0.4, 0.6])
    hands = authored_hands(thumb / np.linalg.norm(thumb))
    from clipactor_node.body.build.hand_poses import left_hand

    axes = hands.left_components.reshape(len(hands.left_components), -1)
    for name in POSES:
        wanted = (left_hand(name, thumb / np.linalg.norm(thumb)) - hands.left_mean).ravel()
        coefficients, *_ = np.linalg.lstsq(axes.T, wanted, rcond=None)
        rebuilt = coefficients @ axes
        assert np.abs(rebuilt - wanted).max() < np.radians(20), name
