"""Errors that ClipActor raises on purpose.

Every message says what was given, what was expected and what to do next, and lists the valid
choices where there are any, so that a caller can show it as it is.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


class ClipActorError(Exception):
    """Base class of every error a user can cause or repair."""


class InvalidChoice(ClipActorError):
    """A name that is not one of a closed set of names; the message says which is spelled most like it."""

    def __init__(self, what: str, given: object, choices: Iterable[object]) -> None:
        names = [str(choice) for choice in choices]
        near = nearest(given, names) if isinstance(given, str) else []
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        super().__init__(f"{what} {given!r} is unknown{hint}; choose one of: {', '.join(names)}")


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
    """A command that holds nothing an avatar can do."""


class MissingExtra(ClipActorError):
    """An optional dependency that is not installed; the message names the command to type.

    Args:
        what: needs it.
        extra: of pyproject.toml.
        module: that was looked for; "": not known.
    """

    def __init__(self, what: str, extra: str, module: str = "") -> None:
        packages = "packages that are not installed" + (f" ({module})" if module else "")
        in_checkout = (Path(__file__).parent.parent / "Makefile").is_file()
        installed = f"pip install 'clipactor_node[{extra}]'"
        way = f"make setup-all, or pip install -e '.[{extra}]'" if in_checkout else installed
        super().__init__(f"{what} needs {packages}; type: {way}")


@contextmanager
def needing(extra: str, what: str) -> Iterator[None]:
    """Imports in this block need an extra.

    Only a package that is not there becomes a `MissingExtra`. Whatever else goes wrong in an import, in that
    package or in this one, stays what it is: an error that installing would not mend.

    Args:
        extra: of pyproject.toml.
        what: needs it, for the message.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        # A missing part of a package that is there ("torch.foo"), or of this one, is an error of its own.
        if not error.name or "." in error.name or error.name == __package__:
            raise
        raise MissingExtra(what, extra, error.name) from error


def nearest(word: str, choices: Iterable[str], count: int = 1, alike: float = 0.6) -> list[str]:
    """The choices that are spelled most like a word, best first: what it may have been meant to be.

    Args:
        count: at most so many.
        alike: share of the letters, in [0, 1], that a choice must have in common with the word, in the
            same order. Upper and lower case are the same.
    """
    from rapidfuzz import fuzz, process  # only for messages: nothing that starts waits for it

    least = 100.0 * alike
    found = process.extract(
        word, list(choices), scorer=fuzz.ratio, processor=str.casefold, limit=count, score_cutoff=least
    )
    return [choice for choice, _, _ in found]
