"""OFD: what is printed on a page, from objects as programs write them, and what a damaged file gives."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Mapping
from random import Random

import pytest
from PIL import Image

from ingest.config import Limits
from ingest.document.model import Document, Table, TextLine
from ingest.outcomes import DocumentError, Reason
from ingest.readers import read_document
from ingest.readers.ofd import content, parts
from ingest.readers.ofd.numbers import distances, path
from samples.documents import KINDS
from samples.model import Form
from samples.ofd import NAMESPACE, Way, page_xml, render_ofd
from samples.pdf import Rules, render_pdf
from samples.scan import Scanner, scan_pages

AREA = "<ofd:Area><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:Area>"
RULE = '<ofd:PathObject ID="9" Boundary="{}" LineWidth="0.2"><ofd:AbbreviatedData>{}</ofd:AbbreviatedData></ofd:PathObject>'


def text(words: str, place: str = "20 20 100 5", more: str = "", code: str = 'X="0" Y="4"') -> str:
    """A text object, its characters one after the other where ``code`` gives no distances."""
    return (
        f'<ofd:TextObject ID="7" Boundary="{place}" Font="3" Size="4" {more}>'
        f"<ofd:TextCode {code}>{words}</ofd:TextCode></ofd:TextObject>"
    )


def ofd(*objects: str, head: str = AREA, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """An OFD file of one page; ``more`` are further or other parts of it."""
    found: dict[str, str | bytes] = {
        "OFD.xml": f"<ofd:OFD {NAMESPACE}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
        '<ofd:TemplatePage ID="5" BaseLoc="Tpls/Tpl_0/Content.xml"/></ofd:CommonData><ofd:Pages>'
        '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>',
        "Doc_0/Pages/Page_0/Content.xml": page_xml(objects, head),
    }
    return packed({**found, **(more or {})})


def packed(members: Mapping[str, str | bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return written.getvalue()


def lines(data: bytes) -> list[str]:
    return [line.text for line in read_document(data).lines()]


def tables(document: Document) -> list[list[list[str]]]:
    return [
        [[table.text_at(row, col) for col in range(table.col_count)] for row in range(table.row_count)]
        for table in document.tables()
    ]


# ------------------------------------------------------------------------------------------ whole documents


@pytest.mark.parametrize("way", ["plain", "repeated", "scaled", "single", "template"])
def test_a_document_reads_as_its_pdf(way: Way) -> None:
    sample = KINDS["national_final"](Random(3), "sample", "itemised").document
    (pdf, count), (data, pages) = render_pdf(sample), render_ofd(sample, way=way)
    expected, found = read_document(pdf), read_document(data)
    assert tables(found) == tables(expected)
    assert [line.text for line in found.lines()] == [line.text for line in expected.lines()]
    assert (found.page_count, pages) == (count, count)
    assert found.media_type == "application/ofd"
    assert {page.reader for page in found.pages} == {"ofd"}
    assert set(found.printed) == set(range(1, count + 1))


@pytest.mark.parametrize("rules", ["rows", "heads", "none"])
def test_tables_with_few_rules_or_none_read_as_those_of_the_pdf(rules: Rules) -> None:
    sample = KINDS["yuan_budget"](Random(3), "sample", "itemised").document
    expected, found = (
        read_document(render(sample, rules=rules)[0])  # type: ignore[operator]
        for render in (render_pdf, render_ofd)
    )
    assert tables(found) == tables(expected)
    assert tables(found)


# ------------------------------------------------------------------------------------------------ characters


@pytest.mark.parametrize(
    ("written", "count", "read"),
    [
        ("1 2 3", 3, [1, 2, 3]),
        ("g 3 1.5", 3, [1.5] * 3),
        ("g 2 1.5 3 g 2 1", 5, [1.5, 1.5, 3, 1, 1]),
        ("1 2 3 4", 2, [1, 2]),
        ("g 1000000 1", 4, [1] * 4),
        ("g 1 -2", 3, [-2]),
        ("1,2", 3, [1, 2]),
        ("", 3, []),
        (None, 3, []),
    ],
)
def test_distances(written: str | None, count: int, read: list[float]) -> None:
    assert distances(written, count) == read


@pytest.mark.parametrize("written", ["1 x", "g", "g 2", "nan", "inf", "1e99"])
def test_distances_that_are_none(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        distances(written, 4)


@pytest.mark.parametrize(
    ("place", "more", "code"),
    [
        ("20 20 100 5", "", 'X="0" Y="4" DeltaX="4 4 4 4 2 2 2"'),
        ("20 20 100 5", "", 'X="0" Y="4" DeltaX="g 4 4 g 3 2"'),
        ("20 20 100 5", "", 'X="0" Y="4"'),
        ("20 20 100 5", "", 'X="0" Y="4" DeltaX="4 4 4 4"'),
        ("10 10 100 5", 'CTM="1 0 0 1 10 10"', 'X="0" Y="4" DeltaX="g 4 4 g 3 2"'),
        ("0 0 1 1", 'CTM="0.5 0 0 0.5 20 300"', 'X="0" Y="-552"'),
        ("20 20 100 5", "", 'X="0" Y="4" DeltaX="g 4 4 g 3 2" DeltaY="g 7 0"'),
    ],
)
def test_a_line_is_read_however_it_is_placed(place: str, more: str, code: str) -> None:
    assert lines(ofd(text("收入合计1234", place, more, code))) == ["收入合计1234"]


def test_a_line_has_its_box_in_points() -> None:
    (line,) = read_document(ofd(text("合计", code='X="0" Y="4" DeltaX="4"'))).lines()
    assert line.box is not None
    left, top, right, bottom = (side * 25.4 / 72 for side in line.box)
    assert (left, right) == (pytest.approx(20, abs=0.01), pytest.approx(28, abs=0.01))
    assert top < 24 < bottom


def test_pieces_of_one_line_and_letters_far_apart_are_words() -> None:
    pieces = text("合计", "20 20 9 5"), text("12", "40 20 9 5"), text("收支", code='X="0" Y="14" DeltaX="9"')
    assert lines(ofd(*pieces)) == ["合计 12", "收 支"]


def test_a_second_text_code_goes_on_where_it_says() -> None:
    codes = '收</ofd:TextCode><ofd:TextCode X="4">入</ofd:TextCode><ofd:TextCode X="0" Y="14">支出'
    assert lines(ofd(text(codes))) == ["收入", "支出"]


def test_indented_text_has_no_breaks_of_the_file() -> None:
    assert lines(ofd(text("\n    收入\n   ", code='X="0" Y="4" DeltaX="4"'))) == ["收入"]


def test_leaning_text_is_a_watermark_and_upended_text_a_line_of_its_own() -> None:
    leaning = text("内部资料", "60 18 100 50", 'CTM="0.7 0.7 -0.7 0.7 0 0"')
    upended = text("下载次数：1", "180 60 5 40", 'CTM="0 1 -1 0 4 0"', 'X="0" Y="0" DeltaX="g 5 4"')
    assert lines(ofd(text("本年收入"), leaning, upended)) == ["本年收入", "下载次数：1"]


def test_letters_that_are_turned_stand_one_below_the_other() -> None:
    turned = text("竖排", "20 20 5 30", 'CharDirection="90"', 'X="0" Y="4" DeltaY="4"')
    assert lines(ofd(turned)) == ["竖排"]


@pytest.mark.parametrize(
    ("place", "more", "inside"),
    [
        ("20 40 90 5", 'Visible="false"', ""),
        ("20 40 90 5", 'Alpha="0"', ""),
        ("20 40 90 5", 'Fill="false"', ""),
        ("20 40 90 5", "", '<ofd:FillColor Value="0 0 0" Alpha="0"/>'),
        ("400 40 90 5", "", ""),
        ("20 -40 90 5", "", ""),
    ],
)
def test_what_cannot_be_seen_is_left_out(place: str, more: str, inside: str) -> None:
    hidden = text("看不见", place, more).replace("<ofd:TextCode", f"{inside}<ofd:TextCode")
    assert lines(ofd(text("本年收入"), hidden)) == ["本年收入"]


def test_text_that_is_drawn_twice_is_read_once() -> None:
    assert lines(ofd(text("合计"), text("合计", "20.1 20 90 5"))) == ["合计"]


def test_the_pages_own_note_says_what_cannot_be_read() -> None:
    document = read_document(ofd(text("本年收入"), text("坏", more='CTM="1 0 x"'), text("坏", "nan 2 3 4")))
    assert [line.text for line in document.lines()] == ["本年收入"]
    assert document.pages[0].note == "2 objects cannot be read"


def test_a_text_that_names_other_characters_is_left_out() -> None:
    document = read_document(two_pages(text("ÀÁÂÃÄÅÆÇ"), text("本年收入")))
    assert [line.text for line in document.lines()] == ["本年收入"]
    assert "other characters" in (document.pages[0].note or "")


def two_pages(first: str, second: str, **more: str | bytes) -> bytes:
    listed = (
        f'<ofd:Document {NAMESPACE}><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>'
        '<ofd:Page ID="2" BaseLoc="Pages/Page_1/Content.xml"/></ofd:Pages></ofd:Document>'
    )
    pages = {
        f"Doc_0/Pages/Page_{number}/Content.xml": page_xml([each], AREA)
        for number, each in enumerate((first, second))
    }
    return ofd(more={"Doc_0/Document.xml": listed, **pages, **more})


# ------------------------------------------------------------------------------------------- rules and groups


def grid(left: float, top: float) -> list[str]:
    """The rules of a table of two rows and two columns of 30 by 8 mm."""
    across = [RULE.format(f"{left} {top + 8 * row} 60 0", "M 0 0 L 60 0") for row in range(3)]
    down = [RULE.format(f"{left + 30 * col} {top} 0 16", "M 0 0 L 0 16") for col in range(3)]
    return [*across, *down]


def words(left: float, top: float) -> list[str]:
    places = [(col, row) for row in range(2) for col in range(2)]
    return [
        text(word, f"{left + 2 + 30 * col} {top + 2 + 8 * row} 20 5")
        for word, (col, row) in zip(("项目", "金额", "合计", "12.50"), places, strict=True)
    ]


CELLS = [[["项目", "金额"], ["合计", "12.50"]]]


def test_rules_make_a_table() -> None:
    assert tables(read_document(ofd(*grid(20, 30), *words(20, 30)))) == CELLS


def test_boxes_and_thin_fills_are_rules() -> None:
    fill = RULE.replace("<ofd:PathObject", '<ofd:PathObject Fill="true" Stroke="false"')
    boxes = [RULE.format(f"20 {30 + 8 * row} 60 8", "M 0 0 L 60 0 L 60 8 L 0 8 C") for row in range(2)]
    bar = fill.format("49.9 30 0.2 16", "M 0 0 L 0.2 0 L 0.2 16 L 0 16 C")
    assert tables(read_document(ofd(*boxes, bar, *words(20, 30)))) == CELLS


def test_paths_in_dots_of_their_place_on_the_page_are_rules() -> None:
    """Their program counts dots of 300 to the inch from the corner of the page, and gives the boundary in millimetres."""
    dots = 300 / 25.4
    placed = []
    for x0, y0, x1, y1 in [(20, y, 80, y) for y in (30, 38, 46)] + [(x, 30, x, 46) for x in (20, 50, 80)]:
        data = f"M {x0 * dots:.1f} {y0 * dots:.1f} L {x1 * dots:.1f} {y1 * dots:.1f}"
        placed.append(RULE.format(f"{x0} {y0} {x1 - x0} {y1 - y0}", data))
    assert tables(read_document(ofd(*placed, *words(20, 30)))) == CELLS


def test_white_and_transparent_rules_are_not_seen() -> None:
    white = '<ofd:StrokeColor Value="255 255 255"/><ofd:AbbreviatedData>'
    hidden = [rule.replace("<ofd:AbbreviatedData>", white) for rule in grid(20, 30)]
    clear = [rule.replace("LineWidth", 'Alpha="0" LineWidth') for rule in grid(20, 30)]
    for rules in (hidden, clear):
        assert tables(read_document(ofd(*rules, *words(20, 30)))) == []


def test_colours_come_from_drawing_parameters_too() -> None:
    parameters = (
        f'<ofd:Res {NAMESPACE}><ofd:DrawParams><ofd:DrawParam ID="30"><ofd:StrokeColor Value="255 255 255"/></ofd:DrawParam>'
        '<ofd:DrawParam ID="31" Relative="30"/><ofd:DrawParam ID="32" Relative="32"/></ofd:DrawParams></ofd:Res>'
    )
    more = {"Doc_0/PublicRes.xml": parameters}
    for number, count in (("30", 0), ("31", 0), ("32", 1), ("33", 1)):
        rules = [rule.replace("LineWidth", f'DrawParam="{number}" LineWidth') for rule in grid(20, 30)]
        assert len(tables(read_document(ofd(*rules, *words(20, 30), more=more)))) == count


def test_a_path_is_read_letter_by_letter() -> None:
    found = path(" M 0 0 L 5 0 Q 1 1 2 2 B 1 1 2 2 3 3 A 1 1 0 0 1 4 4 L4,8 C", 100)
    assert found.pieces == [(0, 0, 5, 0), (4, 4, 4, 8), (4, 8, 0, 0)]
    assert found.curves == 3
    for broken in ("M 0", "X 1 2", "1 2 3", "M 0 0 L 1"):
        with pytest.raises(ValueError, match=r"."):
            path(broken, 100)


def test_drawings_are_not_rules() -> None:
    letter = RULE.format("20 30 60 16", "M 0 0 L 60 0 " + "B 60 2 50 3 40 4 " * 12)
    assert tables(read_document(ofd(letter, *words(20, 30)))) == []


def test_templates_blocks_and_groups_are_read() -> None:
    template = page_xml(grid(20, 30))
    group = (
        f'<ofd:Res {NAMESPACE}><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="40" Width="90" Height="40">'
        f"<ofd:Content>{''.join(words(10, 10))}</ofd:Content></ofd:CompositeGraphicUnit>"
        "</ofd:CompositeGraphicUnits></ofd:Res>"
    )
    placed = '<ofd:PageBlock ID="8"><ofd:PageBlock ID="9"><ofd:CompositeObject ID="6" ResourceID="40" Boundary="10 20 90 40"/></ofd:PageBlock></ofd:PageBlock>'
    more = {"Doc_0/Tpls/Tpl_0/Content.xml": template, "Doc_0/PublicRes.xml": group}
    for order in ("Background", "Foreground"):
        head = f'{AREA}<ofd:Template TemplateID="5" ZOrder="{order}"/>'
        assert tables(read_document(ofd(placed, head=head, more=more))) == CELLS


def test_groups_that_hold_themselves_are_refused() -> None:
    group = (
        f'<ofd:Res {NAMESPACE}><ofd:CompositeGraphicUnit ID="40"><ofd:Content>'
        '<ofd:CompositeObject ResourceID="40" Boundary="0 0 9 9"/></ofd:Content></ofd:CompositeGraphicUnit></ofd:Res>'
    )
    placed = '<ofd:CompositeObject ID="6" ResourceID="40" Boundary="0 0 9 9"/>'
    with pytest.raises(DocumentError, match="too deep") as raised:
        read_document(ofd(placed, more={"Doc_0/PublicRes.xml": group}))
    assert raised.value.reason is Reason.CONTENT_TOO_LARGE


# ---------------------------------------------------------------------------------------------------- pictures


def picture_page(data: bytes, width: float = 210, height: float = 297) -> bytes:
    """A page with one picture that covers it."""
    image = f'<ofd:ImageObject ID="9" ResourceID="50" Boundary="0 0 {width} {height}" CTM="{width} 0 0 {height} 0 0"/>'
    resources = (
        f'<ofd:Res {NAMESPACE} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="50" Type="Image">'
        "<ofd:MediaFile>scan.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
    )
    head = AREA.replace("210 297", f"{width} {height}")
    return ofd(image, head=head, more={"Doc_0/PublicRes.xml": resources, "Doc_0/Res/scan.png": data})


def test_a_page_that_is_a_picture_is_read_by_ocr() -> None:
    whole = KINDS["yuan_budget"](Random(11), "sample", "itemised")
    form = next(block for block in whole.document.blocks if isinstance(block, Form))
    sample = type(whole.document)("scan", "yuan_budget", (form,), ())
    pdf, _ = render_pdf(sample)
    picture = next(scan_pages(pdf, Random(2), Scanner(skew=0.2)))
    written = io.BytesIO()
    picture.save(written, "PNG")
    width, height = (round(side / 200 * 25.4, 1) for side in picture.size)
    document = read_document(picture_page(written.getvalue(), width, height))
    (page,) = document.pages
    assert page.reader == "ocr"
    assert page.confidence is not None
    assert page.confidence > 0.9
    assert document.printed == {}
    (expected,) = tables(read_document(pdf))
    (found,) = tables(document)
    assert len(found) == len(expected)


def test_a_picture_that_is_missing_or_unknown_is_named() -> None:
    blank = io.BytesIO()
    Image.new("L", (300, 400), 255).save(blank, "PNG")
    for data, words in (
        (b"\x97JB2", "1 pictures are missing or of a kind that is not read"),
        (blank.getvalue(), "nothing is printed"),
    ):
        with pytest.raises(DocumentError) as raised:
            read_document(picture_page(data))
        assert raised.value.reason is Reason.NO_CONTENT
        document = two_pages_with(picture_page(data))
        assert words in (document.pages[0].note or "")


def two_pages_with(data: bytes) -> Document:
    """The document with another page that has text."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        members: dict[str, str | bytes] = {name: package.read(name) for name in package.namelist()}
    listed = str(members["Doc_0/Document.xml"], "utf-8")  # type: ignore[call-overload]
    members["Doc_0/Document.xml"] = listed.replace(
        "</ofd:Pages>", '<ofd:Page ID="2" BaseLoc="Pages/Page_1/Content.xml"/></ofd:Pages>'
    )
    members["Doc_0/Pages/Page_1/Content.xml"] = page_xml([text("本年收入")], AREA)
    return read_document(packed(members))


# ------------------------------------------------------------------------------------------- containers, faults


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"http://www.ofdspec.org/2016", b"http://www.ofdspec.org"),
        (b'BaseLoc="Pages/', b'BaseLoc="/Doc_0/Pages/'),
        (b'BaseLoc="Pages/', b'BaseLoc="Doc_0/Pages/'),
        (b'BaseLoc="Pages/Page_0/', b'BaseLoc="pages\\page_0\\'),
        (b">Doc_0/Document.xml<", b"> /Doc_0/Document.xml <"),
    ],
)
def test_programs_differ_in_names(old: bytes, new: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(ofd(text("本年收入")))) as package:
        members = {name: package.read(name) for name in package.namelist()}
    changed = {name: data.replace(old, new) for name, data in members.items()}
    assert changed != members
    assert lines(packed(changed)) == ["本年收入"]


def test_without_a_box_a_page_is_as_large_as_a4() -> None:
    for head in ("", AREA.replace("0 0 210 297", "0 0 0 0"), AREA.replace("0 0 210 297", "x")):
        (page,) = read_document(ofd(text("本年收入"), head=head)).pages
        assert (round(page.width), round(page.height)) == (595, 842)


def test_a_page_that_cannot_be_read_is_named() -> None:
    for broken in ("<ofd:Page", f"<!DOCTYPE x><ofd:Page {NAMESPACE}/>"):
        document = read_document(
            two_pages(text("一"), text("本年收入"), **{"Doc_0/Pages/Page_0/Content.xml": broken})
        )
        assert [line.text for line in document.lines()] == ["本年收入"]
        assert (document.pages[0].note or "").startswith("the page cannot be read: part Doc_0/Pages/Page_0")
        assert [page.page_no for page in document.pages] == [1, 2]


def test_what_cannot_be_read_at_all_is_told() -> None:
    with pytest.raises(DocumentError, match="nothing can be read of the OFD document: 1 objects") as raised:
        read_document(ofd(text("坏").replace("Size", "size")))
    assert raised.value.reason is Reason.OFFICE_DAMAGED


@pytest.mark.parametrize(
    ("more", "reason", "words"),
    [
        ({"OFD.xml": f"<ofd:OFD {NAMESPACE}/>"}, Reason.OFFICE_DAMAGED, "names no document"),
        ({"OFD.xml": "<ofd"}, Reason.OFFICE_DAMAGED, "not XML"),
        ({"Doc_0/Document.xml": f"<ofd:Document {NAMESPACE}/>"}, Reason.OFFICE_DAMAGED, "no pages"),
        ({"Doc_0/Pages/Page_0/Content.xml": "<x"}, Reason.OFFICE_DAMAGED, "not XML"),
        ({"Doc_0/Pages/Page_0/Content.xml": "<x/>"}, Reason.NO_CONTENT, "nothing is printed"),
        ({"Encryptions.xml": "<x/>"}, Reason.OFFICE_ENCRYPTED, "encrypted"),
        (
            {"OFD.xml": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'},
            Reason.OFFICE_DAMAGED,
            "document type",
        ),
        ({"Doc_0/Res/x.png": bytes(70 * 2**20)}, Reason.CONTENT_TOO_LARGE, "expand"),
    ],
)
def test_what_a_damaged_file_gives(more: Mapping[str, str | bytes], reason: Reason, words: str) -> None:
    with pytest.raises(DocumentError, match=words) as raised:
        read_document(ofd(text("本年收入"), more=more))
    assert raised.value.reason is reason


def test_the_missing_document_and_page_are_named() -> None:
    entry = f"<ofd:OFD {NAMESPACE}><ofd:DocRoot>Doc_9/Document.xml</ofd:DocRoot></ofd:OFD>"
    with pytest.raises(DocumentError, match="document's pages is missing"):
        read_document(ofd(text("一"), more={"OFD.xml": entry}))
    pages = (
        f'<ofd:Document {NAMESPACE}><ofd:Pages><ofd:Page BaseLoc="Pages/9.xml"/></ofd:Pages></ofd:Document>'
    )
    with pytest.raises(DocumentError, match=r"Pages/9\.xml is missing"):
        read_document(ofd(text("一"), more={"Doc_0/Document.xml": pages}))


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "LIMITS", Limits(cells=20))
    with pytest.raises(DocumentError, match="more than 20 characters") as raised:
        read_document(ofd(text("一" * 21)))
    assert raised.value.reason is Reason.CONTENT_TOO_LARGE
    monkeypatch.setattr(parts, "LIMITS", Limits(pages=1))
    with pytest.raises(DocumentError, match="2 pages, more than 1"):
        read_document(two_pages(text("一"), text("二")))


def test_time_is_linear_in_the_size_of_a_page() -> None:
    taken = []
    for count in (2_000, 8_000):
        objects = [
            text("合计12.50", f"{20 + number % 5 * 30} {20 + number % 50 * 5} 20 5")
            for number in range(count)
        ]
        data = ofd(*objects)
        began = time.process_time()
        read_document(data)
        taken.append(time.process_time() - began)
    assert taken[1] < 10 * taken[0] + 0.5


def test_blocks_are_lines_and_tables_from_top_to_bottom() -> None:
    document = read_document(
        ofd(text("下", "20 60 9 5"), *grid(20, 30), *words(20, 30), text("上", "20 20 9 5"))
    )
    kinds = [type(block) for block in document.blocks]
    assert kinds == [TextLine, Table, TextLine]
    assert [line.text for line in document.lines()] == ["上", "下"]
