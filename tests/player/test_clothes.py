"""Paint, cloth or nothing: what a command brings, and how one takes the place of the other."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from clipactor_node import body as bodies
from clipactor_node.body.export import Part, Picture, SkinnedMesh
from clipactor_node.player import CLOTH, NONE, AppearanceSelector, Player
from clipactor_node.player.appearance import CrossFade
from clipactor_node.style import StyleCache, open_cache

RED = "a person in a red t-shirt walks forward"


@pytest.fixture(scope="module")
def selector(skinner):
    return AppearanceSelector(skinner.body, open_cache())


@pytest.fixture
def player(library, retriever, skinner, selector):
    return Player(library, retriever, skinner, selector=selector)


@pytest.fixture(scope="module")
def mesh(skinner):
    body = skinner.body
    whole = Part("all", np.ones(len(body.faces), bool))
    return SkinnedMesh.of(bodies.Skinner(body), Picture(np.zeros((8, 8, 3), np.uint8), (whole,)))


def test_in_cloth_old_clothes_stay_on_until_others_are_brought(player):
    player.change_clothes(CLOTH)
    before = player.appearance
    assert player.command(RED)
    assert player.requests == 1 and "red t-shirt" in player.request.words and player.request.known
    assert player.appearance is before and not player.request.key


def test_in_cloth_a_style_that_the_user_had_optimized_is_worn_and_a_shipped_one_is_not(
    library, retriever, skinner, tmp_path
):
    shipped = open_cache().cards()[0]
    folders = [tmp_path, open_cache().path(shipped.key).parent]
    player = Player(
        library, retriever, skinner, selector=AppearanceSelector(skinner.body, StyleCache(folders))
    )
    player.change_clothes(CLOTH)
    assert player.command(f"{shipped.prompt} walks") and not player.request.key
    shutil.copytree(folders[1] / shipped.key, tmp_path / shipped.key)
    assert player.command(f"{shipped.prompt} waves") and player.request.key == shipped.key
    assert player.appearance.key == shipped.key and player.appearance.mesh is None


def test_with_none_looks_are_not_worn_and_that_is_said(player):
    player.change_clothes(NONE)
    before = player.appearance
    assert player.command(RED)
    assert player.requests == 0 and player.appearance is before
    assert any("the parameter clothes is none" in warning for warning in player.status.warnings)


def test_paint_fades_and_other_meshes_are_there_at_once(selector, mesh):
    other = replace(selector.plain, colors=255 - selector.plain.colors)
    dressed = replace(other, mesh=mesh)
    fade = CrossFade(selector.plain, fade_ticks=10)
    fade.put_on(other)
    assert fade.tick() is not other
    for worn in (dressed, other, replace(dressed, mesh=mesh), selector.plain):
        fade.put_on(worn)
        assert fade.visible() is worn is fade.tick()


def test_another_level_of_detail_leaves_the_mesh_on(player, selector, mesh):
    player.wear(replace(selector.plain, name="a coat", mesh=mesh))
    other = AppearanceSelector(player.skinner.body, open_cache())
    refitted = player.refit(other)
    assert refitted.mesh is mesh and refitted.name == "a coat"
