"""Sample data of the development stub: a water company's hotline that exists nowhere else."""

from __future__ import annotations

import random
import time
from typing import Any

Json = dict[str, Any]

QUEUES = {
    "service": {"zh-CN": "综合服务", "en": "General service"},
    "repairs": {"zh-CN": "报修抢修", "en": "Repairs"},
    "bills": {"zh-CN": "账单水费", "en": "Bills"},
    "english": {"zh-CN": "英语专席", "en": "English line"},
}
AGENT_NAMES = [
    "王芳",
    "李娜",
    "张伟",
    "刘洋",
    "陈静",
    "杨磊",
    "赵敏",
    "黄丽",
    "周强",
    "吴霞",
    "徐明",
    "孙燕",
    "马超",
    "朱琳",
]
REASONS = [
    {"code": "lunch", "presence": "break", "name": {"zh-CN": "用餐", "en": "Lunch"}, "limit_s": 1800},
    {"code": "short_break", "presence": "break", "name": {"zh-CN": "小休", "en": "Short break"}, "limit_s": 600},
    {"code": "meeting", "presence": "break", "name": {"zh-CN": "会议", "en": "Meeting"}, "limit_s": None},
    {"code": "training", "presence": "training", "name": {"zh-CN": "业务培训", "en": "Training"}, "limit_s": None},
]
DISPOSITIONS = [
    {"code": "enquiry", "name": {"zh-CN": "咨询", "en": "Enquiry"}},
    {"code": "repair", "name": {"zh-CN": "报修", "en": "Repair"}},
    {"code": "complaint", "name": {"zh-CN": "投诉", "en": "Complaint"}},
    {"code": "bill", "name": {"zh-CN": "账单查询", "en": "Bill enquiry"}},
    {"code": "nuisance", "name": {"zh-CN": "骚扰电话", "en": "Nuisance call"}},
]
REFERENCE: Json = {
    "queues": [{"id": id_, "name": name} for id_, name in QUEUES.items()],
    "skills": {},
    "teams": {
        "service_1": {"zh-CN": "客服一组", "en": "Service team 1"},
        "service_2": {"zh-CN": "客服二组", "en": "Service team 2"},
    },
    "reason_codes": REASONS,
    "dispositions": DISPOSITIONS,
    "lines": {"96116": "供水热线"},
    # main_menu has no title: its name stands there
    "nodes": {
        "main": {
            "welcome": {"zh-CN": "欢迎语", "en": "Greeting"},
            "repairs_menu": {"zh-CN": "报修菜单", "en": "Repairs menu"},
            "ask_account": {"zh-CN": "输入户号", "en": "Account number"},
        }
    },
}
CARD: Json = {
    "id": 7,
    "name": "林晓雯",
    "customer_number": "20310457",
    "meter_number": "WM-0088213",
    "address": "西城区 荷花里小区 3 号楼 2 单元 501 室",
    "tags": ["vip", "complaint"],
    "notes": "独居老人家属代办，来电请先核对户号后四位；上门维修需提前 30 分钟电话联系。",
}
BILLING: Json = {
    "source": "billing",
    "title": {"zh-CN": "水费", "en": "Water bill"},
    "state": "ok",
    "rows": [
        {"label": {"zh-CN": "欠费", "en": "Owed"}, "value": "128.5", "form": "money", "alert": True},
        {"label": {"zh-CN": "上期用水", "en": "Last use"}, "value": "14 m³"},
    ],
}
STATES = ["talking", "talking", "ready", "talking", "wrap_up", "ready", "break", "ringing", "talking", "training"]


def pop_of(kind: str, agent_id: int, call_id: str) -> Json:
    """`kind`: known, several, unknown or anonymous."""
    now = time.time()
    known = kind == "known"
    contacts = [
        {"call_id": "old-1", "at": now - 3 * 86400, "agent_name": "李娜", "disposition": "repair"},
        {"call_id": "old-2", "at": now - 41 * 86400, "agent_name": "张伟", "disposition": "bill"},
        {"call_id": "old-3", "at": now - 200 * 86400, "outcome": "abandoned"},
    ]
    return {
        "call_id": call_id,
        "offer_id": f"{call_id}-a1",
        "agent_id": agent_id,
        "state": "ringing",
        "since": now,
        "dialled": "96116",
        "queue_id": "repairs",
        "waited_s": 47.0,
        "caller_number": "" if kind == "anonymous" else "13800138021",
        "caller_name": "" if kind == "anonymous" else "林晓雯" if known else "13800138021",
        "region": {} if kind == "anonymous" else {"zh-CN": "北京市", "en": "Beijing"},
        "identified": "done",
        "outside": [BILLING] if known else [],
        "matches": {"known": 1, "several": 2}.get(kind, 0),
        "customer": CARD if known else None,
        "path": [
            {"flow": "main", "node": node, "at": now - 60}
            for node in ("welcome", "main_menu", "repairs_menu", "ask_account")
        ],
        "entered": [{"name": "choice", "value": "2"}, {"name": "account", "value": "20310457"}],
        "last_contacts": contacts if known else [],
    }


def agent_view(id_: int, now: float, rng: random.Random) -> Json:
    state = STATES[id_ % len(STATES)]
    activity = state if state in ("talking", "wrap_up", "ringing") else "idle"
    return {
        "id": id_,
        "number": str(1000 + id_),
        "name": AGENT_NAMES[(id_ - 1) % len(AGENT_NAMES)],
        "extension": str(1000 + id_),
        "team": f"service_{1 + id_ % 2}",
        "skills": {"service": 5, "repairs": 1 + id_ % 9},
        "presence": state if state in ("break", "training") else "ready",
        "reason": "lunch" if state == "break" else "",
        "presence_since": now - rng.randint(60, 4000),
        "pending_presence": None,
        "activity": activity,
        "activity_since": now - rng.randint(4, 400),
        "phone": "reachable",
        "call_id": "",
        "queue_id": "",
        "wrap_up_until": now + 20 if activity == "wrap_up" else None,
        "answered_today": rng.randint(12, 48),
        "missed_today": rng.randint(0, 3),
        "talk_s_today": float(rng.randint(1800, 9000)),
    }


def queue_view(id_: str, now: float, rng: random.Random) -> Json:
    answered, abandoned = rng.randint(60, 240), rng.randint(2, 14)
    waiting = {"repairs": 3, "service": 1}.get(id_, 0)
    return {
        "id": id_,
        "name": QUEUES[id_],
        "waiting": waiting,
        "longest_wait_since": now - rng.randint(5, 34) if waiting else None,
        "offered": answered + abandoned,
        "answered": answered,
        "abandoned": abandoned,
        "abandoned_short": 1,
        "overflowed": 0,
        "answered_within": int(answered * 0.85),
        "abandoned_within": 1,
        "service_level": rng.choice([0.94, 0.87, 0.78, 0.71]),
        "service_level_s": 20.0,
        "service_level_target": 0.8,
        "average_answer_s": 11.0,
        "agents_signed_in": rng.randint(4, 12),
        "agents_ready": 0 if waiting else rng.randint(1, 3),
        "expected_wait_s": 40.0 if waiting else None,
        "agents_needed": 8,
        "agents_needed_next_hour": 10,
    }


def live_call(number: int, now: float, rng: random.Random) -> Json:
    phase = rng.choice(["menu", "waiting", "ringing", "talking", "talking", "talking"])
    return {
        "id": f"c{number}",
        "dialled": "96116",
        "caller_number": f"138001380{rng.randint(10, 99)}",
        "caller_name": "",
        "customer_name": rng.choice(["", "何建国", "林晓雯", "郭秀英"]),
        "phase": phase,
        "phase_since": now - rng.randint(1, 200),
        "started_at": now - rng.randint(200, 500),
        "flow": "main" if phase == "menu" else "",
        "node": "repairs_menu" if phase == "menu" else "",
        "queue_id": "" if phase == "menu" else rng.choice(list(QUEUES)),
        "queued_at": None,
        "position": 2 if phase == "waiting" else None,
        "agent_id": rng.randint(2, 14) if phase in ("ringing", "talking") else None,
        "held": False,
        "direction": "inbound",
        "held_by": [],
        "agent_muted": False,
        "caller_muted": False,
        "caller_present": True,
        "priority_s": 0.0,
        "parties": [],
        "consult": None,
        "recording": "on" if phase == "talking" else "off",
        "recording_paused_at": None,
        "transfer_to": "",
    }


def totals_view(agents: list[Json], queues: list[Json], calls: list[Json], now: float, rng: random.Random) -> Json:
    counts = dict.fromkeys(
        ("ready", "talking", "ringing", "wrap_up", "break", "training", "signed_out", "unreachable"), 0
    )
    for agent in agents:
        idle = agent["activity"] == "idle"
        counts[agent["presence"] if idle else agent["activity"]] += 1
    answered, abandoned = (sum(queue[key] for queue in queues) for key in ("answered", "abandoned"))
    start = int(now // 300) * 300
    traffic: list[Json] = []
    for slot in range(24):
        offered = rng.randint(8, 26) if slot < 23 else 5
        lost = rng.randint(0, 3)
        traffic.append(
            {"at": start - (23 - slot) * 300, "offered": offered, "answered": offered - lost, "abandoned": lost}
        )
    return {
        "waiting": sum(queue["waiting"] for queue in queues),
        "longest_wait_since": min(
            (queue["longest_wait_since"] for queue in queues if queue["longest_wait_since"]), default=None
        ),
        "live_calls": len(calls),
        "offered": answered + abandoned,
        "answered": answered,
        "abandoned": abandoned,
        "service_level": 0.843,
        "average_answer_s": 12.4,
        "agents": counts,
        "traffic": traffic,
    }


def call_row(number: int, now: float, rng: random.Random) -> Json:
    answered = number % 5 != 3
    talk_ms = rng.randint(20_000, 400_000) if answered else 0
    started = now - number * 640 - 300
    waited_ms = rng.randint(2_000, 60_000)
    return {
        "id": f"r{number}",
        "started_at": started,
        "ended_at": started + (waited_ms + talk_ms) / 1000 + 24,
        "dialled": "96116",
        "caller_number": f"138001380{rng.randint(10, 59)}",
        "caller_name": "",
        "customer": {"id": 7, "name": rng.choice(["林晓雯", "何建国", "郭秀英"])} if number % 3 else None,
        "queue_id": rng.choice(list(QUEUES)),
        "agent": {"id": 1, "number": "1001", "name": "王芳"} if answered else None,
        "outcome": "answered" if answered else "abandoned",
        "ended_by": rng.choice(["caller", "agent"]) if answered else "caller",
        "waited_ms": waited_ms,
        "ring_ms": 4_000 if answered else 0,
        "talk_ms": talk_ms,
        "hold_ms": 0,
        "disposition": rng.choice(DISPOSITIONS)["code"] if answered else "",
        "recordings": [{"id": f"rec{number}", "duration_ms": talk_ms}] if answered else [],
    }


def call_details(row: Json) -> Json:
    at = row["started_at"]
    spans = [("ivr", 18.0, "main"), ("queue", row["waited_ms"] / 1000, row["queue_id"])]
    if row["agent"]:
        spans += [("ring", 4.0, "1001"), ("talk", row["talk_ms"] / 1000, "1001"), ("wrap_up", 14.0, "1001")]
    segments: list[Json] = []
    for kind, seconds, detail in spans:
        segment: Json = {"kind": kind, "started_at": at, "ended_at": at + seconds, "detail": detail}
        segment |= {"queue_id": row["queue_id"], "outcome": "answered" if kind == "queue" else ""}
        segments.append(segment | {"agent": row["agent"] if kind in ("ring", "talk", "wrap_up") else None})
        if kind == "talk":
            segments.append({"kind": "hold", "started_at": at + 5, "ended_at": at + 9, "detail": ""})
            segments.append({"kind": "pause", "started_at": at + 11, "ended_at": at + 14, "detail": ""})
        at += seconds
    who = {"id": 3, "number": "1003", "name": "张伟"}
    offers: list[Json] = [
        {
            "agent": who,
            "started_at": row["started_at"] + 20,
            "ended_at": row["started_at"] + 30,
            "outcome": "refused",
            "cause": "no_answer",
            "why": "longest idle: 214 s",
        }
    ]
    recordings = [
        {
            "id": recording["id"],
            "call_id": row["id"],
            "started_at": row["started_at"] + 22 + row["waited_ms"] / 1000,
            "duration_ms": recording["duration_ms"],
            "size_bytes": 2_400_000,
            "status": "stored",
            "agent": row["agent"],
            "queue_id": row["queue_id"],
            "caller_number": row["caller_number"],
        }
        for recording in row["recordings"]
    ]
    path = [
        {"flow": "main", "node": node, "at": row["started_at"] + index * 6}
        for index, node in enumerate(("welcome", "main_menu", "ask_account"))
    ]
    inputs = [{"variable": "account", "value": "20310457", "at": row["started_at"] + 15}]
    transfers = [
        {
            "kind": "consult",
            "started_at": at - 24,
            "ended_at": at - 15,
            "by": row["agent"],
            "target_kind": "agent",
            "target": "1003",
            "outcome": "returned",
            "reason": "",
        }
    ]
    return {
        **row,
        "segments": segments,
        "offers": offers,
        "path": path,
        "inputs": inputs,
        "recordings": recordings,
        "direction": "inbound",
        "note": "阀门井漏水，已转维修班。",
        "wrap_up_ms": 14_000,
        "transfers": transfers if row["agent"] else [],
    }


def _candidate(number: int, obstacle: str, level: int) -> Json:
    return {
        "agent_id": number,
        "number": f"10{number:02d}",
        "name": AGENT_NAMES[number - 1],
        "level": level,
        "obstacle": obstacle,
    }


EXPLANATION: Json = {
    "outcome": "waiting",
    "queue_id": "repairs",
    "position": 2,
    "step": 1,
    "wanted": "repairs >= 3 and service",
    "groups": ["service_1"],
    "next_step_at": None,
    "expected_wait_s": 48.0,
    "expected_wait_p90_s": 130.0,
    "agents": [],
    "candidates": [_candidate(3, "talking", 9), _candidate(5, "wrap_up", 7), _candidate(7, "on_break", 5)],
    "obstacles": [{"obstacle": "talking", "agents": 1}, {"obstacle": "wrap_up", "agents": 1}],
    "missing": [{"obstacle": "lacks_skill", "agents": 8}, {"obstacle": "wrong_group", "agents": 3}],
}


def decisions(now: float) -> list[Json]:
    agent = {"id": 3, "number": "1003", "name": AGENT_NAMES[2]}
    why = {"strategy": "longest_idle", "step": 0, "waited_s": 12.4, "score_s": 12.4, "idle_s": 214.0, "level": 9}
    base = {"agent": agent, "queue_id": "repairs", "params": {}, "reason": ""}
    return [
        {**base, "at": now - 40, "decision": "offered", "params": {**why, "last_agent": False}},
        {**base, "at": now - 20, "decision": "refused", "reason": "no_answer"},
    ]
