"""The region of a unit: from its name, and from the words around it only where these leave no choice."""

from __future__ import annotations

import pytest

from ingest.cover.regions import CENTRAL, find_place, regions


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("上海市普陀区司法局", "310107"),
        ("中共江苏省委办公厅", "320000"),
        ("西双版纳傣族自治州景洪市教育局", "532801"),
        ("四川成都市金牛区教育局", "510106"),
        ("吉林市财政局", "220200"),
        ("北京职业学院", "110000"),
        ("最高人民法院", CENTRAL),
        ("国家税务总局重庆市税务局", "500000"),
        ("城区街道办事处", None),
        ("晋城市城区教育局", "140502"),
        ("市教育局", None),
        ("长沙职业学院", None),
        ("普陀区司法局", None),
        ("寿县司法局", "340422"),
        ("六安市寿县司法局", "341521"),
        ("新华区司法局", None),
    ],
)
def test_the_name_gives_the_region(name: str, code: str | None) -> None:
    place = find_place(name, None, "")
    assert (place.region_code if place else None) == code


def test_the_text_decides_between_regions_of_one_name() -> None:
    for text, code in (("上海市", "310107"), ("浙江省舟山市", "330903")):
        place = find_place("普陀区司法局", None, text)
        assert place
        assert place.region_code == code
    assert find_place("普陀区司法局", None, "上海市、舟山市") is None


def test_the_text_completes_a_short_name() -> None:
    place = find_place("长沙职业学院", None, "长沙市教育局，长沙市财政局")
    assert place
    assert place.region_code == "430100"


@pytest.mark.parametrize(
    ("name", "zone", "parent"),
    [
        ("库尔勒经济技术开发区管理委员会", "库尔勒经济技术开发区", "652801"),
        ("苏州工业园区教育局", "苏州工业园区", "320500"),
    ],
)
def test_a_development_zone_has_a_parent(name: str, zone: str, parent: str) -> None:
    place = find_place(name, None, "")
    assert place
    assert (place.zone, place.region_code) == (zone, parent)


def test_every_region_has_a_parent_in_the_list() -> None:
    listed = regions()
    assert all(each.parent_code in listed for each in listed.values() if each.region_code != CENTRAL)


def test_an_autonomous_prefecture_may_stand_without_its_peoples() -> None:
    place = find_place("红河州财政局", None, "")
    assert place
    assert place.region_code == "532500"


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("李宅乡人民政府", "德兴市李宅乡人民政府", "361181"),
        ("李宅乡人民政府", "在李宅乡人民政府，德兴市", None),
        ("李宅乡人民政府", "德兴市李宅乡人民政府与万年县李宅乡人民政府", None),
        ("自治区政协办公厅", "广西壮族自治区委员会", "450000"),
        ("自治区政协办公厅", "广西壮族自治区与宁夏回族自治区", None),
    ],
)
def test_the_text_names_the_region_of_a_bare_name(name: str, text: str, code: str | None) -> None:
    place = find_place(name, None, text)
    assert (place.region_code if place else None) == code
