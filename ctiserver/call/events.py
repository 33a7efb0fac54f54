"""What happens to calls and agents: past-tense facts, at once mailbox message, journal line and test fixture.

Two kinds:

* *Inputs* are what the world did (Asterisk, a timer, the routing engine, a person). They are all that `decide` gets;
  replaying a call's inputs gives the same call.
* *Facts* are what we concluded from them. They never go back into `decide`; read models, pages and metrics follow them.

Instants are UTC seconds since 1970; durations are seconds. Numbers are as the network gave them.
"""

from __future__ import annotations

import msgspec

from ctiserver.call.agent_events import (
    AgentStateChanged,
    DispositionChosen,
    PhoneStateChanged,
    PresenceChosen,
    RoutingDecided,
    WrapUpExtended,
    WrapUpFinished,
)
from ctiserver.call.commands import Command
from ctiserver.call.facts import (
    AnnouncementHeard,
    CallbackRequested,
    CallbackTried,
    CallCrashed,
    CallEnded,
    CallStarted,
    ConferenceEntered,
    ConferenceLeft,
    CustomerKnown,
    CustomerTreated,
    FaxReceived,
    FaxSent,
    ForwardAnswered,
    ForwardEnded,
    ForwardStarted,
    HoldEnded,
    HoldStarted,
    InputCollected,
    LookupEnded,
    MessageHeard,
    NodeEntered,
    NodeLeft,
    NoticeTried,
    OfferEnded,
    OfferStarted,
    PartyInvited,
    PartyJoined,
    PartyLeft,
    QueueEntered,
    QueueLeft,
    RecordingFailed,
    RecordingPaused,
    RecordingResumed,
    RecordingStored,
    SmsRequested,
    SurveyAnswered,
    TalkEnded,
    TalkStarted,
    TransferEnded,
    TransferStarted,
    VoicemailLeft,
    VoicemailLost,
    WorkOrderRequested,
)
from ctiserver.call.inputs import (
    AgentLegAnswered,
    AgentLegEnded,
    AgentLegRinging,
    AsteriskRestarted,
    CallArrived,
    CallerHungUp,
    CallerIdentified,
    CallRecovered,
    ConnectFailed,
    DeadlinePassed,
    DigitReceived,
    FaxFinished,
    HangUpRequested,
    HoldChanged,
    LookupFinished,
    MessageCollected,
    MessageFinished,
    MessageLost,
    OfferMade,
    OfferWithdrawn,
    PartiesConnected,
    PlaceResumed,
    PromptFinished,
    QueueMoved,
    QueuePositionChanged,
    QueueRefused,
    RecordingBegan,
    RecordingCollected,
    RecordingLost,
    RoomRefused,
    WordsUnderstood,
)
from ctiserver.call.requests import (
    CallbackDue,
    ConsultChosen,
    ConsultDialled,
    ConsultRequested,
    DigitsRequested,
    HoldRequested,
    InviteRequested,
    LeaveRequested,
    MessagesTaken,
    MuteRequested,
    NoticeDue,
    OutboundRequested,
    PieceRequested,
    PriorityRequested,
    QueueMoveRequested,
    RecordingPauseFailed,
    RecordingPauseRequested,
    ReferReceived,
    RemoveRequested,
    TakeOverRequested,
    TransferRequested,
)

CallInput = (
    CallArrived
    | CallerIdentified
    | PromptFinished
    | DigitReceived
    | DeadlinePassed
    | OfferMade
    | OfferWithdrawn
    | QueuePositionChanged
    | QueueRefused
    | QueueMoved
    | PlaceResumed
    | AgentLegRinging
    | AgentLegAnswered
    | AgentLegEnded
    | PartiesConnected
    | ConnectFailed
    | CallerHungUp
    | HangUpRequested
    | HoldChanged
    | RecordingBegan
    | RecordingCollected
    | RecordingLost
    | LookupFinished
    | MessageFinished
    | MessageCollected
    | MessageLost
    | WordsUnderstood
    | RoomRefused
    | FaxFinished
    | CallRecovered
    | AsteriskRestarted
    | OutboundRequested
    | CallbackDue
    | NoticeDue
    | MessagesTaken
    | HoldRequested
    | MuteRequested
    | DigitsRequested
    | PieceRequested
    | RecordingPauseRequested
    | RecordingPauseFailed
    | TransferRequested
    | ConsultRequested
    | ConsultChosen
    | InviteRequested
    | RemoveRequested
    | LeaveRequested
    | TakeOverRequested
    | QueueMoveRequested
    | PriorityRequested
    | ReferReceived
    | ConsultDialled
)

CallFact = (
    CallStarted
    | CustomerKnown
    | AnnouncementHeard
    | CustomerTreated
    | NodeEntered
    | NodeLeft
    | InputCollected
    | QueueEntered
    | QueueLeft
    | OfferStarted
    | OfferEnded
    | TalkStarted
    | TalkEnded
    | RecordingStored
    | RecordingFailed
    | LookupEnded
    | VoicemailLeft
    | VoicemailLost
    | FaxReceived
    | FaxSent
    | CallbackRequested
    | CallbackTried
    | NoticeTried
    | MessageHeard
    | SurveyAnswered
    | SmsRequested
    | WorkOrderRequested
    | ForwardStarted
    | ForwardAnswered
    | ForwardEnded
    | ConferenceEntered
    | ConferenceLeft
    | CallEnded
    | CallCrashed
    | HoldStarted
    | HoldEnded
    | PartyInvited
    | PartyJoined
    | PartyLeft
    | TransferStarted
    | TransferEnded
    | RecordingPaused
    | RecordingResumed
)

AgentInput = RoutingDecided | PresenceChosen | PhoneStateChanged | WrapUpFinished | WrapUpExtended | DispositionChosen
AgentFact = AgentStateChanged

Input = CallInput | AgentInput
Fact = CallFact | AgentFact


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the journal: one input, and all that was concluded and commanded because of it, atomically.

    `state` is the whole subject afterwards (a Call, or an agent's record). It stays in the local spool, where a restart
    takes the last one of each subject, and is not shipped to Postgres.
    """

    seq: int = 0  # per node, without gaps; 0 until the journal has numbered it
    at: float
    subject: str  # call id, or "agent:<id>"
    input: Input
    facts: tuple[Fact, ...] = ()
    commands: tuple[Command, ...] = ()
    state: msgspec.Raw = msgspec.Raw()
