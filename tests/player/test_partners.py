"""What two avatars do together: placed, timed, and ended, over the shipped clips."""

from dataclasses import replace

import numpy as np
import pytest

from clipactor_node.body import Stature
from clipactor_node.pairs import Figure
from clipactor_node.player import Activity, Company, Place, Player
from clipactor_node.player.preparation import Prepared


class Scene:
    """Two or three avatars that see each other."""

    def __init__(self, library, retriever, skinner, **places):
        self.players: dict[str, Player] = {}
        self.company = Company(lambda: self.players)
        for name, (position, heading) in places.items():
            self.players[name] = Player(
                library, retriever, skinner, place=Place(np.array(position), heading), company=self.company
            )

    def tick(self):
        self.company.tick()
        return {name: player.tick() for name, player in self.players.items()}

    def until(self, reached, most=900):
        for _ in range(most):
            frames = self.tick()
            if reached():
                return frames
        raise AssertionError({n: p.status for n, p in self.players.items()})


@pytest.fixture
def two(library, retriever, skinner):
    return Scene(library, retriever, skinner, alice=((0.0, 0.0), 0.3), bob=((0.4, 2.2), -2.0))


def palms(scene, frames, sides=("right", "right")):
    found = []
    for (name, frame), side in zip(frames.items(), sides, strict=True):
        skinner = scene.players[name].shown_skinner
        world = skinner.transforms(frame.pose, frame.translation)
        found.append(Figure(skinner.rest_joints).palms(world[None], side)[0])
    return found


def acting(player):
    return player.motion.meeting is not None and player.motion.place is not None


@pytest.mark.parametrize(
    ("said", "apex_s", "sides"),
    [("shake hands with bob", 1.1, ("right", "right")), ("high five bob", 1.0, ("right", "right")),
     ("dance with bob", 2.0, ("left", "right"))],
)  # fmt: skip
def test_hands_meet_within_two_centimetres(two, said, apex_s, sides):
    alice, bob = two.players.values()
    assert alice.command(said), alice.status.error
    two.until(lambda: acting(alice))
    assert acting(bob)
    for _ in range(round(apex_s * 30)):
        frames = two.tick()
    a, b = palms(two, frames, sides)
    assert np.linalg.norm(a - b) < 0.02
    assert bob.status.command.endswith("with alice")


def test_hands_of_people_of_different_shapes_meet_too(two, skinner):
    alice, bob = two.players.values()
    for player, height in ((alice, -2.0), (bob, 2.0)):
        body = skinner.body
        player.wear(replace(player.appearance, stature=Stature(body, body.betas(height=height))))
    for _ in range(30):
        frames = two.tick()
    assert np.linalg.norm(bob.place.position - (0.4, 2.2)) < 0.05  # no shape moves its owner
    assert alice.command("shake hands with bob"), alice.status.error
    two.until(lambda: acting(alice))
    for _ in range(33):
        frames = two.tick()
    a, b = palms(two, frames)
    assert np.linalg.norm(a - b) < 0.02


def test_both_end_together_and_step_apart(two):
    alice, bob = two.players.values()
    alice.command("hug bob")
    two.until(lambda: acting(alice))
    near = np.linalg.norm(alice.place.position - bob.place.position)
    assert near < 0.45
    two.until(lambda: alice.idles and bob.idles)
    assert np.linalg.norm(alice.place.position - bob.place.position) > 0.8
    assert not alice.status.warnings and not bob.status.warnings


def test_a_third_one_has_two_do_it(library, retriever, skinner):
    three = Scene(
        library, retriever, skinner, carol=((3.0, 3.0), 0.0), alice=((0.0, 0.0), 0.0), bob=((0.0, 1.8), 3.0)
    )
    carol, alice, bob = three.players.values()
    assert carol.command("alice and bob shake hands")
    three.until(lambda: acting(alice))
    assert acting(bob) and not carol.motion.meeting
    assert carol.request is None  # nobody dresses as alice


def test_a_dance_goes_on_and_stopping_one_frees_the_other(two):
    alice, bob = two.players.values()
    alice.command("dance with bob")
    two.until(lambda: acting(alice))
    for _ in range(1800):  # a minute
        frames = two.tick()
    a, b = palms(two, frames, ("left", "right"))
    assert np.linalg.norm(a - b) < 0.02
    alice.command("stop")
    two.until(lambda: bob.idles, 90)
    assert any("something else" in warning for warning in bob.status.warnings)


def test_a_pause_holds_both(two):
    alice, bob = two.players.values()
    alice.command("dance with bob")
    two.until(lambda: acting(alice))
    bob.command("pause")
    before = two.tick()
    after = [two.tick() for _ in range(10)][-1]
    for name in before:
        assert np.allclose(before[name].translation, after[name].translation)
    bob.command("resume")
    for _ in range(40):
        frames = two.tick()
    assert np.linalg.norm(np.subtract(*palms(two, frames, ("left", "right")))) < 0.02


def test_what_cannot_be_done_is_said(two, library, retriever, skinner):
    alice, bob = two.players.values()
    assert not alice.command("hug carol")
    assert "carol" in alice.status.error and "bob" in alice.status.error
    bob.command("dance")
    two.tick()
    assert not alice.command("shake hands with bob")
    assert "bob is busy (dance)" in alice.status.error
    assert not alice.command("alice and alice hug") and "themselves" in alice.status.error
    alone = Scene(library, retriever, skinner, alice=((0.0, 0.0), 0.0)).players["alice"]
    assert alone.command("hug bob")
    assert any("nobody else is here" in warning for warning in alone.status.warnings)
    assert alone.tick().status.clip == "hug"


def test_who_is_gone_before_the_step_begins_is_said(two):
    alice = two.players["alice"]
    assert alice.command("nods, then hugs bob")
    two.tick()
    del two.players["bob"]
    two.until(lambda: alice.idles)
    assert any("bob is not here" in warning for warning in alice.status.warnings)
    assert isinstance(alice.preparer.prepare("nod"), Prepared) and alice.status.activity is Activity.IDLE
