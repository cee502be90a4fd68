"""A real Ray cluster of two nodes on this machine; one of them is killed in the middle."""

import os
from collections import Counter
from pathlib import Path

import pytest
from waiting import poll_until, until_over

from clipactor_node import jobs
from clipactor_node.errors import JobError, StyleError
from clipactor_node.jobs import Means, Order, Stage
from clipactor_node.jobs.farm import Board, connect
from clipactor_node.style import open_cache
from clipactor_node.style.cache import StyleCache
from clipactor_node.style.progress import Fitting, Progress

SHORT = 20
SMALL = {"num_cpus": 1, "object_store_memory": 80 * 2**20}


@pytest.fixture(scope="module")
def cluster(home):
    """Two nodes with one processor each; the second may be lost."""
    cluster_utils = pytest.importorskip("ray.cluster_utils", reason="the [farm] extra is not installed")
    cluster = cluster_utils.Cluster(True, head_node_args=SMALL | {"include_dashboard": False})
    try:
        cluster.other = cluster.add_node(**SMALL)
        yield cluster
    finally:
        cluster.shutdown()


@pytest.fixture(scope="module")
def farm(cluster):
    workshop = jobs.open_workshop(Means(ray_address=cluster.address))
    yield workshop
    workshop.close()


def test_every_style_finishes_and_none_twice_though_a_node_is_killed(farm, cluster):
    orders = [Order(f"a monk in {color}", at_most=SHORT) for color in ("red", "green", "blue")]
    ids = [farm.submit(order).id for order in orders]
    ends, live = Counter(), set()

    def follow(condition):
        def seen():
            for report in farm.poll():
                ends[report.id] += report.stage.over
                live.update([report.id] if farm.fitting(report.id) else [])
            return condition()

        poll_until(farm, seen)

    def at_work():
        return [job for job in ids if farm.report(job).iteration and not farm.report(job).stage.over]

    follow(at_work)
    cluster.remove_node(cluster.other, allow_graceful=False)  # SIGKILL, and all its workers with it
    follow(lambda: all(farm.report(job).stage.over for job in ids))

    cache, reports = open_cache(), [farm.report(job) for job in ids]
    assert [report.stage for report in reports] == [Stage.DONE] * 3, reports
    assert set(ends.values()) == {1}
    assert len({report.key for report in reports}) == 3
    for order, report in zip(orders, reports, strict=True):
        assert cache.load(report.key).card.prompt == order.prompt
        assert report.iteration == SHORT and report.tries == 1
        assert (cache.path(report.key) / "preview.png").is_file()
    assert live, "no clothes came while they were made"


def test_cancel_brings_back_the_best_so_far(farm):
    job = farm.submit(Order("a king in gold", at_most=100_000)).id
    poll_until(farm, lambda: farm.report(job).fitting > 0 or farm.report(job).stage.over)
    farm.cancel(job)
    (report,) = until_over(farm, job)
    assert report.stage is Stage.CANCELLED
    assert open_cache().load(report.key).card.status == "cancelled"


def test_what_the_cache_has_is_not_made_again(farm):
    (style,) = (card for card in open_cache().cards() if card.prompt == "a monk in red")
    before = os.stat(open_cache().path(style.key)).st_ino
    same_but_another_job = Order("a monk in red", at_most=SHORT, preset="cpu-preview")
    (report,) = until_over(farm, farm.submit(same_but_another_job).id)
    assert report.stage is Stage.DONE and report.key == style.key
    assert os.stat(open_cache().path(style.key)).st_ino == before


def test_a_task_that_fails_says_why(farm):
    (report,) = until_over(farm, farm.submit(Order("a monk", clip="no such clip")).id)
    assert report.stage is Stage.FAILED and "no such clip" in report.message


# Without a cluster


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1", "no.such.host.invalid:6379"])
def test_an_address_where_nobody_answers_is_named(address):
    with pytest.raises(JobError) as error:  # test_batch.py sees the same through worker and queue
        connect(address)
    assert address in str(error.value) and "ray start --head" in str(error.value)


def test_without_ray_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(jobs.workshop.MissingExtra, match=r"clipactor_node\[farm\]"):
        connect("auto")


def test_an_address_that_is_none_is_refused():
    with pytest.raises(JobError, match="nonsense"):
        connect("nonsense")


def test_the_board_keeps_clothes_until_somebody_took_them():
    def progress(iteration, fitting=None):
        return Progress(iteration, 40, 1.0, {}, 0.5, 6, 1.0, 9.0, fitting, ())

    board, fitting = Board(), Fitting(10, 0.5, None, None)
    assert board.begin("a") == 0 and board.begin("a") == 1
    assert board.tell("a", progress(10, fitting)) and board.tell("a", progress(11))
    (told,) = board.news().values()
    assert told.iteration == 11 and told.fitting is fitting
    assert board.news() == {}
    board.stop("a")
    assert not board.tell("a", progress(12)) and not board.wanted("a") and board.wanted("b")
    board.forget("a")
    assert board.wanted("a") and board.begin("a") == 0


def test_what_comes_back_is_checked_before_it_is_kept(tmp_path):
    shipped = open_cache()
    card = next(card for card in shipped.cards())
    folder = shipped.path(card.key)
    files = {file.name: file.read_bytes() for file in folder.iterdir()}
    cache = StyleCache(tmp_path / "styles")
    assert cache.receive(card.key, files).card == card and card.key in cache
    spoilt = files | {"style.safetensors": files["style.safetensors"][:-1]}
    for key, content in (("0" * 16, files), (card.key, spoilt), ("../up", files), (card.key, {"x": b""})):
        with pytest.raises(StyleError):
            cache.receive(key, content)
    assert cache.load(card.key).card == card  # the good one is still there
    assert [entry.name for entry in Path(tmp_path / "styles").iterdir()] == [card.key]
