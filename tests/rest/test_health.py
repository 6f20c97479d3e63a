"""Health, readiness and metrics: what a load balancer and a Prometheus server are told."""

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

TOKEN = "let me count"


@pytest.fixture
def measured(make_host):
    return make_host(CHAT_METRICS_TOKEN=TOKEN)


def scrape(host) -> dict[str, float]:
    answer = host.client().get("/chat/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        sample.name: sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_a_process_that_answers_is_healthy(host):
    answer = host.client().get("/chat/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_health_asks_no_database(host):
    host.app.extensions["chat"].db = None
    assert host.client().get("/chat/healthz").status_code == 200


def test_a_process_with_its_tables_is_ready(host):
    answer = host.client().get("/chat/readyz")
    assert answer.status_code == 200
    assert answer.json["checks"] == {"database": "ok", "process": "ok", "bus": "ok"}


def test_tables_of_another_version_are_not_ready_and_the_answer_says_what_to_do(host):
    with host.app.app_context():
        host.db.session.execute(text("UPDATE chat_version SET version_num = '0000'"))
        host.db.session.commit()
    answer = host.client().get("/chat/readyz")
    assert answer.status_code == 503
    assert "flask chat init-db" in answer.json["checks"]["database"]


def test_a_process_that_says_goodbye_is_not_ready(host):
    host.app.extensions["chat"].sockets.hub.drain(0)
    answer = host.client().get("/chat/readyz")
    assert answer.status_code == 503
    assert answer.json["checks"]["process"] == "is stopping"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer guess"}])
def test_metrics_are_for_those_who_know_the_token(measured, headers):
    assert measured.client().get("/chat/metrics", headers=headers).status_code == 404


def test_without_a_token_in_the_settings_there_are_no_metrics(host):
    headers = {"Authorization": "Bearer None"}
    assert host.client().get("/chat/metrics", headers=headers).status_code == 404


def test_events_and_commands_are_counted(measured):
    ana, ben = measured.people("Ana", "Ben")
    conversation = measured.direct(ana, ben)
    before = scrape(measured)["chat_events_total"]
    answer = measured.client(ana).post(
        f"/chat/api/conversations/{conversation}/messages",
        json={"client_id": "first-of-all", "body": "Good morning"},
    )
    assert answer.status_code == 201
    assert scrape(measured)["chat_events_total"] > before


def test_an_idle_process_has_no_sockets_and_no_connection_in_use(measured):
    found = scrape(measured)
    assert (found["chat_sockets"], found["chat_people"], found["chat_bus_up"]) == (0, 0, 1)
    # The one that the scrape itself has asked its questions with has gone back.
    assert found.get("chat_pool_in_use", 0) == 0
