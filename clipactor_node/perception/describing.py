"""The plug for whatever describes a picture in words, such as a vision-language model.

Anything that can be called as `Describe` will do: it is named as `module:function`, imported when it is asked
for, and called with every picture. `by_kinematics` is one that needs no model; it reads the first estimate,
so it knows nothing that the estimate does not: it shows what sentences are understood.
"""

import importlib
from collections.abc import Callable

import numpy as np

from clipactor_node.errors import ClipActorError
from clipactor_node.geometry import forward_kinematics
from clipactor_node.perception.estimate import Estimate
from clipactor_node.perception.recovery_model import BODY_JOINTS
from clipactor_node.perception.view import View
from clipactor_node.perception.wording import facts, sentences

Describe = Callable[[np.ndarray, Estimate, View], str]
"""A picture (H, W, 3) uint8, the first estimate (whom to describe), and the camera -> sentences about the
pose, part by part; "": nothing to say."""


def by_kinematics(rest_joints: np.ndarray, seed: int = 0) -> Describe:
    """A describer that reads where the first estimate has the joints.

    Args:
        rest_joints: (55, 3) metres, of the body. seed: chooses between wordings.
    """

    def describe(picture: np.ndarray, estimate: Estimate, view: View) -> str:
        local = estimate.local.copy()
        local[0] = view.room_from_camera @ local[0]
        world = forward_kinematics(rest_joints, local, np.zeros(3))[:BODY_JOINTS]
        return ". ".join(sentences(facts(world[:, :3, 3], world[:, :3, :3]), seed))

    return describe


def describer_named(name: str) -> Describe:
    """The function called `module:function`.

    Raises:
        ClipActorError: there is none, or it cannot be called.
    """
    module, _, function = name.partition(":")
    if not module or not function:
        raise ClipActorError(f"describer {name!r} was given; expected module:function")
    try:
        found = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise ClipActorError(
            f"the describer {name} cannot be imported ({error}); install it where this program "
            "runs, or put its folder on PYTHONPATH"
        ) from error
    if not callable(found):
        raise ClipActorError(f"the describer {name} is a {type(found).__name__}; expected a function")
    described: Describe = found
    return described


def asked(describe: Describe, picture: np.ndarray, estimate: Estimate, view: View) -> str:
    """What a describer says.

    Raises:
        ClipActorError: it failed, or answers with something else than words.
    """
    try:
        said = describe(picture, estimate, view)
    except Exception as error:  # it is somebody else's
        raise ClipActorError(
            f"the describer failed ({type(error).__name__}: {error}); mend it, or leave it out"
        ) from error
    if not isinstance(said, str):
        raise ClipActorError(f"the describer answered with a {type(said).__name__}; expected sentences")
    return said
