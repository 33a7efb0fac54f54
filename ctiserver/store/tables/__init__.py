"""All tables, as typed models. A fresh database is made by the migrations; a test proves that the two are equal.

Rules: plain names, singular, snake_case. Instants are `timestamptz`, durations integer milliseconds, names in several
languages are JSON ({"zh-CN": …, "en": …}). What is recorded about calls names queues by their word, without a foreign
key: history outlives configuration.
"""

from ctiserver.store.tables.base import Base
from ctiserver.store.tables.boards import Wallboard, WallboardAlert, WallboardLink
from ctiserver.store.tables.calls import (
    AgentInterval,
    AgentStateSpan,
    AgentTimeBlock,
    AgentTimeInterval,
    Call,
    CallInputValue,
    CallLeg,
    CallPath,
    CallSegment,
    CallTransfer,
    CallUnlabelled,
    Offer,
    QueueInterval,
    Recording,
    RoutingDecision,
)
from ctiserver.store.tables.colleagues import ColleagueTask, Inspection, Notice, NoticeRead, ScoreSheet
from ctiserver.store.tables.configuration import (
    Agent,
    AgentSkill,
    CalendarDay,
    Disposition,
    Queue,
    QueueStep,
    ReasonCode,
    RoutingOption,
    Shift,
    Skill,
    Team,
)
from ctiserver.store.tables.customers import Customer, CustomerPhone
from ctiserver.store.tables.desk_people import Area, Staff, Unit
from ctiserver.store.tables.flows import FlowDraft, FlowPassage, FlowRelease, FlowTaken, FlowText
from ctiserver.store.tables.hotline import AnnouncementRow, CalendarRow, DutyRow, HotlineRevision
from ctiserver.store.tables.journal import JournalEvent, JournalPosition
from ctiserver.store.tables.knowledge import Bulletin, KnowledgeArticle, KnowledgeVersion
from ctiserver.store.tables.people import ApiKey, AppUser, AuditLog, UserSession
from ctiserver.store.tables.prompts import PromptRecording
from ctiserver.store.tables.records import CallComment, CallMark, SavedSearch
from ctiserver.store.tables.report_mail import ReportDelivery, ReportSchedule
from ctiserver.store.tables.requests import (
    CallbackRequest,
    Fax,
    ForwardedLeg,
    MessageBox,
    OutboxMessage,
    SurveyAnswer,
    Voicemail,
    VoicemailListener,
    VoicemailNotice,
    WorkOrderRequest,
)
from ctiserver.store.tables.retention import LegalHold, RecordingRemoval
from ctiserver.store.tables.work_orders import (
    ServiceCategory,
    WorkOrder,
    WorkOrderAlarm,
    WorkOrderAttachment,
    WorkOrderCall,
    WorkOrderCounter,
    WorkOrderDeadline,
    WorkOrderEscalation,
    WorkOrderEvent,
    WorkOrderIntake,
)

__all__ = [
    "Agent",
    "AgentInterval",
    "AgentSkill",
    "AgentStateSpan",
    "AgentTimeBlock",
    "AgentTimeInterval",
    "AnnouncementRow",
    "ApiKey",
    "AppUser",
    "Area",
    "AuditLog",
    "Base",
    "Bulletin",
    "CalendarDay",
    "CalendarRow",
    "Call",
    "CallComment",
    "CallInputValue",
    "CallLeg",
    "CallMark",
    "CallPath",
    "CallSegment",
    "CallTransfer",
    "CallUnlabelled",
    "CallbackRequest",
    "ColleagueTask",
    "Customer",
    "CustomerPhone",
    "Disposition",
    "DutyRow",
    "Fax",
    "FlowDraft",
    "FlowPassage",
    "FlowRelease",
    "FlowTaken",
    "FlowText",
    "ForwardedLeg",
    "HotlineRevision",
    "Inspection",
    "JournalEvent",
    "JournalPosition",
    "KnowledgeArticle",
    "KnowledgeVersion",
    "LegalHold",
    "MessageBox",
    "Notice",
    "NoticeRead",
    "Offer",
    "OutboxMessage",
    "PromptRecording",
    "Queue",
    "QueueInterval",
    "QueueStep",
    "ReasonCode",
    "Recording",
    "RecordingRemoval",
    "ReportDelivery",
    "ReportSchedule",
    "RoutingDecision",
    "RoutingOption",
    "SavedSearch",
    "ScoreSheet",
    "ServiceCategory",
    "Shift",
    "Skill",
    "Staff",
    "SurveyAnswer",
    "Team",
    "Unit",
    "UserSession",
    "Voicemail",
    "VoicemailListener",
    "VoicemailNotice",
    "Wallboard",
    "WallboardAlert",
    "WallboardLink",
    "WorkOrder",
    "WorkOrderAlarm",
    "WorkOrderAttachment",
    "WorkOrderCall",
    "WorkOrderCounter",
    "WorkOrderDeadline",
    "WorkOrderEscalation",
    "WorkOrderEvent",
    "WorkOrderIntake",
    "WorkOrderRequest",
]
