"""Mail over SMTP. The sentence of a notice is made here from its kind and params, since nobody translates a mail."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from typing import Final

import structlog

from ctiserver.channels.notice_senders import NoticeRefusedError, NoticeSender, Outgoing
from ctiserver.channels.notice_words import words_of
from ctiserver.channels.text_messages import TextMessage, TextMessageSender
from ctiserver.config import MailSettings

log = structlog.get_logger()

MAIN_TYPE: Final = "application"
FOR_GOOD: Final = 500  # of SMTP's answers; those before may change


class SmtpMail:
    """One connection per mail: a hotline sends few. smtplib's errors are OSErrors, as the interface asks."""

    def __init__(self, settings: MailSettings, language: str) -> None:
        self._settings = settings
        self._language = language

    async def send(self, notice: Outgoing) -> None:
        """Raises OSError where the server can't be reached or refuses it, also where it refuses only some."""
        await asyncio.to_thread(self._send, self.message(notice))
        log.info("mail_sent", kind=notice.kind, notice=notice.id, recipients=len(notice.addresses))

    def message(self, notice: Outgoing) -> EmailMessage:
        subject, body = words_of(notice.kind, notice.params, self._language)
        made = EmailMessage()
        made["Subject"] = " ".join(subject.split())  # a line break would begin a header
        made["From"] = self._settings.sender_address
        made["To"] = ", ".join(notice.addresses)
        made["Date"] = formatdate()
        if notice.message_id:  # the same for every attempt: servers and readers can tell a repeated one
            domain = self._settings.sender_address.rpartition("@")[2].strip("> ") or "localhost"
            made["Message-ID"] = f"<{notice.message_id}@{domain}>"
        made["Auto-Submitted"] = "auto-generated"
        made.set_content(body)
        for attached in notice.attachments:
            _, _, subtype = attached.kind.partition(";")[0].partition("/")
            made.add_attachment(attached.content, maintype=MAIN_TYPE, subtype=subtype, filename=attached.name)
        return made

    def _send(self, message: EmailMessage) -> None:
        asked = self._settings
        context = ssl.create_default_context()
        link = (
            smtplib.SMTP_SSL(asked.host, asked.port, timeout=asked.timeout_s, context=context)
            if asked.security == "tls"
            else smtplib.SMTP(asked.host, asked.port, timeout=asked.timeout_s)
        )
        with link:
            if asked.security == "starttls":
                link.starttls(context=context)
            if asked.login:
                link.login(asked.login, asked.password)
            try:
                refused = link.send_message(message)
            except smtplib.SMTPRecipientsRefused as error:
                if all(code >= FOR_GOOD for code, _ in error.recipients.values()):
                    raise NoticeRefusedError(f"refused: {', '.join(sorted(error.recipients))}") from None
                raise
            except smtplib.SMTPDataError as error:
                if error.smtp_code >= FOR_GOOD:
                    raise NoticeRefusedError(str(error)) from None
                raise
            if refused:  # it has left for the others
                raise NoticeRefusedError(f"refused: {', '.join(sorted(refused))}")


class NoticesByChannel:
    """Mail by one sender, SMS by another."""

    def __init__(self, mail: NoticeSender, sms: NoticeSender) -> None:
        self._mail = mail
        self._sms = sms

    async def send(self, notice: Outgoing) -> None:
        await (self._mail if notice.channel == "mail" else self._sms).send(notice)


class NoticesAsTextMessages:
    """SMS of notices through the gateway of text messages."""

    def __init__(self, gateway: TextMessageSender, language: str) -> None:
        self._gateway = gateway
        self._language = language

    async def send(self, notice: Outgoing) -> None:
        subject, body = words_of(notice.kind, notice.params, self._language)
        message = TextMessage(id=f"notice-{notice.id}", number=notice.address, text=body or subject)
        result = await self._gateway.send(message)
        if result.outcome == "failed":
            raise OSError(f"the gateway of text messages: {result.reason}")
        if result.outcome == "refused":
            raise NoticeRefusedError(f"the gateway of text messages: {result.reason}")
