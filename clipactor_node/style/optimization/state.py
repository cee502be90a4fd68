"""The state of a network and of its optimizer as plain arrays, to be kept and to come back to."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class State:
    """All that changes from iteration to iteration.

    Fields:
        arrays: of the network as `field.<name>`, of Adam as `adam.<parameter>.<kind>`; copies.
        facts: iteration, rate_scale, at_once, events; as JSON has them.
    """

    arrays: Arrays
    facts: dict[str, Any]


def network_arrays(network: nn.Module) -> Arrays:
    """Parameters and buffers, copied to the host."""
    return {name: _copied(value) for name, value in network.state_dict().items()}


def load_network(network: nn.Module, arrays: Arrays) -> None:
    """The counterpart of `network_arrays`; the arrays are copied."""
    network.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in arrays.items()})


def arrays_of(network: nn.Module, adam: torch.optim.Adam) -> Arrays:
    """A network and what Adam remembers of it, copied to the host, by the names that `State` says."""
    names = {id(parameter): name for name, parameter in network.named_parameters()}
    remembered = {
        f"adam.{names[id(parameter)]}.{kind}": _copied(value)
        for parameter, memory in adam.state.items()
        for kind, value in memory.items()
    }
    return under("field.", network_arrays(network)) | remembered


def load_arrays(network: nn.Module, adam: torch.optim.Adam, arrays: Arrays) -> None:
    """The counterpart of `arrays_of`; what Adam remembers and the arrays do not hold is forgotten."""
    load_network(network, within("field.", arrays))
    adam.state.clear()
    for name, parameter in network.named_parameters():
        memory = within(f"adam.{name}.", arrays)
        if memory:
            adam.state[parameter] = {
                kind: torch.from_numpy(value.copy()).to("cpu" if kind == "step" else parameter.device)
                for kind, value in memory.items()
            }


def within(prefix: str, arrays: Arrays) -> Arrays:
    """The arrays whose names begin with a prefix, without it."""
    return {name.removeprefix(prefix): value for name, value in arrays.items() if name.startswith(prefix)}


def under(prefix: str, arrays: Arrays) -> Arrays:
    """The arrays with a prefix before their names."""
    return {f"{prefix}{name}": value for name, value in arrays.items()}


def _copied(value: torch.Tensor) -> np.ndarray:
    copied: np.ndarray = value.detach().cpu().numpy().copy()
    return copied
