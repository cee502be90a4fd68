"""Environments by what people call them."""

from clipactor_node.errors import InvalidChoice
from clipactor_node.render.environment import ENVIRONMENTS, Environment


def environment_named(name: str, seed: int = 0) -> Environment:
    """One of `ENVIRONMENTS`, or the setting that words describe: "a beach at sunset", "village in snowfall".

    Args:
        seed: others of the same kind.

    Raises:
        InvalidChoice: it is none.
    """

    if name in ENVIRONMENTS:
        return ENVIRONMENTS[name]
    from clipactor_node.render.scenery import (  # who paints no scenery need not load it
        PLACES,
        Scenery,
        setting_of,
    )

    setting = setting_of(name, seed)
    if setting is None:
        raise InvalidChoice("environment", name, (*ENVIRONMENTS, *PLACES))
    return Scenery(setting).environment
