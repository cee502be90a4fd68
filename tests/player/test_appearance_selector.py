"""Clothes follow the words at once; words about motion alone leave them on."""

from dataclasses import replace

import numpy as np
import pytest

from clipactor_node import body
from clipactor_node.geometry.skeleton import JOINT_INDEX
from clipactor_node.language import parse
from clipactor_node.player import AppearanceRequest, AppearanceSelector, Player
from clipactor_node.player.appearance import CrossFade
from clipactor_node.style import StyleCache, open_cache
from clipactor_node.style.progress import Snapshot


@pytest.fixture(scope="module")
def person():
    return body.load()


@pytest.fixture(scope="module")
def selector(person):
    return AppearanceSelector(person, open_cache())


def chosen(selector, prompt):
    """What is worn for a prompt, and why; None where it says nothing about looks."""
    request = AppearanceRequest.of(prompt)
    return (None, ()) if request is None else selector.choose(request)


def color_at(clothes, person, joint):
    """Mean color of what belongs to a joint."""
    return clothes.colors[person.weights[:, JOINT_INDEX[joint]] > 0.5].mean(axis=0)


def test_colors_and_garments_are_those_of_the_sentence(selector, person):
    clothes, _ = chosen(selector, parse("a person in a red t-shirt and blue jeans walks"))
    red, _, blue = color_at(clothes, person, "spine2")
    assert red > 2 * blue
    red, _, blue = color_at(clothes, person, "left_knee")
    assert blue > 2 * red


def test_colors_are_not_swapped(selector, person):
    clothes, _ = chosen(selector, parse("a person in a blue t-shirt and red jeans walks"))
    red, _, blue = color_at(clothes, person, "spine2")
    assert blue > 2 * red


@pytest.mark.parametrize("text", ["a person walks", "walk", "someone dances", "he bows"])
def test_words_about_motion_alone_change_nothing(selector, text):
    assert chosen(selector, parse(text))[0] is None


@pytest.mark.parametrize(
    "text",
    [
        "ein Mann in einem roten Hemd tanzt",
        "una mujer con una camisa roja camina",
        "un homme en chemise rouge salue",
    ],
)
def test_clothes_are_understood_in_languages_that_the_parser_does_not_know(selector, person, text):
    clothes, _ = chosen(selector, parse(text))
    red, _, blue = color_at(clothes, person, "spine2")
    assert red > 2 * blue


@pytest.mark.parametrize("text", ["ein Mann tanzt", "el hombre camina", "l'homme marche"])
def test_a_foreign_sentence_without_clothes_changes_nothing(selector, text):
    assert chosen(selector, parse(text))[0] is None


def test_a_finished_style_is_preferred_to_a_proposal(person, tmp_path):
    for card in open_cache().cards():
        clothes, _ = chosen(AppearanceSelector(person, open_cache()), parse(f"{card.prompt} is walking"))
        assert clothes.name == card.prompt


def test_new_clothes_fade_in(selector):
    new, _ = chosen(selector, parse("a firefighter waves"))
    fitting = CrossFade(selector.plain, fade_ticks=10)
    fitting.put_on(new)
    seen = [fitting.tick() for _ in range(12)]
    distance = [np.abs(clothes.colors.astype(int) - new.colors).mean() for clothes in seen]
    assert all(a >= b for a, b in zip(distance, distance[1:], strict=False))
    assert seen[0] is not seen[1]
    assert seen[-1] is new


def test_the_player_dresses_the_avatar_and_says_so(library, retriever, skinner, selector):
    player = Player(library, retriever, skinner, 30.0, selector=selector)
    assert player.tick().status.style == "plain"
    player.command("a firefighter waves hello")
    frames = [player.tick() for _ in range(60)]
    assert "firefighter" in frames[-1].status.style
    assert frames[-1].appearance.colors.shape == selector.plain.colors.shape
    player.command("a person walks")
    assert "firefighter" in player.tick().status.style


def test_who_nobody_knows_wears_plain_clothes_and_who_is_not_described_stays_as_they_are(selector):
    clothes, notes = chosen(selector, parse("Xyzzy Qwertz walks"))
    assert clothes is selector.plain and "plain clothes" in notes[-1]
    assert chosen(selector, parse("a person walks")) == (None, ())


def test_live_clothes_fit_the_body_its_base_and_its_subdivision(selector, person):
    count = len(person.template)
    for vertices in (count, count + 100):  # of a subdivision the body's own come first
        colors = np.arange(3 * vertices, dtype=np.uint32).reshape(-1, 3).astype(np.uint8)
        relief = np.linspace(0, 0.01, vertices).astype(np.float16)
        live = selector.live(AppearanceRequest("a knight"), Snapshot(10, 0.5, colors, relief))
        assert live.live and "iteration 10" in live.name
        assert (live.colors == colors[:count]).all() and (live.displacement == relief[:count]).all()
    fine = body.cached_subdivision(person)
    colors = np.full((count, 3), (200, 30, 10), np.uint8)
    live = AppearanceSelector(fine, open_cache()).live(
        AppearanceRequest("a knight"), Snapshot(10, 0.5, colors, np.zeros(count, np.float16))
    )
    assert live.colors.shape == fine.template.shape and (live.colors == (200, 30, 10)).all()


def test_a_command_repeated_does_not_undo_live_clothes(library, retriever, skinner, selector):
    player = Player(library, retriever, skinner, 30.0, selector=selector)
    player.command("a person in a red coat walks")
    request = player.request
    assert request.words == "a person wearing a red coat" and request.clip in library.names
    colors = np.zeros((len(selector.plain.colors), 3), np.uint8)
    player.wear(selector.live(request, Snapshot(10, 0.5, colors, np.zeros(len(colors), np.float16))))
    player.command("a person in a red coat dances")
    assert player.appearance.live
    assert player.request is not request and player.requests == 2 and not player.request.key
    player.command("a person walks")
    assert player.request.words == "a person wearing a red coat"
    player.command("a person in a blue coat walks")
    assert not player.appearance.live


@pytest.mark.parametrize("text", ["", "a person in a red dress waves", "Superman walks"])
def test_the_same_is_worn_on_a_body_with_more_vertices(library, retriever, skinner, selector, person, text):
    fine = AppearanceSelector(body.cached_subdivision(person), open_cache())
    player = Player(library, retriever, skinner, selector=selector)
    if text:
        player.command(text)
    worn = player.appearance
    player.change_selector(fine, player.refit(fine))
    new = player.appearance
    assert new.name == worn.name and (new.rest_offsets is None) == (worn.rest_offsets is None)
    count = len(worn.colors)
    assert len(new.colors) == len(new.displacement) == len(fine.plain.colors)
    assert (np.abs(new.colors[:count].astype(int) - worn.colors).max(1) < 30).mean() > 0.95
    player.change_selector(selector, player.refit(selector))
    np.testing.assert_array_equal(player.appearance.colors, worn.colors)
    assert player.tick().appearance is player.appearance  # nothing fades


def test_live_clothes_are_kept_on_a_body_with_more_vertices(selector, person):
    live = replace(selector.plain, name="a hero (iteration 3)", colors=255 - selector.plain.colors, live=True)
    fine = AppearanceSelector(body.cached_subdivision(person), open_cache())
    new = fine.refit(live, AppearanceRequest("a hero"), selector)
    assert new.live and new.name == live.name
    np.testing.assert_array_equal(new.colors[: len(live.colors)], live.colors)


def with_prompt(folder, prompt):
    """A cache of one style, of that prompt."""
    shipped, cache = open_cache(), StyleCache(folder)
    style = shipped.load(shipped.cards()[0].key)
    cache.save(replace(style, card=replace(style.card, key="a" * 16, prompt=prompt)), {})
    return cache


def test_who_nobody_knows_is_dressed_as_the_nearest_style_if_one_is_near(person, tmp_path):
    selector = AppearanceSelector(person, with_prompt(tmp_path, "captain zorgon of mars"))
    selector.warm_up()
    clothes, notes = chosen(selector, parse("Zorgon the great walks"))
    assert clothes.name == "captain zorgon of mars (nearest)"
    assert not clothes.key  # his own clothes are still to be made
    assert "dressed as 'captain zorgon of mars' (similarity 0." in notes[-1]


def test_clothes_that_the_words_name_are_nearer_than_any_other_style(person, tmp_path):
    styles = with_prompt(tmp_path, "a person wearing a red coat and black boots")
    selector = AppearanceSelector(person, styles)
    clothes, _ = chosen(selector, parse("a person in a red coat and brown boots walks"))
    assert clothes.name.endswith("(proposed)")


def test_a_style_that_was_made_to_the_end_is_preferred_to_one_that_was_cancelled(person, tmp_path):
    shipped = open_cache()
    style = shipped.load(shipped.cards()[0].key)
    cache = StyleCache(tmp_path)
    for key, status, day in (("a" * 16, "complete", 1), ("b" * 16, "cancelled", 2), ("c" * 16, "plateau", 0)):
        card = replace(style.card, key=key, status=status, created=f"2026-01-0{day}", prompt="zorgon")
        cache.save(replace(style, card=card), {})
    assert chosen(AppearanceSelector(person, cache), parse("Zorgon is walking"))[0].key == "a" * 16
