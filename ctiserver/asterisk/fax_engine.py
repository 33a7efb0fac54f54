"""What the dialplan (context cti-fax) is told before a channel is lent to Asterisk's fax engine."""

from __future__ import annotations

from collections.abc import Mapping

from ctiserver.asterisk.ari_commands import safe_number, safe_token
from ctiserver.ports import FaxRequest

FAX_CONTEXT = "cti-fax"


def fax_variables(request: FaxRequest, document: str) -> Mapping[str, str]:
    """`document`: path on Asterisk's side of what is sent, made of an id of ours."""
    return {
        "CTI_FAX_ID": safe_token(request.fax_id),
        "CTI_FAX_LINE": safe_number(request.dialled),
        "CTI_FAX_FILE": document,
    }


def confirmed_variable(fax_id: str) -> str:
    """Global variable in which the dialplan leaves the pages of a fax whose channel did not come back."""
    return f"CTI_FAX_CONFIRMED_{safe_token(fax_id)}"
