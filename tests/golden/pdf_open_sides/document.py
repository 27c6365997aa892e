"""A table without outer vertical rules: its first and last columns are open."""

from tests.golden.draw import Grid, Line
from tests.golden.draw import draw as draw_pages


def draw() -> bytes:
    return draw_pages(
        (
            (
                Line("东湾区住房和建设局2024年部门预算", "center", 20),
                Line("部门支出总表", "center", 14),
                Line("单位：万元", "right"),
                Grid(
                    (
                        ("科目编码", "科目名称", "合计", "基本支出", "项目支出"),
                        ("212", "城乡社区支出", "500.00", "300.00", "200.00"),
                        ("21201", "城乡社区管理事务", "500.00", "300.00", "200.00"),
                        ("2120101", "行政运行", "300.00", "300.00", ""),
                        ("2120106", "工程建设管理", "200.00", "", "200.00"),
                        ("合计", "<", "500.00", "300.00", "200.00"),
                    ),
                    (80.0, 180.0, 80.0, 80.0, 80.0),
                    sides=False,
                ),
            ),
        )
    )
