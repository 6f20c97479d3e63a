"""Whatever people write or are called is shown as they wrote it, and stays inside its bubble."""

from __future__ import annotations

from playwright.sync_api import expect

NASTY = {
    "an image with a handler": "<img src=x onerror=\"document.title='owned'\">",
    "a script": "<script>document.title='owned'</script>",
    "an svg": "<svg/onload=document.title='owned'>",
    "a closed attribute": "\"><b>bold</b> '--> ]]> ${1+1} {{ 7*7 }} {name}",
    "markdown": "**bold** _it_ `code` [link](javascript:document.title='owned') # Title",
    "entities": "&lt;b&gt; &amp; &#x41;",
    "Arabic": "مرحبا، هل يوجد مكان في الصف 6A؟",
    "Hebrew": "שלום, האם יש מקום בכיתה 6A?",
    "mixed directions": "The form is called \u202bשלום 123\u202c, isn't it?",
    "a family of emoji": "well done 👩‍👩‍👧‍👦🏳️‍🌈👍🏽 e\u0301 Z̸̢͗a̴͎͝l̷̰̈́g̶̟͝o̵̺̊",
    "lines": "first\n\n    third, indented\n\tfourth",
    "one long word": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 8,
    "wide letters": "﷽" * 40,
}
NAMES = {
    "markup": "<img src=x onerror=document.title='owned'>",
    "a long word": "Wolfeschlegelsteinhausenbergerdorff" * 3,
    "Arabic": "محمد بن عبد الله القحطاني",
    "a direction override": "Anna\u202eסוף",
    "nothing visible": "\u200b\u200d",
    "emoji": "🦄 Robin 🏳️‍🌈",
    "Han": "欧阳若溪",
}


NARROW = {"viewport": {"width": 360, "height": 740}}


def overflows(tab) -> list[str]:
    """What is wider than where it stands: of the page, and of each scrolling part of the chat."""
    return tab.page.evaluate(
        """() => {
          const root = document.querySelector('flask-chat').shadowRoot;
          const parts = '.panel, .scroll, .messages, .header, .composer';
          const all = [document.documentElement, ...root.querySelectorAll(parts)];
          return all.filter((part) => part.scrollWidth > part.clientWidth + 1)
            .map((part) => `${part.className}: ${part.scrollWidth} > ${part.clientWidth}`);
        }"""
    )


def leaves_its_bubble(row) -> bool:
    return row.evaluate(
        """(row) => {
          const bubble = row.querySelector('.bubble').getBoundingClientRect();
          const list = row.parentNode.getBoundingClientRect();
          const text = document.createRange();
          text.selectNodeContents(row.querySelector('.text'));
          const words = text.getBoundingClientRect();
          return bubble.left < list.left - 1 || bubble.right > list.right + 1
            || words.left < bubble.left - 1 || words.right > bubble.right + 1;
        }"""
    )


def test_every_kind_of_text_arrives_as_it_was_written(arrive):
    reader, writer = arrive("registrar", **NARROW), arrive("teacher")
    reading, writing = reader.tab("/registrar"), writer.tab("/")
    writing.open_with(reader)
    reading.open_with(writer)
    writing.write(*NASTY.values())
    for tab in (writing, reading):
        expect(tab.rows).to_have_count(len(NASTY))
        shown = tab.rows.locator(".text").evaluate_all("all => all.map(each => each.textContent)")
        assert shown == list(NASTY.values())
        assert tab.rows.locator(".text *").count() == 0
        assert not overflows(tab)
        assert not any(leaves_its_bubble(row) for row in tab.rows.all())
        assert "owned" not in tab.page.title()


def test_four_thousand_characters_arrive_whole_and_folded(nora, tom):
    reading, writing = nora.tab("/registrar"), tom.tab("/")
    writing.open_with(nora)
    reading.open_with(tom)
    words = ("Ünï😀 words " * 400)[:3_999] + "!"
    writing.composer.fill(words)
    expect(writing.chat.locator(".counter")).to_have_text("0 characters left")
    writing.composer.press("Enter")
    text = reading.rows.locator(".text")
    expect(text).to_have_text(words)
    expect(text).to_contain_class("folded")
    reading.rows.get_by_role("button", name="Show more").click()
    expect(text).not_to_contain_class("folded")
    assert not overflows(reading)


def test_what_is_too_long_is_not_sent(nora, tom):
    tab = tom.tab("/")
    tab.open_with(nora)
    tab.composer.fill("😀" * 4_001)
    expect(tab.chat.locator(".counter")).to_have_text("1 character too many")
    expect(tab.chat.get_by_role("button", name="Send")).to_be_disabled()
    tab.composer.press("Enter")
    expect(tab.composer).to_have_value("😀" * 4_001)
    expect(tab.rows).to_have_count(0)


def test_only_addresses_that_are_safe_become_links(nora, tom):
    reading, writing = nora.tab("/registrar"), tom.tab("/")
    writing.open_with(nora)
    reading.open_with(tom)
    writing.write(
        "javascript:alert(1) data:text/html,x vbscript:x file:///etc/passwd //evil.example "
        "see https://school.example/a?b=(c)&d=<e>, or mailto:office@school.example."
    )
    links = reading.rows.locator("a")
    expect(links).to_have_count(2)
    expect(links.nth(0)).to_have_attribute("href", "https://school.example/a?b=(c)&d=")
    expect(links.nth(1)).to_have_attribute("href", "mailto:office@school.example")
    for link in links.all():
        expect(link).to_have_attribute("target", "_blank")
        expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")


def test_emoji_alone_are_large(nora, tom):
    tab = tom.tab("/")
    tab.open_with(nora)
    tab.write("👍🏽🎉", "👍🏽 thanks")
    expect(tab.rows.nth(0).locator(".bubble")).to_have_class("bubble emoji")
    expect(tab.rows.nth(1).locator(".bubble")).not_to_have_class("bubble emoji")


def test_every_kind_of_name_is_shown_as_it_is(arrive, office):
    reader = arrive("registrar", **NARROW)
    people = [office.enrol("teacher", name) for name in NAMES.values()]
    everyone = office.group("<b>Group</b>" + "x" * 150, reader.account, *people)
    for person in people:
        office.conversation(person, reader.account, "Hello")
    tab = reader.tab("/registrar")
    tab.open_chat()
    names = tab.list.locator("bdi.name")
    expect(names).to_have_count(len(NAMES) + 1)
    for name in NAMES.values():
        assert name in names.evaluate_all("all => all.map(each => each.textContent)")
    assert not overflows(tab)
    tab.chat.locator(f"[data-conversation='{everyone}']").click()
    assert not overflows(tab)
    tab.show_details()
    shown = tab.main.locator(".list bdi.name").evaluate_all(
        "all => all.map(each => each.textContent)"
    )
    assert set(NAMES.values()) <= set(shown)
    assert not overflows(tab)
    assert "owned" not in tab.page.title()


def test_a_person_who_is_renamed_has_the_new_name_everywhere(nora, tom, office):
    office.conversation(tom.account, nora.account, "Hello")
    office.rename(tom.account, "Tom <i>Newname</i>")
    tab = nora.tab("/registrar")
    tab.open_chat()
    tab.choose("Tom <i>Newname</i>")
    expect(tab.main.get_by_role("heading", name="Tom <i>Newname</i>")).to_be_visible()
