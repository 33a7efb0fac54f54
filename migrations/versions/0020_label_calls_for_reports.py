"""Label calls with what reports group them by: the category of the order that they caused, the first score of a survey.

Triggers, not the projection: orders are the desk's and a daemon of the version before goes on writing beside this one.
A call's row may arrive after its order, even in the same moment: whoever finds no row to label leaves a note in
`call_unlabelled`, which the call takes with it when it comes; one that came unseen meanwhile is looked up by reports.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

CAUSED_CATEGORY = """
CREATE FUNCTION call_caused_category(id_ text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT work_order.category FROM work_order_call JOIN work_order ON work_order.id = work_order_call.order_id
    WHERE work_order_call.call_id = id_ AND work_order_call.kind = 'caused' ORDER BY work_order.id LIMIT 1
$$
"""
FIRST_SCORE = """
CREATE FUNCTION call_first_score(id_ text) RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT score FROM survey_answer WHERE call_id = id_ ORDER BY at, id LIMIT 1
$$
"""
TAKE = """
CREATE FUNCTION call_take_labels() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.caused_category := call_caused_category(NEW.id);
    NEW.first_score := call_first_score(NEW.id);
    DELETE FROM call_unlabelled WHERE call_id = NEW.id;
    RETURN NEW;
END $$
"""
# Locked first, so that what is looked up for a call includes what another transaction has just added to it. One
# statement then changes and finds out what was not there: between two of them the call could come unseen.
LABEL = """
CREATE FUNCTION call_label(ids text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM call WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
    WITH labelled AS (
        UPDATE call SET caused_category = call_caused_category(id), first_score = call_first_score(id)
        WHERE id = ANY(ids) RETURNING id
    )
    INSERT INTO call_unlabelled (call_id)
    SELECT one FROM unnest(ids) AS one WHERE one NOT IN (SELECT id FROM labelled)
    ON CONFLICT DO NOTHING;
END $$
"""
OF_ROW = """
CREATE FUNCTION call_label_of_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN PERFORM call_label(ARRAY[OLD.call_id]); END IF;
    IF TG_OP <> 'DELETE' AND (TG_OP = 'INSERT' OR NEW.call_id <> OLD.call_id) THEN
        PERFORM call_label(ARRAY[NEW.call_id]);
    END IF;
    RETURN NULL;
END $$
"""
OF_ORDER = """
CREATE FUNCTION call_label_of_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ids text[] := ARRAY(SELECT call_id FROM work_order_call WHERE order_id = NEW.id AND kind = 'caused');
BEGIN
    IF ids <> '{}' THEN PERFORM call_label(ids); END IF;
    RETURN NULL;
END $$
"""
FUNCTIONS = {
    "call_caused_category(text)": CAUSED_CATEGORY,
    "call_first_score(text)": FIRST_SCORE,
    "call_take_labels()": TAKE,
    "call_label(text[])": LABEL,
    "call_label_of_row()": OF_ROW,
    "call_label_of_order()": OF_ORDER,
}
TRIGGERS = {  # name → table, when, what
    "call_take_labels": ("call", "BEFORE INSERT ON call", "call_take_labels"),
    "call_label_of_order_call": (
        "work_order_call",
        "AFTER INSERT OR UPDATE OR DELETE ON work_order_call",
        "call_label_of_row",
    ),
    "call_label_of_answer": ("survey_answer", "AFTER INSERT OR UPDATE OR DELETE ON survey_answer", "call_label_of_row"),
    "call_label_of_order": ("work_order", "AFTER UPDATE OF category ON work_order", "call_label_of_order"),
}
FILL = """
UPDATE call SET caused_category = label.category, first_score = label.score
FROM (
    SELECT coalesce(caused.call_id, rated.call_id) AS call_id, category, score
    FROM (
        SELECT DISTINCT ON (call_id) call_id, category
        FROM work_order_call JOIN work_order ON work_order.id = order_id
        WHERE kind = 'caused' ORDER BY call_id, order_id
    ) AS caused
    FULL JOIN (
        SELECT DISTINCT ON (call_id) call_id, score FROM survey_answer ORDER BY call_id, at, id
    ) AS rated ON rated.call_id = caused.call_id
) AS label
WHERE call.id = label.call_id
"""


def upgrade() -> None:
    op.create_table(
        "call_unlabelled",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_call_unlabelled")),
    )
    # nothing comes between filling and keeping; in the order in which the desk's and the journal's writers lock them
    op.execute("LOCK TABLE work_order, work_order_call, survey_answer, call IN SHARE ROW EXCLUSIVE MODE")
    op.add_column("call", sa.Column("caused_category", sa.Text(), nullable=True))
    op.add_column("call", sa.Column("first_score", sa.Integer(), nullable=True))
    for statement in FUNCTIONS.values():
        op.execute(statement)
    op.execute(FILL)
    for name, (_, when, function) in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {function}()")


def downgrade() -> None:
    for name, (table, _, _) in TRIGGERS.items():
        op.execute(f"DROP TRIGGER {name} ON {table}")
    for function in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION {function}")
    op.drop_column("call", "first_score")
    op.drop_column("call", "caused_category")
    op.drop_table("call_unlabelled")
