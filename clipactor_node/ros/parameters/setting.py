"""What a parameter is: its default, its meaning, the values it may have, and how a node declares it."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor
from rclpy.node import Node

from clipactor_node.errors import nearest


@dataclass(frozen=True)
class Setting:
    """A parameter: its default (whose type is its type), meaning, and the values it may have.

    Fields:
        low, high: smallest and largest value of a number.
        choices: the only values of a text, if it has such.
        pattern: a regular expression for a text, and what it means in words.
        live: may be changed at any time; others only before the node is configured.
    """

    name: str
    default: bool | int | float | str
    description: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    pattern: tuple[str, str] | None = None
    live: bool = False

    def descriptor(self, managed: bool) -> ParameterDescriptor:
        """`managed`: the node can be configured anew, so that no parameter is fixed for good."""
        descriptor = ParameterDescriptor(
            name=self.name,
            description=self.description,
            additional_constraints=self.expected() if self.choices or self.pattern else "",
            read_only=not self.live and not managed,
        )
        if self.low is not None and isinstance(self.default, float):
            descriptor.floating_point_range = [FloatingPointRange(from_value=self.low, to_value=self.high)]
        elif self.low is not None:
            descriptor.integer_range = [IntegerRange(from_value=int(self.low), to_value=int(self.high))]
        return descriptor

    def expected(self) -> str:
        """The values it may have, in words."""
        if self.choices:
            return f"one of: {', '.join(self.choices)}"
        if self.pattern:
            return self.pattern[1]
        kind = {bool: "true or false", int: "an integer", float: "a number", str: "a text"}
        between = "" if self.low is None else f" from {self.low:g} to {self.high:g}"
        return kind[type(self.default)] + between

    def checked(self, value: object) -> bool | int | float | str:
        """`value` as this parameter takes it; an integer will do where a number is wanted.

        Raises:
            ValueError: it does not fit; the message says what would.
        """
        if isinstance(self.default, float) and type(value) is int:
            value = float(value)
        if value is False and "off" in self.choices:  # what YAML makes of off
            value = "off"
        fits = type(value) is type(self.default)
        if fits and isinstance(value, float):
            fits = math.isfinite(value)
        if fits and self.low is not None:
            fits = self.low <= value <= self.high
        if fits and self.choices:
            fits = value in self.choices
        if fits and self.pattern:
            fits = re.fullmatch(self.pattern[0], value) is not None
        if not fits:
            raise ValueError(f"parameter {self.name}: {value!r} given, expected {self.expected()}")
        return value


FOREIGN = ("use_sim_time", "start_type_description_service")


def declare(node: Node, settings: Iterable[Setting], managed: bool = False) -> tuple[dict, list[str]]:
    """Declare every setting on `node` with the value it was started with.

    The node must have been made with `automatically_declare_parameters_from_overrides=True`; that
    is how the values given at the start are read here, before anything is declared for good.

    Returns:
        Value by name, and one line for each value that was refused (its default is used instead)
        or whose name nobody knows.
    """
    settings = {setting.name: setting for setting in settings}
    given = {
        name: parameter.value
        for name, parameter in node.get_parameters_by_prefix("").items()
        if name not in FOREIGN and not name.startswith("qos_overrides.")
    }
    for name in given:
        node.undeclare_parameter(name)
    problems = [unknown(name, settings) for name in given if name not in settings]
    values = {}
    for name, setting in settings.items():
        values[name] = setting.default
        if name in given:
            try:
                values[name] = setting.checked(given[name])
            except ValueError as error:
                problems.append(f"{error}; {setting.default!r} is used")
        node.declare_parameter(name, values[name], setting.descriptor(managed), ignore_override=True)
    return values, problems


def unknown(name: str, settings: Iterable[str]) -> str:
    """What to say about a parameter nobody knows."""
    near = nearest(name, settings)
    hint = f"did you mean {near[0]}?" if near else f"choose from: {', '.join(settings)}"
    return f"parameter {name} is unknown; {hint}"
