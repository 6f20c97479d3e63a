"""The hub: who is here, who hears, and who may still come in."""

import threading

import pytest

from flask_chat import protocol
from flask_chat.errors import OverCapacity
from flask_chat.events import Audience, Control, Entry
from flask_chat.realtime.hub import Hub
from tests.support.servers import until

from .fakes import Clock, config, connect


def hub_of(*connections, **values) -> Hub:
    hub = Hub(config(**values))
    for connection in connections:
        hub.add(connection)
    return hub


def to(*people: str, key: str | None = None) -> Entry:
    return Entry(Audience(people), b"news", key)


def test_an_entry_reaches_every_connection_of_its_people_and_nobody_else() -> None:
    ana, anas_phone, ben, eve = connect("ana"), connect("ana"), connect("ben"), connect("eve")
    hub_of(ana, anas_phone, ben, eve).deliver(to("ana", "ben", "nobody"))
    assert [len(c.wire.texts) for c in (ana, anas_phone, ben, eve)] == [1, 1, 1, 0]


def test_the_same_bytes_go_to_all() -> None:
    ana, ben = connect("ana"), connect("ben")
    hub_of(ana, ben).deliver(to("ana", "ben"))
    assert ana.wire.written[0] is ben.wire.written[0]


def test_what_has_a_key_may_be_replaced_and_what_has_none_may_not() -> None:
    ana = connect("ana", stuck=True)
    hub = hub_of(ana)
    for entry in (to("ana", key="t"), to("ana", key="t"), to("ana"), to("ana")):
        hub.deliver(entry)
    ana.wire.is_stuck = False
    ana.send(b"end")
    assert ana.wire.texts == [b"news"] * 3 + [b"end"]


def test_presence_reaches_those_who_watch_that_person() -> None:
    ana, ben = connect("ana"), connect("ben")
    hub = hub_of(ana, ben)
    hub.watch(ana, ["cleo", "dan"])
    hub.deliver(Entry(Audience(watching="cleo"), b"cleo came", "presence:cleo"))
    hub.watch(ana, ["dan"])
    hub.deliver(Entry(Audience(watching="cleo"), b"cleo left", "presence:cleo"))
    assert (ana.wire.texts, ben.wire.texts) == ([b"cleo came"], [])


def test_who_is_gone_hears_and_watches_nothing() -> None:
    ana = connect("ana")
    hub = hub_of(ana)
    hub.watch(ana, ["cleo"])
    hub.remove(ana)
    hub.remove(ana)
    hub.watch(ana, ["cleo"])
    hub.deliver(to("ana"))
    hub.deliver(Entry(Audience(watching="cleo"), b"x", "k"))
    assert ana.wire.texts == []
    assert hub.online() == set()
    assert len(hub) == 0
    assert not hub._watchers
    assert not hub._addresses


def test_a_connection_takes_part_once_its_ticket_says_whose_it_is() -> None:
    nobody = connect()
    hub = hub_of(nobody)
    assert len(hub) == 1
    assert hub.online() == set()
    nobody.identity = connect("ana").identity
    hub.add(nobody)
    hub.add(nobody)
    assert hub.connections("ana") == [nobody]
    hub.deliver(to("ana"))
    assert nobody.wire.texts == [b"news"]
    hub.remove(nobody)
    assert len(hub) == 0


def test_revoked_sockets_end_and_other_peoples_do_not() -> None:
    ana, ben = connect("ana"), connect("ben")
    hub_of(ana, ben).receive([Control("revoke", "ana")])
    assert (ana.wire.code, ben.wire.code) == (4003, None)


def test_a_handshake_that_began_before_its_persons_revocation_is_closed() -> None:
    clock = Clock()
    hub = Hub(config(), clock=clock)
    with hub.admit("10.0.0.1") as admission:
        clock.now += 1
        hub.obey(Control("revoke", "ana"))
        clock.now += 1
    late, other = connect("ana"), connect("ben")
    hub.add(late, since=admission.since)
    hub.add(other, since=admission.since)
    assert (late.wire.code, other.wire.code) == (4003, None)
    with hub.admit("10.0.0.1") as admission:
        fresh = connect("ana")
    hub.add(fresh, since=admission.since)
    assert fresh.wire.code is None


def test_a_kick_says_why() -> None:
    ana = connect("ana")
    hub_of(ana).obey(Control("kick", "ana"))
    assert b'"unauthorized"' in ana.wire.texts[0]
    assert ana.wire.code == 4001


def test_a_resync_reaches_all_and_an_unknown_order_nobody() -> None:
    ana, ben = connect("ana"), connect("ben")
    hub = hub_of(ana, ben)
    hub.obey(Control("dance"))
    hub.obey(Control("resync"))
    assert ana.wire.texts == ben.wire.texts == [protocol.resync("server")]


def test_the_oldest_goes_when_somebody_has_too_many_and_only_as_many_as_needed() -> None:
    several = [connect("ana") for _ in range(4)]
    hub_of(*several, connect("ben"), sockets_per_user=2)
    assert [c.wire.code for c in several] == [4009, 4009, None, None]


@pytest.mark.parametrize("limit", [{"sockets_per_worker": 2}, {"sockets_per_address": 2}])
def test_a_full_process_admits_nobody(limit: dict) -> None:
    hub = Hub(config(**limit))
    hub.add(connect("ana"))
    with hub.admit("10.0.0.1"):
        pass
    hub.add(connect("ben"))
    with pytest.raises(OverCapacity), hub.admit("10.0.0.1"):
        pass


@pytest.mark.parametrize("limit", [{"sockets_per_worker": 1}, {"sockets_per_address": 1}])
def test_who_waited_for_a_turn_is_not_let_in_when_the_room_is_gone(limit: dict) -> None:
    hub = Hub(config(handshakes=1, **limit))
    refused: list[OverCapacity] = []

    def come() -> None:
        try:
            with hub.admit("10.0.0.1"):
                pass
        except OverCapacity as problem:
            refused.append(problem)

    with hub.admit("10.0.0.1"):
        waiting = threading.Thread(target=come)
        waiting.start()
        for _ in until(5, "nobody waits"):
            if hub._turns._line:
                break
        hub.add(connect("ana"))
    waiting.join(5)
    assert len(refused) == 1


def test_handshakes_that_finish_side_by_side_do_not_pass_the_cap() -> None:
    hub = Hub(config(sockets_per_worker=1))
    with hub.admit("10.0.0.1"), hub.admit("10.0.0.1"):
        pass
    hub.add(connect("ana"))
    with pytest.raises(OverCapacity):
        hub.add(connect("ben"))
    assert hub.online() == {"ana"}


def test_a_handshake_that_fails_is_not_counted_any_more() -> None:
    hub = Hub(config(handshakes=1))
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), hub.admit("10.0.0.1"):
            raise ZeroDivisionError
    with hub.admit("10.0.0.1"):
        pass


def durable(text: bytes, *people: str) -> Entry:
    return Entry(Audience(people), text)


def test_what_comes_together_for_one_socket_leaves_in_one_write() -> None:
    ana, ben = connect("ana"), connect("ben")
    hub_of(ana, ben).receive(
        [durable(b"1", "ana", "ben"), durable(b"2", "ben"), durable(b"3", "ana", "ben")]
    )
    assert (ana.wire.texts, ben.wire.texts) == ([b"1", b"3"], [b"1", b"2", b"3"])
    assert [len(c.wire.written) for c in (ana, ben)] == [1, 1]


def test_what_comes_together_keeps_its_order_across_orders_and_what_may_be_dropped() -> None:
    ana = connect("ana")
    hub_of(ana).receive(
        [
            durable(b"1", "ana"), durable(b"2", "ana"),
            Entry(Audience(("ana",)), b"typing", "typing"),
            durable(b"3", "ana"), durable(b"4", "ana"),
            Control("revoke", "ana"),
            durable(b"5", "ana"),
        ]
    )  # fmt: skip
    assert ana.wire.texts == [b"1", b"2", b"typing", b"3", b"4"]
    assert ana.wire.code == 4003


def test_a_batch_goes_in_writes_that_an_outbox_can_hold() -> None:
    ana = connect("ana")
    hub_of(ana).receive([durable(b"x" * 5000, "ana")] * 100)
    assert ana.wire.texts == [b"x" * 5000] * 100
    assert len(ana.wire.written) == 34


def test_draining_says_bye_to_all_waits_for_them_and_admits_nobody() -> None:
    several = [connect(str(number)) for number in range(50)]
    hub = hub_of(*several)
    result: list[bool] = []
    drain = threading.Thread(target=lambda: result.append(hub.drain(5)))
    drain.start()
    for connection in several:
        while connection.wire.code is None:
            drain.join(0.01)
        hub.remove(connection)
    drain.join(5)
    assert result == [True]
    assert {connection.wire.code for connection in several} == {1012}
    assert several[-1].wire.texts == [protocol.bye(protocol.RETRY_MS)]
    with pytest.raises(OverCapacity), hub.admit("10.0.0.1"):
        pass


def test_draining_gives_up_when_the_time_is_up() -> None:
    assert hub_of(connect("ana")).drain(0.05) is False
    assert Hub(config()).drain(0.05) is True


def test_many_threads_coming_going_and_speaking_leave_nothing_behind() -> None:
    hub = Hub(config(sockets_per_user=1000))

    def live(name: str) -> None:
        for _ in range(100):
            connection = connect(name)
            hub.add(connection)
            hub.watch(connection, ["0", "1"])
            hub.deliver(to("0", "1", "2", "3"))
            hub.remove(connection)

    threads = [threading.Thread(target=live, args=(str(n),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (len(hub), hub.online(), hub._watchers) == (0, set(), {})
