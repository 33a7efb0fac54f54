"""What the stories of roles need of the routes of comments, marks and saved searches, which are open to every role."""

from __future__ import annotations

from typing import Any

PARTS = {"comment_id": "1", "mark": "important", "search_id": "1"}
BODIES: dict[str, Any] = {
    "CommentBody": {"text": "处理得当"},
    "SavedSearchBody": {"name": "昨日放弃", "criteria": {"outcome": "abandoned"}},
}
