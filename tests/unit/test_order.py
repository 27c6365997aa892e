"""Tables without title and header: identified by the document's order of forms, or left out."""

from __future__ import annotations

import pytest

from ingest.forms.model import RecognisedForm
from ingest.forms.recognise import recognise_forms
from tests.unit.documents import document

LIST = "一、收支总表\n二、一般公共预算支出表\n三、一般公共预算项目支出表\n四、政府性基金预算支出表\n五、国有资本经营预算支出表\n正文\n"
SPENDING = (
    "表2\n一般公共预算支出表\n单位：万元\n科目编码→科目名称→合计→基本支出→项目支出\n"
    "2050202→小学教育→9→4→5\n合计→→9→4→5\n\n\n"
)
PROJECTS = "205→02→02→小学教育→护栏→20000→→\n205→02→02→小学教育→课桌→30000→→\n→→→→合计→50000→→\n"
NEXT = "表4\n政府性基金预算支出表\n"


def projects(text: str) -> list[RecognisedForm]:
    forms = recognise_forms(document(text), 2024)
    return [form for form in forms if form.statement_code == "general_public_project"]


def test_the_one_form_missing_in_a_gap() -> None:
    (form,) = projects(LIST + SPENDING + PROJECTS + NEXT)
    assert (form.title, form.unit_text, form.has_total_row, form.form_no) == (
        "三、一般公共预算项目支出表", None, True, 2,
    )  # fmt: skip
    assert [(c.code_text, c.label, c.project_name, c.cell_text) for c in form.cells[:1]] == [
        ("205 02 02", "小学教育", "护栏", "20000")
    ]


def test_an_amount_repeated_below_a_lost_header_is_not_loaded_twice() -> None:
    (form,) = projects(LIST + SPENDING + PROJECTS.replace("30000→→", "30000→→30000") + NEXT)
    assert [(cell.cell_text, cell.problem) for cell in form.cells] == [
        ("20000", None), ("30000", None), ("30000", "header_unknown"), ("50000", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("why", "text"),
    [
        ("no list", SPENDING + PROJECTS + NEXT),
        ("no form number or title after it", LIST + SPENDING + PROJECTS),
        ("two forms missing", LIST + SPENDING + PROJECTS + "表5\n国有资本经营预算支出表\n"),
        ("numbers that are not the list's", LIST + SPENDING.replace("表2", "表3") + PROJECTS + "表4\n"),
        ("another form missing", LIST.replace("项目", "基本") + SPENDING + PROJECTS + NEXT),
        ("no total", LIST + SPENDING + PROJECTS.replace("→→→→合计→50000→→\n", "") + NEXT),
        ("a function that no form prints", LIST + SPENDING + PROJECTS.replace("小学", "中学") + NEXT),
        ("an amount divided", LIST + SPENDING + PROJECTS.replace("30000→→", "30000→10000→20000") + NEXT),
        ("no project column", LIST + SPENDING + PROJECTS.replace("→护栏", "").replace("→课桌", "") + NEXT),
        ("two tables of other width", LIST + SPENDING + PROJECTS + "\n\n某物→1→2\n某物→1→2\n某物→1→2\n" + NEXT),
    ],
)  # fmt: skip
def test_in_doubt_it_is_no_form(why: str, text: str) -> None:
    assert projects(text) == [], why
