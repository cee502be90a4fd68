"""Which of the clips under one label plays."""

from dataclasses import dataclass, field

import pytest

from clipactor_node.language import parse
from clipactor_node.motion import ClipLabel
from clipactor_node.retrieval.wording import choose, fitness


@dataclass(frozen=True)
class Info:
    """What a library knows about a clip."""

    captions: tuple[str, ...] = ()
    quality: dict[str, float] = field(default_factory=dict)
    loop: tuple[float, float] | None = None


def wish(text: str):
    return parse(text).plan[0][0]


def label(text: str, duration_s: float = 5.0) -> ClipLabel:
    return ClipLabel("clip", text, 0.0, duration_s)


@pytest.mark.parametrize(
    ("text", "better", "worse"),
    [
        ("walk", (label("walk", 5.0), None), (label("walk", 0.2), None)),
        ("walk", (label("walk", 5.0), None), (label("walk", 200.0), None)),
        ("walk for one minute", (label("walk", 55.0), None), (label("walk", 5.0), None)),
        ("walk", (label("walk"), Info()), (label("walk"), Info(quality={"skating": 0.4}))),
        ("walk", (label("walk"), Info()), (label("walk"), Info(quality={"fit_mean_m": 0.2}))),
        ("walk", (label("walk"), Info(loop=(0.0, 1.0))), (label("walk"), Info())),
        ("kick with the left leg", (label("kick left leg"), None), (label("kick right leg"), None)),
        ("walk slowly", (label("walk"), Info(("walks slowly",))), (label("walk"), Info(("walks quickly",)))),
        ("walk forward", (label("walk"), Info(("walks forward",))), (label("walk"), Info(("walks back",)))),
    ],
)
def test_the_clip_that_serves_the_wish_is_fitter(text, better, worse):
    assert fitness(better[0], wish(text), better[1]) > fitness(worse[0], wish(text), worse[1])


def test_a_cycle_can_last_as_long_as_asked():
    cycle, once = label("walk", 1.2), label("walk", 8.0)
    asked = wish("walk for ten seconds")
    assert fitness(cycle, asked, Info(loop=(0.0, 1.2))) > fitness(once, asked, Info())


LABELS = [ClipLabel(name, "walk", 0.0, 5.0) for name in "abcd"]
VALUES = [0.0, 0.3, 0.25, -1.0]


def turns(variety: float, seed: int, count: int = 6) -> str:
    return "".join(choose(LABELS, VALUES, variety, seed, turn).clip for turn in range(count))


def test_without_variety_the_fittest_always_plays():
    assert turns(variety=0.0, seed=7) == "bbbbbb"


def test_with_variety_the_fit_ones_take_turns():
    assert turns(variety=0.1, seed=0) == "bcbcbc"
    assert turns(variety=0.5, seed=0) == "bcabca"


def test_a_seed_reproduces_and_another_one_may_begin_elsewhere():
    assert turns(0.5, seed=3) == turns(0.5, seed=3)
    assert len({turns(0.5, seed) for seed in range(10)}) > 1
    assert all(set(turns(0.5, seed)) == set("abc") for seed in range(10))
