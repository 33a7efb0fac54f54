"""The statements of store/configuration.py. What is left out of a write (a phone's password) stays as it is."""

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('ctiserver configuration'))"

QUEUES = """
SELECT queue.*, coalesce((
    SELECT jsonb_agg(jsonb_build_object('after_s', after_ms / 1000.0) || options ORDER BY ordinal)
    FROM queue_step WHERE queue_id = queue.id
), '[]') AS steps
FROM queue ORDER BY position, id
"""
WORDS = {
    "skill": "SELECT id, name FROM skill ORDER BY id",
    "team": "SELECT id, name FROM team ORDER BY id",
}
AGENTS = """
SELECT agent.*, coalesce(
    (SELECT jsonb_object_agg(skill_id, level) FROM agent_skill WHERE agent_id = agent.id), '{}'
) AS skills
FROM agent ORDER BY number
"""
REASON_CODES = "SELECT * FROM reason_code ORDER BY position, code"
DISPOSITIONS = "SELECT * FROM disposition ORDER BY position, code"
USERS = "SELECT id, login, name, role, team_id, language, disabled_at FROM app_user ORDER BY login"

SAVE_WORD = {
    "skill": "INSERT INTO skill (id, name) VALUES (:id, cast(:name AS jsonb))"
    " ON CONFLICT (id) DO UPDATE SET name = excluded.name",
    "team": "INSERT INTO team (id, name) VALUES (:id, cast(:name AS jsonb))"
    " ON CONFLICT (id) DO UPDATE SET name = excluded.name",
}
SAVE_QUEUE = """
INSERT INTO queue (id, name, position, skills, strategy, ring_timeout_ms, wrap_up_ms, service_level_ms,
    service_level_target, short_abandon_ms, max_waiting, max_wait_ms, priority_ms, music, record, announce_agent,
    options)
VALUES (:id, cast(:name AS jsonb), :position, cast(:skills AS jsonb), :strategy, :ring_timeout_ms, :wrap_up_ms,
    :service_level_ms, :service_level_target, :short_abandon_ms, :max_waiting, :max_wait_ms, :priority_ms, :music,
    :record, :announce_agent, cast(:options AS jsonb))
ON CONFLICT (id) DO UPDATE SET name = excluded.name, position = excluded.position, skills = excluded.skills,
    strategy = excluded.strategy, ring_timeout_ms = excluded.ring_timeout_ms, wrap_up_ms = excluded.wrap_up_ms,
    service_level_ms = excluded.service_level_ms, service_level_target = excluded.service_level_target,
    short_abandon_ms = excluded.short_abandon_ms, max_waiting = excluded.max_waiting,
    max_wait_ms = excluded.max_wait_ms, priority_ms = excluded.priority_ms, music = excluded.music,
    record = excluded.record, announce_agent = excluded.announce_agent, options = excluded.options
"""
CLEAR_STEPS = "DELETE FROM queue_step WHERE queue_id = :id"
SAVE_STEP = """
INSERT INTO queue_step (queue_id, ordinal, after_ms, options) VALUES (:id, :ordinal, :after_ms, cast(:options AS jsonb))
"""
ADD_AGENT = """
INSERT INTO agent (number, name, extension, sip_password, team_id, user_id, auto_answer, webrtc, options)
VALUES (:number, :name, :extension, :secret, :team, :user_id, :auto_answer, :webrtc, cast(:options AS jsonb))
RETURNING id
"""
CHANGE_AGENT = """
UPDATE agent SET number = :number, name = :name, extension = :extension, team_id = :team, user_id = :user_id,
    auto_answer = :auto_answer, webrtc = :webrtc, options = cast(:options AS jsonb),
    sip_password = coalesce(cast(:secret AS text), sip_password),
    retired_at = CASE WHEN :retired THEN coalesce(retired_at, now()) END
WHERE id = :id
"""
ROUTING = "SELECT name, value FROM routing_option ORDER BY name"
CLEAR_ROUTING = "DELETE FROM routing_option"
SAVE_ROUTING = "INSERT INTO routing_option (name, value) VALUES (:name, cast(:value AS jsonb))"
CLEAR_AGENT_SKILLS = "DELETE FROM agent_skill WHERE agent_id = :id"
SAVE_AGENT_SKILL = "INSERT INTO agent_skill (agent_id, skill_id, level) VALUES (:id, :skill, :level)"
SAVE_REASON_CODE = """
INSERT INTO reason_code (code, presence, name, limit_ms, position)
VALUES (:code, :presence, cast(:name AS jsonb), :limit_ms, :position)
ON CONFLICT (code) DO UPDATE SET presence = excluded.presence, name = excluded.name, limit_ms = excluded.limit_ms,
    position = excluded.position
"""
SAVE_DISPOSITION = """
INSERT INTO disposition (code, name, position) VALUES (:code, cast(:name AS jsonb), :position)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, position = excluded.position
"""
ADD_USER = """
INSERT INTO app_user (login, name, role, team_id, language, password_hash)
VALUES (:login, :name, :role, :team, :language, :secret) RETURNING id
"""
CHANGE_USER = """
UPDATE app_user SET login = :login, name = :name, role = :role, team_id = :team, language = :language,
    password_hash = coalesce(cast(:secret AS text), password_hash),
    disabled_at = CASE WHEN :disabled THEN coalesce(disabled_at, now()) END
WHERE id = :id
"""
END_SESSIONS = "DELETE FROM user_session WHERE user_id = :id"
DELETE = {
    "queue": "DELETE FROM queue WHERE id = :id",
    "skill": "DELETE FROM skill WHERE id = :id",
    "team": "DELETE FROM team WHERE id = :id",
    "reason_code": "DELETE FROM reason_code WHERE code = :id",
    "disposition": "DELETE FROM disposition WHERE code = :id",
}
HISTORY = """
SELECT actor, extract(epoch FROM at)::float8 AS at, action, detail FROM audit_log
WHERE object_type = :kind AND object_id = :id AND action LIKE :kind || '.%' ORDER BY at DESC, id DESC LIMIT 100
"""
