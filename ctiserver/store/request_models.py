"""What callers leave behind in a flow, as rows; each written once, however often the journal is read."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import msgspec

from ctiserver.call import events as ev
from ctiserver.clock import to_datetime
from ctiserver.log import mask_number
from ctiserver.store.numbers import e164
from ctiserver.store.statement import Statement

NAMESPACE = uuid.UUID("8d0f6f0e-6a55-5c0b-9a5e-0d6f3e1c7b42")
"""Of the ids that the desk knows requests by: the same for the same request."""

RequestFact = (
    ev.VoicemailLeft
    | ev.VoicemailLost
    | ev.FaxReceived
    | ev.FaxSent
    | ev.CallbackRequested
    | ev.CallbackTried
    | ev.NoticeTried
    | ev.MessageHeard
    | ev.SurveyAnswered
    | ev.SmsRequested
    | ev.WorkOrderRequested
    | ev.ForwardStarted
    | ev.ForwardAnswered
    | ev.ForwardEnded
)

VOICEMAIL_LEFT = """
INSERT INTO voicemail (id, call_id, box, at, caller_number, customer_id, status, path, duration_ms, size_bytes, sha256)
SELECT $1, $2, $3, $4, coalesce(max(caller_number), ''), max(customer_id), $5, $6, $7, $8, $9 FROM call WHERE id = $2
ON CONFLICT (id) DO NOTHING
"""
VOICEMAIL_LOST = """
INSERT INTO voicemail (id, call_id, box, at, caller_number, customer_id, status, reason)
SELECT $1, $2, $3, $4, coalesce(max(caller_number), ''), max(customer_id), 'lost', $5 FROM call WHERE id = $2
ON CONFLICT (id) DO NOTHING
"""
FAX = """
INSERT INTO fax (id, call_id, direction, at, box, document, ok, pages, path, size_bytes, sha256, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING
"""
CALLBACK_REQUESTED = """
INSERT INTO callback_request (id, call_id, at, queue_id, number, number_e164, keep_place, waiting_since, customer_id)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, (SELECT id FROM customer WHERE id = $9::bigint)
WHERE $6::text = '' OR NOT EXISTS (
    SELECT FROM callback_request WHERE status = 'open' AND number_e164 = $6 AND queue_id = $4 AND id <> $1
)
ON CONFLICT (id) DO NOTHING
"""
CALLBACK_TRIED = """
UPDATE callback_request SET attempts = greatest(attempts, $3::bigint), outcome = $4, last_call_id = $2, next_at = $6,
    status = CASE WHEN status = 'open' THEN $5 ELSE status END,
    done_at = CASE WHEN $5 <> 'open' THEN coalesce(done_at, $7) ELSE done_at END
WHERE id = $1
"""
CALLBACK_REACHED = """
UPDATE callback_request SET status = 'done', outcome = 'answered', last_call_id = $2, done_at = $3
WHERE status = 'open' AND agent_id IS NULL AND number_e164 <> '' AND at <= $3
    AND number_e164 = (SELECT number_e164 FROM callback_request WHERE id = $1)
"""
NOTICE_TRIED = """
INSERT INTO voicemail_notice AS known (voicemail_id, phone, attempts, outcome, last_call_id, last_at)
SELECT id, $2, 1, $3, $4, $5 FROM voicemail WHERE id = $1
ON CONFLICT (voicemail_id, phone) DO UPDATE SET attempts = known.attempts + 1, outcome = $3, last_call_id = $4,
    last_at = $5
WHERE known.last_call_id <> $4
"""
MESSAGE_HEARD = """
WITH news AS (
    INSERT INTO voicemail_notice AS known (voicemail_id, phone, heard_at) SELECT id, $2, $3 FROM voicemail WHERE id = $1
    ON CONFLICT (voicemail_id, phone) DO UPDATE SET heard_at = $3 WHERE known.heard_at IS NULL OR known.heard_at < $3
    RETURNING voicemail_id
), noted AS (
    INSERT INTO audit_log (at, actor, action, object_type, object_id, address, detail)
    SELECT $3, 'phone', 'voicemail.play', 'voicemail', voicemail_id, '', $4::jsonb FROM news
)
UPDATE voicemail SET heard_at = $3, heard_phone = $2 FROM news
WHERE voicemail.id = news.voicemail_id AND voicemail.heard_at IS NULL
"""
SURVEY_ANSWERED = """
INSERT INTO survey_answer (id, call_id, at, survey, question, score, agent_id, queue_id)
VALUES ($1, $2, $3, $4, $5, $6, (SELECT id FROM agent WHERE id = $7), $8) ON CONFLICT (id) DO NOTHING
"""
SMS_REQUESTED = """
INSERT INTO outbox_message (id, call_id, at, number, body, next_at) VALUES ($1, $2, $3, $4, $5, $3)
ON CONFLICT (id) DO NOTHING
"""
WORK_ORDER_REQUESTED = """
INSERT INTO work_order_request (id, call_id, at, body) VALUES ($1::uuid, $2, $3, $4::jsonb) ON CONFLICT (id) DO NOTHING
"""
FORWARD_STARTED = """
INSERT INTO forwarded_leg (id, call_id, kind, target, started_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO NOTHING
"""
FORWARD_ANSWERED = "UPDATE forwarded_leg SET answered_at = coalesce(answered_at, $2) WHERE id = $1"
FORWARD_ENDED = """
UPDATE forwarded_leg SET ended_at = coalesce(ended_at, $2), outcome = $3, talk_ms = $4 WHERE id = $1
"""


def request_id(request: str) -> uuid.UUID:
    """`request`: CALL.w1."""
    return uuid.uuid5(NAMESPACE, request)


def statements_of(step: ev.Step, fact: RequestFact, region: str) -> Iterator[Statement]:
    for text, values in _changes(step, fact, region):
        yield Statement(text, values, (step.subject,))


def _changes(step: ev.Step, fact: RequestFact, region: str) -> Iterator[tuple[str, tuple[object, ...]]]:
    call, at = step.subject, to_datetime(step.at)
    match fact:
        case ev.VoicemailLeft():
            began, status = to_datetime(fact.started_at), "stored" if fact.ok else "mismatch"
            file = (fact.path, fact.duration_ms, fact.size_bytes, fact.sha256)
            yield VOICEMAIL_LEFT, (fact.message_id, call, fact.box, began, status, *file)
        case ev.VoicemailLost():
            yield VOICEMAIL_LOST, (fact.message_id, call, fact.box, at, fact.reason)
        case ev.FaxReceived():
            began = to_datetime(fact.started_at)
            file = (fact.path, fact.size_bytes, fact.sha256)
            yield FAX, (fact.fax_id, call, "received", began, fact.box, "", fact.pages > 0, fact.pages, *file, "")
        case ev.FaxSent():
            file = (None, None, None)
            yield FAX, (fact.fax_id, call, "sent", at, "", fact.document, fact.ok, fact.pages, *file, fact.detail)
        case ev.CallbackRequested():
            number = (fact.number, e164(fact.number, region) or "")
            place = (fact.keep_place, to_datetime(fact.waiting_since), fact.customer_id)
            yield CALLBACK_REQUESTED, (fact.request_id, call, at, fact.queue_id, *number, *place)
        case ev.CallbackTried():
            next_at = to_datetime(fact.next_at) if fact.next_at is not None else None
            course = (fact.attempt, fact.outcome, fact.status, next_at, at)
            yield CALLBACK_TRIED, (fact.request_id, call, *course)
            if fact.status == "done":
                yield CALLBACK_REACHED, (fact.request_id, call, at)
        case ev.NoticeTried():
            for voicemail_id in fact.voicemail_ids:
                yield NOTICE_TRIED, (voicemail_id, fact.phone, fact.outcome, call, at)
        case ev.MessageHeard():
            detail = {"call_id": call, "box": fact.box, "phone": mask_number(fact.phone)}
            yield MESSAGE_HEARD, (fact.voicemail_id, fact.phone, at, msgspec.json.encode(detail).decode())
        case ev.SurveyAnswered():
            answer = (fact.survey, fact.question, fact.score, fact.agent_id, fact.queue_id)
            yield SURVEY_ANSWERED, (fact.answer_id, call, at, *answer)
        case ev.SmsRequested():
            yield SMS_REQUESTED, (fact.message_id, call, at, fact.number, fact.text)
        case ev.WorkOrderRequested():
            yield WORK_ORDER_REQUESTED, (str(request_id(fact.request_id)), call, at, _body(fact))
        case ev.ForwardStarted():
            yield FORWARD_STARTED, (fact.leg_id, call, fact.kind, fact.target, at)
        case ev.ForwardAnswered():
            yield FORWARD_ANSWERED, (fact.leg_id, at)
        case ev.ForwardEnded():
            yield FORWARD_ENDED, (fact.leg_id, at, fact.outcome, round(fact.talk_s * 1000))


def _body(fact: ev.WorkOrderRequested) -> str:
    """What the desk reads: category, title, text, area, fields, customer_id."""
    body = {
        "category": fact.category,
        "title": fact.title,
        "text": fact.text,
        "area": fact.area,
        "fields": fact.fields,
        "customer_id": fact.customer_id,
    }
    return msgspec.json.encode(body).decode().replace("\\u0000", "")
