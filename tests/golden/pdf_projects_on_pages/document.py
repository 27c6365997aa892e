"""A form of projects over two pages: the functions' cells are merged over their projects, a project's name is cut."""

from tests.golden.draw import Grid, Line
from tests.golden.draw import draw as draw_pages

_HEAD = (
    ("功能分类科目", "<", "项目名称", "合计", "其中：", "<"),
    ("科目编码", "科目名称", "^", "^", "一般公共预算", "政府性基金预算"),
)
_WIDTHS = (60.0, 120.0, 130.0, 60.0, 60.0, 60.0)


def draw() -> bytes:
    return draw_pages(
        (
            (
                Line("霁州市栖霖县应急管理局2025年部门预算", "center", 20),
                Line("部门预算项目支出表", "center", 14),
                Line("单位：万元", "right"),
                Grid(
                    (
                        *_HEAD,
                        ("合计", "<", "<", "96.00", "90.00", "6.00"),
                        ("2240106", "安全监管", "企业安全巡查", "40.00", "40.00", ""),
                        ("^", "^", "应急演练", "10.00", "10.00", "0.00"),
                        ("2240109", "应急管理", "救灾物资储备与", "30.00", "30.00", ""),
                    ),
                    _WIDTHS,
                    head=2,
                ),
            ),
            (
                Grid(
                    (
                        *_HEAD,
                        ("", "", "轮换", "", "", ""),
                        ("", "", "值守系统运行", "10.00", "10.00", ""),
                        ("2299999", "其他支出", "避难场所标识", "6.00", "", "6.00"),
                    ),
                    _WIDTHS,
                    head=2,
                ),
            ),
        )
    )
