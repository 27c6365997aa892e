"""主要职能, 机构设置及人员情况, project descriptions and 名词解释."""

from collections.abc import Callable

from samples import meaning
from samples.model import Fact, Paragraph
from samples.prose.pen import Line, Pen
from samples.prose.phrase import Part, Phrase, join

GLOSSARY = (
    "财政拨款收入：指由同级财政预算安排、当年拨付使用的资金。",
    "基本支出：指维持机构日常运转、保障人员待遇所需要的开支。",
    "项目支出：指围绕特定任务或者事业发展目标，在基本支出以外安排的开支。",
    "年初结转和结余：指以前年度没有用完、按规定可以在本年继续使用的资金。",
    "机关运行经费：指用一般公共预算安排的基本支出当中，保障机关运转的日常公用开支。",
)
STAFF_CHANGES = {
    "in_service": "staff_in_service",
    "retired": "staff_retired",
    "veteran": "staff_veteran_retired",
}


def profile(pen: Pen, duty: str) -> list[Paragraph]:
    """Duties, divisions and staff."""
    return [
        Paragraph("一、主要职能", "heading"),
        *pen.say("duty", duty=duty),
        Paragraph("二、机构设置及人员情况", "heading"),
        *staff(pen),
    ]


def staff(pen: Pen) -> list[Paragraph]:
    """Staff by kind with changes against the year before, and the divisions."""
    return pen.say("staff", **staff_parts(pen))


def staff_parts(pen: Pen) -> dict[str, Part]:
    """Everything that a sentence may say of staff and divisions."""
    history = pen.history
    parts: dict[str, Part] = {
        metric: pen.count(metric, "person") for metric in history.counts if metric.startswith("staff")
    }
    for prefix, metric in STAFF_CHANGES.items():
        change = history.counts[metric] - history.past_counts[metric]
        row = meaning.count(metric, "change_from_prior_year", change, "person")
        parts[f"{prefix}_up"] = "增加" if change >= 0 else "减少"
        parts[f"{prefix}_change"] = Phrase(str(abs(change)), (row,))
    parts["divisions"] = "、".join(history.divisions)
    parts["internal_divisions"] = pen.count("internal_divisions", "division")
    return parts


def projects(pen: Pen) -> list[Paragraph]:
    """Each project with what it costs and how the money is divided; each part is a row below its project."""
    paragraphs = []
    for number, project in enumerate(pen.figures.projects, start=1):
        parts = join(
            (
                pen.phrase(
                    "project_part", name=name, amount=pen.amount(amount, _part(pen, project.name, name))
                )
                for name, amount in project.parts
            ),
            "、",
        )
        line = Line(project.amount, _project_facts(project.name))
        paragraphs += pen.say("project_heading", number=str(number), name=project.name)
        paragraphs += pen.say("project", name=project.name, line=pen.line(line), parts=parts)
    return paragraphs


def glossary(pen: Pen) -> list[Paragraph]:
    """名词解释."""
    return [Paragraph(f"{'一二三四五'[at]}、{entry}") for at, entry in enumerate(pen.rng.sample(GLOSSARY, 3))]


def _part(pen: Pen, project: str, name: str) -> Fact:
    return meaning.project_amount(project, pen.basis, part=name)


def _project_facts(name: str) -> Callable[[str], tuple[Fact, ...]]:
    return lambda basis: (meaning.project_amount(name, basis),)
