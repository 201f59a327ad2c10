"""The demo district's places: seven streets and fifty-nine urban communities.

The streets are those of the district of 2014; of the communities only those in `NAMED` stand in the
article. Every other name, and every number of households, is invented. Communities called 示例… are
paired with invented units and may show low rates and lateness, which no real name may.
"""

from dataclasses import dataclass

# Communities that the article of 2014 names.
NAMED = ("JN", "XC", "HGC", "HL", "HC", "XY", "QT", "ZM", "FMJ", "MY")
# Where leaders of the district keep contact (article: 联系点).
CONTACT = ("JN", "XC", "HGC", "HL")


@dataclass(frozen=True)
class Place:
    """A community: its code, its name, its street's code and how many households live there."""

    code: str
    name: str
    street: str
    households: int

    @property
    def invented(self) -> bool:
        """Tell whether it is plainly invented, so that it may show what defames."""
        return self.name.startswith("示例")


# code, name, then its communities: code name households.
_TABLE = """
BZ 百丈街道
    HC 划船 2100 / QT 七塔 2680 / ZM 舟孟 1940 / TY 塔影 1520 / NF 宁丰 1760 / YAQ 演桥 1430
    CQ 彩桥 1880 / BN 百宁 2240 / SLQ 示例桥 1600
DS 东胜街道
    DD 东渡 1980 / JP 江畔 2310 / XH 新河 1720 / QA 庆安 1560 / SYJ 三眼井 1290 / SG 曙光里 2050
    YD 甬东 1840 / SLD 示例渡 1500
ML 明楼街道
    XY 新源 2450 / MN 明南里 1990 / MG 明光 2120 / LQ 楼前 1680 / QH 清河 1870 / HHQ 荷花桥 1450
    ZT 中塘 2260 / ST 桑田里 2390 / SLY 示例苑 1700
BH 白鹤街道
    HL 黄鹂 2730 / YUQ 云雀 1910 / BL 白鹭 2180 / HX 鹤翔 1640 / ZY 紫燕 1830 / ZHT 周塘 1370
    ZN 镇宁 1590 / HM 鹤鸣 2020 / SLF 示例坊 1800
DL 东柳街道
    HGC 华光城 3260 / LA 柳岸 2140 / YG 月桂 1960 / CHL 春柳 1780 / JX 锦绣里 2510 / ZX 中兴里 2070
    XL 兴柳 1650 / SLX 示例巷 1550
DJ 东郊街道
    XF 幸福桥 1480 / DX 稻香 2890 / DY 东苑 2330 / HT 后塘 1350 / QL 七里 1210 / CT 茶亭 980
    SLN 示例园 1900
FM 福明街道
    JN 江南 3120 / XC 新城 3480 / FMJ 福明家园 3840 / MY 明一 2760 / FQ 福庆里 2650 / BS 碧水 2920
    MH 明湖 2580 / HF 惠风 2290 / SLP 示例浦 2000
"""


def _read() -> tuple[dict[str, str], tuple[Place, ...]]:
    streets: dict[str, str] = {}
    places: list[Place] = []
    for line in _TABLE.strip().splitlines():
        if not line.startswith(" "):
            street, name = line.split()
            streets[street] = name
            continue
        for entry in line.split("/"):
            code, name, households = entry.split()
            places.append(Place(code, f"{name}社区", street, int(households)))
    return streets, tuple(places)


STREETS, COMMUNITIES = _read()


def street_of(community: str) -> str:
    """Return the code of a community's street."""
    return next(place.street for place in COMMUNITIES if place.code == community)
