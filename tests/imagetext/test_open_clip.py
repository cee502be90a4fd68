"""open_clip behind the image-text door, with random weights: the door's promises, not CLIP's quality."""

import pytest
import torch

from clipactor_node import imagetext
from clipactor_node.errors import InvalidChoice
from clipactor_node.imagetext.model import ImageTextModel

SMALL = "open_clip:ViT-S-32-alt/random"


@pytest.fixture(scope="module")
def model():
    torch.set_num_threads(1)
    return imagetext.load(SMALL)


def test_it_keeps_the_contract_of_the_door(model):
    assert isinstance(model, ImageTextModel)
    assert model.wording.format("a clown") == "a 3D rendering of a clown in unreal engine"


def test_texts_and_images_meet_in_one_space(model):
    texts = model.encode_text(["a clown", "a pilot"])
    images = model.encode_image(torch.rand(3, 3, model.input_size, model.input_size))
    assert texts.shape[0] == 2 and images.shape == (3, texts.shape[1])
    assert texts.dtype == images.dtype == torch.float32
    assert not torch.allclose(texts[0], texts[1])


def test_gradients_reach_the_images_and_no_weight(model):
    images = torch.rand(1, 3, model.input_size, model.input_size, requires_grad=True)
    model.encode_image(images).square().sum().backward()
    assert images.grad.abs().sum() > 0
    assert not model.encode_text(["a clown"]).requires_grad
    assert all(p.grad is None and not p.requires_grad for p in model.network.parameters())


def test_normalization_happens_inside(model):
    """An image of the training set's mean color enters the network as zeros."""
    seen = []
    hook = model.network.visual.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    mean = torch.tensor([0.48145466, 0.4578275, 0.40821073]).view(1, 3, 1, 1)
    model.encode_image(mean.expand(1, 3, model.input_size, model.input_size))
    hook.remove()
    assert seen[0].abs().max() < 1e-6


def test_random_weights_are_the_same_every_time_and_leave_the_global_seed_alone(model):
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    again = imagetext.load(SMALL)
    assert torch.equal(torch.rand(3), expected)
    assert again.id == model.id
    assert torch.equal(again.encode_text(["a clown"]), model.encode_text(["a clown"]))


def test_the_id_tells_the_weights(tmp_path, model):
    other = {name: value + 0.01 for name, value in model.network.state_dict().items()}
    torch.save(other, tmp_path / "weights.pt")
    changed = imagetext.load(f"open_clip:ViT-S-32-alt/{tmp_path / 'weights.pt'}")
    assert changed.id.rsplit("@")[-1] != model.id.rsplit("@")[-1]


def test_bf16_gives_nearly_the_same_embeddings(model):
    images = torch.rand(2, 3, model.input_size, model.input_size)
    half = imagetext.load(SMALL, precision="bf16").encode_image(images)
    assert half.dtype == torch.float32
    assert torch.cosine_similarity(half, model.encode_image(images)).min() > 0.99


@pytest.mark.parametrize(
    ("name", "choice"),
    [
        ("clip", "embedded"),
        ("open_clip:", "open_clip:<architecture>/<pretrained>"),
        ("open_clip:ViT-B-33/openai", "ViT-B-32"),
        ("open_clip:ViT-B-32/nobody", "laion2b_s34b_b79k"),
    ],
)
def test_unknown_names_list_the_choices(name, choice):
    with pytest.raises(InvalidChoice, match="choose one of") as raised:
        imagetext.load(name)
    assert choice in str(raised.value)
