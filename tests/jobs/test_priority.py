"""Workers give way to everybody else."""

import os
import subprocess
import sys

from clipactor_node.jobs.priority import kept_waiting_s


def test_this_process_and_its_threads_get_the_lowest_priority():
    code = (
        "import os, threading; from clipactor_node.jobs.priority import give_way;"
        "give_way(); give_way();"  # nothing goes wrong the second time
        "said = lambda: print(os.getpriority(0, 0), os.sched_getscheduler(0) == os.SCHED_BATCH);"
        "said(); thread = threading.Thread(target=said); thread.start(); thread.join()"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines() == ["19 True"] * 2


def test_waiting_for_a_processor_is_counted():
    assert kept_waiting_s(os.getpid()) >= 0.0
    assert kept_waiting_s(2**22 + 1) == 0.0  # nobody
