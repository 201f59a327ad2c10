"""Nothing of the portal is blocked, fails, or comes from elsewhere, and the first page is light.

Every window of every browser test is watched (see `conftest`), and `test_access` looks at all pages;
here it is shown that the watch is awake.
"""

import gzip

from playwright.sync_api import Response

from tests.browser.sights import season

FIRST_PAGE = 100_000  # bytes, compressed


def test_the_watch_notices_what_it_is_there_for(window, watch):
    page = window()
    page.route("**/bare/", lambda route: route.fulfill(body="<p>字", content_type="text/html"))
    page.goto("/")
    page.evaluate(
        """async () => {
          document.body.append(Object.assign(document.createElement("script"), {text: "1"}));
          document.body.setAttribute("style", "color: red");
          const image = new Image();
          await new Promise(done => Object.assign(image, {onerror: done, src: "/static/missing.png"}));
          await fetch("https://portal.example/").catch(() => null);
        }"""
    )
    page.evaluate("setTimeout(() => { throw new Error('a slip') })")
    page.goto("/bare/", wait_until="networkidle")
    noticed = "\n".join(watch.faults)
    for fault in ("script", "style", "https://portal.example/", "404: ", "a slip", "policy ''"):
        assert fault in noticed
    watch.faults.clear()


def test_the_first_page_weighs_less_than_a_hundred_kilobytes(window, cast, wish_in):
    season(cast, wish_in)
    answers: list[Response] = []
    page = window()
    page.on("response", lambda answer: answers.append(answer))
    page.goto("/", wait_until="networkidle")
    weights = {answer.url: len(gzip.compress(answer.body(), 6)) for answer in answers}
    assert len(weights) >= 7
    assert sum(weights.values()) < FIRST_PAGE, weights
