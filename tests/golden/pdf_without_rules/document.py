"""Tables without any rule: one whose heads and figures stand below each other, and one whose figures could be of two columns."""

from tests.golden.draw import Grid, Line
from tests.golden.draw import draw as draw_pages


def draw() -> bytes:
    return draw_pages(
        (
            (
                Line("南屏区林业局2024年部门预算", "center", 20),
                Line("部门支出总表", "center", 14),
                Line("单位：万元", "right"),
                Grid(
                    (
                        ("科目编码", "科目名称", "合计", "基本支出", "项目支出"),
                        ("213", "农林水支出", "1,500.00", "1,300.00", "200.00"),
                        ("21302", "林业和草原", "1,500.00", "1,300.00", "200.00"),
                        ("2130201", "行政运行", "1,300.00", "1,300.00", ""),
                        ("2130205", "森林资源培育", "200.00", "", "200.00"),
                        ("合计", "", "1,500.00", "1,300.00", "200.00"),
                    ),
                    (80.0, 200.0, 80.0, 80.0, 80.0),
                    columns=False,
                    levels=False,
                ),
            ),
            (
                Line("部门收入总表", "center", 14),
                Line("单位：万元", "right"),
                Line("项目           合计        财政拨款"),
                Line("一、财政拨款收入  1,500.00   1,500.00"),
                Line("二、事业收入         20.00    20.00"),
                Line("收入合计    1,520.00    1,500.00"),
            ),
        )
    )
