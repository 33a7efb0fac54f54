"""Chain the audit log: each row seals the one before it, and rows can be neither changed nor removed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# What is sealed of a row; ctiserver/store/audit.py computes the same without the database's help.
SEALED = r"""
CREATE FUNCTION audit_log_sealed(entry audit_log) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws(E'\x1f', entry.id, to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        entry.actor, entry.action, entry.object_type, entry.object_id, entry.address, entry.detail::text)
$$
"""

# The number is drawn again under the lock, so that numbers and links are in the same order.
CHAIN = """
CREATE FUNCTION audit_log_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit_log'));
    NEW.id := nextval(pg_get_serial_sequence('audit_log', 'id'));
    NEW.digest := sha256(
        coalesce((SELECT digest FROM audit_log ORDER BY id DESC LIMIT 1), ''::bytea)
        || convert_to(audit_log_sealed(NEW), 'UTF8'));
    RETURN NEW;
END $$
"""

# Forgetting who a user was (user_id, not sealed) is the one change: accounts may be removed, `actor` stays readable.
KEEP = """
CREATE FUNCTION audit_log_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.user_id IS NULL AND NEW.digest = OLD.digest
        AND audit_log_sealed(NEW) = audit_log_sealed(OLD) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'audit_log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$
"""

SEAL_EXISTING = """
DO $$
DECLARE
    entry audit_log;
    link bytea := ''::bytea;
BEGIN
    FOR entry IN SELECT * FROM audit_log ORDER BY id LOOP
        link := sha256(link || convert_to(audit_log_sealed(entry), 'UTF8'));
        UPDATE audit_log SET digest = link WHERE id = entry.id;
    END LOOP;
END $$
"""


def upgrade() -> None:
    op.add_column("audit_log", sa.Column("digest", sa.LargeBinary(), nullable=True))
    op.execute(SEALED)
    op.execute(SEAL_EXISTING)
    op.alter_column("audit_log", "digest", nullable=False)
    op.execute(CHAIN)
    op.execute(KEEP)
    op.execute(
        "CREATE TRIGGER audit_log_chain BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_log_chain()"
    )
    op.execute(
        "CREATE TRIGGER audit_log_keep BEFORE UPDATE OR DELETE ON audit_log"
        " FOR EACH ROW EXECUTE FUNCTION audit_log_keep()"
    )
    op.execute(
        "CREATE TRIGGER audit_log_keep_all BEFORE TRUNCATE ON audit_log"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_log_keep()"
    )


def downgrade() -> None:
    for trigger in ("audit_log_keep_all", "audit_log_keep", "audit_log_chain"):
        op.execute(f"DROP TRIGGER {trigger} ON audit_log")
    op.execute("DROP FUNCTION audit_log_keep()")
    op.execute("DROP FUNCTION audit_log_chain()")
    op.execute("DROP FUNCTION audit_log_sealed(audit_log)")
    op.drop_column("audit_log", "digest")
