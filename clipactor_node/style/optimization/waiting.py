"""Importing this lets idle threads sleep, unless the environment says otherwise; before torch is loaded."""

import os

from clipactor_node.style.passive_threads import PASSIVE

for _name, _value in PASSIVE.items():
    os.environ.setdefault(_name, _value)
