"""What a notice looks like as a mail, as a text message and in a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ctiserver.channels.notice_senders import Attachment, FileSender, NoticeRefusedError, Outgoing
from ctiserver.channels.smtp_mail import NoticesAsTextMessages, NoticesByChannel, SmtpMail
from ctiserver.channels.text_messages import SendingOutcome, TextMessage
from ctiserver.config import MailSettings
from tests.smtp_server import mail_server

ALERT = Outgoing(
    id=7,
    channel="mail",
    address="a@example.com, b@example.com",
    kind="board_alert",
    params={"board": {"zh-CN": "大屏"}, "name": {"zh-CN": "接通率", "en": "Answer rate"}, "unit": "share",
            "value": 0.871, "target": 0.95},
    order_id=None,
    attachments=(Attachment(name="a.csv", kind="text/csv; charset=utf-8", content=b"1,2"),),
    message_id="m-1",
)  # fmt: skip


def test_a_mail_has_words_recipients_and_what_is_attached() -> None:
    mail = SmtpMail(MailSettings(sender_address="热线 <x@example.com>"), "zh-CN").message(ALERT)
    assert (mail["Subject"], mail["To"]) == ("大屏告警：接通率", "a@example.com, b@example.com")
    assert mail["Message-ID"] == "<m-1@example.com>"
    body = mail.get_body()
    assert body is not None
    assert body.get_content() == "大屏：接通率 当前 87.1%，目标 95.0%。\n"
    assert [part.get_filename() for part in mail.iter_attachments()] == ["a.csv"]


def test_a_line_break_in_a_name_begins_no_header() -> None:
    odd = Outgoing(
        id=1, channel="mail", address="a@b.c", kind="report", params={"name": "x\r\nBcc: y@z.d"}, order_id=None
    )
    mail = SmtpMail(MailSettings(), "en").message(odd)
    assert (mail["Subject"], mail["Bcc"]) == ("Report: x Bcc: y@z.d", None)


async def test_a_file_takes_what_is_attached_too(tmp_path: Path) -> None:
    await FileSender(tmp_path).send(ALERT)
    line = json.loads((tmp_path / "mail.jsonl").read_text())
    assert (line["address"], "attachments" in line) == ("a@example.com, b@example.com", False)
    assert (tmp_path / "m-1-a.csv").read_bytes() == b"1,2"


async def test_sms_goes_through_the_gateway() -> None:
    class Gateway:
        def __init__(self) -> None:
            self.sent: list[TextMessage] = []
            self.answer = SendingOutcome(outcome="sent")

        async def send(self, message: TextMessage) -> SendingOutcome:
            self.sent.append(message)
            return self.answer

    gateway, mails = Gateway(), FileSender(Path("nowhere"))
    sender = NoticesByChannel(mails, NoticesAsTextMessages(gateway, "en"))
    sms = Outgoing(
        id=9, channel="sms", address="+8613800138000", kind="deadline_over", params={"number": "CD1", "title": "Leak"},
        order_id=1,
    )  # fmt: skip
    await sender.send(sms)
    assert gateway.sent == [
        TextMessage(id="notice-9", number="+8613800138000", text='Work order CD1 "Leak" is overdue.')
    ]
    gateway.answer = SendingOutcome(outcome="failed", reason="503")
    with pytest.raises(OSError, match="503"):
        await sender.send(sms)
    gateway.answer = SendingOutcome(outcome="refused", reason="no such number")
    with pytest.raises(NoticeRefusedError, match="no such number"):
        await sender.send(sms)


async def test_a_mail_that_a_server_never_takes_is_told_from_one_that_waits() -> None:
    async with mail_server() as server:
        sender = SmtpMail(MailSettings(sender="smtp", port=server.port), "en")
        server.answer_data = "451 later"
        with pytest.raises(OSError, match="later") as waits:
            await sender.send(ALERT)
        assert not isinstance(waits.value, NoticeRefusedError)
        server.refused = {"a@example.com", "b@example.com"}
        with pytest.raises(NoticeRefusedError, match="refused: a@example"):
            await sender.send(ALERT)
        server.refused, server.answer_data = set(), "554 spam"
        with pytest.raises(NoticeRefusedError, match="spam"):
            await sender.send(ALERT)
