"""What the routes of messages, faxes, callbacks and answers need, and for whom they are meant."""

from __future__ import annotations

from typing import Any

PARTS = {"voicemail_id": "c1.m1", "box": "night", "fax_id": "c1.f1", "callback_id": "cb-1"}
BODIES: dict[str, Any] = {
    "HeardBody": {"heard": True},
    "MessageOrderBody": {},
    "BoxBody": {},
    "ForwardBody": {"mail": "office@example.com"},
    "CallbackBody": {"number": "13800138000", "queue_id": "repairs"},
    "CallbackChange": {"note": "下午"},
    "CallbackEnd": {"status": "cancelled"},
}
SUPERVISORS = {"DELETE /api/voicemails/{voicemail_id}", "POST /api/faxes/{fax_id}/send"}
OPERATIONS = {"PUT /api/message-boxes/{box}", "DELETE /api/message-boxes/{box}"}
