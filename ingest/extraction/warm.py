"""What the first document of a process would wait for, had beforehand: patterns made, seeds read, what Arrow looks for on its first call.

The server from which worker processes are forked loads it: a process reads for a moment before it is ended, on Spark some documents.
"""

from __future__ import annotations

from contextlib import suppress

from ingest.extraction.extract import extract
from ingest.extraction.raw_rows import pack_rows

_LINES = """
2024年某市某局部门决算

一、部门概况
某局负责某项工作。

二、收入支出决算总体情况说明
2024年度收、支总计100.00万元，与上年相比增加10.00万元，增长11.1%，主要原因是项目增加。
一般公共预算财政拨款支出年初预算为90.00万元，支出决算为80.00万元，完成年初预算的88.9%。
“三公”经费支出决算为1.00万元，公务接待费支出0.50万元，国内公务接待5批次、40人次。

收入支出决算总表
单位：万元
项目  行次  金额  项目  行次  金额
一、一般公共预算财政拨款收入  1  100.00  一、教育支出  2  100.00
本年收入合计  3  100.00  本年支出合计  4  100.00
总计  5  100.00  总计  6  100.00
"""

with suppress(Exception):
    pack_rows(extract(_LINES.encode()), "")
