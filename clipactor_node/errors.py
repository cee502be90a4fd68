"""Errors that ClipActor raises on purpose.

Every message says what was given, what was expected and what to do next, and lists the valid
choices where there are any, so that a caller can show it as it is.
"""


class ClipActorError(Exception):
    """Base class of every error a user can cause or repair."""


class InvalidChoice(ClipActorError):
    """A name that is not one of a closed set of names."""

    def __init__(self, what: str, given: object, choices) -> None:
        listed = ", ".join(map(str, choices))
        super().__init__(f"{what} {given!r} is unknown; choose one of: {listed}")


class ModelError(ClipActorError):
    """A model file that is missing, truncated, or not what it claims to be."""


class LibraryError(ClipActorError):
    """A motion library or clip that is missing, damaged, or holds impossible values."""


class StyleError(ClipActorError):
    """A style that is missing, damaged or foreign, or that cannot be optimized as asked."""


class JobError(ClipActorError):
    """A style that cannot be made as asked, or a queue of jobs that cannot be used."""


class RobotError(ClipActorError):
    """A robot description or mapping that is missing, malformed, or of no humanoid."""


class PromptError(ClipActorError):
    """A command that holds nothing that can be performed."""


class MissingExtra(ClipActorError):
    """An optional dependency that is not installed; the message names the command to type."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(
            f"{what} needs packages that are not installed; type: pip install 'clipactor_node[{extra}]'"
        )
