"""The words of the demo's desk: units, categories, what callers report, articles, a script, a score sheet."""

from __future__ import annotations

from typing import Any, Final

UNITS: Final = (
    ("repairs", "unit", "抢修中心", "Repairs", ""),
    ("repairs_east", "crew", "抢修东片班", "Repair crew east", "repairs"),
    ("repairs_west", "crew", "抢修西片班", "Repair crew west", "repairs"),
    ("meters", "unit", "抄表所", "Meter reading", ""),
    ("billing", "unit", "营业所", "Billing office", ""),
    ("quality", "unit", "水质监测站", "Water quality", ""),
)
UNIT_AREAS: Final[dict[str, tuple[str, ...]]] = {"repairs_east": ("CD", "GX"), "repairs_west": ("CX", "BJ")}
UNIT_PHONES: Final[dict[str, str]] = {
    "repairs": "13900000100", "repairs_east": "13900000101", "repairs_west": "13900000102", "meters": "13900000103",
    "billing": "13900000104", "quality": "13900000105",
}  # fmt: skip
CATEGORIES: Final = (
    ("repair", "报修", "Repair", "high", "repairs"),
    ("repair.leak", "漏水", "Leak", "high", "repairs"),
    ("repair.leak.main", "主管爆管", "Burst main", "critical", "repairs"),
    ("repair.leak.indoor", "户内漏水", "Indoor leak", "normal", "repairs"),
    ("repair.none", "无水", "No water", "high", "repairs"),
    ("repair.pressure", "水压低", "Low pressure", "normal", "repairs"),
    ("repair.meter", "水表故障", "Meter fault", "normal", "meters"),
    ("complaint", "投诉", "Complaint", "normal", "billing"),
    ("complaint.quality", "水质", "Water quality", "high", "quality"),
    ("complaint.bill", "水费", "Bill", "normal", "billing"),
    ("complaint.service", "服务态度", "Service", "normal", "billing"),
    ("inquiry", "咨询", "Inquiry", "low", "billing"),
    ("inquiry.move", "过户与报停", "Moving and closing", "low", "billing"),
    ("suggestion", "建议", "Suggestion", "low", "billing"),
    ("praise", "表扬", "Praise", "low", ""),
)
FIELDS: Final[dict[str, list[dict[str, Any]]]] = {
    "repair.leak": [
        {
            "name": "place",
            "label": {"zh-CN": "漏水位置", "en": "Where"},
            "kind": "choice",
            "choices": ["户内", "楼道", "表井", "路面"],
            "required": False,
        },
        {
            "name": "pipe_mm",
            "label": {"zh-CN": "管径（毫米）", "en": "Pipe (mm)"},
            "kind": "number",
            "least": 10,
            "most": 2000,
        },
        {"name": "valve_shut", "label": {"zh-CN": "已关闸", "en": "Valve shut"}, "kind": "boolean"},
    ],
    "repair.meter": [
        {"name": "reading", "label": {"zh-CN": "表上读数", "en": "Reading"}, "kind": "number", "least": 0},
        {"name": "seen_on", "label": {"zh-CN": "发现日期", "en": "Noticed on"}, "kind": "date"},
    ],
    "complaint.quality": [
        {
            "name": "signs",
            "label": {"zh-CN": "现象", "en": "Signs"},
            "kind": "choices",
            "choices": ["发黄", "发白", "有异味", "有杂质"],
        },
    ],
}
LEAKS: Final = (
    ("楼道水管漏水", "repair.leak"),
    ("家中无水", "repair.none"),
    ("水压低，热水器打不着火", "repair.pressure"),
    ("水表井冒水", "repair.leak"),
    ("户内阀门漏水", "repair.leak.indoor"),
    ("水表不走字", "repair.meter"),
)
COMPLAINTS: Final = (
    ("自来水发黄", "complaint.quality"),
    ("本月水费异常偏高", "complaint.bill"),
    ("抄表员态度不好", "complaint.service"),
    ("水有异味", "complaint.quality"),
)
ARTICLES: Final = (
    ("水费如何计算", "水费", ("complaint.bill", "inquiry"),
     "居民用水实行阶梯水价，每户每年：第一阶梯 180 立方米以内，第二阶梯至 260 立方米，第三阶梯以上。"),
    ("水费异常偏高怎么办", "水费", ("complaint.bill",),
     "先请用户关闭所有用水点，看水表是否仍走动。走动：户内可能漏水，派查漏；不走动：核对抄表读数。"),
    ("停水后水发黄的处理", "水质", ("complaint.quality", "repair.none"),
     "恢复供水初期管道内铁锈被冲起，放水几分钟即可变清。超过半小时仍发黄，登记水质工单并取样。"),
    ("爆管报修受理要点", "报修", ("repair.leak.main",),
     "问清地点、水量、是否影响交通和供电。选特急，立即送派并通知值班主任，同片区来电并入主单。"),
    ("家中无水先问什么", "报修", ("repair.none",),
     "是否整栋楼无水；是否欠费停水；户内总阀是否打开；公告内是否有停水通知。"),
    ("水压低的常见原因", "报修", ("repair.pressure",),
     "高峰用水、加压泵故障、户内滤网堵塞、阀门未全开。仅热水压力低多为热水器滤网堵塞。"),
    ("过户需要的材料", "业务", ("inquiry.move",), "产权证明、双方身份证件、水费结清证明。可在营业所或网上办理。"),
    ("报停与复装", "业务", ("inquiry.move",), "报停须结清水费；停用六个月以上复装需重新检漏。"),
    ("水表故障的判断", "报修", ("repair.meter",), "不走字、倒转、读数跳变均登记水表故障，抄表所两个工作日内上门。"),
    ("服务承诺与时限", "制度", (), "抢修三十分钟响应，两小时到场；投诉五个工作日答复；两个工作日内回访。"),
)  # fmt: skip
SCRIPT: Final[tuple[dict[str, Any], ...]] = (
    {"say": "您好，请问漏水的位置在户内还是户外？", "answers": {"户内": 1, "户外": 2}},
    {"say": "请先关闭户内总阀，我为您登记上门维修。", "hint": "登记户内漏水", "answers": {}},
    {"say": "请问水量大吗，是否影响通行？", "answers": {"大": 3, "不大": 4}},
    {"say": "已为您登记特急抢修，抢修人员一小时内到场。", "hint": "主管爆管，查是否已有主单", "answers": {}},
    {"say": "已为您登记，抢修人员两小时内到场。", "answers": {}},
)
CRITERIA: Final[tuple[dict[str, Any], ...]] = (
    {"id": "greeting", "name": {"zh-CN": "开场与结束语", "en": "Greeting"}, "points": 10},
    {"id": "listening", "name": {"zh-CN": "倾听与确认", "en": "Listening"}, "points": 20},
    {"id": "solution", "name": {"zh-CN": "解答准确", "en": "Right answer"}, "points": 40},
    {"id": "record", "name": {"zh-CN": "工单填写", "en": "Record"}, "points": 20},
    {"id": "privacy", "name": {"zh-CN": "泄露用户信息", "en": "Privacy"}, "points": 10, "fatal": True},
)
