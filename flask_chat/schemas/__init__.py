"""Shapes floor: what comes in is loaded by a schema, what goes out is dumped by one.

A schema knows no database and no permission. It keeps no state once it is made, and making one
is slow: the verbs and the doors share the instances below.
"""

from .action import ActionSchema, RunAction
from .announcement import (
    AnnouncementSchema,
    PostAnnouncement,
    RecipientListSchema,
    RecipientSchema,
    RecipientsQuery,
    ReportQuery,
)
from .conversation import (
    ChangeConversation,
    ConversationRowSchema,
    ConversationSchema,
    CreateConversation,
    HeadSchema,
    SelfSchema,
    SubjectReference,
    SubjectSchema,
    SyncRequest,
    TotalsQuery,
)
from .held import HeldFrame, HeldSchema, QuietSchema
from .inbox import (
    AssignInquiry,
    CloseInquiry,
    CountsSchema,
    InboxSchema,
    InboxViewSchema,
    InquirySchema,
    PreparedSchema,
    QueuedSchema,
    QueueQuery,
    SnoozeInquiry,
    TransferInquiry,
)
from .message import (
    ChangesQuery,
    ConversationFrame,
    EditMessage,
    HistoryQuery,
    MarkRead,
    MessageFrame,
    MessageSchema,
    PostFrame,
    PostMessage,
    Ticket,
)
from .person import (
    AddMembers,
    AppointMember,
    MemberSchema,
    MembersQuery,
    PeopleQuery,
    PersonSchema,
    WatchPeople,
)

ACTION = ActionSchema()
ANNOUNCEMENT = AnnouncementSchema()
PERSON = PersonSchema()
MEMBER = MemberSchema()
MESSAGE = MessageSchema()
CONVERSATION = ConversationSchema()
CONVERSATION_ROW = ConversationRowSchema()
SELF = SelfSchema()
HEAD = HeadSchema()
SUBJECT = SubjectSchema()
SUBJECT_REFERENCE = SubjectReference()
RECIPIENT = RecipientSchema()
RECIPIENT_LIST = RecipientListSchema()
COUNTS = CountsSchema()
HELD = HeldSchema()
QUIET = QuietSchema()
INBOX = InboxSchema()
INBOX_VIEW = InboxViewSchema()
INQUIRY = InquirySchema()
PREPARED = PreparedSchema()
QUEUED = QueuedSchema()

ADD_MEMBERS = AddMembers()
APPOINT_MEMBER = AppointMember()
ASSIGN_INQUIRY = AssignInquiry()
CLOSE_INQUIRY = CloseInquiry()
QUEUE_QUERY = QueueQuery()
SNOOZE_INQUIRY = SnoozeInquiry()
TRANSFER_INQUIRY = TransferInquiry()
CHANGE_CONVERSATION = ChangeConversation()
CHANGES_QUERY = ChangesQuery()
CONVERSATION_FRAME = ConversationFrame()
CREATE_CONVERSATION = CreateConversation()
EDIT_MESSAGE = EditMessage()
HELD_FRAME = HeldFrame()
HISTORY_QUERY = HistoryQuery()
MARK_READ = MarkRead()
MEMBERS_QUERY = MembersQuery()
MESSAGE_FRAME = MessageFrame()
PEOPLE_QUERY = PeopleQuery()
POST_ANNOUNCEMENT = PostAnnouncement()
POST_FRAME = PostFrame()
POST_MESSAGE = PostMessage()
RECIPIENTS_QUERY = RecipientsQuery()
REPORT_QUERY = ReportQuery()
RUN_ACTION = RunAction()
SYNC_REQUEST = SyncRequest()
TICKET = Ticket()
TOTALS_QUERY = TotalsQuery()
WATCH_PEOPLE = WatchPeople()

__all__ = [
    "ACTION",
    "ADD_MEMBERS",
    "ANNOUNCEMENT",
    "APPOINT_MEMBER",
    "ASSIGN_INQUIRY",
    "CHANGES_QUERY",
    "CHANGE_CONVERSATION",
    "CLOSE_INQUIRY",
    "CONVERSATION",
    "CONVERSATION_FRAME",
    "CONVERSATION_ROW",
    "COUNTS",
    "CREATE_CONVERSATION",
    "EDIT_MESSAGE",
    "HEAD",
    "HELD",
    "HELD_FRAME",
    "HISTORY_QUERY",
    "INBOX",
    "INBOX_VIEW",
    "INQUIRY",
    "MARK_READ",
    "MEMBER",
    "MEMBERS_QUERY",
    "MESSAGE",
    "MESSAGE_FRAME",
    "PEOPLE_QUERY",
    "PERSON",
    "POST_ANNOUNCEMENT",
    "POST_FRAME",
    "POST_MESSAGE",
    "PREPARED",
    "QUEUED",
    "QUEUE_QUERY",
    "QUIET",
    "RECIPIENT",
    "RECIPIENTS_QUERY",
    "RECIPIENT_LIST",
    "REPORT_QUERY",
    "RUN_ACTION",
    "SELF",
    "SNOOZE_INQUIRY",
    "SUBJECT",
    "SUBJECT_REFERENCE",
    "SYNC_REQUEST",
    "TICKET",
    "TOTALS_QUERY",
    "TRANSFER_INQUIRY",
    "WATCH_PEOPLE",
]
