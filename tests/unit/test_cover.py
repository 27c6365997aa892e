"""What a document says of itself."""

from __future__ import annotations

import pytest

from ingest.cover.cover import flattened_kinds, read_cover, with_forms, with_kinds, without_prose
from ingest.cover.unit_names import is_unit_name, region_of
from ingest.document.model import Document, TextLine
from ingest.extraction.extract import extract, titles_and_heads
from ingest.forms.recognise import recognise_forms
from ingest.outcomes import DocumentError
from tests.unit.documents import document, table


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("某项目支出绩效自评表 一级 指标 二级指标 三级指标 数量指标 次数3次 3次", {"self_evaluation"}),
        ("某项目支出绩效目标申报表 一级指标 二级指标 三级指标 数量指标 次数3次", {"target"}),
        ("请各单位于月底前报送绩效自评表。", set()),
        ("一级指标和二级指标由各单位自行设置。", set()),
    ],
)
def test_a_performance_form_printed_as_text_says_what_a_document_is(text: str, kinds: set[str]) -> None:
    assert flattened_kinds(document(text)) == kinds


@pytest.mark.parametrize(
    ("text", "doc_type", "year", "unit"),
    [
        ("甲市民政局2024年部门预算", "departmental_budget", 2024, "甲市民政局"),
        ("甲县公路管理段2018年度部门决算公开", "final_accounts", 2018, "甲县公路管理段"),
        ("甲市民政局\n2023年度\n部门决算", "final_accounts", 2023, "甲市民政局"),
        (
            "甲市乙区2025年区级部门预算\n编制部门：甲市乙区教育局",
            "departmental_budget",
            2025,
            "甲市乙区教育局",
        ),
        ("甲市民政局\n部门整体支出绩效自评报告\n（2024年度）", "performance_report", 2024, "甲市民政局"),
        ("会议纪要", None, None, None),
    ],
)
def test_title(text: str, doc_type: str | None, year: int | None, unit: str | None) -> None:
    cover = read_cover(document(text))
    assert (cover.doc_type, cover.fiscal_year, cover.unit_name) == (doc_type, year, unit)


@pytest.mark.parametrize(
    ("title", "head", "stage", "year", "unit"),
    [
        ("收支总表", "预算数", "budget", None, None),
        ("收支总表", "决算数", "final", None, None),
        ("收支总表", "金额", None, None, None),
        ("2023年收支总表", "决算数", "final", 2023, None),
        ("财政拨款收入支出决算总表", "一般公共预算财政拨款", "final", None, None),
        ("杉川县审计局2024年部门收支预算总表", "金额", "budget", 2024, "杉川县审计局"),
    ],
)
def test_a_file_that_is_nothing_but_a_form(
    title: str, head: str, stage: str | None, year: int | None, unit: str | None
) -> None:
    """The title stands in the table's first row, as spreadsheets have it."""
    rows = (
        (title, "", "", ""),
        ("单位：元", "", "", ""),
        ("收入", "", "支出", ""),
        ("项目", head, "项目", head),
        ("一、财政拨款收入", "3.00", "一、一般公共服务支出", "2.00"),
        ("二、其他收入", "", "二、住房保障支出", "1.00"),
        ("本年收入合计", "3.00", "本年支出合计", "3.00"),
    )
    found = Document("", [table(*rows)])
    cover = with_forms(read_cover(found), *titles_and_heads(recognise_forms(found, None)))
    assert (cover.stage, cover.fiscal_year, cover.unit_name) == (stage, year, unit)
    assert (cover.doc_type is None) == (cover.unit_kind is None) == (stage is None)


@pytest.mark.parametrize(
    ("text", "year", "unit"),
    [
        ("杉川县审计局2024年部门支出预算总表", 2024, "杉川县审计局"),
        ("2023年度杉川县红枫卫生院部门决算", 2023, "杉川县红枫卫生院"),
        ("2021年杉川县审计局部门决算", 2021, "杉川县审计局"),
        ("杉川县审计局2024年部门预算及“三公”经费预算公开说明", 2024, "杉川县审计局"),
        ("杉川县第二幼儿园单位预算信息\n（2025年）", 2025, "杉川县第二幼儿园"),
        ("杉川医学院2024年部门预算收支情况说明", 2024, "杉川医学院"),
        ("杉川縣審計局2024年行政經費及“三公”經費預算情況說明", 2024, "杉川縣審計局"),
        ("关于杉川县司法局2024年部门预算的公开说明", 2024, "杉川县司法局"),
        ("杉川县司法局关于公开2024年部门预算的说明", 2024, "杉川县司法局"),
        ("２０２４年度杉川县妇幼保健院单位决算公开", 2024, "杉川县妇幼保健院"),
        ("杉川县审计局二〇二四年度部门决算公开", 2024, "杉川县审计局"),
        ("杉川县审计局2024年预算公开", 2024, "杉川县审计局"),
        ("2024年部门预算公开——杉川县审计局", 2024, "杉川县审计局"),
        ("杉川县气象台2024年度部门预算信息公开情况说明", 2024, "杉川县气象台"),
        ("中共杉川县委统一战线工作部2024年度部门决算公开", 2024, "中共杉川县委统一战线工作部"),
        ("中国共产党杉川县纪律检查委员会2024年部门预算", 2024, "中国共产党杉川县纪律检查委员会"),
        ("杉川县教体局（本级）2024年单位预算公开", 2024, "杉川县教体局（本级）"),
        ("杉川县教体局（汇总）2024年部门预算公开", 2024, "杉川县教体局"),
        ("杉川县教体局2024年部门预算公开（汇总）", 2024, "杉川县教体局"),
    ],
)
def test_title_in_other_wordings(text: str, year: int, unit: str) -> None:
    cover = read_cover(document(text))
    assert (cover.title, cover.fiscal_year, cover.unit_name) == (text.split("\n")[0], year, unit)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("杉川县退役军人\n事务服务中心\n2023年度\n部门决算公开", "杉川县退役军人事务服务中心"),
        ("杉川县审计局\n2023年度部门决算公开", "杉川县审计局"),
        ("2023年度部门决算公开\n杉川县审计局\n2024年9月", "杉川县审计局"),
        ("2023年度\n杉川县审计局\n部门决算", "杉川县审计局"),
        ("监督索引号53000000000000000\n杉川县审计局2023年度部门决算", "杉川县审计局"),
        ("首页 > 公开 > 部门决算\n索引号：12/2024-006\n杉川县审计局2023年度部门决算", "杉川县审计局"),
        ("杉川县人民政府门户网站\n杉川县审计局2023年度部门决算", "杉川县审计局"),
        (
            "杉川县示范园管理委员会\n党建办公室2023年度部门决算\n第一部分 杉川县示范园管理委员会党建办公室概况",
            "杉川县示范园管理委员会党建办公室",
        ),
        ("2023年度部门决算公开\n目录\n一、部门决算情况说明", None),
    ],
)
def test_title_over_several_lines(text: str, unit: str | None) -> None:
    cover = read_cover(document(text))
    assert (cover.doc_type, cover.fiscal_year, cover.unit_name) == ("final_accounts", 2023, unit)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("杉川县水利局2024年度部门整体支出绩效评价自评报告", "杉川县水利局"),
        ("杉川县水利局2024年度项目支出绩效自评报告\n（村级供水项目）", "杉川县水利局"),
        ("杉川县水利局2024年村级供水巩固提升项目绩效自评报告", "杉川县水利局"),
        ("部门（单位）名称：杉川县水利局\n2024年度部门整体支出绩效自评报告", "杉川县水利局"),
        (
            "村级供水项目2024年度绩效自评报告\n填报单位（盖章）：杉川县水利局 填报日期：2025年3月",
            "杉川县水利局",
        ),
        ("2024年度\n一、部门概况\n杉川县水利局内设股室9个。\n二、自评结论\n三、存在的问题", "杉川县水利局"),
    ],
)
def test_performance_report(text: str, unit: str) -> None:
    cover = read_cover(document(text))
    assert (cover.doc_type, cover.stage, cover.fiscal_year, cover.unit_name) == (
        "performance_report",
        "final",
        2024,
        unit,
    )


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("杉川县林草局为县政府组成部门，下设7个股室。\n所属杉川县苗圃站为公益一类事业单位。", "杉川县林草局"),
        ("杉川县林草局（以下简称“县林草局”）是主管林草工作的行政单位。", "杉川县林草局"),
        ("根据县委批准的方案，杉川县林草局属于一级预算单位。", "杉川县林草局"),
        ("杉川县林草局2024年度，实有人数24人。", "杉川县林草局"),
        ("（一）关于杉川县林草局2024年收支预算情况的说明", "杉川县林草局"),
        ("部门：312001杉川县林草局 金额单位：万元", "杉川县林草局"),
        ("编制单位：杉川县松坪镇 单位：万元", "杉川县松坪镇"),
        ("单位名称（盖章）→杉川县林草局\n项目名称→甲", "杉川县林草局"),
        ("收入增加，主要是县人民医院下设3个院区。", None),
        ("本部门下设3个科室，办公室为综合机构。", None),
        ("一般公共预算支出为本部门支出的主要部分，行政运行是其中的机构支出。", None),
    ],
)
def test_unit_outside_the_title(text: str, unit: str | None) -> None:
    cover = read_cover(document(f"2024年部门预算公开说明\n一、部门概况\n{text}"))
    assert cover.unit_name == unit


def test_unit_on_the_cover_goes_before_the_department_in_charge() -> None:
    cover = read_cover(
        document("槐西区2024年区级单位预算\n预算主管部门：槐西区教育局\n预算单位：槐西区实验小学")
    )
    assert (cover.unit_name, cover.unit_kind) == ("槐西区实验小学", "unit")


@pytest.mark.parametrize(
    ("title", "compiler", "unit"),
    [
        ("杉川县林草局", "杉川县林草局（杉川县绿化办公室）", "杉川县林草局（杉川县绿化办公室）"),
        ("杉川县林业草原局", "杉川县林草局", "杉川县林业草原局"),
        ("杉川县林草局", "杉川县林业草原局", "杉川县林业草原局"),
    ],
)
def test_the_fullest_form_of_the_name(title: str, compiler: str, unit: str) -> None:
    cover = read_cover(document(f"{title}2024年部门预算\n编制单位：{compiler} 单位：万元"))
    assert cover.unit_name == unit


def test_stage_and_kind_follow_the_title() -> None:
    cover = read_cover(document("甲市档案馆2024年单位预算"))
    assert (cover.stage, cover.unit_kind, cover.region_name) == ("budget", "unit", "甲市")


def test_type_and_year_without_a_title() -> None:
    final = "第二部分 部门决算情况说明\n2023年度收入决算9万元，比2022年度决算多1万元，完成年初预算的104%。"
    cover = read_cover(document(final))
    assert (cover.title, cover.doc_type, cover.fiscal_year) == (None, "final_accounts", 2023)


@pytest.mark.parametrize(
    "name",
    ["甲市民政局", "乙区人民政府", "丙县第一中学", "丁市疾病预防控制中心", "共青团丙县委"],
)
def test_unit_names(name: str) -> None:
    assert is_unit_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "一般公共服务支出",
        "农贸市场",
        "村级变电站改造路段",
        "行政运行",
        "本部门办公室",
        "2024年局",
        "局",
        "甲市乙区",
        "我局下属中心",
        "其中办公室",
    ],
)
def test_other_names(name: str) -> None:
    assert not is_unit_name(name)


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("枫州市槐西区城市更新中心", "枫州市槐西区"),
        ("枫州市社区矫正局", "枫州市"),
        ("红旗区教育局", "红旗区"),
        ("杉山族自治县水务局", "杉山族自治县"),
        ("杉川县市场监督管理局", "杉川县"),
        ("中国共产党杉川县纪律检查委员会", "杉川县"),
        ("国家税务总局", None),
    ],
)
def test_region(name: str, region: str | None) -> None:
    assert region_of(name) == region


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("甲市民政局2024年部门预算", ("title", "title", "title")),
        ("甲市乙区2025年区级部门预算\n编制部门：甲市乙区教育局", ("form", "title", "title")),
        (
            "一、概况\n甲市民政局内设3个科室。\n2024年度部门决算表\n2024年度部门决算数为1万元，决算数为2万元。",
            ("text", "text", "text"),
        ),
    ],
)
def test_where_it_is_printed(text: str, printed: tuple[str, str, str]) -> None:
    cover = read_cover(document(text))
    assert (cover.unit_from, cover.fiscal_year_from, cover.stage_from) == printed


def test_a_document_of_forms_says_it_above_a_form() -> None:
    cover = without_prose(read_cover(document("甲市民政局内设3个科室。\n2024年度部门决算\n决算\n决算")))
    assert "text" not in (cover.unit_from, cover.fiscal_year_from, cover.stage_from)


def test_performance_forms_say_the_stage_where_nothing_else_does() -> None:
    nameless = read_cover(document("甲市民政局\n绩效目标"))
    assert nameless.stage is None
    assert with_kinds(nameless, ["target", "target"]).stage == "budget"
    assert with_kinds(nameless, ["self_evaluation"]).stage == "final"
    assert with_kinds(nameless, ["self_evaluation", "target"]).stage is None


@pytest.mark.parametrize(
    ("title", "unit", "kind"),
    [
        ("甲市民政局（本级）2024年度部门决算", "甲市民政局（本级）", "unit"),
        ("甲市民政局（汇总）2024年度部门决算", "甲市民政局", "department"),
        ("甲市民政局部门2024年度部门预算", "甲市民政局", "department"),
        ("甲市民政局及所属单位2024年预算公开", "甲市民政局", "department"),
    ],
)
def test_marks_behind_a_name(title: str, unit: str, kind: str) -> None:
    cover = read_cover(document(title))
    assert (cover.unit_name, cover.unit_kind) == (unit, kind)


@pytest.mark.parametrize(
    ("title", "is_departmental"),
    [
        ("甲县2023年一般公共预算公开", False),
        ("2023年甲市本级政府预算", False),
        ("甲县2019年“三公”经费支出决算情况说明", False),
        ("全县部门预算汇总公开说明", False),
        ("甲县民政局2023年“三公”经费决算情况说明", True),
        ("甲市乙区2025年区级部门预算", True),
        ("甲镇人民政府2023年部门预算", True),
    ],
)
def test_a_whole_region_is_no_department(title: str, is_departmental: bool) -> None:
    assert read_cover(document(title)).is_departmental == is_departmental


def test_the_year_is_not_that_of_a_comparison() -> None:
    text = "收支说明\n2024年收入预算数9万元，比2025年预算数多，比2025年预算数少，比2025年预算数多。"
    assert read_cover(document(text)).fiscal_year == 2024
    other = "收支说明\n2024年收入9万元，较2023年增加。支出9万元，较2023年减少，与2023年相比，比2023年多。"
    assert read_cover(document(other)).fiscal_year == 2024


def test_the_head_of_each_page_is_a_title() -> None:
    """A first page that is a picture prints no title."""
    lines = [
        TextLine(text, f"p{page}l{number}", page)
        for page in (2, 3, 4)
        for number, text in enumerate(("第一部分", "甲市民政局2024年部门预算", f"第{page}段。"))
    ]
    cover = read_cover(Document("application/pdf", list(lines), 4))
    assert (cover.unit_name, cover.fiscal_year, cover.stage, cover.unit_from) == (
        "甲市民政局", 2024, "budget", "title"
    )  # fmt: skip


def test_a_page_says_its_title_in_its_data_sheet() -> None:
    cover = read_cover(
        document("索引号： | 0001 |\n名称： | 杉川县交通局2021年度部门决算情况说明 | |\n一、部门基本情况")
    )
    assert (cover.unit_name, cover.fiscal_year, cover.doc_type) == ("杉川县交通局", 2021, "final_accounts")
    other = read_cover(document("名称： | 杉川县交通局道路养护办法 | |\n一、总则"))
    assert (other.unit_name, other.doc_type) == (None, None)


def test_the_accounts_of_a_government_are_not_those_of_a_department() -> None:
    assert not read_cover(document("2022年杉川县人民政府决算公开")).is_departmental
    assert read_cover(document("2022年杉川县红枫镇人民政府决算公开")).is_departmental
    assert read_cover(document("杉川县人民政府2022年部门决算公开")).is_departmental


def test_headings_alone_say_of_what_account_a_text_is() -> None:
    cover = read_cover(document("第一部分 杉川县审计局概况\n第二部分 杉川县审计局2019年度部门决算表"))
    assert (cover.doc_type, cover.fiscal_year, cover.unit_name) == ("final_accounts", 2019, "杉川县审计局")
    both = "第一部分 杉川县审计局概况\n第二部分 2019年度部门决算表\n第三部分 2020年度部门预算表"
    assert read_cover(document(both)).doc_type is None


def test_an_own_office_in_the_title_is_a_unit() -> None:
    cover = read_cover(document("杉川县财政局本级部门决算公开说明"))
    assert (cover.unit_name, cover.unit_kind) == ("杉川县财政局本级", "unit")


@pytest.mark.parametrize(
    "text", ["第一部分 杉川县财政局部门单位概况", "红枫乡人民政府作为一级政府，履行政府职能。"]
)
def test_a_profile_names_the_unit(text: str) -> None:
    assert read_cover(document(text)).unit_name in ("杉川县财政局", "红枫乡人民政府")


def test_a_part_of_a_disclosure_is_read_though_nothing_says_of_which() -> None:
    text = "2022年，“三公”经费29万元，其中：因公出国（境）费1万元，公务接待费28万元。"
    assert extract(text.encode()).cover.doc_type is None
    with pytest.raises(DocumentError):
        extract("2022年，“三公”经费29万元，会议室2间，租金28万元。".encode())


def test_navigation_above_the_title_is_no_part_of_the_name() -> None:
    navigation = (
        "政府信息公开\n• [ 索引号 ]\n• 11500000000000000K/2021-01\n• 财政、金融、审计\n• 财政\n主动公开\n"
    )
    sheet = "• [ 发布机构 ]\n• 枫县人民政府\n• [ 主题分类 ]\n• 财政\n• [ 体裁分类 ]\n• 财政\n• [ 有效性 ]\n"
    title = "吉林省长春市槐西办事处2022年单位预算\n"
    for above in (navigation, navigation + sheet, "【预算公开】"):
        cover = read_cover(document(above + title + "目录\n一、单位概况"))
        assert (cover.unit_name, cover.fiscal_year) == ("吉林省长春市槐西办事处", 2022)


def test_the_government_of_a_web_site_is_not_the_unit() -> None:
    text = "杉川县人民政府\n首页 政务公开 互动交流\n2021年部门预算公开\n第一部分 杉川县审计局概况\n第二部分 杉川县审计局2021年部门预算表"
    assert read_cover(document(text)).unit_name == "杉川县审计局"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("杉川县审计局\n2017年部门决算编制说明\n一、基本职能", "杉川县审计局"),
        ("杉川县审计局2017年部门决算编制说明\n一、基本职能", "杉川县审计局"),
        ("第一部分杉川县审计局\n概述\n杉川县审计局的主要职责是：开展审计。", "杉川县审计局"),
        ("一、主要职责\n杉川县审计局主要职责如下：", "杉川县审计局"),
        ("二、决算单位构成\n本部门决算单位为本级杉川县审计局", "杉川县审计局"),
    ],
)
def test_a_text_that_begins_with_its_contents(text: str, unit: str) -> None:
    contents = "目录\n第一部分 2017年部门决算编制说明\n第二部分 2017年部门决算报表\n表1. 收入支出决算总表\n"
    cover = read_cover(document(contents + text))
    assert (cover.unit_name, cover.fiscal_year) == (unit, 2017)


@pytest.mark.parametrize(
    ("title", "unit", "kind"),
    [
        ("XX部门杉川县第二小学2019年度部门决算公开", "杉川县第二小学", "department"),
        ("2022年杉川县水利局系统汇总部门预算公开", "杉川县水利局", "department"),
        ("2022年杉川縣水利局系統匯總部門預算公開", "杉川縣水利局", "department"),
        ("杉川县水利局2021年预算公开目录及部门预算编制说明", "杉川县水利局", "department"),
    ],
)
def test_what_stands_around_a_name_in_a_title(title: str, unit: str, kind: str) -> None:
    cover = read_cover(document(title))
    assert (cover.unit_name, cover.unit_kind) == (unit, kind)


def test_a_form_of_performance_has_its_own_year_and_not_the_day_of_filling_in() -> None:
    text = "2021年度财政项目绩效自评表单位名称：杉川县人民医院填报日期：2022年3月18日项目名称甲二级指标三级指标10分\n2022年3月20日"
    cover = read_cover(document(text))
    assert (cover.unit_name, cover.fiscal_year) == ("杉川县人民医院", 2021)
    assert flattened_kinds(document(text)) == {"self_evaluation"}


@pytest.mark.parametrize(
    "text",
    [
        "首页\n政务公开\n互动\n搜索\n登录\n杉川县政府2023年政府决算公开\n目录\n一、政府决算报告",
        "经杉川县财政局汇总，2025年行政单位和事业单位安排“三公”经费预算总额为9万元，部门预算另行公开。",
        "近日，多所学校陆续公布2021年部门决算数据，甲大学的决算总收入为9亿元，决算支出为8亿元，决算公开。",
        "某网7月18日电 教育部门2021年部门预算为9亿元，比上年增加1亿元。",
        "数据显示，教育部门2021年度部门决算今天公布，部门决算为9亿元，比上年增加1亿元。",
        "今日，教育部门发布关于2021年部门预算情况说明，部门预算为9亿元，比上年增加1亿元。",
        "记者从教育部门了解到，2021年部门预算为9亿元，部门预算比上年增加1亿元，部门预算公开。",
    ],
)
def test_summaries_of_regions_and_press_reports_are_not_departmental(text: str) -> None:
    assert not read_cover(document(text)).is_departmental


@pytest.mark.parametrize(
    ("text", "is_disclosure"),
    [
        ("杉川县审计局2023年度部门决算\n目录\n一、收入支出决算总表\n二、收入决算表\n三、支出决算表\n", True),
        ("杉川县审计局（本级）2023年度决算公开说明\n一、单位基本情况\n（一）职能职责\n负责审计；", True),
        ("杉川县审计局2023年部门预算\n杉川县司法局2023年部门预算\n杉川县水利局2023年部门预算\n", False),
        ("杉川县审计局2023年部门预算情况说明\n详情见附件\n", False),
    ],
)
def test_the_beginning_of_a_disclosure_is_told_from_a_page_of_links(text: str, is_disclosure: bool) -> None:
    if is_disclosure:
        assert extract(text.encode()).cover.unit_name is not None
    else:
        with pytest.raises(DocumentError):
            extract(text.encode())


@pytest.mark.parametrize(
    ("text", "unit", "kind"),
    [
        ("2、杉川县审计局2021年度部门决算（本级）.pdf", "杉川县审计局（本级）", "unit"),
        ("杉川县审计局（县本级）2021年度部门决算", "杉川县审计局（县本级）", "unit"),
        ("2021年度杉川县审计局部门决算 | ||||", "杉川县审计局", "department"),
        ("关于杉川县审计局财政拨款“三公”经费2021年预算情况的说明", "杉川县审计局", "department"),
        ("杉川县幼儿园北校区2021年预算公开目录", "杉川县幼儿园北校区", "department"),
    ],
)
def test_titles_as_converters_leave_them(text: str, unit: str, kind: str) -> None:
    cover = read_cover(document(text))
    assert (cover.unit_name, cover.fiscal_year, cover.unit_kind) == (unit, 2021, kind)


def test_a_common_noun_is_a_name_behind_its_region() -> None:
    title = "财政局部门2022年度部门决算\n一、主要职责\n"
    assert read_cover(document(title + "来源：云南省财政局")).unit_name == "云南省财政局"
    assert read_cover(document(title + "贯彻方针政策。")).unit_name is None
    assert read_cover(document(title + "云南省财政局指导四川省财政局。")).unit_name is None


def test_a_sentence_says_whose_accounts_these_are() -> None:
    text = "一、部门基本情况\n（一）主要职能\n负责审计。\n杉川县审计局2014年度部门决算包括4家预算单位。"
    cover = extract(text.encode()).cover
    assert (cover.unit_name, cover.fiscal_year, cover.stage) == ("杉川县审计局", 2014, "final")
    assert read_cover(document("第一部分 杉川县审计局部门（单位）概况")).unit_name == "杉川县审计局"
