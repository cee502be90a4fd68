"""The services about finished styles: `list_styles` and `remove_style`."""

from clipactor_interfaces.srv import ListStyles, RemoveStyle
from rclpy.node import Node

from clipactor_node.errors import ClipActorError
from clipactor_node.ros.nodes.background import Background
from clipactor_node.ros.services.deferred import create_deferred_service
from clipactor_node.style import StyleCard, open_cache


class StyleServices:
    """Serves them. Folders are read in the background."""

    def __init__(self, node: Node, background: Background) -> None:
        self._node, self._background, self._cache = node, background, open_cache()
        self._services = (
            create_deferred_service(node, ListStyles, "list_styles", self._list),
            create_deferred_service(node, RemoveStyle, "remove_style", self._remove),
        )

    def destroy(self) -> None:
        for service in self._services:
            self._node.destroy_service(service)

    async def _list(self, request: ListStyles.Request, response: ListStyles.Response) -> ListStyles.Response:
        wanted = request.contains.casefold()
        for card, removable in await self._background.submit(self._cards):
            if wanted in f"{card.prompt}\n{card.key}".casefold():
                response.keys.append(card.key)
                response.prompts.append(card.prompt)
                response.presets.append(card.preset)
                response.statuses.append(card.status)
                response.scores.append(card.score)
                response.removable.append(removable)
        return response

    def _cards(self) -> list[tuple[StyleCard, bool]]:
        """Every style, and whether it is the user's own."""
        cache = self._cache
        return [(card, cache.own(card.key)) for card in cache.cards()]

    async def _remove(
        self, request: RemoveStyle.Request, response: RemoveStyle.Response
    ) -> RemoveStyle.Response:
        try:
            card = await self._background.submit(lambda: self._take_away(request.style))
        except (ClipActorError, OSError) as error:
            response.message = str(error)
            return response
        response.success, response.message = True, f"removed {card.key} ({card.prompt})"
        return response

    def _take_away(self, style: str) -> StyleCard:
        card = self._cache.find(style)
        self._cache.remove(card.key)
        return card
