"""The demo school's forty enrolment applications, each with a history that fits its status."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from host_example.models import (
    DOCUMENTS,
    Application,
    ApplicationStatus,
    Document,
    TimelineEntry,
    User,
)

if TYPE_CHECKING:
    from host_example.names import Tradition
    from host_example.seed import School

COUNT = 40
DAYS_TO_DECIDE = 42
PREVIOUS_SCHOOLS = (
    "Mill Lane Primary",
    "Saint Brendan’s Primary",
    "Northgate International School",
    "Harbour Street School",
    "École des Tilleuls",
    "Taught at home",
)
STATUSES = (
    [ApplicationStatus.SUBMITTED] * 9
    + [ApplicationStatus.DOCUMENTS_MISSING] * 8
    + [ApplicationStatus.IN_REVIEW] * 8
    + [ApplicationStatus.INTERVIEW] * 5
    + [ApplicationStatus.ACCEPTED] * 5
    + [ApplicationStatus.DECLINED] * 3
    + [ApplicationStatus.WITHDRAWN] * 2
)
# What happened on the way to a status: days after the application came in, and the words.
STEPS: dict[ApplicationStatus, tuple[tuple[int, str, str], ...]] = {
    ApplicationStatus.SUBMITTED: (),
    ApplicationStatus.DOCUMENTS_MISSING: (
        (2, "Documents requested", "Asked the family for the papers that are still missing."),
    ),
    ApplicationStatus.IN_REVIEW: (
        (3, "Documents complete", ""),
        (4, "Note", "Report looks strong; check the language support they would need."),
    ),
    ApplicationStatus.INTERVIEW: (
        (3, "Documents complete", ""),
        (7, "Interview invitation sent", "Offered three afternoons, the family answers by Friday."),
    ),
    ApplicationStatus.ACCEPTED: (
        (3, "Documents complete", ""),
        (9, "Interview held", "A warm conversation; curious about the orchestra."),
        (14, "Status changed to “Accepted”", "Place confirmed in writing."),
    ),
    ApplicationStatus.DECLINED: (
        (4, "Documents complete", ""),
        (12, "Status changed to “Declined”", "No place in this grade; offered the waiting list."),
    ),
    ApplicationStatus.WITHDRAWN: (
        (6, "Status changed to “Withdrawn”", "The family is staying at the present school."),
    ),
}


def applications(school: School) -> list[Application]:
    """Return the applications, oldest first; the first one belongs to the account ``guardian``."""
    applicants = [*school.families[: COUNT - len(school.newcomers)], *school.newcomers]
    own, others = applicants[0], applicants[1:]
    school.random.shuffle(others)
    statuses = STATUSES[:]
    statuses.remove(ApplicationStatus.DOCUMENTS_MISSING)
    school.random.shuffle(statuses)
    days_ago = sorted((school.random.randint(1, 40) for _ in statuses), reverse=True)
    made = [_application(school, 1, own, ApplicationStatus.DOCUMENTS_MISSING, 41)]
    for number, (applicant, status, days) in enumerate(
        zip(others, statuses, days_ago, strict=True), start=2
    ):
        # What has a decision already came in long ago.
        age = days if status.is_open else days + 30
        made.append(_application(school, number, applicant, status, age))
    return made


def _application(
    school: School,
    number: int,
    applicant: tuple[User, Tradition, str],
    status: ApplicationStatus,
    days_ago: int,
) -> Application:
    guardian, tradition, family = applicant
    submitted_on = school.today - timedelta(days=days_ago)
    grade = school.random.choice((5, 5, 5, 6, 6, 7, 8))
    application = Application(
        reference=f"{school.today.year}-{number:03}",
        child_name=school.new_name(tradition, family, woman=school.random.random() < 0.5),
        born_on=date(school.today.year - grade - 5, 1, 1)
        + timedelta(days=school.random.randrange(365)),
        grade=grade,
        previous_school=school.random.choice(PREVIOUS_SCHOOLS),
        status=status,
        submitted_on=submitted_on,
        deadline=submitted_on + timedelta(days=DAYS_TO_DECIDE),
        guardian=guardian,
    )
    application.documents = _documents(school, status, submitted_on)
    application.timeline = _timeline(school, application)
    return application


def _documents(school: School, status: ApplicationStatus, submitted_on: date) -> list[Document]:
    missing = 0
    if status in {
        ApplicationStatus.SUBMITTED,
        ApplicationStatus.DOCUMENTS_MISSING,
        ApplicationStatus.WITHDRAWN,
    }:
        missing = school.random.randint(1, 3)
    absent = set(school.random.sample(DOCUMENTS, missing))
    return [
        Document(name=name, received_on=None if name in absent else submitted_on)
        for name in DOCUMENTS
    ]


def _timeline(school: School, application: Application) -> list[TimelineEntry]:
    registrar = school.random.choice(school.registrars)
    entries = [
        _entry(
            school,
            application,
            0,
            application.guardian,
            "Application received",
            "Sent through the website.",
        )
    ]
    for days, title, text in STEPS[application.status]:
        entries.append(_entry(school, application, days, registrar, title, text))
    return entries


def _entry(
    school: School, application: Application, days: int, author: User | None, title: str, text: str
) -> TimelineEntry:
    day = min(application.submitted_on + timedelta(days=days), school.today)
    at = datetime.combine(day, time(8 + days % 6, school.random.randrange(60)), UTC)
    return TimelineEntry(at=at, author=author, title=title, text=text)
