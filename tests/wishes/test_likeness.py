"""How alike two wishes' words are: measured in the database and in memory alike."""

import pytest

from wishes.likeness import Words, likeness_to
from wishes.models import Wish

SAID = [
    ("想有人陪着去医院配一次药", ""),
    ("请人陪我去医院配药", "一个月一次，最好上午"),
    ("楼道灯泡坏了，想换一个", "三楼到四楼"),
    ("三楼的灯泡不亮", ""),
    ("想要一台 LED 台灯", "孩子写作业用"),
    ("能不能给一个led台灯", ""),
    ("嗯", ""),
]


@pytest.mark.parametrize("title", [title for title, _detail in SAID])
def test_the_database_and_memory_measure_alike(title, cast, wish_in):
    held = {
        wish_in("draft", title=words, detail=detail).pk: (words, detail) for words, detail in SAID
    }
    measured = Wish.objects.annotate(like=likeness_to(title)).values_list("pk", "like")
    for pk, like in measured:
        assert Words(title).likeness_to(Words(*held[pk])) == pytest.approx(like), held[pk]
