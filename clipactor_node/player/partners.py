"""Two avatars that do something together: who may, when both begin, and when it is over."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from clipactor_node.body import Skinner, Stature
from clipactor_node.motion import MotionClip
from clipactor_node.pairs import Figure, Pair
from clipactor_node.player.clip_playback import Place


class Member(Protocol):
    """An avatar, as a partner needs it (`Player`)."""

    skinner: Skinner

    @property
    def place(self) -> Place:
        """Where it is and heads."""

    @property
    def stature(self) -> Stature | None:
        """Its shape; None: the mean one."""

    @property
    def occupied(self) -> str:
        """What it does and would have to leave; "": it only waits."""

    def join(self, part: "Part") -> None:
        """Go to a place, wait for the other one, and do a part of something."""


class Meeting:
    """Two who begin in one tick as soon as both are in place. `tick` once per tick, before either's.

    Fields:
        begun: both are there; over: it was done to the end; left: one of them went away before.
        held: one of them pauses, and the other waits.
    """

    def __init__(self) -> None:
        self._there: set[int] = set()
        self._held: set[int] = set()
        self.begun = self.over = self.left = False

    @property
    def held(self) -> bool:
        """Whether one of them pauses."""
        return bool(self._held)

    def arrive(self, who: object) -> None:
        """Say that somebody stands in place."""
        self._there.add(id(who))

    def hold(self, who: object, pauses: bool) -> None:
        """Say that somebody pauses, or goes on."""
        (self._held.add if pauses else self._held.discard)(id(who))

    def leave(self) -> None:
        """Say that somebody does something else."""
        self.left = not self.over
        self._held.clear()

    def tick(self) -> None:
        """Begin, if both are there."""
        self.begun = self.begun or len(self._there) > 1

    @property
    def ended(self) -> bool:
        """Whether nobody needs it any more."""
        return self.over or self.left


@dataclass(frozen=True, eq=False)
class Together:
    """What is done with a partner.

    Fields:
        partner: a name of the company; first: who begins, a name, "": whoever was told.
        act: in words; pair: the clips, at their own rate; clips: the same at the player's rate.
        duration_s: how long; 0: as the clip has it. expression: of both faces.
    """

    partner: str
    first: str
    act: str
    pair: Pair
    clips: tuple[MotionClip, MotionClip]
    duration_s: float = 0.0
    expression: str = "neutral"


@dataclass(frozen=True, eq=False)
class Part:
    """One side of it.

    Fields:
        together: of which it is a part; second: of the partner.
        place: where to begin, in the world; meeting: of the two; whom: the other's name.
        told: it is this one's own command.
    """

    together: Together
    second: bool
    place: Place
    meeting: Meeting
    whom: str
    told: bool


@dataclass
class Company:
    """The avatars that can do things together, by name.

    Args:
        members: asked whenever somebody is needed.
    """

    members: Callable[[], Mapping[str, Member]]
    _meetings: list[Meeting] = field(default_factory=list)

    def others(self, me: object) -> Sequence[str]:
        """Names of all but one."""
        return tuple(name for name, member in self.members().items() if member is not me)

    def member(self, name: str) -> Member | None:
        """Who has a name; None: nobody any more."""
        return self.members().get(name)

    def name_of(self, me: object) -> str:
        """What somebody is called; "": nothing."""
        return next((name for name, member in self.members().items() if member is me), "")

    def tick(self) -> None:
        """Once per tick, before that of any of them."""
        for meeting in self._meetings:
            meeting.tick()
        self._meetings = [meeting for meeting in self._meetings if not meeting.ended]

    def refusal(self, together: Together, told: Member) -> str:
        """Why it cannot be done now; "": it can.

        Args:
            told: who was told to do it.
        """
        who = self._two(together, told)
        for name, member in zip((together.first, together.partner), who, strict=True):
            if member is None:
                return f"{name} is not here any more; known are {', '.join(self.others(told)) or 'nobody'}"
        if who[0] is who[1]:
            return f"nobody can {together.act} with themselves; name somebody else"
        for name, member in zip((together.first, together.partner), who, strict=True):
            if member is not told and member is not None and member.occupied:
                return (
                    f"{name} is busy ({member.occupied}), and cannot {together.act} now; "
                    f"tell {name} to stop, or wait"
                )
        return ""

    def arrange(self, together: Together, told: Member) -> None:
        """Have both go to their places and do it; `refusal` says whether they can."""
        first, partner = self._two(together, told)
        if first is None or partner is None:
            return
        meeting = Meeting()
        self._meetings.append(meeting)
        here, there = first.place, partner.place
        away = here.position - there.position
        # The partner stays where it is and turns; who begins comes to it, straight.
        ahead = float(np.arctan2(*together.pair.offset))  # seen from either: half a turn
        bearing = float(np.arctan2(*away)) if float(np.hypot(*away)) > 1e-3 else there.heading
        heading = bearing - ahead  # of the partner
        s, c = np.sin(heading), np.cos(heading)
        x, z = together.pair.offset
        begins = there.position + np.array([x * c + z * s, z * c - x * s])
        names = self.name_of(first), together.partner
        places = Place(begins, heading + np.pi), Place(there.position, heading)
        for second, member in ((True, partner), (False, first)):
            whom = names[0 if second else 1]
            member.join(Part(together, second, places[second], meeting, whom, member is told))

    def _two(self, together: Together, told: Member) -> tuple[Member | None, Member | None]:
        first = self.member(together.first) if together.first else told
        return first, self.member(together.partner)


def figure_of(member: Member) -> Figure:
    """The body of somebody, for any thread."""
    stature = member.stature
    own = None if stature is None else Stature(member.skinner.body, stature.betas)
    return Figure.of(member.skinner, own)
