"""Sealing details, and finding what gives somebody away in a text. How the pages use it is tested with wishes."""

import pytest
from cryptography.fernet import InvalidToken

from jiangdong.privacy import digest, findings_in, seal, unseal

FACTS = {"name": "张示例", "phone": "13800000077", "note": "👵🏻 𠮷"}


def hard(text: str, names=()) -> list[str]:
    return [finding.text for finding in findings_in(text, names) if finding.hard]


def soft(text: str) -> list[str]:
    return [finding.text for finding in findings_in(text) if not finding.hard]


class TestSealing:
    def test_what_was_sealed_is_read_again(self):
        assert unseal(seal(FACTS)) == FACTS

    def test_the_same_facts_never_look_alike(self):
        assert seal(FACTS) != seal(FACTS)

    def test_blanks_are_left_out_and_nothing_at_all_is_an_empty_text(self):
        assert unseal(seal({"name": "张", "phone": ""})) == {"name": "张"}
        assert seal({"name": "", "phone": ""}) == ""
        assert unseal("") == {}

    def test_an_altered_text_is_refused(self):
        sealed = seal(FACTS)
        altered = sealed[:-10] + ("A" if sealed[-10] != "A" else "B") + sealed[-9:]
        with pytest.raises(InvalidToken):
            unseal(altered)

    def test_a_digest_is_of_one_length_and_differs(self):
        assert len(digest("a")) == len(digest("b" * 999)) == 64
        assert digest("a") != digest("b")


class TestFinding:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("请打13800000077。", ["13800000077"]),
            ("138 0000 0077", ["138 0000 0077"]),
            ("１３８－０００００－０７７", ["１３８－０００００－０７７"]),
            ("138\u200d0000\u200d0077", ["138\u200d0000\u200d0077"]),
            ("+86 138 0000 0077", ["86 138 0000 0077"]),
            ("33020419500101123X", ["33020419500101123X"]),
            ("0574 87654321", ["0574 87654321", "87654321"]),
            ("总机 87654321 转 12", ["87654321"]),
            ("wx: zhang_77", ["wx: zhang_77"]),
            ("住 9幢301室", ["9幢", "301室"]),
            ("十二单元", ["十二单元"]),
            ("七号楼", ["七号楼"]),
            ("12号301", ["12号301"]),
        ],
    )
    def test_what_gives_away(self, text, found):
        assert hard(text) == found

    @pytest.mark.parametrize(
        "text",
        [
            "", "2026年3月10日下午3点", "1380 元", "一共 12 本", "12345", "110、119、120", "买 2200 瓦的水壶",
            "3月12号上午", "第12届", "1.5 米 × 2 米", "10000000 步", "12388",
        ],
    )  # fmt: skip
    def test_what_does_not(self, text):
        assert hard(text) == []

    def test_names_and_addresses_that_are_known(self):
        assert hard("张示例想要一把伞", ["张示例", "七塔一村"]) == ["张示例"]
        assert hard("张阿姨想要一把伞", ["张"]) == []  # one character is no name

    def test_words_that_brand_are_told_apart(self):
        text = "低保户，82 岁，单亲，糖尿病，离异"
        assert soft(text) == ["低保", "82 岁", "单亲", "糖尿病", "离异"]
        assert hard(text) == []

    @pytest.mark.parametrize("text", ["爷爷奶奶", "孩子上学", "1982岁月", "医院配药"])
    def test_ordinary_words_brand_nobody(self, text):
        assert soft(text) == []
