"""What keeps residents safe in text: sealing details, and finding personal details where they do not belong."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from jiangdong import keys


def seal(facts: dict[str, str]) -> str:
    """Encrypt the facts that are not blank; nothing at all gives an empty string."""
    facts = {name: value for name, value in facts.items() if value}
    if not facts:
        return ""
    plain = json.dumps(facts, ensure_ascii=False).encode()
    return keys.encrypt(plain)


def unseal(sealed: str) -> dict[str, str]:
    """Return what `seal` was given.

    Raises:
        cryptography.fernet.InvalidToken: the text was altered, or its key is gone.
    """
    if not sealed:
        return {}
    return json.loads(keys.decrypt(sealed))


def digest(secret: str) -> str:
    """Return the digest under which a random token is kept, so that the database alone cannot answer it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def phone_index(phone: str, community_id: int) -> str:
    """Return the blind index of a telephone number in a community, however it is written; "" without a number.

    The first mobile number counts, else the digits of a number that a landline may have.
    """
    mobile = MOBILE.search(phone)
    number = _digits(mobile["number"] if mobile else phone)
    if not mobile and not 7 <= len(number) <= 12:
        return ""
    return keys.blind(community_id, number)


def _digits(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char in "0123456789")


@dataclass(frozen=True)
class Finding:
    """A stretch of text that should not be public.

    `hard` findings stop a publication; the others are words that brand, pointed out and left to the worker.
    """

    text: str
    why: str
    hard: bool


# Digits as people type them: half or full width, and with spaces or dashes between.
_GAP = r"[\s\u200d\-－—–·.]{0,2}"
_D = r"[0-9０-９]"
IDENTITY_NUMBER = re.compile(rf"(?<![0-9０-９])(?:{_D}{_GAP}){{17}}[0-9０-９xXｘＸ](?![0-9０-９])")
MOBILE = re.compile(
    rf"(?<![0-9０-９])(?:(?:00)?86{_GAP})?(?P<number>[1１]{_GAP}[3-9３-９](?:{_GAP}{_D}){{9}})(?![0-9０-９])"
)
_PATTERNS: tuple[tuple[re.Pattern, str], ...] = (
    (IDENTITY_NUMBER, _("像身份证号码")),
    (MOBILE, _("像手机号码")),
    (
        re.compile(rf"(?<![0-9０-９])[0０]{_D}{{2,3}}{_GAP}{_D}{{7,8}}(?![0-9０-９])"),
        _("像电话号码"),
    ),
    (re.compile(rf"(?<![0-9０-９])[2-8２-８]{_D}{{6,7}}(?![0-9０-９元年])"), _("像电话号码")),
    (
        re.compile(r"(?:微信号?|[Qq][Qq]|wx|WX)\s*[:：]?\s*[A-Za-z0-9_\-]{5,}"),
        _("像微信号或 QQ 号"),
    ),
    # Numerals in characters only where they number a building: 一室一厅 and 弄一弄 are no addresses.
    (
        re.compile(
            rf"{_D}{{1,4}}\s*(?:号楼|幢|栋|弄|单元|室|号{_D}{{2,4}})"
            r"|[一二三四五六七八九十]{1,3}(?:号楼|单元)"
            rf"|(?<!{_D}){_D}{{1,3}}[-－]{_D}{{1,3}}[-－]{_D}{{3,4}}(?!{_D})"
        ),
        _("像门牌或房号"),
    ),
)
_BRANDING = re.compile(
    r"低保|低收入|特困|贫困户|残疾|残障|瘫痪|聋哑|智障|精神病|癌症?|肿瘤|白血病|尿毒症|艾滋|肝炎|糖尿病|高血压"
    r"|中风|抑郁症?|自闭症?|单亲|失独|孤儿|孤寡|刑满|吸毒|离异|(?<![0-9])[0-9]{1,3}\s*周?岁"
)


def findings_in(text: str, names: Iterable[str] = ()) -> list[Finding]:
    """Return what in a public text would give a resident away or brand them, in the order of its kinds.

    Args:
        names: names and addresses known for this resident, which must not appear either.
    """
    found = [
        Finding(match.group().strip(), why, hard=True)
        for pattern, why in _PATTERNS
        for match in pattern.finditer(text)
    ]
    found += [
        Finding(name, _("是登记的姓名或住址"), hard=True)
        for name in names
        if len(name) > 1 and name in text
    ]
    found += [
        Finding(match.group(), _("可能让人被贴标签，请换个说法"), hard=False)
        for match in _BRANDING.finditer(text)
    ]
    return found
