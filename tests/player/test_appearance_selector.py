"""Clothes follow the words at once; words about motion alone leave them on."""

from dataclasses import replace

import numpy as np
import pytest

from clipactor_node import body
from clipactor_node.geometry.skeleton import JOINT_INDEX
from clipactor_node.language import parse
from clipactor_node.player import AppearanceSelector, Player
from clipactor_node.player.appearance_selector import CrossFade
from clipactor_node.style import StyleCache, open_cache
from clipactor_node.style.progress import Snapshot


@pytest.fixture(scope="module")
def person():
    return body.load()


@pytest.fixture(scope="module")
def closet(person):
    return AppearanceSelector(person, open_cache())


def color_at(clothes, person, joint):
    """Mean color of what belongs to a joint."""
    return clothes.colors[person.weights[:, JOINT_INDEX[joint]] > 0.5].mean(axis=0)


def test_colors_and_garments_are_those_of_the_sentence(closet, person):
    clothes, _ = closet.choose(parse("a person in a red t-shirt and blue jeans walks"))
    red, _, blue = color_at(clothes, person, "spine2")
    assert red > 2 * blue
    red, _, blue = color_at(clothes, person, "left_knee")
    assert blue > 2 * red


def test_colors_are_not_swapped(closet, person):
    clothes, _ = closet.choose(parse("a person in a blue t-shirt and red jeans walks"))
    red, _, blue = color_at(clothes, person, "spine2")
    assert blue > 2 * red


@pytest.mark.parametrize("text", ["a person walks", "walk", "someone dances", "he bows"])
def test_words_about_motion_alone_change_nothing(closet, text):
    assert closet.choose(parse(text))[0] is None


@pytest.mark.parametrize(
    "text",
    [
        "ein Mann in einem roten Hemd tanzt",
        "una mujer con una camisa roja camina",
        "un homme en chemise rouge salue",
    ],
)
def test_clothes_are_understood_in_languages_that_the_parser_does_not_know(closet, person, text):
    clothes, _ = closet.choose(parse(text))
    red, _, blue = color_at(clothes, person, "spine2")
    assert red > 2 * blue


@pytest.mark.parametrize("text", ["ein Mann tanzt", "el hombre camina", "l'homme marche"])
def test_a_foreign_sentence_without_clothes_changes_nothing(closet, text):
    assert closet.choose(parse(text))[0] is None


def test_a_finished_style_is_preferred_to_a_proposal(person, tmp_path):
    for card in open_cache().cards():
        clothes, _ = AppearanceSelector(person, open_cache()).choose(parse(f"{card.prompt} is walking"))
        assert clothes.name == card.prompt


def test_new_clothes_fade_in(closet):
    new, _ = closet.choose(parse("a firefighter waves"))
    fitting = CrossFade(closet.plain, fade_ticks=10)
    fitting.put_on(new)
    seen = [fitting.tick() for _ in range(12)]
    distance = [np.abs(clothes.colors.astype(int) - new.colors).mean() for clothes in seen]
    assert all(a >= b for a, b in zip(distance, distance[1:], strict=False))
    assert seen[0] is not seen[1]
    assert seen[-1] is new


def test_the_player_dresses_the_avatar_and_says_so(library, retriever, skinner, closet):
    player = Player(library, retriever, skinner, 30.0, closet=closet)
    assert player.tick().status.style == "plain"
    player.command("a firefighter waves hello")
    frames = [player.tick() for _ in range(60)]
    assert "firefighter" in frames[-1].status.style
    assert frames[-1].clothes.colors.shape == closet.plain.colors.shape
    player.command("a person walks")
    assert "firefighter" in player.tick().status.style


def test_who_nobody_knows_wears_plain_clothes_and_who_is_not_described_stays_as_they_are(closet):
    clothes, notes = closet.choose(parse("Xyzzy Qwertz walks"))
    assert clothes is closet.plain and "plain clothes" in notes[-1]
    assert closet.choose(parse("a person walks")) == (None, ())


def test_live_clothes_fit_the_body_its_base_and_its_subdivision(closet, person):
    count = len(person.template)
    for vertices in (count, count + 100):  # of a subdivision the body's own come first
        colors = np.arange(3 * vertices, dtype=np.uint32).reshape(-1, 3).astype(np.uint8)
        relief = np.linspace(0, 0.01, vertices).astype(np.float16)
        live = closet.live("a knight", Snapshot(10, 0.5, colors, relief))
        assert live.live and "iteration 10" in live.name
        assert (live.colors == colors[:count]).all() and (live.displacement == relief[:count]).all()
    fine = body.cached_subdivision(person)
    colors = np.full((count, 3), (200, 30, 10), np.uint8)
    live = AppearanceSelector(fine, open_cache()).live(
        "a knight", Snapshot(10, 0.5, colors, np.zeros(count, np.float16))
    )
    assert live.colors.shape == fine.template.shape and (live.colors == (200, 30, 10)).all()


def test_a_command_repeated_does_not_undo_live_clothes(library, retriever, skinner, closet):
    player = Player(library, retriever, skinner, 30.0, closet=closet)
    player.command("a person in a red coat walks")
    looks = player.looks
    assert looks.words == "a person wearing a red coat" and looks.clip in library.names
    colors = np.zeros((len(closet.plain.colors), 3), np.uint8)
    player.wear(closet.live(looks.words, CrossFade(10, 0.5, colors, np.zeros(len(colors), np.float16))))
    player.command("a person in a red coat dances")
    assert player.clothes.live
    assert player.looks is not looks and not player.looks.key
    player.command("a person walks")
    assert player.looks.words == "a person wearing a red coat"
    player.command("a person in a blue coat walks")
    assert not player.clothes.live


@pytest.mark.parametrize("text", ["", "a person in a red dress waves", "Superman walks"])
def test_the_same_is_worn_on_a_body_with_more_vertices(library, retriever, skinner, closet, person, text):
    fine = AppearanceSelector(body.cached_subdivision(person), open_cache())
    player = Player(library, retriever, skinner, closet=closet)
    if text:
        player.command(text)
    worn = player.clothes
    player.change_closet(fine)
    new = player.clothes
    assert new.name == worn.name and (new.cut is None) == (worn.cut is None)
    count = len(worn.colors)
    assert len(new.colors) == len(new.displacement) == len(fine.plain.colors)
    assert (np.abs(new.colors[:count].astype(int) - worn.colors).max(1) < 30).mean() > 0.95
    player.change_closet(closet)
    np.testing.assert_array_equal(player.clothes.colors, worn.colors)
    assert player.tick().clothes is player.clothes  # nothing fades


def test_live_clothes_are_kept_on_a_body_with_more_vertices(closet, person):
    live = replace(closet.plain, name="a hero (iteration 3)", colors=255 - closet.plain.colors, live=True)
    fine = AppearanceSelector(body.cached_subdivision(person), open_cache())
    new = fine.again(live, "a hero", closet)
    assert new.live and new.name == live.name
    np.testing.assert_array_equal(new.colors[: len(live.colors)], live.colors)


def with_prompt(folder, prompt):
    """A cache of one style, of that prompt."""
    shipped, cache = open_cache(), StyleCache(folder)
    style = shipped.load(shipped.cards()[0].key)
    cache.save(replace(style, card=replace(style.card, key="a" * 16, prompt=prompt)), {})
    return cache


def test_who_nobody_knows_is_dressed_as_the_nearest_style_if_one_is_near(person, tmp_path):
    closet = AppearanceSelector(person, with_prompt(tmp_path, "captain zorgon of mars"))
    closet.warm_up()
    clothes, notes = closet.choose(parse("Zorgon the great walks"))
    assert clothes.name == "captain zorgon of mars (nearest)"
    assert not clothes.key  # his own clothes are still to be made
    assert "dressed as 'captain zorgon of mars' (similarity 0." in notes[-1]


def test_clothes_that_the_words_name_are_nearer_than_any_other_style(person, tmp_path):
    closet = AppearanceSelector(person, with_prompt(tmp_path, "a person wearing a red coat and black boots"))
    clothes, _ = closet.choose(parse("a person in a red coat and brown boots walks"))
    assert clothes.name.endswith("(proposed)")


def test_a_style_that_was_made_to_the_end_is_preferred_to_one_that_was_cancelled(person, tmp_path):
    shipped = open_cache()
    style = shipped.load(shipped.cards()[0].key)
    cache = StyleCache(tmp_path)
    for key, status, day in (("a" * 16, "complete", 1), ("b" * 16, "cancelled", 2), ("c" * 16, "plateau", 0)):
        card = replace(style.card, key=key, status=status, created=f"2026-01-0{day}", prompt="zorgon")
        cache.save(replace(style, card=card), {})
    assert AppearanceSelector(person, cache).choose(parse("Zorgon is walking"))[0].key == "a" * 16
