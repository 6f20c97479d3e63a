"""Pages that no example would have: other people's styles, policies and ways to change a page."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path

from playwright.sync_api import Page, Route

from tests.journeys.people import Person, Tab

PACKAGES = Path(__file__).parents[2] / "node_modules"

#: What the widget looks like from within: every element's place, size, colour and type.
LOOKS = """() => {
  const root = document.querySelector('flask-chat:not([conversation])').shadowRoot;
  const told = ['color', 'backgroundColor', 'fontFamily', 'fontSize', 'fontWeight', 'lineHeight',
    'letterSpacing', 'textTransform', 'textAlign', 'display', 'margin', 'padding', 'borderRadius',
    'borderTopWidth', 'boxSizing', 'opacity', 'visibility', 'textIndent', 'wordSpacing', 'float'];
  return [...root.querySelectorAll('.launcher, .panel, :is(.launcher, .panel) *')].map((each) => {
    const {x, y, width, height} = each.getBoundingClientRect();
    const style = getComputedStyle(each);
    const place = [x, y, width, height].map(Math.round).join(' ');
    const name = `${each.localName}.${each.getAttribute('class') ?? ''}`;
    return `${name} ${place} ${told.map((one) => style[one]).join(' | ')}`;
  });
}"""


class StrangePages:
    """Pages of the test's own at the school's address, with the widget as the school has it."""

    def __init__(self, person: Person) -> None:
        # What the test answers comes from no address, and so from farther away than the socket.
        person.context.grant_permissions(["local-network-access"])
        self.page: Page = person.context.new_page()
        self.sockets: list[str] = []
        self._bodies: dict[str, tuple[str, dict[str, str]]] = {}
        home = person.context.request.get("/").text()
        found = re.search(r"<flask-chat boot.*?</script>", home, re.DOTALL)
        assert found
        self.widget = found[0]
        self.page.on("websocket", lambda socket: self.sockets.append(socket.url))
        self.page.route("**/strange/**", self._answer)
        self.page.route("**/packages/**", self._package)

    def add(
        self, name: str, body: str, *, head: str = "", headers: dict[str, str] | None = None
    ) -> None:
        html = f'<!doctype html><html lang="en"><head><title>Strange</title>{head}</head>'
        self._bodies[f"/strange/{name}"] = (f"{html}<body>{body}</body></html>", headers or {})

    def add_part(self, name: str, html: str) -> None:
        """A piece of a page, as htmx asks for it."""
        self._bodies[f"/strange/{name}"] = (html, {})

    def show(self, name: str) -> Tab:
        self.page.goto(f"/strange/{name}")
        tab = Tab(self.page)
        tab.is_live()
        return tab

    def _answer(self, route: Route) -> None:
        path = "/" + route.request.url.split("/", 3)[3]
        body, headers = self._bodies[path]
        route.fulfill(body=body, content_type="text/html; charset=utf-8", headers=headers)

    def _package(self, route: Route) -> None:
        file = PACKAGES / route.request.url.split("/packages/")[1]
        assert file.exists(), "These tests need the packages of package.json: scripts/node-modules"
        route.fulfill(path=file, content_type=mimetypes.guess_type(file.name)[0])
