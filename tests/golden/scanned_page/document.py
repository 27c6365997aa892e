"""A page that is a picture: its figures are read by OCR, and the share of uncertain ones is judged."""

from random import Random

from samples.scan import Scanner, scan_pages, write_scan
from tests.golden.draw import Grid, Line
from tests.golden.draw import draw as draw_pages

SCANNER = Scanner(dpi=300, skew=0.3, noise=2.0, quality=90)


def draw() -> bytes:
    printed = draw_pages(
        (
            (
                Line("临溪县村镇建设服务中心2024年单位预算", "center", 20),
                Line("单位支出总表", "center", 14),
                Line("单位：万元", "right", 12),
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
                ),
            ),
        )
    )
    return write_scan(scan_pages(printed, Random(1), SCANNER), "pdf", SCANNER)
