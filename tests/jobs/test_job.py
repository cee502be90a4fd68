"""What can be asked for, and when two jobs are the same."""

import pytest

from clipactor_node.errors import JobError
from clipactor_node.jobs import JobStage, WorkerConfig
from clipactor_node.style import Job


def test_the_same_job_has_the_same_id_whoever_submits_it():
    assert Job("a  knight ").id == Job("a knight").id
    assert Job("a knight", seed=1).id != Job("a knight").id
    assert Job("a knight", clip="walk").id != Job("a knight").id


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"prompt": ""}, "looks"),
        ({"prompt": "🕺"}, "looks"),
        ({"prompt": "w " * 300}, "at most 400"),
        ({"prompt": "a knight", "preset": "best"}, "choose one of: auto, paper, gpu-fast, cpu-preview"),
        ({"prompt": "a knight", "seed": -1}, "seed"),
        ({"prompt": "a knight", "start_s": 2.0, "end_s": 1.0}, "empty"),
        ({"prompt": "a knight", "at_most": -3}, "iterations"),
    ],
)
def test_impossible_jobs_are_refused_in_words(given, says):
    with pytest.raises(JobError, match=says):
        Job(**given)


@pytest.mark.parametrize(
    "config", [{"threads": 0}, {"gpu_share": 0.0}, {"idle_s": 0.0}, {"hang_s": -1.0}, {"niceness": 20}]
)
def test_impossible_configs_are_refused(config):
    with pytest.raises(JobError):
        WorkerConfig(**config)


def test_jobs_that_are_over_are_over():
    assert {stage for stage in JobStage if stage.over} == {JobStage.DONE, JobStage.FAILED, JobStage.CANCELLED}
