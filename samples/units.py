"""Invented places and units. None of them exists; the wording of duties and projects is our own."""

from dataclasses import dataclass
from random import Random

CITIES = ("云川市", "岚溪市", "霁州市", "澜陵市", "苍榆市", "望霖市")
DISTRICTS = ("青禾区", "棠梨区", "砚池区", "月坪县", "澄湾区", "鹿鸣县", "星桥区", "栖霖县")

PROJECT_NAMES = (
    "{year}年业务信息系统运行维护",
    "办公用房维修改造",
    "专项业务委托服务经费",
    "基层服务站点建设补助",
    "档案数字化整理",
    "年度宣传与培训经费",
    "重点工作督查评估经费",
    "老旧设备更新购置",
    "数据质量提升项目",
    "便民服务大厅运行经费",
    "应急物资储备与轮换",
    "专家咨询论证经费",
)


@dataclass(frozen=True)
class Unit:
    """A publishing unit: full name, department or unit, and the place it belongs to."""

    unit_name: str
    unit_kind: str
    region_name: str

    @property
    def self_word(self) -> str:
        """How the unit calls itself in its text."""
        return "本部门" if self.unit_kind == "department" else "本单位"

    @property
    def kind_word(self) -> str:
        """部门 or 单位, as in the title of the document."""
        return "部门" if self.unit_kind == "department" else "单位"


@dataclass(frozen=True)
class Profile:
    """What a unit does: the function section it runs on, further sections, and its duties in words."""

    unit: Unit
    section: str
    other_sections: tuple[str, ...]
    duty: str
    project_names: tuple[str, ...] = PROJECT_NAMES


# (name, kind, main section, duty)
OFFICES = (
    ("财政局", "department", "20106", "编制和执行本级预算决算，管理财政收支、国库和政府采购"),
    ("商务局", "department", "20113", "推进内外贸易发展，规范市场秩序，做好招商服务"),
    ("司法局", "department", "20406", "推进依法治理，组织普法宣传、人民调解和公共法律服务"),
    ("文化和旅游局", "department", "20701", "管理公共文化服务、文物保护和旅游促进工作"),
    ("民政局", "department", "20802", "承担社会救助、社会组织登记和基层治理工作"),
    ("生态环境局", "department", "21101", "组织环境监测、污染防治和生态保护监督"),
    ("农业农村局", "department", "21301", "指导农业生产、农产品质量安全和乡村建设"),
    ("交通运输局", "department", "21401", "负责公路养护、运输管理和交通安全"),
    ("应急管理局", "department", "22401", "统筹应急预案、安全生产监管和灾害防治"),
    ("人力资源和社会保障局", "department", "20801", "负责就业促进、社会保险和劳动关系协调"),
    ("统计调查中心", "unit", "20105", "承担统计调查、普查和数据分析的具体事务"),
    ("政务服务中心", "unit", "20103", "承担政务服务窗口管理和便民热线运行"),
    ("博物馆", "unit", "20702", "负责文物征集、保管、研究和陈列展览"),
)
OTHER_SECTIONS = ("20113", "20406", "20602", "20701", "20801", "21103", "21201", "21301", "21401", "22401")


def make_profile(rng: Random, kinds: tuple[str, ...] = ("department", "unit")) -> Profile:
    """Invent a unit of one of the given kinds with its function sections."""
    office, kind, section, duty = rng.choice([row for row in OFFICES if row[1] in kinds])
    region = rng.choice(CITIES) + rng.choice(DISTRICTS)
    others = tuple(rng.sample([other for other in OTHER_SECTIONS if other[:3] != section[:3]], 2))
    return Profile(Unit(region + office, kind, region), section, others, duty)
