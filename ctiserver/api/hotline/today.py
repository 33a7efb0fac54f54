"""The date where the centre is."""

from __future__ import annotations

from datetime import date, datetime

from ctiserver.api.route import Ask
from ctiserver.timezones import load_timezone


def centre_today(ask: Ask) -> date:
    context = ask.context
    return datetime.fromtimestamp(context.clock.now(), load_timezone(context.settings.timezone)).date()
