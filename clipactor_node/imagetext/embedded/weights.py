"""The weights on disk: fp16 in safetensors, with what they need to be read."""

import json
import os
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from clipactor_node.errors import ModelError
from clipactor_node.imagetext.embedded.layout import FEATURES
from clipactor_node.imagetext.embedded.network import WardrobeNet
from clipactor_node.imagetext.embedded.readout_targets import CUTS, PARTS, SIZE

FORMAT = "clipactor-wardrobe-1"


def save_weights(net: WardrobeNet, path: Path, about: dict[str, str]) -> None:
    """Write the network, parameters and averages as fp16; the file is whole or not there."""
    tensors = {
        name: value.detach()
        .to(torch.float16 if value.is_floating_point() else value.dtype)
        .contiguous()
        .cpu()
        for name, value in net.state_dict().items()
    }
    meaning = {"format": FORMAT, "features": str(FEATURES), "readings": json.dumps([*PARTS, *CUTS])}
    partial = path.with_name("partial-" + path.name)
    save_file(tensors, partial, metadata=meaning | about)
    partial.chmod(0o644)  # safetensors lets only the owner read
    os.replace(partial, path)


def load_weights(path: Path, device: str = "cpu") -> WardrobeNet:
    """The network of a weights file, frozen, fp32, in evaluation mode.

    Raises:
        ModelError: it is not there, damaged, or made for another version of the data.
    """
    if not path.is_file():
        raise ModelError(f"no weights at {path}; type: clipactor wardrobe train")
    try:
        with safe_open(path, "pt") as file:
            meaning = file.metadata() or {}
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise ModelError(f"{path} is damaged ({error}); fetch or train it again") from error
    if meaning.get("format") != FORMAT or meaning.get("readings") != json.dumps([*PARTS, *CUTS]):
        raise ModelError(f"{path} is no {FORMAT} file of these readings; type: clipactor wardrobe train")
    net = WardrobeNet(int(meaning["features"]), SIZE)
    try:
        net.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in state.items()})
    except RuntimeError as error:
        raise ModelError(f"{path} does not fit the network ({str(error)[:200]}); train it again") from error
    return net.to(device).eval().requires_grad_(False)
