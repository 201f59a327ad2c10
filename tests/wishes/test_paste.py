"""Wishes pasted from a chat group: read, looked over, kept as drafts."""

import re

from jiangdong.privacy import unseal
from pairing.models import Consent, Resident
from tests.wishes.doors import dump, text_of
from wishes.models import Wish

PAGE = "/wishes/paste/"
PASSAGE = """张三 3月5日 20:14
大家好
家里的水龙头漏水，想请人周五前来修一下，电话13800000001
李四 3月5日 20:20
收到
3幢阿芳 3月5日 20:31
想要一辆旧轮椅，住七塔一村9幢301室
"""


def read(client, passage: str = PASSAGE) -> str:
    return text_of(client.post(PAGE, {"passage": passage}))


def form_on(html: str) -> dict[str, str]:
    """Return what the form of rows would be sent with, as it stands."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name = re.search(r'name="(form-[^"]+)"', tag)
        if name and ("checkbox" not in tag or " checked" in tag):
            value = re.search(r'value="([^"]*)"', tag)
            found[name[1]] = value[1] if value else ("on" if "checkbox" in tag else "")
    for name, options in re.findall(
        r'<select name="(form-[^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL
    ):
        found[name] = re.search(r'value="(\w*)" selected', options)[1]
    for name, text in re.findall(r'<textarea name="(form-[^"]+)"[^>]*>([^<]*)</textarea>', html):
        found[name] = text.strip()
    return found


def test_a_passage_becomes_rows_to_look_over_and_nothing_is_written_yet(cast, as_):
    form = form_on(read(as_(cast.worker)))
    assert (form["form-0-title"], form["form-0-kind"], form["form-0-due_on"]) == (
        "家里的水龙头漏水，想请人周五前来修一下",
        "repair",
        "2026-03-13",
    )
    assert (form["form-0-name"], form["form-0-phone"]) == ("张三", "13800000001")
    assert form["form-1-address"] == "七塔一村9幢301室"
    assert Wish.objects.count() == 0


def test_no_consent_is_ticked_beforehand(cast, as_):
    form = form_on(read(as_(cast.worker)))
    assert form["form-0-keep"] == "on"
    assert not [name for name in form if name.endswith(("contact", "publish"))]


def test_ticked_rows_become_drafts_of_ones_own_community(cast, as_):
    client = as_(cast.worker)
    form = form_on(read(client))
    del form["form-1-keep"]
    answer = client.post(PAGE, form | {"form-0-contact": "on"})
    assert answer["Location"] == "/wishes/desk/?tab=drafts"
    wish = Wish.objects.get()
    assert (wish.state, wish.community, wish.logged_by) == ("draft", cast.places.qt, cast.worker)
    assert unseal(wish.resident.sealed) == {"name": "张三", "phone": "13800000001"}
    assert [consent.kind for consent in Consent.objects.all()] == ["contact"]


def test_without_the_residents_word_their_details_are_not_kept_and_the_worker_is_told(cast, as_):
    client = as_(cast.worker)
    answer = client.post(PAGE, form_on(read(client)), follow=True)
    assert Wish.objects.count() == 2
    assert {resident.sealed for resident in Resident.objects.all()} == {""}
    assert "其中 2 件没有本人同意，称呼、电话、住处没有记下。" in text_of(answer)


def test_of_the_passage_nothing_is_kept_but_what_the_rows_say(cast, as_):
    client = as_(cast.worker)
    client.post(PAGE, form_on(read(client)))
    kept = dump()
    for left_out in ("13800000001", "李四", "3幢阿芳", "七塔一村9幢301室", "大家好"):
        assert left_out not in kept
    assert "家里的水龙头漏水" in kept


def test_sending_the_rows_twice_writes_them_down_once(cast, as_):
    client = as_(cast.worker)
    form = form_on(read(client))
    client.post(PAGE, form)
    client.post(PAGE, form)
    assert Wish.objects.count() == 2


def test_one_wrong_row_stops_all_until_it_is_mended_or_not_ticked(cast, as_):
    client = as_(cast.worker)
    form = form_on(read(client)) | {"form-1-title": ""}
    answer = client.post(PAGE, form)
    assert answer.status_code == 400
    assert Wish.objects.count() == 0
    del form["form-1-keep"]
    assert client.post(PAGE, form).status_code == 302
    assert Wish.objects.count() == 1


def test_where_nothing_is_ticked_nothing_is_written(cast, as_):
    client = as_(cast.worker)
    form = {name: value for name, value in form_on(read(client)).items() if "keep" not in name}
    assert "什么都没有记下" in text_of(client.post(PAGE, form, follow=True))
    assert Wish.objects.count() == 0


def test_a_passage_without_wishes_says_so(cast, as_):
    answer = as_(cast.worker).post(PAGE, {"passage": "大家好\n收到"})
    assert answer.status_code == 400
    assert "没有从这段话里读出心愿" in text_of(answer)


def test_rows_that_nobody_made_are_refused_and_not_a_failure(cast, as_):
    client = as_(cast.worker)
    assert client.post(PAGE, {"form-TOTAL_FORMS": "x"}).status_code == 400
    huge = {"form-TOTAL_FORMS": "999999", "form-INITIAL_FORMS": "0", "form-0-keep": "on"}
    assert client.post(PAGE, huge).status_code == 400


def test_wardens_note_drafts_so_too_and_others_do_not(cast, as_):
    warden = as_(cast.warden)
    warden.post(PAGE, form_on(read(warden)))
    assert set(Wish.objects.values_list("logged_by", flat=True)) == {cast.warden.pk}
    for other in (cast.cadre, cast.street, cast.supervisor, cast.admin):
        assert as_(other).get(PAGE).status_code == 403
