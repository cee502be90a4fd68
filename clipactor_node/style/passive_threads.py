"""How idle threads of OpenMP wait. Needs no torch: it must be said before torch is loaded.

By default they spin. Where other processes want the processors too, the thread that all wait for then waits
for those that spin, and two threads take many times as long as one (docs/style.md).
"""

PASSIVE = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "0", "KMP_BLOCKTIME": "0"}
"""For GNU's and Intel's OpenMP."""
