"""`clipactor render`: what comes out is a picture or a video of somebody doing something."""

import imageio.v2 as imageio
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from clipactor_node.cli import app
from clipactor_node.errors import ClipActorError


def render(*arguments):
    paint = ("--clothes", "paint")  # what most of this is not about: test_cloth_commands.py is
    result = CliRunner().invoke(app, ["render", *map(str, arguments), *paint])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def people(image):
    """How many separate figures stand in a row: runs of columns that are not pale."""
    figure = (image.min(-1) < 120).sum(0) > 2
    return int((np.diff(figure.astype(int)) == 1).sum() + figure[0])


def test_a_picture_shows_as_many_moments_as_asked(tmp_path):
    out = tmp_path / "walk.png"
    said = render(
        "a person waves hello", "--out", out, "--frames", 4, "--size", "480x160", "--views", "front"
    )
    image = np.asarray(Image.open(out))
    assert image.shape == (160, 480, 3)
    assert people(image) == 4
    assert "wave" in said and str(out) in said


def test_every_view_is_a_row_and_the_title_comes_above(tmp_path):
    out = tmp_path / "a.png"
    size = ("--frames", 2, "--size", "200x120")
    render("a person bows", "--out", out, *size, "--views", "front,back")
    rows = np.asarray(Image.open(out))
    assert rows.shape == (240, 200, 3)
    assert np.abs(rows[:120].astype(int) - rows[120:]).max() > 50
    render("a person bows", "--out", out, *size, "--title")
    assert Image.open(out).height > 120


def test_a_video_moves(tmp_path):
    out = tmp_path / "a.mp4"
    render("a person jumps", "--out", out, "--size", "96x128", "--seconds", 0.8, "--rate", 10)
    with imageio.get_reader(out) as video:
        assert video.get_meta_data()["fps"] == 10
        frames = [np.asarray(frame).astype(int) for frame in video]
    assert len(frames) == 8 and frames[0].shape == (128, 96, 3)
    assert np.abs(frames[0] - frames[-1]).max() > 50


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("a person walks", "--size", "huge"), "like 1280x720"),
        (("a person walks", "--size", "9x9"), "between 16 and 8192"),
        (("a person walks", "--views", "above"), "choose one of: front"),
        (("a person walks", "--style", "no such style"), "no such style"),
        (("",), "."),
        (("stop",), "no action"),
        (("a person gets ready for a race", "--min-confidence", 1), "race"),
        (("\U0001f600\U0001f600",), "."),
    ],
)
def test_bad_input_is_answered_in_words(tmp_path, arguments, said):
    with pytest.raises(ClipActorError, match=said):
        render(*arguments, "--out", tmp_path / "a.png")
    assert not (tmp_path / "a.png").exists()


def test_unknown_file_types_are_named(tmp_path):
    with pytest.raises(ClipActorError, match=r"\.avi.*\.png, \.mp4, \.webp, \.gif"):
        render("a person walks", "--out", tmp_path / "a.avi")


def test_folders_that_nobody_asked_for_are_not_made(tmp_path):
    with pytest.raises(ClipActorError, match="there is no folder"):
        render("a person walks", "--out", tmp_path / "new" / "a.png")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--transparent",), "no alpha"),
        (("--camera", "crane"), "follow"),
        (("--environment", "nowhere"), "studio"),
    ],
)
def test_films_that_cannot_be_made_are_refused(tmp_path, arguments, said):
    with pytest.raises(ClipActorError, match=said):
        render("a person walks", "--out", tmp_path / "a.mp4", *arguments)
    assert not (tmp_path / "a.mp4").exists()


def test_two_people_and_a_comparison_in_one_transparent_turntable(tmp_path):
    out = tmp_path / "a.webp"
    render(
        "a person bows", "--with", "a nurse claps", "--compare", "a person jumps", "--turntable",
        "--transparent", "--out", out, "--size", "120x90", "--seconds", 0.5, "--rate", 8,
    )  # fmt: skip
    with Image.open(out) as film:
        assert (film.size, film.n_frames) == ((240, 90), 4)
        read = np.asarray(film.convert("RGBA"))
    assert (read[0, :, 3] == 0).all() and (read[..., 3] > 250).any()
    for half in (read[:, :120], read[:, 120:]):
        solid = (half[..., 3] > 250).any(0).astype(int)
        assert (np.diff(solid, prepend=0) == 1).sum() == 2  # two people beside each other
