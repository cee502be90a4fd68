"""What is worn besides cut garments: that there is a mesh for every kind, whole and where it belongs."""

import numpy as np
import pytest

from clipactor_node.appearance import HAIR_STYLES, Outfit, piece
from clipactor_node.appearance.cloth.accessories import ACCESSORIES, accessory_of
from clipactor_node.appearance.cloth.cuts import cut_of, is_tucked, rank
from clipactor_node.appearance.cloth.fabrics import lightness, woven
from clipactor_node.appearance.cloth.finishing import finished
from clipactor_node.appearance.cloth.footwear import LASTS, covered, left_shoe
from clipactor_node.appearance.cloth.garment import LENS, METAL
from clipactor_node.appearance.cloth.hair import CUTS, STYLES, hair_sheet, scalp
from clipactor_node.appearance.cloth.hair_tails import tied_hair
from clipactor_node.appearance.cloth.hats import HATS
from clipactor_node.appearance.cloth.plates import below_neck
from clipactor_node.appearance.cloth.sheet import border_edges, is_manifold
from clipactor_node.appearance.cloth.solids import ball, disc, mirrored, tube
from clipactor_node.appearance.cloth.stitching import sewn_on
from clipactor_node.appearance.kinds import KINDS
from clipactor_node.appearance.outfit import propose_outfit
from clipactor_node.appearance.painting.surface import surface_at, surface_coordinates
from clipactor_node.body import load

BODY = load()
SURFACE = surface_coordinates(BODY)
SHIRT = piece("shirt")
SUIT = Outfit(hair="bald", pieces=(SHIRT, piece("trousers"), piece("tie"), piece("belt")))


def test_every_kind_of_garment_is_a_mesh():
    made = {k for k in KINDS if cut_of(piece(k), Outfit(pieces=(piece(k),))) is not None}
    made |= {*LASTS, *HATS, *ACCESSORIES, "hair"}
    assert set(KINDS) - made == set()


def test_there_are_as_many_hats_shoes_and_hair_styles_as_were_asked_for():
    assert len(HATS) >= 14 and len(LASTS) >= 8 and len(STYLES) >= 14
    assert set(HAIR_STYLES) == {"bald", *STYLES}


def volume(sheet):
    a, b, c = (sheet.vertices[sheet.faces[:, k]] for k in range(3))
    return float((np.cross(a, b) * c).sum() / 6)


def test_solids_are_closed_face_outwards_and_have_their_size():
    round_ball = ball(np.array([0.1, 0.2, 0.3]), np.full(3, 0.05), steps=30, around=40)
    assert volume(round_ball) == pytest.approx(4 / 3 * np.pi * 0.05**3, rel=0.03)
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    loop = np.stack([0.1 * np.sin(turn), 0 * turn, 0.1 * np.cos(turn)], 1)
    ring = tube(loop, 0.01, 16, closed=True)
    assert volume(ring) == pytest.approx(2 * np.pi**2 * 0.1 * 0.01**2, rel=0.05)
    stick = tube(np.array([[0, 0, 0], [0, 0.1, 0], [0, 0.2, 0.0]]), 0.01, 16)
    for solid in (round_ball, ring, stick, mirrored(stick)):
        assert not len(border_edges(solid.faces)) and is_manifold(solid.faces) and volume(solid) > 0
    plate = disc(loop, np.array([0.0, 0.02, 0.0]))
    assert (plate.normals[:, 1] > 0).all()


@pytest.mark.parametrize("style", STYLES)
def test_hair_grows_where_it_should_and_is_the_same_every_time(style):
    sheet = hair_sheet(style, BODY)
    assert np.isfinite(sheet.vertices).all() and len(sheet.faces) > 1000
    eye = BODY.template[SURFACE.eyes, 1].mean()
    face = (np.abs(sheet.vertices[:, 0]) < 0.03) & (sheet.vertices[:, 2] > BODY.template[:, 2].max() - 0.03)
    assert not (face & (sheet.vertices[:, 1] < eye)).any()  # nobody sees through hair
    reach = -sheet.vertices[:, 1].min() + eye
    assert (reach > 0.12) == (CUTS[style].falls is not None)
    if style in ("curly", "ponytail"):
        again = [hair_sheet(style, BODY), *tied_hair(style, BODY)]
        for one, other in zip([sheet, *tied_hair(style, BODY)], again, strict=True):
            assert np.array_equal(one.vertices, other.vertices)


def test_a_hairline_fades_into_the_skin():
    eye = BODY.template[SURFACE.eyes].mean(0)
    up = np.linspace(0.02, 0.11, 200)
    shares = []
    for x in np.linspace(-0.03, 0.03, 9):
        line = np.stack([np.full(200, x), eye[1] + up, np.full(200, eye[2] + 0.012)], 1)
        shares.append(scalp(line, "short", BODY))
    shares = np.array(shares)
    assert shares[:, 0].max() == 0 and shares[:, -1].min() == 1
    between = (shares > 0.02) & (shares < 0.98)
    assert between.sum(1).min() >= 8  # several millimetres of strands, no edge
    first = (shares > 0.5).argmax(1)
    assert np.ptp(first) >= 5  # not along a line


def test_hair_at_its_edge_takes_the_color_of_the_skin():
    outfit = Outfit(hair="short", skin=(200, 150, 120), pieces=(piece("hair", (20, 20, 20)),))
    surface = SURFACE.at(np.arange(len(SURFACE.x)) < 50)
    uv, dark = np.zeros((50, 2), np.float32), np.full((50, 3), 20.0, np.float32)
    edge = finished(dark, outfit["hair"], outfit, surface, uv, np.zeros(50))
    inner = finished(dark, outfit["hair"], outfit, surface, uv, np.full(50, 0.1))
    assert edge.mean() > 60 > 30 > inner.mean()


def test_low_shoes_show_the_instep_and_boots_cover_the_shin():
    shin = SURFACE.leg & (np.abs(SURFACE.y - SURFACE.y_at(1.4)) < 0.02)
    top_of_foot = SURFACE.leg & (SURFACE.y < 0.09 + SURFACE.y_at(0)) & (SURFACE.normal[:, 1] > 0.7)
    assert (covered(LASTS["boots"], BODY)[shin] > 0).all()
    assert (covered(LASTS["heels"], BODY)[shin] < 0).all()
    seen = [(covered(LASTS[kind], BODY)[top_of_foot] < 0).mean() for kind in ("sandals", "heels", "sneakers")]
    assert seen[0] == 1 and seen[0] > seen[1] > seen[2]


@pytest.mark.parametrize("kind", LASTS)
def test_every_shoe_stands_on_the_floor_and_reaches_over_the_toes(kind):
    floor = float(BODY.template[:, 1].min())
    upper, sole = left_shoe(LASTS[kind], BODY, SURFACE)
    assert sole.vertices[:, 1].min() == pytest.approx(floor, abs=0.002)
    toes = BODY.template[BODY.template[:, 1] < floor + 0.06][:, 2].max()
    assert sole.vertices[:, 2].max() > toes - 0.004


def test_a_tie_has_a_knot_at_the_collar_and_ends_above_the_belt():
    tie = accessory_of(SUIT["neckwear"], SUIT, BODY)
    neck, waist = float(SURFACE.neck[1]), SURFACE.y_at(3.98)
    assert waist < tie.vertices[:, 1].min() < waist + 0.05
    assert neck - 0.05 < tie.vertices[:, 1].max() < neck + 0.03
    assert np.abs(tie.vertices[:, 0]).max() < 0.05
    assert tie.vertices[:, 2].min() > 0


def test_a_belt_goes_around_the_waist_and_has_a_metal_buckle():
    belt = accessory_of(SUIT["belt"], SUIT, BODY)
    assert np.ptp(belt.vertices[:, 0]) > 0.2 and np.ptp(belt.vertices[:, 2]) > 0.15
    assert np.abs(belt.vertices[:, 1] - SURFACE.y_at(3.98)).max() < 0.035
    assert (belt.trim == METAL).any() and np.abs(belt.weights.sum(1) - 1).max() < 1e-5


def test_glasses_sit_before_the_eyes_and_only_sunglasses_have_dark_lenses():
    alone = Outfit(hair="bald", pieces=(piece("glasses"),))
    eyes = BODY.template[SURFACE.eyes]
    for kind, dark in (("glasses", False), ("sunglasses", True)):
        worn = piece(kind)
        mesh = accessory_of(worn, alone.with_piece(worn), BODY)
        assert (mesh.trim == LENS).any() == dark
        assert mesh.vertices[:, 2].max() > eyes[:, 2].max()
        assert abs(np.median(mesh.vertices[:, 1]) - eyes[:, 1].mean()) < 0.02


def test_gloves_keep_every_finger_by_itself():
    worn = piece("gloves")
    mesh = accessory_of(worn, Outfit(hair="bald", pieces=(worn,)), BODY)
    reach = np.abs(BODY.template[:, 0]).max()
    assert reach < np.abs(mesh.vertices[:, 0]).max() < reach + 0.02
    assert (mesh.weights[:, 25:55].sum(1) > 0.9).mean() > 0.4


def test_a_tutu_is_worn_over_a_leotard():
    outfit = Outfit(pieces=(piece("leotard"), piece("tutu"), piece("stockings")))
    order = sorted(outfit.pieces, key=lambda worn: rank(worn, outfit))
    assert [worn.kind for worn in order] == ["stockings", "leotard", "tutu"]


def test_greaves_end_over_boots_and_a_breastplate_below_the_chin():
    knight = propose_outfit("a knight").outfit
    assert rank(knight["shoes"], knight) < rank(knight["bottom"], knight)
    head, front = SURFACE.y_at(8), BODY.template[:, 2].max()
    face = np.array([[x, y, front] for x in (0.0, 0.1, 0.2) for y in np.linspace(SURFACE.y_at(7), head, 5)])
    chest = np.array([[0.0, SURFACE.y_at(5), front], [0.12, SURFACE.y_at(5), front]])
    assert (below_neck(face, SURFACE.neck) < 0).all() and (below_neck(chest, SURFACE.neck) > 0).all()


def test_a_helm_has_a_slit_before_the_eyes():
    eye = np.array([0.03, BODY.template[SURFACE.eyes, 1].mean(), BODY.template[:, 2].max() + 0.02])
    ahead = np.tile(np.array([0.0, 0.0, 1.0]), (3, 1))
    places = surface_at(BODY, eye + [[0, 0, 0], [0, 0.013, 0], [0, 0.06, 0]], ahead, np.full(3, 0.001))
    slit, cross, steel = sewn_on(np.full((3, 3), 200.0, np.float32), piece("knight helmet"), places)
    assert slit.max() < 30 and cross[2] < 0.6 * cross[0] and steel.min() == 200


def test_light_hair_has_fainter_locks_and_less_shine_than_dark_hair():
    u, v = np.random.default_rng(0).uniform(0, 0.2, (2, 4000))
    deep = np.full(4000, 0.1)
    dark, grey = (woven(piece("hair", color), u, v, deep).std() for color in ((60, 40, 30), (200, 200, 205)))
    assert grey < 0.6 * dark
    assert lightness(piece("hair")) == 0  # as it always was


def test_shirts_are_worn_inside_overalls_and_belts_under_open_jackets():
    overalls = Outfit(pieces=(piece("t-shirt"), piece("trousers"), piece("bib")))
    assert is_tucked(overalls["top"], overalls) and not is_tucked(SHIRT, Outfit(pieces=(SHIRT,)))


@pytest.mark.parametrize(
    ("text", "slot", "kind"),
    [
        ("a man in sunglasses", "eyewear", "sunglasses"),
        ("a pirate with an eye patch", "eyewear", "eyepatch"),
        ("a builder in a yellow hard hat", "headwear", "hard hat"),
        ("a woman in high heels", "shoes", "heels"),
        ("a man in cowboy boots and a stetson", "headwear", "cowboy hat"),
        ("a girl in a pleated skirt", "bottom", "pleated skirt"),
        ("a knight", "headwear", "knight helmet"),
        ("an astronaut", "headwear", "astronaut helmet"),
        ("a biker in a black leather jacket", "outer", "leather jacket"),
        ("a detective in a trench coat", "outer", "trench coat"),
    ],
)
def test_words_find_their_own_shape(text, slot, kind):
    assert propose_outfit(text).outfit[slot].kind == kind


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("a woman with a ponytail", "ponytail"),
        ("a man with dreadlocks", "dreadlocks"),
        ("a boy with curly hair", "curly"),
        ("a girl with pigtails", "pigtails"),
        ("a balding man", "balding"),
        ("a soldier with a crew cut", "buzz"),
    ],
)
def test_words_find_their_own_hair(text, style):
    assert propose_outfit(text).outfit.hair == style
