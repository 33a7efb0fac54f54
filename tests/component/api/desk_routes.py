"""Who may use which of the desk's routes: stated here by hand, compared with the tables by the story of roles."""

from __future__ import annotations

DISPATCHERS_AND_SUPERVISORS = {
    "DELETE /api/bulletins/{bulletin_id}",
    "GET /api/work-orders/board",
    "GET /api/work-orders/export",
    "POST /api/bulletins",
    "POST /api/customers/{customer_id}/merge",
    "POST /api/outages",
    "PUT /api/bulletins/{bulletin_id}",
}
SUPERVISORS = DISPATCHERS_AND_SUPERVISORS | {
    "DELETE /api/inspections/sheets/{sheet_id}",
    "GET /api/customers/export",
    "GET /api/inspections/results",
    "GET /api/knowledge/{article_id}/versions",
    "POST /api/customers/import",
    "POST /api/inspections/draw",
    "POST /api/inspections/sheets",
    "POST /api/inspections/{inspection_id}/marks",
    "POST /api/inspections/{inspection_id}/settlement",
    "POST /api/knowledge",
    "PUT /api/knowledge/{article_id}",
}
OPERATIONS = {
    "POST /api/desk/staff",
    "PUT /api/desk/areas/{area}",
    "PUT /api/desk/categories/{category}",
    "PUT /api/desk/rules",
    "PUT /api/desk/staff/{staff_id}",
    "PUT /api/desk/units/{unit}",
}
DISPATCHERS_TOO = DISPATCHERS_AND_SUPERVISORS | {
    "GET /api/customers/find",
    "GET /api/customers/{customer_id}/history",
    "GET /api/customers/{customer_id}/record",
    "GET /api/work-orders/repeats",
    "POST /api/customers",
    "POST /api/work-orders",
    "PUT /api/customers/{customer_id}",
    "PUT /api/work-orders/{order_id}",
}
EVERYBODY = {
    "DELETE /api/session",
    "GET /api/bulletins",
    "GET /api/desk/reference",
    "GET /api/desk/staff",
    "GET /api/knowledge",
    "GET /api/knowledge/topics",
    "GET /api/knowledge/{article_id}",
    "GET /api/notices",
    "GET /api/session",
    "GET /api/tasks",
    "GET /api/work-orders",
    "GET /api/work-orders/{order_id}",
    "GET /api/work-orders/{order_id}/attachments/{attachment_id}",
    "GET /ws/events",
    "POST /api/knowledge/{article_id}/rating",
    "POST /api/notices/message",
    "POST /api/notices/read",
    "POST /api/session/language",
    "POST /api/tasks",
    "POST /api/tasks/{task_id}/end",
    "POST /api/work-orders/{order_id}/actions",
    "POST /api/work-orders/{order_id}/attachments",
}
PARTS = {
    "order_id": "1",
    "attachment_id": "abc.jpg",
    "article_id": "1",
    "bulletin_id": "1",
    "task_id": "1",
    "sheet_id": "1",
    "inspection_id": "1",
    "area": "CD",
    "unit": "east",
    "category": "repair",
    "staff_id": "1",
}
