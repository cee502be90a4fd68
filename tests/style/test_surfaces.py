"""What a style is laid on: the body, fewer of its vertices, or what is worn."""

import json
from dataclasses import asdict, replace

import made_styles
import numpy as np
import pytest
import torch

from clipactor_node.errors import StyleError
from clipactor_node.style import PRESETS, StyleCache, surfaces, transfer
from clipactor_node.style.entry import CARD, read_field
from clipactor_node.style.frames import standing_frames
from clipactor_node.style.optimization import optimizer
from clipactor_node.style.optimization.baking import baked
from clipactor_node.style.optimization.field import field_from_state
from clipactor_node.style.optimization.optimizer import optimize
from clipactor_node.style.pictures.contact_sheet import contact_sheet
from clipactor_node.style.request import Job, Request
from clipactor_node.style.schedule import FieldSpec, Level, Schedule, ViewPlan

PROMPT = "a bald barefoot man in a red t-shirt"
ON_CLOTHES = Schedule(
    iterations=2,
    frames=1,
    scored_frames=1,
    subdivisions=0,
    report_every=1,
    learning_rate=5e-3,
    surface="dressed",
    field=FieldSpec(frequencies=16, width=32, trunk=2, branch=1),
    views=ViewPlan(per_frame=1, size=32),
    levels=(Level("full", "color", 1),),
)


class Liked:
    """Sees nothing but how green a picture is."""

    wording, id, input_size = "{}", "green@1", 32

    def encode_text(self, texts):
        return torch.tensor([[0.0, 1.0, 0.0]] * len(texts))

    def encode_image(self, images):
        return images.mean((2, 3)) - 0.5


@pytest.fixture(scope="module")
def made(body, tmp_path_factory):
    """A style on clothes, made and read again: its cache, the style, what was worn before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLIPACTOR_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setattr(surfaces, "TEXTURE", 128)
        patch.setattr(optimizer, "contact_sheet", lambda *args: contact_sheet(*args[:2], [0], height=24))
        patch.setattr("clipactor_node.style.optimization.run.spoilt", lambda *args: [])
        cache = StyleCache([tmp_path_factory.mktemp("styles")])
        asked = Request(Job(PROMPT), standing_frames(body), "custom", ON_CLOTHES)
        style = optimize(asked, Liked(), cache=cache)
        yield StyleCache([cache.home]), style, surfaces.worn_for(PROMPT, body)


def test_a_style_on_clothes_has_their_texture_and_says_whose_it_is(made, body):
    cache, style, look = made
    again = cache.load(style.card.key)
    assert np.array_equal(again.texture, style.texture) and style.texture.shape == (128, 128, 3)
    assert again.card.geometry == surfaces.geometry_of(look)
    assert again.card.vertices == len(look.seen) > len(body.template)
    worn = surfaces.worn_in(again, body)
    assert np.array_equal(worn.texture, style.texture)
    assert np.abs(worn.offsets - look.offsets).max() <= 0.1


def test_the_picture_is_the_field_at_every_texel(made, body):
    cache, style, look = made
    field = field_from_state(
        ON_CLOTHES.field, style.template.astype(np.float32), read_field(cache.path(style.card.key))
    )
    assert np.abs(baked(field, look).astype(int) - style.texture).max() <= 1
    fine = surfaces.worn_for(PROMPT, body, 256)  # the same field, finer than it was optimized
    assert baked(field, fine).shape == (256, 256, 3)
    changed = np.abs(style.texture.astype(int) - look.texture)[surfaces.texels_of(look).covered]
    assert changed.max() > 2  # it has learned something


def test_at_vertices_the_field_is_what_it_was_optimized_to_be(made):
    cache, style, look = made
    template = style.template.astype(np.float32)
    field = field_from_state(ON_CLOTHES.field, template, read_field(cache.path(style.card.key)))
    start = torch.as_tensor(surfaces.proposal_on(look).colors)
    colors = field.colors_at(torch.as_tensor(template), start).detach().numpy()
    assert np.abs(255 * colors - style.colors).max() < 12  # template and base are kept in half precision
    assert np.abs(255 * colors - style.colors).mean() < 1


def test_the_bare_body_can_wear_its_colors_too(made, body):
    _, style, _ = made
    assert len(transfer(style, body.template).colors) == len(body.template)


def test_clothes_that_are_cut_otherwise_by_now_are_named(made, body):
    _, style, _ = made
    old = replace(style, card=replace(style.card, geometry="0123456789abcdef"))
    with pytest.raises(StyleError, match="cut otherwise .* optimize it again"):
        surfaces.worn_in(old, body)
    with pytest.raises(StyleError, match="painted on the body"):
        surfaces.worn_in(made_styles.style(), body)


def test_a_body_without_a_map_is_refused_in_a_sentence(small_body):
    with pytest.raises(StyleError, match="no UV map.* cpu-preview"):
        surfaces.laid_on(standing_frames(small_body), ON_CLOTHES, PROMPT)


def test_styles_and_requests_of_before_are_what_they_were(tmp_path):
    cache = StyleCache([tmp_path])
    style = made_styles.style()
    card = cache.save(style, {}) / CARD
    facts = json.loads(card.read_text())
    del facts["geometry"]  # as they were written then
    card.write_text(json.dumps(facts))
    assert StyleCache([tmp_path]).load(style.card.key).texture is None
    for name in ("paper", "gpu-fast", "cpu-preview", "proposal"):
        told = PRESETS[name].facts()
        assert "surface" not in told and told | {"surface": "body"} == asdict(PRESETS[name])


def test_as_many_vertices_as_smpl_and_smplx_have(frames):
    for surface, count in (("smpl", 6890), ("smplx", 10475)):
        on, look = surfaces.laid_on(frames, replace(ON_CLOTHES, surface=surface), PROMPT)
        assert look is None and abs(len(on.template) - count) < 0.01 * count
        assert on.vertices([0]).shape == (1, len(on.template), 3)
        assert on.faces.max() < len(on.template) and on.digest == frames.digest
        owner = surfaces.owners_on(None, on, PROMPT)
        assert owner.shape == (len(on.template),) and owner.max() > 0
