"""The adapted U-Net: shapes, what it is told counts, its loss falls; folders that hold no model; pasting."""

import json

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")

from clipactor_node.errors import ModelError  # noqa: E402


def tiny(channels=4):
    from diffusers import UNet2DConditionModel

    torch.manual_seed(1)
    return UNet2DConditionModel(
        sample_size=8, in_channels=channels, out_channels=4, layers_per_block=1, block_out_channels=(16, 32),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"), cross_attention_dim=16, norm_num_groups=8,
        attention_head_dim=8,
    )  # fmt: skip


@pytest.fixture(scope="module")
def scenes():
    from clipactor_node.render.outpainting import SyntheticScenes

    torch.set_num_threads(1)
    return SyntheticScenes(size=8, width=16, tokens=2)


def test_before_training_it_paints_what_it_painted_before(scenes):
    """New channels begin at zero; the token of the coarseness is there but is not yet the old network's."""
    from clipactor_node.render.outpainting import AdaptedUNet

    old = tiny()
    clean, known = scenes.batch(0, 2)
    step = torch.tensor([10, 500])
    with torch.no_grad():
        net = AdaptedUNet(tiny()).eval()
        token = net.rate(torch.zeros(2, 16))[:, None]
        assert net.unet.conv_in.weight.shape[1] == 13
        assert torch.count_nonzero(net.unet.conv_in.weight[:, 4:]) == 0
        assert torch.equal(net.unet.conv_in.weight[:, :4], old.conv_in.weight)
        assert net(clean, step, known).shape == clean.shape and token.shape == (2, 1, 16)


def test_an_inpainting_model_keeps_what_it_knew():
    """Its mask is 1 where is painted, which is one minus alpha."""
    from clipactor_node.render.outpainting import AdaptedUNet

    old = tiny(9).eval().conv_in
    new = AdaptedUNet(tiny(9)).eval().unet.conv_in
    draw = torch.Generator().manual_seed(2)
    noisy, known = (torch.randn(1, 4, 8, 8, generator=draw) for _ in range(2))
    alpha, body = torch.ones(1, 1, 8, 8), torch.randn(1, 4, 8, 8, generator=draw)
    with torch.no_grad():
        before = old(torch.cat([noisy, 1.0 - alpha, known], dim=1))
        after = new(torch.cat([noisy, known, alpha, body], dim=1))
    assert torch.allclose(before[..., 1:-1, 1:-1], after[..., 1:-1, 1:-1], atol=1e-5)


def test_its_loss_falls_and_what_it_is_told_counts(scenes):
    from dataclasses import replace

    from clipactor_node.render.outpainting import AdaptedUNet, train_adapted

    net = AdaptedUNet(tiny())
    losses = train_adapted(net, scenes.batch, 30, batch=4, rate=3e-3)
    assert np.mean(losses[-6:]) < 0.8 * np.mean(losses[:6])
    clean, known = scenes.batch(99, 2)
    step = torch.tensor([300, 300])
    with torch.no_grad():
        as_is = net(clean, step, known)
        for change in (
            {"avatar": known.avatar + 1}, {"alpha": 1 - known.alpha}, {"body": known.body + 1},
            {"rate": 1 - known.rate}, {"text": known.text + 1},
        ):  # fmt: skip
            assert not torch.allclose(net(clean, step, replace(known, **change)), as_is, atol=1e-5), change


def test_what_is_no_model_is_said(tmp_path):
    from clipactor_node.render.outpainting import open_image_model

    with pytest.raises(ModelError, match=r"model_index\.json"):
        open_image_model(tmp_path)
    (tmp_path / "model_index.json").write_text(json.dumps({"_class_name": "WhisperPipeline"}))
    with pytest.raises(ModelError, match=r"another kind \(WhisperPipeline\)"):
        open_image_model(tmp_path)


def test_the_avatar_is_pasted_unchanged():
    from clipactor_node.render.outpainting import pasted

    avatar = np.zeros((2, 2, 4), np.uint8)
    avatar[0, 0] = [10, 20, 30, 255]
    avatar[0, 1] = [100, 100, 100, 128]
    found = pasted(np.full((2, 2, 3), 200, np.uint8), avatar)
    assert found[0, 0].tolist() == [10, 20, 30] and found[1, 1].tolist() == [200] * 3
    assert found[0, 1].tolist() == [150] * 3
