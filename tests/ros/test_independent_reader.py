"""Joint states as another DDS implementation sees them: nothing of ROS 2 in the reader's process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from clipactor_node.body.links import joint_state_names

PROFILE = Path(__file__).resolve().parents[2] / "launch" / "fastdds.xml"

READER = """
import json, sys
from dataclasses import dataclass
from cyclonedds.core import Policy, Qos
from cyclonedds.domain import Domain, DomainParticipant
from cyclonedds.idl import IdlStruct
from cyclonedds.idl.types import float64, int32, sequence, uint32
from cyclonedds.sub import DataReader
from cyclonedds.topic import Topic
from cyclonedds.util import duration

@dataclass
class Time_(IdlStruct, typename="builtin_interfaces::msg::dds_::Time_"):
    sec: int32
    nanosec: uint32

@dataclass
class Header_(IdlStruct, typename="std_msgs::msg::dds_::Header_"):
    stamp: Time_
    frame_id: str

@dataclass
class JointState_(IdlStruct, typename="sensor_msgs::msg::dds_::JointState_"):
    header: Header_
    name: sequence[str]
    position: sequence[float64]
    velocity: sequence[float64]
    effort: sequence[float64]

number = int(sys.argv[1])
domain = Domain(number, '''<CycloneDDS><Domain><General>
  <Interfaces><NetworkInterface name="lo" multicast="false"/></Interfaces>
  <AllowMulticast>false</AllowMulticast>
</General><Discovery>
  <ParticipantIndex>auto</ParticipantIndex><MaxAutoParticipantIndex>40</MaxAutoParticipantIndex>
  <Peers><Peer address="127.0.0.1"/></Peers></Discovery></Domain></CycloneDDS>''')
participant = DomainParticipant(number)
topic = Topic(participant, "rt/clipactor/joint_states", JointState_)
reader = DataReader(participant, topic, qos=Qos(Policy.Reliability.Reliable(duration(seconds=1)),
                                                Policy.History.KeepLast(10)))
got = []
for sample in reader.take_iter(timeout=duration(seconds=60)):
    got.append({"stamp": [sample.header.stamp.sec, sample.header.stamp.nanosec],
                "name": list(sample.name), "position": list(sample.position)})
    if len(got) == 10:
        break
assert "rclpy" not in sys.modules
print(json.dumps(got))
"""


def test_cyclone_dds_reads_the_joint_states(start):
    node = start("-p", "command:=a person walks forward", FASTDDS_DEFAULT_PROFILES_FILE=str(PROFILE))
    node.wait_for("ready")
    run = subprocess.run(
        [sys.executable, "-c", READER, os.environ["ROS_DOMAIN_ID"]],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    states = json.loads(run.stdout)
    assert all(tuple(state["name"]) == joint_state_names() for state in states)
    positions = np.array([state["position"] for state in states])
    assert np.isfinite(positions).all()
    assert np.ptp(positions, axis=0).max() > 0.01
    stamps = [tuple(state["stamp"]) for state in states]
    assert stamps == sorted(set(stamps))
