"""Pages the widget has to live in: other people's styles, policies, ways of changing a page."""

from __future__ import annotations

import re
import shutil

import pytest
from playwright.sync_api import expect

from tests.conftest import CHROMIUM
from tests.journeys.people import Person, Tab
from tests.journeys.strange_pages import LOOKS, StrangePages
from tests.support.servers import until

BOOTSTRAP = '<link rel="stylesheet" href="/packages/{}/dist/css/bootstrap.min.css">'
LOUD = """<style>
* { all: revert; margin: 7px; padding: 7px; box-sizing: content-box; letter-spacing: 3px !important;
    font: 30px/3 fantasy !important; color: red !important; text-transform: uppercase !important;
    text-indent: 20px !important; text-align: right !important; visibility: hidden !important;
    float: left !important; opacity: .5 !important; direction: ltr; word-spacing: 1em !important; }
html { font-size: 62.5%; } button { display: block; width: 100%; } svg { fill: red; width: 300px; }
.panel, .launcher, .badge, .message, .header, .item { display: none !important; }
</style>"""
OVERLAY = '<div style="position:fixed;inset:0;z-index:9999;background:#fff8">Over everything</div>'
PAGES = {
    "Bootstrap 3": (BOOTSTRAP.format("bootstrap3"), "{}"),
    "Bootstrap 4": (BOOTSTRAP.format("bootstrap4"), "{}"),
    "Bootstrap 5": (BOOTSTRAP.format("bootstrap5"), "{}"),
    "a loud reset": (LOUD, "{}"),
    "a transformed parent": ("", '<div style="transform:translate(90px,40px) scale(.9)">{}</div>'),
    "a contained, clipped parent": (
        "", '<div style="contain:paint;overflow:hidden;height:90px;filter:grayscale(1)">{}</div>',
    ),
    "a parent that stacks": (
        "", f'<div style="position:relative;z-index:0;opacity:.5">{{}}</div>{OVERLAY}',
    ),
}  # fmt: skip
HOST = '<h1>A page</h1><p class="panel">Words <a href="#">and a link</a></p><button>Press</button>'
HOST_LOOKS = """() => [...document.querySelectorAll('h1, p, a, button')].map((each) => {
  const style = getComputedStyle(each), box = each.getBoundingClientRect();
  return [each.localName, box.x, box.y, box.width, box.height, style.font, style.color].join(' ');
})"""
STRICT = (
    "default-src 'none'; script-src 'nonce-r4nd0m'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; require-trusted-types-for 'script'; trusted-types lit-html"
)


@pytest.fixture
def pages(tom) -> StrangePages:
    return StrangePages(tom)


@pytest.fixture
def talk(nora, tom, office) -> str:
    return office.conversation(nora.account, tom.account, "Good morning", "Is 6A complete?")


def open_thread(tab: Tab) -> None:
    tab.open_chat()
    tab.choose("Nora Lindqvist")
    tab.sees("Good morning", "Is 6A complete?")
    tab.page.mouse.move(0, 0)


@pytest.mark.parametrize("name", PAGES)
def test_it_looks_the_same_in(name, pages, talk, tom, office):
    head, around = PAGES[name]
    pages.add("plain", pages.widget)
    pages.add("strange", around.format(pages.widget), head=head)
    # Read before the first look, so that neither has a line above new messages.
    open_thread(pages.show("plain"))
    for _ in until(5, "the messages were not read"):
        if not office.unread(tom.account):
            break
    seen = []
    for page in ("plain", "strange"):
        tab = pages.show(page)
        open_thread(tab)
        expect(tab.composer).to_be_in_viewport(ratio=1)
        tab.composer.click(trial=True)
        expect(tab.main.locator(".subtitle")).to_have_text("Offline")
        tab.page.mouse.move(0, 0)
        seen.append(tab.page.evaluate(LOOKS))
    assert seen[1] == seen[0]


@pytest.mark.parametrize("head", [PAGES["Bootstrap 5"][0], ""], ids=["Bootstrap 5", "plain"])
def test_it_changes_nothing_in_the_page(head, pages, talk):
    pages.add("without", HOST, head=head)
    pages.add("with", HOST + pages.widget, head=head)
    pages.page.goto("/strange/without")
    before, names = pages.page.evaluate(HOST_LOOKS), pages.page.evaluate("Object.keys(window)")
    tab = pages.show("with")
    open_thread(tab)
    assert tab.page.evaluate(HOST_LOOKS) == before
    # lit-html counts its copies in a page there; nothing of ours is global.
    assert set(tab.page.evaluate("Object.keys(window)")) - set(names) <= {"litHtmlVersions"}


def test_a_zoomed_page_shows_all_of_it(pages, talk):
    pages.add("zoomed", f'<div style="zoom:1.5">{pages.widget}</div>')
    tab = pages.show("zoomed")
    expect(tab.launcher).to_be_in_viewport(ratio=1)
    open_thread(tab)
    expect(tab.panel).to_be_in_viewport(ratio=1)
    tab.page.set_viewport_size({"width": 400, "height": 700})
    expect(tab.panel).to_be_in_viewport(ratio=1)
    expect(tab.composer).to_be_in_viewport(ratio=1)


def test_the_strictest_policy_has_nothing_to_report(pages, talk):
    """And one name of Trusted Types is all it has to allow: `lit-html`."""
    widget = pages.widget.replace("<script", '<script nonce="r4nd0m"')
    pages.add("strict", widget, headers={"Content-Security-Policy": STRICT})
    tab = pages.show("strict")
    open_thread(tab)
    tab.write("Yes, since today")
    tab.does("Copy text", "Yes, since today")
    tab.show_details()
    tab.back()
    tab.chat.get_by_role("button", name="Back").first.click()
    tab.chat.get_by_role("button", name="New conversation").click()
    expect(tab.chat.get_by_role("list", name="People")).to_be_visible()


def test_loaded_twice_it_is_there_once(pages, talk):
    copies = re.sub(
        r"(?<=src=\")([^\"]+)", r"\1?again", pages.widget[pages.widget.index("<script") :]
    )
    pages.add("twice", pages.widget + pages.widget + copies)
    tab = pages.show("twice")
    expect(tab.page.locator("flask-chat .launcher")).to_have_count(2)
    tab.page.locator("flask-chat .launcher").last.click()
    expect(tab.page.locator("flask-chat .panel")).to_have_count(1)
    assert len(pages.sockets) == 1


def test_htmx_swaps_it_and_socket_and_conversation_stay(pages, talk):
    htmx = '<script src="/packages/htmx.org/dist/htmx.min.js"></script>'
    button = '<button hx-get="/strange/part" hx-target="#place">Swap</button>'
    pages.add("htmx", f'{button}<div id="place">{pages.widget}</div>', head=htmx)
    pages.add_part("part", f"<p>Swapped</p>{pages.widget}")
    tab = pages.show("htmx")
    for _ in range(2):
        tab.page.get_by_role("button", name="Swap").click()
        expect(tab.page.get_by_text("Swapped")).to_be_visible()
    open_thread(tab)
    tab.composer.fill("Half a sen")
    tab.page.evaluate(
        "() => { window.old = document.querySelector('flask-chat');"
        " document.querySelector('button').click() }"
    )
    tab.page.wait_for_function("!old.isConnected")
    # Somebody was writing: with the element's new self they can go on.
    expect(tab.composer).to_be_focused()
    tab.page.keyboard.type("tence")
    expect(tab.composer).to_have_value("Half a sentence")
    tab.close_chat()
    tab.page.get_by_role("button", name="Swap").click()
    expect(tab.launcher).to_be_visible()
    expect(tab.panel).to_have_count(0)
    assert tab.status == "live"
    assert len(pages.sockets) == 1


def test_a_turbo_visit_keeps_socket_conversation_and_focus(pages, talk):
    turbo = '<script src="/packages/@hotwired/turbo/dist/turbo.es2017-umd.js"></script>'
    pages.add("one", f'<a href="/strange/two">Two</a>{pages.widget}', head=turbo)
    pages.add(
        "two",
        f'<input autofocus aria-label="Name"><a href="/strange/one">One</a>{pages.widget}',
        head=turbo,
    )
    tab = pages.show("one")
    open_thread(tab)
    tab.page.get_by_role("link", name="Two").click()
    expect(tab.page.get_by_label("Name")).to_be_focused()
    expect(tab.composer).to_be_visible()
    assert tab.status == "live"
    tab.page.go_back()
    expect(tab.page.get_by_role("link", name="Two")).to_be_visible()
    expect(tab.composer).to_be_visible()
    assert len(pages.sockets) == 1


def test_a_page_that_comes_back_as_it_was_left_hears_again(chromium, watch, school, tom, talk):
    # Playwright switches it off in the browser of all tests: it waits in vain for a load.
    browser = chromium.browser_type.launch(
        executable_path=shutil.which("chromium"),
        args=CHROMIUM,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    context = browser.new_context(base_url=school.origin)
    context.add_init_script("addEventListener('pageshow', (e) => { window.kept = e.persisted })")
    watch.follow(context)
    pages = StrangePages(Person(tom.account, context).sign_in())
    pages.add("one", f'<a href="/strange/two">Two</a>{pages.widget}')
    pages.add("two", "<p>The other page</p>")
    tab = pages.show("one")
    open_thread(tab)
    tab.composer.fill("Half a sentence")
    tab.page.get_by_role("link", name="Two").click()
    tab.page.get_by_text("The other page").wait_for()
    tab.page.go_back(wait_until="commit")
    expect(tab.composer).to_have_value("Half a sentence")
    assert tab.page.evaluate("kept")
    tab.is_live()
    assert len(pages.sockets) == 2
    browser.close()


def test_on_plain_http_under_another_name_everything_works(browsers, watch, office, school, nora):
    account = office.enrol("teacher", "Tom Achterberg")
    office.conversation(nora.account, account, "Good morning")
    context = browsers.lend(watch, base_url=f"http://plain.example:{school.port}", fresh=True)
    page = context.new_page()
    page.goto("/login")
    page.get_by_label("Username").fill(account.username)
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
    assert page.evaluate("!isSecureContext && !navigator.locks && !crypto.randomUUID")
    tab = Person(account, context).tab("/")
    tab.open_chat()
    tab.choose("Nora Lindqvist")
    tab.write("Over plain http")
    tab.does("Copy text", "Over plain http")
    expect(tab.chat.locator(".receipt")).to_have_text("Sent")
