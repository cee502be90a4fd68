"""A ROS domain that no other test process of this machine uses."""

import socket


def claim_domain() -> tuple[int, socket.socket]:
    """A domain nobody else tests on. It is claimed, by a socket's name that lies in no folder, until the last
    process that holds the socket has ended: this one, or a node that has outlived it."""
    for domain in range(1, 100):
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            claim.bind(f"\0clipactor-test-domain-{domain}")
        except OSError:
            claim.close()
            continue
        return domain, claim
    raise RuntimeError("no free ROS domain: 99 test processes hold one each")
