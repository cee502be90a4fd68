"""Motion keeps its speed whatever happens to the timer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipactor_node.ros.nodes.tick_schedule import Pace


@given(st.lists(st.floats(-0.4, 0.4), min_size=1, max_size=200), st.sampled_from([1.0, 30.0, 60.0]))
def test_a_jittering_timer_loses_and_gains_nothing(jitters, rate_hz):
    pace = Pace(rate_hz)
    ticks = [pace.due((i + jitter) / rate_hz) for i, jitter in enumerate([0.0, *jitters])]
    assert sum(ticks) == len(ticks)


def test_a_short_delay_is_made_up_for():
    pace = Pace(10.0)
    assert [pace.due(t) for t in (0.0, 0.1, 0.5, 0.6)] == [1, 1, 4, 1]


@pytest.mark.parametrize("jump_s", [-100.0, -0.5, 5.0, 1e6])
def test_after_a_jump_of_the_clock_the_motion_goes_on_where_it_was(jump_s):
    pace = Pace(10.0)
    assert [pace.due(t) for t in (0.0, 0.1, 0.2 + jump_s, 0.3 + jump_s)] == [1, 1, 1, 1]
