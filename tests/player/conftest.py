"""The real thing: shipped body and clips, MiniLM through ONNX Runtime."""

import pytest

from clipactor_node import body, motion, retrieval, text
from clipactor_node.body import Skinner


@pytest.fixture(scope="session")
def skinner():
    return Skinner(body.load())


@pytest.fixture(scope="session")
def library():
    return motion.open_library()


@pytest.fixture(scope="session")
def retriever(library):
    return retrieval.Retriever(library, text.load_encoder("minilm"))
