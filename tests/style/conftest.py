"""The open body, and a tiny image-text model: real and differentiable, small enough for many runs."""

import hashlib
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import sparse

from clipactor_node import body as body_room
from clipactor_node.body.detail import decimated
from clipactor_node.style.frames import standing_frames

sys.path.insert(0, str(Path(__file__).parent))  # for `import made_styles`


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path / "home"))


class TinyModel:
    """Sees a picture as 8 x 8 averages through a fixed random matrix; a text as a seed."""

    wording = "{}"
    id = "tiny@1"
    input_size = 32
    size = 16

    def __init__(self):
        generator = torch.Generator().manual_seed(3)
        self._matrix = torch.randn(3 * 64, self.size, generator=generator)
        self.encoded = []

    def encode_text(self, texts):
        seeds = [int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) for text in texts]
        return torch.stack(
            [torch.randn(self.size, generator=torch.Generator().manual_seed(s)) for s in seeds]
        )

    def encode_image(self, images):
        self.encoded.append(len(images))
        pooled = torch.nn.functional.avg_pool2d(1.0 - images, self.input_size // 8)
        return pooled.flatten(1) @ self._matrix


@pytest.fixture
def model():
    return TinyModel()


@pytest.fixture
def another_model():
    return TinyModel()


@pytest.fixture(scope="session")
def body():
    return body_room.load()


@pytest.fixture(scope="session")
def frames(body):
    return standing_frames(body)


def smaller(body, share=0.06):
    """The same body with a share of its vertices, for optimizations that need not look like anything."""
    kept, faces = decimated(body, share)
    template = body.template[kept]
    joints = body.joints(body.template)
    regressor = np.zeros((len(joints), len(kept)), np.float32)
    for joint, place in enumerate(joints):
        near = np.argsort(np.linalg.norm(template - place, axis=1))[:24]
        system = np.vstack([template[near].T, np.ones(len(near))])
        regressor[joint, near] = np.linalg.lstsq(system, np.append(place, 1.0), rcond=None)[0]
    return body_room.Body(
        name="small",
        template=template,
        faces=faces.astype(np.int32),
        weights=body.weights[kept],
        joint_regressor=sparse.csr_array(regressor),
        uv=np.zeros((0, 2), np.float32),
        uv_faces=np.zeros((0, 3), np.int32),
        shape_directions=body.shape_directions[kept],
        shape_names=body.shape_names,
        expression_directions=body.expression_directions[kept],
        expression_names=body.expression_names,
        parts=body.parts[kept],
        sha256="small",
    )


@pytest.fixture(scope="session")
def small_body(body):
    return smaller(body)
