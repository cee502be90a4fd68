"""What a parameter is: its default, its meaning, the values it may have, and how a node declares it."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeGuard

from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor
from rclpy.node import Node

from clipactor_node.errors import nearest

Value = bool | int | float | str


@dataclass(frozen=True)
class Setting:
    """A parameter: its default (whose type is its type), meaning, and the values it may have.

    Fields:
        low, high: smallest and largest value of a number.
        choices: the only values of a text, if it has such.
        pattern: a regular expression for a text, and a description of what fits it.
        live: may be changed at any time; others only before the node is configured.
    """

    name: str
    default: Value
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
        if self.low is not None and self.high is not None:
            if isinstance(self.default, float):
                allowed = FloatingPointRange(from_value=self.low, to_value=self.high)
                descriptor.floating_point_range = [allowed]
            else:
                allowed = IntegerRange(from_value=int(self.low), to_value=int(self.high))
                descriptor.integer_range = [allowed]
        return descriptor

    def expected(self) -> str:
        """The values it may have, described."""
        if self.choices:
            return f"one of: {', '.join(self.choices)}"
        if self.pattern:
            return self.pattern[1]
        kind = {bool: "true or false", int: "an integer", float: "a number", str: "a text"}
        between = "" if self.low is None else f" from {self.low:g} to {self.high:g}"
        return kind[type(self.default)] + between

    def checked(self, value: object) -> Value:
        """`value` as this parameter takes it; an integer will do where a number is wanted.

        Raises:
            ValueError: it does not fit; the message says what would.
        """
        if isinstance(self.default, float) and type(value) is int:
            value = float(value)
        if value is False and "off" in self.choices:  # what YAML makes of off
            value = "off"
        if type(value) is int and str(value) in self.choices:  # and of "512"
            value = str(value)
        if not self._fits(value):
            raise ValueError(f"parameter {self.name}: {value!r} given, expected {self.expected()}")
        return value

    def _fits(self, value: object) -> TypeGuard[Value]:
        if type(value) is not type(self.default):
            return False
        if isinstance(value, float) and not math.isfinite(value):
            return False
        if isinstance(value, int | float) and self.low is not None and self.high is not None:
            return self.low <= value <= self.high
        if isinstance(value, str) and self.choices:
            return value in self.choices
        if isinstance(value, str) and self.pattern:
            return re.fullmatch(self.pattern[0], value) is not None
        return True


# Declared by rclpy itself.
FOREIGN = ("use_sim_time", "start_type_description_service")


def declare(
    node: Node, settings: Iterable[Setting], managed: bool = False
) -> tuple[dict[str, Any], list[str]]:
    """Declare every setting on `node` with the value it was started with.

    The node must have been made with `automatically_declare_parameters_from_overrides=True`; that
    is how the values given at the start are read here, before anything is declared for good.

    Returns:
        Value by name, each of the type of its default, and one line for each value that was refused
        (its default is used instead) or whose name nobody knows.
    """
    by_name = {setting.name: setting for setting in settings}
    given = {
        name: parameter.value
        for name, parameter in node.get_parameters_by_prefix("").items()
        if name not in FOREIGN and not name.startswith("qos_overrides.")
    }
    for name in given:
        node.undeclare_parameter(name)
    problems = [unknown(name, by_name) for name in given if name not in by_name]
    values: dict[str, Any] = {}
    for name, setting in by_name.items():
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
