"""Clips without any label, added and found by what they show; the third signal beside the labels."""

import numpy as np
import pytest

from clipactor_node import body
from clipactor_node.body.export import bvh
from clipactor_node.cli.library_import import run_import
from clipactor_node.errors import ModelError
from clipactor_node.generation import MotionIndex, motion_index, open_space
from clipactor_node.motion import ClipLabel, open_library
from clipactor_node.motion.importing import Settings
from clipactor_node.retrieval import Retriever, open_retriever
from clipactor_node.retrieval import motion_signal as signals
from clipactor_node.text import load_encoder

TAKES = {"take_0001": "kick", "take_0002": "raise_hands", "take_0003": "bow", "take_0004": "march"}


@pytest.fixture(scope="module")
def unlabelled(tmp_path_factory):
    """Four BVH files whose names say nothing, through the command, in a home of their own."""
    home, files = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("files")
    rest = body.Skinner(body.load()).rest_joints
    for take, clip in TAKES.items():
        (files / f"{take}.bvh").write_text(bvh(rest, open_library().load(clip)))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CLIPACTOR_HOME", str(home))
        assert run_import([files], Settings(), 1, "", False) == 0
    return open_library([home / "library"])


@pytest.mark.parametrize(
    ("asked", "take"),
    [
        ("a person kicks high with the right leg", "take_0001"),
        ("raise both hands above the head", "take_0002"),
        ("bend forward", "take_0003"),
        ("lift the knees one after the other", "take_0004"),
    ],
)
def test_a_clip_without_labels_is_found_by_what_it_shows(unlabelled, asked, take):
    retriever, _ = open_retriever(unlabelled, min_confidence=0.0)
    assert retriever.find(asked, top=1)[0].clip == take


def test_its_name_stays_a_label_and_sides_are_right(unlabelled):
    labels = [label.text for label in unlabelled.labels if label.clip == "take_0001"]
    assert "take 0001" in labels
    assert any("right leg" in text or "right foot" in text for text in labels)
    assert not any("left leg" in text or "left foot" in text for text in labels)


def test_what_people_wrote_is_not_touched(tmp_path, monkeypatch):
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path / "home"))
    rest = body.Skinner(body.load()).rest_joints
    (tmp_path / "a.bvh").write_text(bvh(rest, open_library().load("kick")))
    (tmp_path / "clips.csv").write_text("clip,file,description\na,a.bvh,roundhouse\n")
    assert run_import([tmp_path / "a.bvh"], Settings((tmp_path / "clips.csv",)), 1, "", True) == 0
    library = open_library([tmp_path / "home" / "library"])
    assert [label.text for label in library.labels] == ["roundhouse"]


class Space:
    """A space in which every motion shows what its name says: exact, so that only the rule is tested."""

    id = "exact"

    class manifest:  # noqa: N801  # as the real one is read
        encoder = "minilm-int8-x"
        facts = {"slope": 10.0, "middle": 0.5}

    def __init__(self, encoder):
        self._encoder = encoder

    def reads(self, encoder_id, dimension):
        return encoder_id.startswith("minilm")

    def words(self, vectors):
        return vectors


def signal(monkeypatch, encoder, shown):
    names = tuple(shown)
    vectors = encoder.encode([shown[name] for name in names])
    index = MotionIndex(names, vectors, np.arange(len(names)))
    monkeypatch.setattr(signals, "motion_index", lambda library, space, progress=None: index)
    return signals.MotionSignal(None, Space(encoder), encoder)


def test_motion_decides_between_clips_of_one_label(monkeypatch):
    encoder = load_encoder("minilm")
    labels = tuple(ClipLabel(clip, "walk", 0.0, 3.0) for clip in ("straight", "left", "right"))
    shown = {"straight": "a person walks straight", "left": "a person walks and turns to the left",
             "right": "a person sits"}  # fmt: skip
    library = type("Library", (), {"labels": labels})()
    found = Retriever(library, encoder, motion=signal(monkeypatch, encoder, shown))
    assert found.find("walk and turn to the left", 1)[0].clip == "left"


def test_gains_are_bounded_and_grow_with_the_cosine(monkeypatch):
    encoder = load_encoder("minilm")
    found = signal(monkeypatch, encoder, {"a": "a person waves", "b": "a person sleeps"})
    gains = found.gains(encoder.encode(["a person waves"])[0])
    assert -signals.WEIGHT <= gains["b"] < gains["a"] <= signals.WEIGHT
    assert gains["a"] == pytest.approx(signals.WEIGHT * np.tanh(5.0 * 0.5), rel=1e-3)


def test_without_the_signal_nothing_changes_and_with_it_labels_that_say_it_stay_first(monkeypatch):
    library = open_library()
    encoder = load_encoder("minilm")
    plain = Retriever(library, encoder)
    shown = {name: "a person sleeps" for name in library.names}
    fused = Retriever(library, encoder, motion=signal(monkeypatch, encoder, shown))
    for text in ("wave", "a person bows", "do a cartwheel", "kick"):
        assert plain.find(text, 1)[0].label == fused.find(text, 1)[0].label
    assert plain.stages == (encoder.id,)
    assert fused.stages == (encoder.id, "exact")


def test_a_model_of_another_encoder_is_refused(monkeypatch):
    encoder = load_encoder("minilm")

    class Foreign(Space):
        def reads(self, encoder_id, dimension):
            return False

    with pytest.raises(ModelError, match="was trained on minilm-int8-x"):
        signals.MotionSignal(None, Foreign(encoder), encoder)


def test_the_shipped_space_finds_motion_without_any_word(unlabelled, tmp_path, monkeypatch):
    """By the motion alone: no label, no name, no sentence."""
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path))
    space, encoder = open_space(), load_encoder("minilm")
    index = motion_index(unlabelled, space)
    asked = ("a person kicks with the right leg", "a person bends forward", "a person marches")
    words = space.words(encoder.encode(list(asked)))
    best = [index.names[int(index.scores(word).argmax())] for word in words]
    assert best == ["take_0001", "take_0003", "take_0004"]
