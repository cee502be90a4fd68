"""`clipactor bench generation`: what a generated motion costs, stage by stage; torch against ONNX."""

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

if TYPE_CHECKING:
    from clipactor_node.generation import MotionGenerator
    from clipactor_node.generation.training import Generator

SECONDS = 4.0
_COUNT, _WORDS = 263, 384


def generation(
    rounds: Annotated[int, typer.Option(min=1, help="Each is measured so often; the median counts.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print one flat JSON object.")] = False,
) -> None:
    """Features, encoding, one step in torch and in ONNX, ten steps, finishing and judging 4 s; milliseconds.

    The generator is one of size small with random weights, so that nothing need be trained: what it costs
    does not depend on what it learnt.
    """
    figures = _around(rounds)
    with tempfile.TemporaryDirectory(prefix="clipactor-bench-") as folder:
        figures |= _denoising(Path(folder) / "generator", rounds)
    if as_json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:28} {value:9.2f}")


def _around(rounds: int) -> dict[str, float]:
    """What is done before and after the diffusion, on a clip of the library."""
    from clipactor_node import body
    from clipactor_node.errors import ModelError
    from clipactor_node.generation import features, finished, open_space, quality
    from clipactor_node.motion import SkinSample, open_library
    from clipactor_node.motion.blending import Legs
    from clipactor_node.text import load_encoder

    skin = SkinSample(body.Skinner(body.load()))
    legs = Legs(skin.rest_joints, skin.sole_level)
    clip = open_library().load("walk")
    rows = np.resize(features(clip, skin.rest_joints), (round(SECONDS * 20), 263))
    made = finished(rows, "made", skin, legs)
    encoder = load_encoder()
    figures = {
        "text_ms": _median(lambda: encoder.encode(["a person walks forward"]), rounds),
        "features_ms": _median(lambda: features(made, skin.rest_joints), rounds),
        "finish_ms": _median(lambda: finished(rows, "made", skin, legs), rounds),
        "gate_ms": _median(lambda: quality(made, skin, legs), rounds),
    }
    try:
        space = open_space()
    except ModelError:
        return figures  # nothing is trained here
    return {**figures, "encode_ms": _median(lambda: space.motions(rows), rounds)}


def write_untrained(folder: Path) -> "tuple[Generator, MotionGenerator]":
    """Export a generator of size small with random weights to a folder: as a network, and as it plays."""
    from clipactor_node.generation import open_generator
    from clipactor_node.generation.training import (
        GeneratorConfig,
        Split,
        export_generator,
        untrained_generator,
    )

    config = GeneratorConfig.of_size("small")
    data = Split(
        np.zeros((config.frames, _COUNT), np.float32),
        np.full((2, 1, _WORDS), _WORDS**-0.5, np.float32),
        np.zeros(_COUNT, np.float32),
        np.ones(_COUNT, np.float32),
        ("a person walks",),
        (),
        (),
        "minilm-random",
    )
    net = untrained_generator(config, _WORDS)
    export_generator(net, data, folder, {})
    return net, open_generator(folder)


def _denoising(folder: Path, rounds: int) -> dict[str, float]:
    """One guided step in torch and in ONNX, and ten in ONNX."""
    import torch

    torch.set_num_threads(1)
    net, made = write_untrained(folder)
    words = np.full(_WORDS, _WORDS**-0.5, np.float32)
    frames = round(SECONDS * 20)
    vectors = torch.from_numpy(words[None])

    def in_torch() -> object:
        return net.sample(["a person walks"], frames, 1, steps=1, vectors=vectors)

    def in_onnx(steps: int) -> Callable[[], object]:
        return lambda: made.sample(words, SECONDS, 1, steps=steps)

    return {
        "parameters_millions": sum(p.numel() for p in net.denoiser.parameters()) / 1e6,
        "step_torch_ms": _median(in_torch, rounds),
        "step_onnx_ms": _median(in_onnx(1), rounds),
        "ten_steps_onnx_ms": _median(in_onnx(10), rounds),
    }


def _median(work: Callable[[], object], rounds: int) -> float:
    """Milliseconds; the first call, which loads and compiles, does not count."""
    work()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return 1000.0 * float(np.median(times))
