"""The web page in a real browser: against a scripted assistant, and through a payment against the real house."""

import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from connectors.page import CONTENT_TYPES, FOLDER, HEADERS
from tests.house import House

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}

Answer = Callable[[str], list[dict[str, Any]] | int]


class ScriptedAssistant:
    """A server with the page's files, whose messages are answered as the test says.

    Attributes:
        answer: given the message, the replies or an HTTP status.
        received: the bodies of messages that came in.
        begun: how often a new session was asked for.
        open: cleared to make answers wait.
    """

    def __init__(self) -> None:
        self.answer: Answer = lambda message: [{"text": f"您说：{message}"}]
        self.received: list[dict[str, Any]] = []
        self.begun: list[int] = []
        self.open = threading.Event()
        self.open.set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.open.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        assistant = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = "index.html" if self.path == "/" else self.path.removeprefix("/page/")
                if name not in CONTENT_TYPES:
                    self._reply(200, "text/html; charset=utf-8", b"<p>cashier</p>")
                    return
                self._reply(200, CONTENT_TYPES[name], (FOLDER / name).read_bytes())

            def do_POST(self) -> None:
                if self.path == "/page/sessions":
                    assistant.begun.append(len(assistant.received))
                    self._reply(204 if assistant.open.is_set() else 503, "text/plain", b"")
                    return
                assert self.path == "/page/messages"
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                assistant.received.append(body)
                assistant.open.wait(10)
                answer = assistant.answer(body["message"])
                status, content = (answer, []) if isinstance(answer, int) else (200, answer)
                self._reply(status, "application/json", json.dumps(content).encode())

            def _reply(self, status: int, content_type: str, content: bytes) -> None:
                self.send_response(status)
                for name, value in {**HEADERS, "Content-Type": content_type, "Content-Length": len(content)}.items():
                    self.send_header(name, str(value))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        return Handler


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield running
    running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, locale="zh-CN")  # type: ignore[arg-type]
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    yield opened
    context.close()
    assert problems == []


@pytest.fixture
def assistant() -> Iterator[ScriptedAssistant]:
    running = ScriptedAssistant()
    yield running
    running.close()


def send(page: Page, words: str) -> None:
    page.locator("#text").fill(words)
    page.locator("#send").click()


def last(page: Page, kind: str) -> Any:
    return page.locator(f".{kind}:not(.typing)").last


HOSTILE = [
    "<img src=x onerror='document.title=\"owned\"'>",
    "<script>document.title='owned'</script>",
    "javascript:document.title='owned'",
    "</li></ol><b>bold</b>",
    '" onmouseover="document.title=1',
]


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_said_by_either_side_becomes_html(page: Page, assistant: ScriptedAssistant, words: str) -> None:
    assistant.answer = lambda message: [{"text": words, "buttons": [{"title": words, "payload": words}]}]
    page.goto(assistant.url)
    expect(page.locator(".bot:not(.typing) .bubble")).to_have_text([words])
    expect(page.locator(".buttons button")).to_have_text([words])
    send(page, words)
    expect(last(page, "resident").locator(".bubble")).to_have_text(words)
    expect(page.locator(".bot:not(.typing) .bubble")).to_have_count(2)
    assert page.locator("#messages img, #messages script, #messages b, #messages a").count() == 0
    assert page.title() == "便民助手"


@pytest.mark.parametrize("status", [500, 503, 400])
def test_a_failed_request_is_said_and_can_be_tried_again(page: Page, assistant: ScriptedAssistant, status: int) -> None:
    page.goto(assistant.url)
    expect(page.locator(".bot:not(.typing) .bubble")).to_have_text(["您说：/greet"])
    assistant.answer = lambda message: status
    send(page, "交水费")
    expect(page.locator(".failure .bubble")).to_contain_text("没有收到回音")
    assistant.answer = lambda message: [{"text": "好的"}]
    page.locator(".retry").click()
    expect(last(page, "bot").locator(".bubble")).to_have_text("好的")
    expect(page.locator(".failure")).to_have_count(0)
    expect(page.locator(".resident")).to_have_count(1)
    assert [body["message"] for body in assistant.received] == ["/greet", "交水费", "交水费"]


def test_an_unreachable_server_is_said(page: Page, assistant: ScriptedAssistant) -> None:
    page.goto(assistant.url)
    expect(page.locator(".bot:not(.typing)")).to_have_count(1)
    page.route("**/page/messages", lambda route: route.abort())
    send(page, "交水费")
    expect(page.locator(".failure .retry")).to_be_visible()


def test_it_greets_by_itself_and_names_no_sender(page: Page, assistant: ScriptedAssistant) -> None:
    page.goto(assistant.url)
    expect(page.locator(".bot:not(.typing) .bubble")).to_have_text(["您说：/greet"])
    expect(page.locator(".resident")).to_have_count(0)
    page.reload()
    expect(page.locator(".bot:not(.typing)")).to_have_count(1)
    page.wait_for_function("() => !document.getElementById('send').disabled")
    page.locator("#restart").click()
    expect(page.locator(".bot:not(.typing)")).to_have_count(1)
    page.wait_for_function("() => !document.getElementById('send').disabled")
    assert assistant.received == [{"message": "/greet"}] * 3
    assert assistant.begun == [2]
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_where_it_cannot_begin_anew_the_former_conversation_stays(page: Page, assistant: ScriptedAssistant) -> None:
    page.goto(assistant.url)
    expect(page.locator(".bot:not(.typing)")).to_have_count(1)
    page.wait_for_function("() => !document.getElementById('send').disabled")
    assistant.open.clear()
    page.locator("#restart").click()
    expect(page.locator(".failure .bubble")).to_contain_text("还是刚才的对话")
    expect(page.locator(".bot:not(.failure) .bubble")).to_have_text(["您说：/greet"])


def test_a_button_sends_its_payload_shows_its_title_and_works_once(page: Page, assistant: ScriptedAssistant) -> None:
    buttons = [
        {"title": "交水费", "payload": '/pay_utility_bill{"bill_type": "water"}'},
        {"title": "不了", "payload": "/deny"},
    ]
    assistant.answer = lambda message: (
        [{"text": "您好", "buttons": buttons}] if message == "/greet" else [{"text": "好"}]
    )
    page.goto(assistant.url)
    page.get_by_role("button", name="交水费").click()
    expect(last(page, "resident").locator(".bubble")).to_have_text("交水费")
    expect(last(page, "bot").locator(".bubble")).to_have_text("好")
    assert assistant.received[-1]["message"] == '/pay_utility_bill{"bill_type": "water"}'
    for button in page.locator(".buttons button").all():
        expect(button).to_be_disabled()


def test_it_shows_that_an_answer_is_being_written_and_sends_nothing_twice(
    page: Page, assistant: ScriptedAssistant
) -> None:
    page.goto(assistant.url)
    expect(page.locator(".bot:not(.typing)")).to_have_count(1)
    assistant.open.clear()
    send(page, "交水费")
    expect(page.locator(".typing")).to_be_visible()
    expect(page.locator("#send")).to_be_disabled()
    page.locator("#text").fill("再说一句")
    page.locator("#text").press("Enter")
    assistant.open.set()
    expect(page.locator(".typing")).to_have_count(0)
    expect(page.locator("#text")).to_have_value("再说一句")
    assert [body["message"] for body in assistant.received] == ["/greet", "交水费"]


@pytest.mark.parametrize("words", ["", "   ", "\n"])
def test_blank_words_are_not_sent(page: Page, assistant: ScriptedAssistant, words: str) -> None:
    page.goto(assistant.url)
    expect(page.locator(".bot:not(.typing)")).to_have_count(1)
    send(page, words)
    expect(page.locator(".resident")).to_have_count(0)
    assert len(assistant.received) == 1


def test_links_can_be_clicked_and_end_before_chinese_punctuation(page: Page, assistant: ScriptedAssistant) -> None:
    assistant.answer = lambda message: [
        {"text": "看 https://example.org/a?b=1，或 ftp://example.org 与 http://x.org/(1)。"}
    ]
    page.goto(assistant.url)
    links = page.locator(".bot a")
    expect(links).to_have_text(["https://example.org/a?b=1", "http://x.org/(1)"])
    expect(links.first).to_have_attribute("target", "_blank")
    expect(links.first).to_have_attribute("rel", "noopener noreferrer")


def test_back_from_the_cashier_it_asks_for_the_payment(page: Page, assistant: ScriptedAssistant) -> None:
    assistant.answer = lambda message: [{"text": f"请付款：{assistant.url}cashier/abc\n付完回来"}]
    page.goto(assistant.url)
    with page.expect_popup() as opened:
        page.get_by_role("link", name="去收银台付款").click()
    opened.value.close()
    # Headless pages never hide, so the browser's event is made by hand.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".bot:not(.typing)")).to_have_count(2)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".typing")).to_have_count(0)
    assert [body["message"] for body in assistant.received] == ["/greet", "/check_payment"]
    expect(page.locator(".resident")).to_have_count(0)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_its_window_and_the_newest_message_is_seen(
    page: Page, assistant: ScriptedAssistant, viewport: dict[str, int], scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(viewport)  # type: ignore[arg-type]
    assistant.answer = lambda message: [{"text": "很长的一行" * 30}, {"text": "a" * 400}, {"text": "最后一条"}]
    page.goto(assistant.url)
    expect(page.get_by_text("最后一条")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    expect(page.locator("#send")).to_be_in_viewport()


def test_a_screen_reader_hears_new_messages(page: Page, assistant: ScriptedAssistant) -> None:
    page.goto(assistant.url)
    expect(page.get_by_role("log", name="对话")).to_have_attribute("aria-live", "polite")
    expect(page.get_by_label("要说的话")).to_be_visible()


def test_no_script_reads_the_session_and_another_browser_has_another(
    page: Page, browser: Browser, house: House
) -> None:
    page.goto(house.ports.url("assistant"))
    expect(page.locator(".bot:not(.typing)")).to_have_count(1)
    assert page.evaluate("document.cookie") == ""
    (mine,) = page.context.cookies()
    assert (mine["httpOnly"], mine["sameSite"]) == (True, "Lax")
    other = browser.new_context()
    other.request.get(house.ports.url("assistant"))
    (theirs,) = other.cookies()
    other.close()
    assert mine["value"] != theirs["value"]


def test_from_the_first_word_to_the_receipt(page: Page, house: House) -> None:
    """A resident pays a water bill on a phone, with the real assistant, action server and city behind it."""
    account = house.sandbox.get("/admin/samples").json()["accounts"]["water"]["one_unpaid"]
    page.goto(house.ports.url("assistant"))
    expect(page.get_by_role("button", name="交水电燃气费")).to_be_enabled()
    send(page, "我要交水费")
    expect(last(page, "bot")).to_contain_text("户号")
    send(page, account)
    expect(last(page, "bot")).to_contain_text("确认缴费吗")
    page.get_by_role("button", name="确认").last.click()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="去收银台付款").click()
    cashier = opened.value
    cashier.locator("#confirm-payment").click()
    expect(cashier.locator("body")).to_contain_text("支付成功")
    cashier.close()
    # Headless pages never hide, so the browser's event is made by hand; the city may take a moment to settle.
    receipt = page.locator(".bot", has_text=re.compile(r"收据号 R\d{14}"))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".typing")).to_have_count(0)
    for _ in range(10):
        if receipt.count():
            break
        page.wait_for_timeout(1000)
        send(page, "我付好了")
        expect(page.locator(".typing")).to_have_count(0)
    expect(receipt.last).to_be_visible()
    unpaid = house.sandbox.get("/admin/samples").json()["owed"].get(account)
    assert unpaid in (None, "0.00")
