"""The demo district's units, in the customary order, and who is paired with which community.

Pairings are invented except 区委办公室–划船 and 区教育局–七塔, 舟孟, which the article tells. Units called
示例… are plainly invented: in the live season they alone may be late, and nobody else.
"""

from dataclasses import dataclass

from jiangdong.demo.places import STREETS

DEPARTMENT, INSTITUTION = "department", "institution"
STREET_OFFICE, ASSOCIATION, ENTERPRISE = "street_office", "association", "enterprise"

COMMITTEE_OFFICE = "QWB"
EDUCATION = "JYJ"
SECOND_GENERATION = "CED"


@dataclass(frozen=True)
class Unit:
    """A unit: code, name, kind, the communities it is paired with, and its street if it is a street office."""

    code: str
    name: str
    kind: str
    communities: tuple[str, ...] = ()
    street: str = ""

    @property
    def invented(self) -> bool:
        """Tell whether it is plainly invented, so that it may show what defames."""
        return self.name.startswith("示例")


# code name communities, in the customary order.
_PAIRED = """
QWB 区委办公室 HC
RDB 区人大常委会办公室 TY
ZFB 区政府办公室 XY MN
ZXB 区政协办公室 NF
JW 区纪委 JN
ZZB 区委组织部 XC FQ
XCB 区委宣传部 HGC
TZB 区委统战部 YAQ
ZFW 区委政法委 DD
LGB 区委老干部局 CQ
JGW 区直机关工委 HL
BB 区编办 SG
XFJ 区信访局 JP
FGJ 区发展和改革局 FMJ BS
JXJ 区经济和信息化局 MH
JYJ 区教育局 QT ZM
KJJ 区科学技术局 BN
MZJ 区民政局 MY DX
SFJ 区司法局 XH
CZJ 区财政局 QA
RSJ 区人力资源和社会保障局 MG ST
ZJJ 区住房和城乡建设局 DY HF
CGJ 区城市管理局 ZT
SWJ 区商务局 LA
WGJ 区文化广电新闻出版局 JX
WSJ 区卫生局 BL HM
SJJ 区审计局 YD
TJJ 区统计局 SYJ
HBJ 区环境保护局 QH
AJJ 区安全生产监督管理局 LQ
SCJ 区市场监督管理局 ZX
JSJ 区机关事务管理局 HHQ
FY 区人民法院 YUQ
JCY 区人民检察院 HX
GH 区总工会 ZY
TW 团区委 YG
FL 区妇联 ZN
KX 区科协 ZHT
GSL 区工商联 XL
CLH 区残联 XF
HSZ 区红十字会 HT
WL 区文联 QL
DXX 区委党校 CT
DAJ 区档案局 CHL
DWJ 示例单位甲 SLQ SLY
DWY 示例单位乙 SLF SLX
DWB 示例单位丙 SLD
DWD 示例单位丁 SLN
DWW 示例单位戊 SLP
"""
_INSTITUTIONS = {"DXX", "DAJ"}

_OTHERS = (
    Unit(SECOND_GENERATION, "创二代联谊会", ASSOCIATION),
    Unit("SLZ", "示例志愿者协会", ASSOCIATION),
    Unit("SLW", "示例维修行业协会", ASSOCIATION),
    Unit("SLS", "示例律师事务所", ENTERPRISE),
    Unit("SLJ", "示例建材公司", ENTERPRISE),
    Unit("SLH", "示例股份经济合作社", ENTERPRISE),
    Unit("SLK", "示例社区卫生服务中心", INSTITUTION),
)


def _read() -> tuple[Unit, ...]:
    units = []
    for line in _PAIRED.strip().splitlines():
        code, name, *communities = line.split()
        kind = INSTITUTION if code in _INSTITUTIONS else DEPARTMENT
        units.append(Unit(code, name, kind, tuple(communities)))
    return tuple(units)


PAIRED = _read()
STREET_OFFICES = tuple(
    Unit(f"{code}J", f"{name}办事处", STREET_OFFICE, street=code) for code, name in STREETS.items()
)
# The customary order: paired agencies, street offices, then everybody else.
UNITS = PAIRED + STREET_OFFICES + _OTHERS
