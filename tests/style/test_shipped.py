"""The styles that ship: whole, on the list, for the shipped body, each with its picture and its command."""

import numpy as np
from PIL import Image

from clipactor_node.cli.style_shipped import read_list
from clipactor_node.home import shipped_models
from clipactor_node.style import StyleCache, transfer

FOLDER = shipped_models() / "styles"


def test_every_style_on_the_list_ships_and_no_other():
    cache = StyleCache(FOLDER)
    prompts = [card.prompt for card in cache.cards()]
    assert sorted(prompts) == sorted(wish["prompt"] for wish in read_list(FOLDER / "prompts.toml"))
    assert len(prompts) >= 8 and not cache.refused


def test_each_fits_the_shipped_body_unchanged(body):
    cache = StyleCache(FOLDER)
    for card in cache.cards():
        style = cache.load(card.key)
        worn = transfer(style, body.template)
        assert np.array_equal(worn.colors, style.colors), card.prompt


def test_each_was_made_with_the_embedded_model_and_did_not_get_worse_by_its_own_measure():
    for card in StyleCache(FOLDER).cards():
        assert card.model.startswith("embedded@") and card.score >= card.proposal_score


def test_the_page_shows_each_and_says_how_to_make_it():
    page = (FOLDER.parent.parent / "docs" / "styles.md").read_text()
    for card in StyleCache(FOLDER).cards():
        assert f"models/styles/{card.key}/preview.webp" in page
        assert f'clipactor style optimize "{card.prompt}" --preset {card.preset}' in page
        assert Image.open(FOLDER / card.key / "preview.webp").width > 300
