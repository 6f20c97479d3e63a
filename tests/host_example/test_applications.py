"""Enrolment applications in the registrar's panel."""

import re

import pytest
from sqlalchemy import select, text

from host_example.models import Application, ApplicationStatus, Document, TimelineEntry


@pytest.fixture
def registrar(signed_in):
    return signed_in("registrar")


def references(page):
    return re.findall(r">(\d{4}-\d{3})<", page)


def test_the_first_page_shows_the_newest(registrar):
    found = references(registrar.text("/registrar"))
    assert len(found) == 10
    assert found[0] == "2027-040"


def test_pages_together_show_each_application_once(registrar):
    found = [
        name for page in "1234" for name in references(registrar.text("/registrar", page=page))
    ]
    assert len(found) == len(set(found)) == 40


def test_there_is_no_fifth_page(registrar):
    assert registrar.get("/registrar", page=5).status_code == 404


@pytest.mark.parametrize("status", list(ApplicationStatus))
def test_the_filter_shows_one_status(registrar, session, status):
    page = registrar.text("/registrar", status=status.value)
    wanted = session.scalars(select(Application.reference).where(Application.status == status))
    assert set(references(page)) == set(wanted)


def test_an_unknown_status_filters_nothing(registrar):
    assert len(references(registrar.text("/registrar", status="nonsense"))) == 10


def test_search_finds_by_reference_child_and_guardian(registrar):
    assert references(registrar.text("/registrar", q="2027-007")) == ["2027-007"]
    assert references(registrar.text("/registrar", q="benhaddou")) == ["2027-001"]
    assert references(registrar.text("/registrar", q="Samira")) == ["2027-001"]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("Øyvind Sjøberg", "sjoberg oyvind"),
        ("Małgorzata Żuławska", "ŻUŁAWSKA"),
        ("Νικολαΐδης Πέτρος", "νικολαιδης"),
        ("Соломія Шевченко", "шевч"),
        ("欧阳雨桐", "雨桐"),
        ("김서연", "서연"),
        ("ليلى الخطيب", "الخطيب"),
        ("अनन्या शर्मा", "शर्मा"),
        ("สุดารัตน์ บุญมี", "บุญมี"),
        ("ሰላም ተስፋዬ", "ተስፋዬ"),
    ],
)
def test_search_knows_every_script(registrar, session, name, query):
    session.get(Application, 20).child_name = name
    session.commit()
    assert "2027-020" in references(registrar.text("/registrar", q=query))


@pytest.mark.parametrize("query", ["%", "_", "\\", "no such child"])
def test_a_search_that_finds_nothing_says_so(registrar, query):
    assert "No application matches" in registrar.text("/registrar", q=query)


def test_search_and_filter_work_together(registrar):
    page = registrar.text("/registrar", q="benhaddou", status="accepted")
    assert "No application matches" in page


def test_the_detail_page_offers_to_write_to_the_guardian(registrar, person):
    page = registrar.text("/registrar/applications/1")
    assert f'data-chat-with="{person("guardian").id}"' in page


def test_a_new_status_is_stored_and_remembered(registrar, session, person):
    response = registrar.post(
        "/registrar/applications/1/status", status="interview", note="Tuesday at four"
    )
    assert response.location == "/registrar/applications/1"
    assert session.get(Application, 1).status is ApplicationStatus.INTERVIEW
    newest = session.scalars(select(TimelineEntry).order_by(TimelineEntry.id.desc())).first()
    assert (newest.application_id, newest.author_id) == (1, person("registrar").id)
    assert (newest.title, newest.text) == ("Status changed to “Interview”", "Tuesday at four")


def test_a_status_that_does_not_exist_is_refused(registrar, session):
    response = registrar.post("/registrar/applications/1/status", status="enrolled")
    assert response.status_code == 400
    assert session.get(Application, 1).status is ApplicationStatus.DOCUMENTS_MISSING


def test_a_note_is_shown_as_text(registrar):
    registrar.post("/registrar/applications/1/notes", text="<b>call back</b>")
    assert "&lt;b&gt;call back&lt;/b&gt;" in registrar.text("/registrar/applications/1")


def test_an_empty_note_is_refused(registrar):
    assert registrar.post("/registrar/applications/1/notes", text="").status_code == 400


def test_a_missing_document_can_be_received_and_taken_back(registrar, session):
    missing = select(Document).where(Document.application_id == 1, Document.received_on.is_(None))
    document = session.scalars(missing).first()
    path = f"/registrar/applications/1/documents/{document.id}"
    registrar.post(path)
    session.refresh(document)
    assert document.received_on is not None
    registrar.post(path)
    session.refresh(document)
    assert document.received_on is None


def test_a_document_of_another_application_is_not_found(registrar, session):
    other = session.scalars(select(Document.id).where(Document.application_id == 2)).first()
    assert registrar.post(f"/registrar/applications/1/documents/{other}").status_code == 404


def said_about(session, application):
    """What stands in the conversation of an application, as the school's database has it."""
    rows = session.execute(
        text(
            "SELECT body FROM chat_message JOIN chat_conversation c ON c.id = conversation_id "
            "WHERE c.subject_kind = 'application' AND c.subject_key = :key ORDER BY seq"
        ),
        {"key": str(application)},
    )
    return list(rows.scalars())


def test_what_the_office_does_is_said_in_the_conversation_of_the_application(registrar, session):
    registrar.post("/registrar/applications/1/status", status="interview")
    document = session.scalars(
        select(Document).where(Document.application_id == 1, Document.received_on.is_(None))
    ).first()
    for _ in range(2):  # received, and taken back: which is nobody's news
        registrar.post(f"/registrar/applications/1/documents/{document.id}")
    assert said_about(session, 1) == [
        "The application is now “Interview”.",
        f"{document.name} received.",
    ]


def test_what_is_refused_says_nothing(registrar, session):
    registrar.post("/registrar/applications/1/status", status="enrolled")
    assert said_about(session, 1) == []


def test_the_link_of_an_application_leads_each_to_where_they_see_it(signed_in, session, person):
    own = session.scalars(
        select(Application.id).where(Application.guardian_id == person("guardian").id)
    ).first()
    path = f"/applications/{own}"
    assert signed_in("registrar").get(path).location == f"/registrar{path}"
    assert signed_in("guardian").get(path).location == f"/#application-{own}"
    assert signed_in("teacher").get(path).status_code == 404
