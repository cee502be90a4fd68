"""A small library of labels and the real MiniLM."""

from dataclasses import dataclass

import pytest

from clipactor_node.home import user_home
from clipactor_node.motion import ClipLabel
from clipactor_node.text import load_encoder

TEXTS = {
    "walk": ["walk", "a person walks forward"],
    "stroll": ["walking"],
    "back": ["walk backwards"],
    "run": ["run", "jog"],
    "wave_right": ["wave with the right hand"],
    "kick_left": ["kick with the left leg"],
    "dance": ["dance"],
    "bow": ["bow"],
    "sit": ["sit down"],
    "clap": ["clap the hands"],
    "jump": ["jump"],
    "idle": ["stand still"],
    "turn_left": ["turn left"],
}


PREPARED = (user_home() / "models" / "minilm").resolve()


@dataclass(frozen=True)
class SmallLibrary:
    """What a retriever needs of a library, and nothing else."""

    labels: tuple[ClipLabel, ...]


def library_of(texts: dict[str, list[str]]) -> SmallLibrary:
    return SmallLibrary(tuple(ClipLabel(c, t, 0.0, 3.0) for c, some in texts.items() for t in some))


@pytest.fixture(scope="session")
def minilm():
    return load_encoder("minilm")


@pytest.fixture(scope="session")
def library():
    return library_of(TEXTS)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """A home with MiniLM and nothing else; the folder where vectors are kept."""
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path / "home"))
    (tmp_path / "home" / "models").mkdir(parents=True)
    (tmp_path / "home" / "models" / "minilm").symlink_to(PREPARED)
    return tmp_path / "home" / "cache" / "labels"
