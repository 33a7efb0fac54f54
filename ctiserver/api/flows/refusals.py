"""Why a change of flows is refused, as problems that pages translate: each with what a person needs to go on."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager

import msgspec

from ctiserver.api.problems import ApiError
from ctiserver.ivr.flow_error import FlowError
from ctiserver.live.flow_publishing import FlowsRefused, PromptsMissing, TestsFailed
from ctiserver.store.flow_rows import DraftConflict, ReleaseConflict

MOST_TOLD = 100


@contextmanager
def refusals_told() -> Generator[None]:
    """Raises ApiError for what the publishing refuses."""
    try:
        yield
    except FlowsRefused as refused:
        raise flows_refused(refused.errors) from None
    except TestsFailed as refused:
        params = {"message": refused.message, "failed": [msgspec.to_builtins(one) for one in refused.failed]}
        raise ApiError(409, "flow_tests_failed", refused.message, params=params) from None
    except PromptsMissing as refused:
        raise ApiError(409, "prompts_missing", refused.message, params={"missing": refused.missing}) from None
    except DraftConflict as refused:
        row = refused.row
        params = {
            "file": refused.file,
            "author": row.author if row else "",
            "saved_at": row.saved_at if row else 0,
            "revision": row.revision if row else 0,
        }
        raise ApiError(409, "draft_conflict" if row else "draft_gone", refused.message, params=params) from None
    except ReleaseConflict as refused:
        params = {"number": refused.row.number, "author": refused.row.author, "at": refused.row.at}
        raise ApiError(409, "release_conflict", refused.message, params=params) from None


def flows_refused(errors: Sequence[FlowError]) -> ApiError:
    refused = FlowsRefused(errors)
    told = [msgspec.to_builtins(error) for error in errors[:MOST_TOLD]]
    return ApiError(
        409,
        "flows_refused",
        refused.message,
        params={"message": refused.message, "errors": told, "count": len(errors)},
    )


def draft_outdated(file: str, author: str, number: int) -> ApiError:
    return ApiError(
        409,
        "draft_outdated",
        f"{file} was published by {author} in release {number} after this draft was begun",
        params={"file": file, "author": author, "number": number},
    )
