"""Services that answer questions about the motion library: `list_clips` and `find_motions`."""

import math
import time

from clipactor_interfaces.msg import MotionMatch, StageTiming
from clipactor_interfaces.srv import FindMotions, ListClips
from rclpy.node import Node

from clipactor_node.errors import ClipActorError
from clipactor_node.retrieval import Match
from clipactor_node.ros.nodes.background import Background
from clipactor_node.ros.nodes.loading import Loaded
from clipactor_node.ros.services.deferred import create_deferred_service

MOST_MATCHES = 1000


class LibraryServices:
    """Serves `list_clips` and `find_motions` from what was loaded.

    Args:
        background: where both look for what is asked; the retriever is for one thread at a time.
    """

    def __init__(self, node: Node, loaded: Loaded, background: Background) -> None:
        self._node, self._loaded, self._background = node, loaded, background
        self._services = (
            create_deferred_service(node, ListClips, "list_clips", self._list_clips),
            create_deferred_service(node, FindMotions, "find_motions", self._find_motions),
        )

    def destroy(self) -> None:
        for service in self._services:
            self._node.destroy_service(service)

    async def _list_clips(
        self, request: ListClips.Request, response: ListClips.Response
    ) -> ListClips.Response:
        return await self._background.submit(lambda: self._listed(request, response))

    def _listed(self, request: ListClips.Request, response: ListClips.Response) -> ListClips.Response:
        library = self._loaded.library
        wanted = request.contains.casefold()
        if library is None:
            return response
        for name in sorted(library.names):
            info = library.info(name)
            labels = "; ".join(dict.fromkeys(label.text for label in info.labels))
            if wanted in f"{name}\n{labels}".casefold():
                response.names.append(name)
                response.labels.append(labels)
                response.durations.append(info.duration_s)
                response.loops.append(info.loop is not None)
        return response

    async def _find_motions(
        self, request: FindMotions.Request, response: FindMotions.Response
    ) -> FindMotions.Response:
        return await self._background.submit(lambda: self._found(request, response))

    def _found(self, request: FindMotions.Request, response: FindMotions.Response) -> FindMotions.Response:
        retriever = self._loaded.retriever
        if retriever is None:
            response.message = "nothing can be found: " + "; ".join(self._loaded.problems)
            return response
        started = time.perf_counter()
        top = min(request.top or FindMotions.Request.TOP_DEFAULT, MOST_MATCHES)
        try:
            matches = retriever.find(request.text, top=top)
        except ClipActorError as error:
            response.message = str(error)
            return response
        response.success = True
        response.matches = [as_message(match) for match in matches]
        response.timings = [StageTiming(stage="find", duration=time.perf_counter() - started)]
        return response


def as_message(match: Match) -> MotionMatch:
    second = math.nan if match.second_score is None else match.second_score
    return MotionMatch(
        label=match.label,
        clip=match.clip,
        start=match.start_s,
        end=match.end_s,
        score=match.score,
        first_score=match.first_score,
        second_score=second,
        confidence=match.confidence,
        alternatives=match.alternatives,
    )
