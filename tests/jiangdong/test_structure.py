"""Promises about the code that a machine can hold: one writer, one clock, words through gettext, acts by POST alone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from tests.wishes.doors import text_of

ROOT = Path(settings.BASE_DIR)
APPS = ("accounts", "notices", "pairing", "wishes", "voices", "reports", "jiangdong")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Yield every module of ours, migrations aside, with its path."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def dotted(node: ast.expr) -> str:
    """Return `a.b.c` of an expression, as far as it is one."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


class TestOneWriter:
    """What a move decides is written by `wishes.actions` alone, of a voice by `voices.actions`."""

    # The bench writes as bluntly as Django can, to say what the portal costs beside it.
    WRITERS = (
        "wishes/actions/",
        "wishes/erasure.py",
        "jiangdong/bench/",
        "voices/actions/",
        "voices/erasure.py",
    )

    def others(self) -> Iterator[tuple[str, ast.Module]]:
        return ((path, tree) for path, tree in modules() if not path.startswith(self.WRITERS))

    def test_nobody_else_assigns_a_wishs_state(self):
        found = [
            f"{path}:{node.lineno}"
            for path, tree in self.others()
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign | ast.AugAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Attribute)
            and target.attr
            in ("state", "agency_id", "handler", "handler_id", "claimed_by", "closed_by", "rating")
        ]
        assert found == []

    def test_nobody_else_saves_or_updates_wishes(self):
        found = []
        for path, tree in self.others():
            for call in calls(tree):
                name = dotted(call.func)
                source = ast.unparse(call)
                writes = re.search(
                    r"\.(save|update|bulk_update|bulk_create|create|delete)$", name
                ) or (
                    isinstance(call.func, ast.Attribute)
                    and call.func.attr
                    in ("update", "bulk_update", "bulk_create", "create", "delete")
                )
                if writes and re.match(r"(Wish\b|wish\b|wishes\b)", source):
                    found.append(f"{path}:{call.lineno} {source[:60]}")
        assert found == []

    def test_doors_write_nothing_at_all(self):
        """Views, API and admin of wishes and pairing hand every write to an action."""
        found = []
        for path, tree in modules():
            if not re.match(r"(wishes|pairing|voices)/(views|api|admin)", path):
                continue
            found += [
                f"{path}:{call.lineno}"
                for call in calls(tree)
                if isinstance(call.func, ast.Attribute)
                and call.func.attr
                in ("save", "bulk_create", "bulk_update", "get_or_create", "update_or_create")
            ]
        assert found == []


class TestOneClock:
    FORBIDDEN = (
        "timezone.now",
        "datetime.now",
        "dt.datetime.now",
        "datetime.utcnow",
        "date.today",
        "dt.date.today",
        "time.time",
    )
    # What is compared with the time of browsers, of other libraries or of files.
    ALLOWED = (
        "jiangdong/clock.py",
        "jiangdong/faults/portal.py",
        "jiangdong/logs.py",
        "jiangdong/stack/",
        "accounts/adapter.py",
        "accounts/sessions.py",
        "accounts/session_store.py",
    )

    def test_the_time_is_read_from_the_clock_alone(self):
        found = [
            f"{path}:{call.lineno} {dotted(call.func)}"
            for path, tree in modules()
            if not path.startswith(self.ALLOWED)
            for call in calls(tree)
            if dotted(call.func) in self.FORBIDDEN
        ]
        assert found == []

    def test_no_column_fills_itself_with_another_time(self):
        found = [
            f"{path}:{call.lineno}"
            for path, tree in modules()
            for call in calls(tree)
            for keyword in call.keywords
            if keyword.arg in ("auto_now", "auto_now_add")
        ]
        assert found == []


class TestWords:
    """Interface words go through gettext, in templates and in code."""

    SPOKEN = re.compile(
        r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|{%\s*blocktrans(?:late)?.*?endblocktrans(?:late)?\s*%}"
        r"|{%\s*(?:trans|translate)\s.*?%}|_\(\"[^\"]*\"\)|_\('[^']*'\)|<!--.*?-->|\|date:\"[^\"]*\"",
        re.DOTALL,
    )
    # The portal's name is its name in every language.
    NAMES = ("江东",)

    def test_templates_say_nothing_in_chinese_outside_of_gettext(self):
        found = {}
        for path in sorted((ROOT / "templates").rglob("*")):
            if path.suffix not in (".html", ".txt"):
                continue
            left = self.SPOKEN.sub("", path.read_text(encoding="utf-8"))
            for name in self.NAMES:
                left = left.replace(name, "")
            if lines := [line.strip()[:60] for line in left.splitlines() if CHINESE.search(line)]:
                found[str(path.relative_to(ROOT))] = lines
        assert found == {}

    # Data and not interface: the demo district, the bench, what an operator reads, patterns that look for words.
    NOT_SPOKEN = (
        "jiangdong/bench/",
        "jiangdong/demo/",
        "jiangdong/management/",
        "jiangdong/privacy.py",
        "jiangdong/settings.py",
        "wishes/intake/columns.py",
        "wishes/intake/values.py",
        "wishes/likeness.py",
        "wishes/passage.py",
    )
    # The name, and how days are written.
    NAME_OR_DAY = re.compile(r"江东365|[Yynj]+[年月日]")

    def test_code_says_nothing_in_chinese_outside_of_gettext(self):
        found = []
        for path, tree in modules():
            if path.startswith(self.NOT_SPOKEN):
                continue
            spoken = {
                id(part)
                for call in calls(tree)
                if dotted(call.func).rpartition(".")[2]
                in (
                    "_",
                    "gettext",
                    "gettext_lazy",
                    "pgettext",
                    "pgettext_lazy",
                    "ngettext",
                    "ngettext_lazy",
                )
                for argument in call.args
                for part in ast.walk(argument)
            }
            docstrings = {
                id(node.body[0].value)
                for node in ast.walk(tree)
                if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
                and node.body
                and isinstance(node.body[0], ast.Expr)
            }
            found += [
                f"{path}:{node.lineno} {node.value[:30]}"
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and CHINESE.search(self.NAME_OR_DAY.sub("", node.value))
                and id(node) not in spoken | docstrings
            ]
        assert found == []


def patterns(
    resolver: URLResolver | None = None, prefix: str = "", space: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    """Yield every address of the portal as (name, route, pattern)."""
    resolver = resolver or get_resolver()
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from patterns(pattern, route, inner)
        else:
            yield f"{space}{pattern.name}", route, pattern


OURS = sorted(
    (name, route)
    for name, route, pattern in patterns()
    if (pattern.callback.__module__.partition(".")[0] in APPS)
    and not route.startswith(("api/", "admin/"))
)
ACTS = {
    "wishes:resident", "wishes:erase", "wishes:call", "wishes:submit", "wishes:return", "wishes:publish",
    "wishes:claim", "wishes:assign", "wishes:release", "wishes:fulfil", "wishes:confirm", "wishes:reopen",
    "wishes:withdraw", "wishes:remind", "wishes:gather", "wishes:join", "wishes:leave", "wishes:wait",
    "wishes:intake_bring", "wishes:intake_discard", "wishes:intake_match",
    "wishes:resume", "wishes:ask", "wishes:refuse", "wishes:extend", "wishes:lapse", "wishes:refer",
    "wishes:decline", "wishes:unreached", "wishes:end", "wishes:likely", "wishes:merge", "wishes:answer",
    "wishes:quiet", "wishes:call_again", "resident:confirm", "resident:reopen",
    "resident:story", "resident:story_back", "wishes:story", "elder",
    "wishes:monthly_report", "wishes:monthly_return", "wishes:monthly_settle",
}  # fmt: skip


class TestDoors:
    @pytest.fixture
    def addresses(self, cast, wish_in) -> dict[str, str]:
        """Return an address for every name, with things that exist where it takes some."""
        from jiangdong.privacy import unseal

        wish = wish_in("fulfilled")
        token = unseal(wish.link.sealed_token)["token"]
        filled = {
            "<wish_code:code>": wish.code, "<str:token>": token, "<int:pk>": "1", "<int:notice_id>": "1",
            "agencies/<place_code:code>": "agencies/JY", "communities/<place_code:code>": "communities/QT",
        }  # fmt: skip
        addresses = {}
        for name, route in OURS:
            for placeholder, value in filled.items():
                route = route.replace(placeholder, value)
            if "<" not in route and "^" not in route:
                addresses[name] = f"/{route}"
        return addresses

    def test_every_act_of_ours_is_named_here_and_never_made_by_a_get(self, addresses, cast, as_):
        from tests.wishes.test_resident_link import everything

        clients = [
            as_(person) for person in (None, cast.worker, cast.cadre, cast.street, cast.supervisor)
        ]
        before = everything()
        acts = set()
        for name, address in addresses.items():
            if "logout" in name:
                continue
            statuses = {client.get(address).status_code for client in clients}
            if 405 in statuses:
                acts.add(name)
                assert statuses <= {405, 302}, name
        assert everything() == before
        assert {name for name in acts if name.startswith(("wishes:", "resident:", "elder"))} == ACTS

    def test_no_page_of_ours_fails_for_anybody(self, addresses, cast, as_):
        everybody = (None, "worker", "warden", "cadre", "liaison", "street", "supervisor", "admin")
        for who in everybody:
            client = as_(getattr(cast, who) if who else None)
            for name, address in addresses.items():
                if "logout" not in name:
                    assert client.get(address).status_code in (
                        200,
                        302,
                        400,
                        401,
                        403,
                        404,
                        405,
                        410,
                    ), (
                        who,
                        address,
                    )

    def test_what_needs_signing_in_asks_for_it(self, addresses, client):
        open_to_all = {
            "home", "feedback", "robots", "elder", "pairing:index", "pairing:agency", "pairing:community",
            "resident:page", "resident:confirm", "resident:reopen", "wishes:detail", "wishes:log_offline",
            "wishes:log_who", "wishes:monthly", "wishes:monthly_topic", "resident:progress",
        }  # fmt: skip
        for name, address in addresses.items():
            answer = client.get(address)
            if name.startswith(("wishes:", "notices:", "me")) and name not in open_to_all:
                assert answer.status_code == 405 or answer["Location"].startswith(
                    "/accounts/login/"
                ), name


def test_a_page_that_is_served_is_small(cast, client):
    html = text_of(client.get("/"))
    assert len(html.encode()) < 40_000
