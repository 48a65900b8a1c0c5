"""The page where a resident pays."""

import re
import threading

import pytest


def heading(answer):
    return re.search(r'<h1 id="payment-state">(.*?)</h1>', answer.text).group(1)


def test_no_such_page(city):
    for answer in (city.get("/cashier/nothing"), city.http.post("/cashier/nothing/confirmation")):
        assert (answer.status_code, heading(answer)) == (404, "订单不存在")


def test_to_pay(city):
    trade = city.trade().json()
    page = city.http.get(city.page(trade), headers={"Authorization": ""})
    assert (page.status_code, heading(page)) == (200, "确认支付")
    for text in (
        "杭州市水务集团",
        "水费 2026-10",
        "52.20",
        'id="confirm-payment"',
        "请在 10:30 前完成支付",
        'lang="zh-CN"',
    ):
        assert text in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_pay_and_press_again(city):
    trade = city.trade().json()
    first = city.confirm(trade)
    assert (first.status_code, heading(first)) == (200, "支付成功")
    paid = city.get("/payments/trades/T0001").json()
    city.clock.move(minutes=1)
    second = city.confirm(trade)
    assert (second.status_code, heading(second)) == (200, "已支付")
    assert "没有重复扣款" in second.text
    assert city.get("/payments/trades/T0001").json() == paid
    for answer in (first, second, city.get(city.page(trade))):
        assert "confirm-payment" not in answer.text


def test_eight_presses_pay_once(city):
    trade = city.trade().json()
    together, headings = threading.Barrier(8), []

    def press():
        together.wait()
        headings.append(heading(city.confirm(trade)))

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(headings) == sorted(["支付成功"] + ["已支付"] * 7)


def test_closed_and_expired(city):
    closed, expired = city.trade("T1").json(), city.trade("T2").json()
    city.write("/payments/trades/T1/closing")
    city.clock.move(hours=1)
    for trade, title in ((closed, "订单已关闭"), (expired, "订单已过期")):
        for answer in (city.get(city.page(trade)), city.confirm(trade)):
            assert (answer.status_code, heading(answer)) == (410, title)
            assert "confirm-payment" not in answer.text


@pytest.mark.parametrize("field", ["subject", "payee"])
def test_everything_is_escaped(city, field):
    trade = city.trade(**{field: "<script>alert(1)</script>\"'&"}).json()
    for page in (city.get(city.page(trade)), city.confirm(trade)):
        assert "<script" not in page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp;" in page.text
