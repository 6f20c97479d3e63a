"""What the widget may ask for and put into a page; `make bench-widget` measures the times."""

from __future__ import annotations

from tests.journeys.people import Tab

ROWS = 200
#: Of the widget: closed, with the list, with a conversation. `weight.test.js` weighs them.
FILES = (22, 76, 90)


def test_a_page_fetches_what_it_shows_and_no_more(arrive, tom, office):
    nora = arrive("registrar", "Nora Lindqvist", fresh=True)
    office.conversation(tom.account, nora.account, "Good morning")
    page = nora.context.new_page()
    files: list[str] = []
    page.on("response", lambda answer: "/chat/static/" in answer.url and files.append(answer.url))
    tab = Tab(page)

    def most(count: int) -> None:
        page.wait_for_load_state("networkidle")
        assert len(files) <= count, "\n".join(sorted(files))

    page.goto("/registrar")
    tab.shows_unread(1)
    tab.is_live()
    most(FILES[0])
    tab.open_chat()
    tab.in_list(tom.name).wait_for()
    most(FILES[1])
    tab.choose(tom.name)
    tab.sees("Good morning")
    most(FILES[2])


def test_a_page_view_costs_two_requests_four_statements_and_little_json(school, nora):
    nora.tab("/registrar")  # brings the files into the cache
    page = nora.context.pages[0]
    page.close()
    page = nora.context.new_page()
    answers, sockets = [], []
    page.on("response", lambda answer: "/chat/" in answer.url and answers.append(answer))
    page.on("websocket", lambda socket: sockets.append(socket))
    before = school.state()["statements"]
    page.goto("/registrar")
    page.wait_for_function(
        "() => document.querySelector('flask-chat')"
        "?.client?.getSnapshot().connection.status === 'live'"
    )
    asked = [answer for answer in answers if "/chat/static/" not in answer.url]
    assert len(asked) + len(sockets) <= 2
    assert sum(int(answer.headers["content-length"]) for answer in asked) <= 2_048
    assert school.state()["statements"] - before <= 4


def test_a_long_history_is_never_all_in_the_page(nora, tom, office, school):
    words = [f"day {number}" for number in range(300)]
    conversation = office.conversation(tom.account, nora.account, *words)
    # One a day, so that every message has the day's row above it.
    school.execute(
        "UPDATE chat_message SET created_at = datetime('now', (seq - 300) || ' days')"
        f" || '.000000' WHERE conversation_id = {int(conversation)}"
    )
    tab = nora.tab("/registrar")
    tab.open_with(tom)
    tab.rows.last.wait_for()
    most = tab.page.evaluate(
        """async () => {
          const root = document.querySelector('flask-chat').shadowRoot;
          const first = () => root.querySelector('.rows .text').textContent;
          let most = 0;
          for (let turn = 0; turn < 900 && first() !== 'day 0'; turn++) {
            root.querySelector('.messages').scrollTop -= 200;
            await new Promise(requestAnimationFrame);
            most = Math.max(most, root.querySelectorAll('.rows > *').length);
          }
          return [most, first()];
        }"""
    )
    assert most[1] == "day 0"
    assert most[0] <= ROWS
