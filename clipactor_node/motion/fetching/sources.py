"""Where motions can be had: the entries `motion-source` of models/registry.toml."""

from dataclasses import dataclass

from clipactor_node.errors import InvalidChoice, LibraryError
from clipactor_node.home import registered


@dataclass(frozen=True)
class Source:
    """A collection of motions.

    Attributes:
        name: what the user types.
        title, holds, licence: what it is, how much of what, and what may be done with it.
        way: for people: how to get it and how to add it where it cannot be fetched by a command.
        address: of its server; "": it has to be downloaded by hand.
        skeleton, motion: paths below `address`, of one subject's skeleton and of one trial's motion;
            `{subject}` and `{trial}` stand for their names ("07", "07_01").
        index: address of the list of trials and descriptions; below `address` unless it is a whole one.
        captions: address of the KIT Motion-Language archive; "": there are none.
        hashes: address of a list "sha256  path"; "": the collection publishes none.
        rate_hz: of the motions; `slow_hz` of the subjects in `slow`.
        broken: trials to leave out.
        clip_s: seconds of one processor that converting a trial takes, about (measured).
    """

    name: str
    title: str
    holds: str
    licence: str
    way: str = ""
    address: str = ""
    skeleton: str = ""
    motion: str = ""
    index: str = ""
    captions: str = ""
    hashes: str = ""
    rate_hz: float = 0.0
    slow_hz: float = 0.0
    slow: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    clip_s: float = 1.0

    def at(self, path: str) -> str:
        """The address of something in it: a path below its server, or a whole address as it is."""
        return path if "://" in path else f"{self.address.rstrip('/')}/{path}"

    def rate_of(self, subject: str) -> float:
        """Frames per second of a subject's motions."""
        return self.slow_hz if subject in self.slow else self.rate_hz


def sources() -> tuple[Source, ...]:
    """All collections.

    Raises:
        ModelError: the registry cannot be read.
    """
    return registered("motion-source", Source)


def source(name: str) -> Source:
    """The collection called `name`, if a command can fetch it.

    Raises:
        InvalidChoice: there is none.
        LibraryError: it has to be fetched by hand; says how.
    """
    for candidate in sources():
        if candidate.name == name:
            if not candidate.address:
                raise LibraryError(f"{candidate.title} cannot be fetched by a command. {candidate.way}")
            return candidate
    raise InvalidChoice("motion source", name, [s.name for s in sources()])
