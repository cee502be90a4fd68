"""Pictures: what is lit, what is shadowed, and that nothing else changes."""

import numpy as np
import pytest
import trimesh

from clipactor_node.errors import ClipActorError
from clipactor_node.geometry.normals import vertex_normals
from clipactor_node.geometry.raster import Camera, visibility
from clipactor_node.render import ENVIRONMENTS, Textured, environment_named
from clipactor_node.render.contact_sheet import sheet
from clipactor_node.render.picture import BACKGROUND, Figure, draw, draw_figures


@pytest.fixture(scope="module")
def ball():
    """A ball of radius 0.5 that lies on the floor."""
    mesh = trimesh.creation.icosphere(4, 0.5)
    return (mesh.vertices + [0, 0.5, 0]).astype(np.float32), mesh.faces.astype(np.int32)


CAMERA = Camera((0, 1.2, 4), (0, 0.5, 0), fov=40, width=120, height=90)


def paint(ball, color):
    return np.tile(np.array(color, np.uint8), (len(ball[0]), 1))


def test_vertex_normals_of_a_ball_point_outward(ball):
    vertices, faces = ball
    normals = vertex_normals(vertices, faces)
    np.testing.assert_allclose(normals, (vertices - [0, 0.5, 0]) / 0.5, atol=0.02)


def test_picture_shows_the_mesh_where_the_camera_sees_it(ball):
    image = draw(*ball, paint(ball, (200, 30, 30)), CAMERA)
    assert image.shape == (90, 120, 3) and image.dtype == np.uint8
    seen = visibility(*ball, CAMERA)[0] >= 0
    redness = image[..., 0].astype(int) - image[..., 1]
    assert (redness[seen] > 25).mean() > 0.97
    assert (np.abs(redness[~seen]) < 12).mean() > 0.97


def test_colors_are_kept_in_the_light(ball):
    """Where the light falls squarely, a painted color is recognizably itself."""
    for color in ((200, 30, 30), (40, 90, 180), (225, 190, 165), (30, 30, 30)):
        image = draw(*ball, paint(ball, color), CAMERA)
        seen = image[visibility(*ball, CAMERA)[0] >= 0].astype(int)
        lit = seen[np.argsort(seen.sum(1))[-len(seen) // 2 :]].mean(0)
        assert np.abs(lit - color).max() < 40


def test_top_is_brighter_than_the_underside(ball):
    image = draw(*ball, paint(ball, (150, 150, 150)), CAMERA).astype(int).sum(-1)
    seen = visibility(*ball, CAMERA)[0] >= 0
    rows = np.nonzero(seen.any(1))[0]
    upper, lower = rows[len(rows) // 4], rows[-len(rows) // 8]
    assert image[upper][seen[upper]].mean() > image[lower][seen[lower]].mean() + 60


def test_floor_is_darkest_where_the_ball_touches_it(ball):
    """Seen from low down; the same ball half a metre up loses its contact shadow."""
    camera = Camera((0, 0.25, 4), (0, 0.1, 0), fov=30, width=160, height=120)
    colors = paint(ball, (150, 150, 150))
    bare = draw(ball[0] + np.float32([50, 0, 0]), ball[1], colors, camera).astype(int).sum(-1)

    def darkening(lift):
        vertices = ball[0] + np.float32([0, lift, 0])
        floor = visibility(vertices, ball[1], camera)[0] < 0
        shade = np.where(floor, bare - draw(vertices, ball[1], colors, camera).astype(int).sum(-1), 0)
        touch = camera.homogeneous(np.array([[0, 0, 0.1]]))[0]
        column, row = (touch[:2] / touch[2]).astype(int)
        return shade[row - 3 : row + 4, column - 12 : column + 12].max()

    assert darkening(0.0) > 120
    assert darkening(0.5) < 0.6 * darkening(0.0)


def test_without_floor_there_is_only_background(ball):
    image = draw(*ball, paint(ball, (0, 0, 0)), CAMERA, floor=False, background=(10, 20, 30))
    seen = visibility(*ball, CAMERA)[0] >= 0
    away = ~seen
    away[1:] &= ~seen[:-1]
    away[:-1] &= ~seen[1:]
    away[:, 1:] &= ~seen[:, :-1]
    away[:, :-1] &= ~seen[:, 1:]
    assert (image[away] == (10, 20, 30)).all()


def test_a_cut_out_laid_on_the_background_is_the_picture(ball):
    """Alpha is right at edges and in shadows: composited in linear light it gives the opaque picture."""
    from clipactor_node.body import linear_from_srgb

    figure, white = Figure(*ball, paint(ball, (90, 140, 60))), ENVIRONMENTS["white"]
    opaque = linear_from_srgb(draw_figures([figure], CAMERA, white))
    cut = draw_figures([figure], CAMERA, white, transparent=True)
    assert cut.shape == (90, 120, 4) and cut[0, 0, 3] == 0
    alpha = cut[..., 3:] / 255.0
    np.testing.assert_allclose(linear_from_srgb(cut[..., :3]) * alpha + (1 - alpha), opaque, atol=0.012)


def test_each_of_several_figures_keeps_its_colors(ball):
    """Painted and textured ones in one picture, and the nearer one hides the other."""
    textured = Textured(
        np.full((64, 64, 3), (30, 30, 220), np.uint8), np.zeros((1, 2)), np.zeros_like(ball[1])
    )
    red = Figure(ball[0] - np.float32([0.6, 0, 0]), ball[1], paint(ball, (220, 30, 30)))
    blue = Figure(ball[0] + np.float32([0.6, 0, 0]), ball[1], textured)
    image = draw_figures([red, blue], CAMERA).astype(int)
    assert image[45, 35, 0] > image[45, 35, 2] + 60
    assert image[45, 85, 2] > image[45, 85, 0] + 60
    behind = Figure(ball[0] - np.float32([0, 0, 1.5]), ball[1], textured)
    hidden = draw_figures([behind, Figure(*ball, paint(ball, (220, 30, 30)))], CAMERA).astype(int)
    assert hidden[45, 60, 0] > hidden[45, 60, 2] + 60


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_in_every_environment_somebody_stands_out_from_the_background(ball, name):
    environment = environment_named(name)
    image = draw_figures([Figure(*ball, paint(ball, (150, 120, 100)))], CAMERA, environment).astype(int)
    seen = visibility(*ball, CAMERA)[0] >= 0
    assert np.abs(np.median(image[seen], axis=0) - environment.background).max() > 24
    assert tuple(image[0, 0]) == environment.background


def test_camera_under_the_floor_sees_no_floor(ball):
    camera = Camera((0, -1, 4), (0, 0.5, 0), fov=40, width=60, height=60)
    image = draw(*ball, paint(ball, (0, 0, 0)), camera)
    assert tuple(image[-1, 0]) == BACKGROUND


def test_sheet_places_every_picture_and_caption():
    images = [np.full((40, 60, 3), 10 * i, np.uint8) for i in range(5)]
    plain = sheet(images, columns=3)
    assert plain.shape == (80, 180, 3)
    assert (plain[:40, 120:] == 20).all() and (plain[40:, 60:120] == 40).all()
    assert (plain[40:, 120:] == BACKGROUND).all()
    captioned = sheet(images, ["a caption much too long for sixty pixels"] * 5, 3, "Title")
    assert captioned.shape[0] > 80 and captioned.shape[1] == 180


def test_sheet_refuses_what_it_cannot_lay_out():
    image = np.zeros((4, 4, 3), np.uint8)
    with pytest.raises(ClipActorError, match="none was given"):
        sheet([])
    with pytest.raises(ClipActorError, match="equally large"):
        sheet([image, np.zeros((5, 4, 3), np.uint8)])
    with pytest.raises(ClipActorError, match="2 pictures need as many captions, not 1"):
        sheet([image, image], ["one"])
