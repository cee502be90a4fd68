"""A real Ray cluster of two nodes on this machine; one of them is killed in the middle."""

import os
import re
import time
from collections import Counter
from pathlib import Path

import pytest
from waiting import PATIENCE_S, interrupted, new_home, poll_until, until_over

from clipactor_node import jobs
from clipactor_node.errors import JobError, MissingExtra, StyleError
from clipactor_node.jobs import JobStage, WorkerConfig
from clipactor_node.jobs.ray_driver import connect
from clipactor_node.jobs.ray_progress import Checkpoint, CheckpointStore, ProgressActor
from clipactor_node.style import Job, open_cache
from clipactor_node.style.cache import StyleCache
from clipactor_node.style.progress import Progress, Snapshot

LONGER = 30
"""Iterations: three reports of `cpu-preview`."""
SMALL = {"num_cpus": 1, "object_store_memory": 80 * 2**20}


@pytest.fixture(scope="module")
def cluster(home):
    """Two nodes with one processor each; the second may be lost."""
    cluster_utils = pytest.importorskip("ray.cluster_utils", reason="the [farm] extra is not installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_worker_niceness", "0")  # 15 by itself: its tasks would starve on a busy machine
        cluster = cluster_utils.Cluster(True, head_node_args=SMALL | {"include_dashboard": False})
        try:
            cluster.other = cluster.add_node(**SMALL)
            yield cluster
        finally:
            cluster.shutdown()


@pytest.fixture(scope="module")
def farm(cluster):
    client = jobs.open_client(WorkerConfig(ray_address=cluster.address, niceness=0))
    yield client
    client.close()


def titles(node):
    """What the processes of a node call themselves: `ray::<name of the task>` while they are at one."""
    (raylet,) = node.all_processes["raylet"]
    pid = raylet.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return " ".join(
        Path(f"/proc/{child}/cmdline").read_text() for child in children if Path(f"/proc/{child}").exists()
    )


def test_every_style_finishes_and_none_twice_though_a_node_is_killed(farm, cluster):
    jobs_wanted = [Job(f"a monk in {color}", at_most=LONGER) for color in ("red", "green", "blue")]
    ids = [farm.submit(job).id for job in jobs_wanted]
    ends, live = Counter(), set()

    def follow(condition):
        def seen():
            for status in farm.poll():
                ends[status.id] += status.stage.over
                live.update([status.id] if farm.snapshot(status.id) else [])
            return condition()

        poll_until(farm, seen)

    def has_a_checkpoint_elsewhere(status):
        return (
            status.stage is JobStage.RUNNING
            and status.snapshot > 0
            and status.job.prompt in titles(cluster.other)
        )

    follow(lambda: any(has_a_checkpoint_elsewhere(farm.status(job_id)) for job_id in ids))
    (lost,) = (job_id for job_id in ids if farm.status(job_id).job.prompt in titles(cluster.other))
    cluster.remove_node(cluster.other, allow_graceful=False)  # SIGKILL, and all its workers with it
    follow(lambda: all(farm.status(job_id).stage.over for job_id in ids))

    cache, statuses = open_cache(), [farm.status(job_id) for job_id in ids]
    assert [status.stage for status in statuses] == [JobStage.DONE] * 3, statuses
    assert set(ends.values()) == {1}
    assert len({status.key for status in statuses}) == 3
    for job, status in zip(jobs_wanted, statuses, strict=True):
        assert cache.load(status.key).card.prompt == job.prompt
        assert status.iteration == LONGER and status.tries == 1
        assert (cache.path(status.key) / "preview.webp").is_file()
    assert live, "no clothes came while they were made"
    said = re.search(r"a node was lost 1 x; it went on from iteration (\d+)", farm.status(lost).message)
    assert int(said[1]) >= 10, farm.status(lost)


def test_cancel_brings_back_the_best_so_far_and_who_orders_again_goes_on_from_there(farm):
    job = Job("a king in gold", at_most=100_000)
    job_id = farm.submit(job).id
    poll_until(farm, lambda: farm.status(job_id).snapshot > 0 or farm.status(job_id).stage.over)
    farm.cancel(job_id)
    (first,) = until_over(farm, job_id)
    assert first.stage is JobStage.CANCELLED
    assert open_cache().load(first.key).card.status == "cancelled"
    farm.submit(job)
    poll_until(farm, lambda: farm.status(job_id).iteration or farm.status(job_id).stage.over)
    assert farm.status(job_id).iteration > first.snapshot
    farm.cancel(job_id)
    until_over(farm, job_id)


def test_who_cancels_before_it_began_and_orders_again_gets_it(farm):
    job = Job("a queen in gold", at_most=1)
    job_id = farm.submit(job).id
    poll_until(farm, lambda: farm.status(job_id).stage is not JobStage.QUEUED)
    assert farm.cancel(job_id).stage is JobStage.CANCELLED
    farm.submit(job)
    (status,) = until_over(farm, job_id)
    assert status.stage is JobStage.DONE and status.key in open_cache()


def test_ctrl_c_of_a_batch_leaves_nothing_behind_on_the_cluster(cluster, tmp_path):
    home, path = new_home(tmp_path / "home"), tmp_path / "prompts.txt"
    path.write_text("an elf in green\nan elf in red\n")
    farm = ("--backend", "ray", "--ray-address", cluster.address)
    command = ("style", "batch", path, "--nice", 0, "--iterations", 100_000, *farm)
    ended = interrupted(command, lambda statuses: any(r.snapshot > 0 for r in statuses), home=home)
    assert ended.returncode == 130 and "Traceback" not in ended.output, ended.output
    assert "The same command goes on" in ended.output
    assert {status.stage for status in ended.jobs} == {JobStage.CANCELLED} and not ended.workers
    (made,) = (status for status in ended.jobs if status.key)
    assert StyleCache(home / "styles").load(made.key).card.status == "cancelled"
    deadline = time.monotonic() + PATIENCE_S
    while "an elf" in titles(cluster.head_node):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_what_the_cache_has_is_not_made_again(farm):
    (style,) = (card for card in open_cache().cards() if card.prompt == "a monk in red")
    before = os.stat(open_cache().path(style.key)).st_ino
    same_but_another_job = Job("a monk in red", at_most=LONGER, preset="cpu-preview")
    (status,) = until_over(farm, farm.submit(same_but_another_job).id)
    assert status.stage is JobStage.DONE and status.key == style.key
    assert os.stat(open_cache().path(style.key)).st_ino == before


def test_a_task_that_fails_says_why(farm):
    (status,) = until_over(farm, farm.submit(Job("a monk", clip="no such clip")).id)
    assert status.stage is JobStage.FAILED and "no such clip" in status.message


# Without a cluster


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1", "no.such.host.invalid:6379"])
def test_an_address_where_nobody_answers_is_named(address):
    with pytest.raises(JobError) as error:  # test_batch.py sees the same through worker and queue
        connect(address)
    assert address in str(error.value) and "ray start --head" in str(error.value)


def test_without_ray_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(MissingExtra, match=r"'\.\[farm\]'"):
        connect("auto")


def test_an_address_that_is_none_is_refused():
    with pytest.raises(JobError, match="nonsense"):
        connect("nonsense")


def test_the_actor_keeps_snapshots_until_somebody_took_them_and_checkpoints_until_the_end():
    def progress(iteration, snapshot=None):
        return Progress(iteration, 40, 1.0, {}, 0.5, 6, 1.0, 9.0, snapshot, ())

    actor, snapshot = ProgressActor(), Snapshot(10, 0.5, None, None)
    state = Checkpoint("0123", b"state")
    assert actor.begin("a") == (0, None)
    assert actor.tell("a", progress(10, snapshot), state) and actor.tell("a", progress(11))
    ((told, fresh),) = actor.news().values()
    assert told.iteration == 11 and told.snapshot is snapshot and fresh is state
    assert actor.news() == {}
    assert actor.begin("a") == (1, state)  # its node was lost
    actor.stop("a")
    assert not actor.tell("a", progress(12)) and not actor.wanted("a") and actor.wanted("b")
    actor.forget("a")
    assert actor.wanted("a") and actor.begin("a") == (0, None)


def test_checkpoints_of_jobs_that_are_out_lie_on_disk_one_each(tmp_path):
    checkpoints = CheckpointStore(tmp_path / "farm")
    assert checkpoints.get("a") is None
    checkpoints.drop("a")
    for job_id, key, content in (("a", "01", b"first"), ("a", "02", b"second"), ("b", "03", b"other")):
        checkpoints.put(job_id, Checkpoint(key, content))
    assert CheckpointStore(tmp_path / "farm").get("a") == Checkpoint("02", b"second")
    checkpoints.drop("a")
    assert checkpoints.get("a") is None and checkpoints.get("b") == Checkpoint("03", b"other")
    assert len(list((tmp_path / "farm").iterdir())) == 1


def test_a_disk_that_is_full_costs_the_checkpoint_and_nothing_else(tmp_path):
    (tmp_path / "farm").write_text("in the way")
    checkpoints = CheckpointStore(tmp_path / "farm")
    checkpoints.put("a", Checkpoint("01", b"state"))
    assert checkpoints.get("a") is None


def test_what_comes_back_is_checked_before_it_is_kept(tmp_path):
    shipped = open_cache()
    card = next(card for card in shipped.cards())
    folder = shipped.path(card.key)
    files = {file.name: file.read_bytes() for file in folder.glob("[!.]*")}
    cache = StyleCache(tmp_path / "styles")
    assert cache.receive(card.key, files).card == card and card.key in cache
    spoilt = files | {"style.safetensors": files["style.safetensors"][:-1]}
    for key, content in (("0" * 16, files), (card.key, spoilt), ("../up", files), (card.key, {"x": b""})):
        with pytest.raises(StyleError):
            cache.receive(key, content)
    assert cache.load(card.key).card == card  # the good one is still there
    assert [entry.name for entry in Path(tmp_path / "styles").iterdir()] == [card.key]
