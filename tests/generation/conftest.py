"""A small library of shipped clips as training data, made once."""

import pytest

from clipactor_node import body
from clipactor_node.motion import open_library

NAMES = ("wave", "kick", "walk", "clap", "bow", "jump", "nod", "squat", "march", "run")


class Few:
    """A few clips of a library, as a library."""

    def __init__(self, library, names):
        self._library, self.names = library, tuple(names)
        self.labels = tuple(label for label in library.labels if label.clip in self.names)

    def __len__(self):
        return len(self.names)

    def load(self, name):
        return self._library.load(name)

    def info(self, name):
        return self._library.info(name)


@pytest.fixture(scope="session")
def rest():
    return body.Skinner(body.load()).rest_joints


@pytest.fixture(scope="session")
def few():
    return Few(open_library(), NAMES)


@pytest.fixture(scope="session")
def data(few, rest, tmp_path_factory):
    pytest.importorskip("torch")
    from clipactor_node.generation.training import DataPlan, write_data
    from clipactor_node.text import load_encoder

    plan = DataPlan(validate=("nod", "squat"), test=("march", "run"), sentences=2)
    return write_data(few, rest, tmp_path_factory.mktemp("data"), plan, load_encoder("minilm"))
