"""Who may ask."""

import pytest

GOOD = {"grant_type": "client_credentials", "client_id": "bianmin", "client_secret": "sandbox-secret"}


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"client_secret": "密"}, 401, "invalid_client"),
        ({"client_id": "somebody"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "unsupported_grant_type"),
    ],
)
def test_no_token_for(city, change, status, code):
    answer = city.http.post("/oauth/token", data={**GOOD, **change})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic Ymlhbm1pbjpzYW5kYm94LXNlY3JldA=="])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/cities/330100/services"),
        ("GET", "/cities/330100/utilities/water/accounts/1/bills"),
        ("POST", "/cities/330100/utilities/bills/B1/payments"),
        ("GET", "/cities/330100/traffic/decisions/1"),
        ("GET", "/cities/330100/hospitals"),
        ("POST", "/cities/330100/credit/score"),
        ("POST", "/cities/330100/identity/verification"),
        ("POST", "/payments/trades"),
        ("GET", "/payments/trades/T1"),
    ],
)
def test_no_answer_without_a_token(city, header, method, path):
    answer = city.http.request(method, path, json={}, headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_token_answer(city):
    token = city.http.post("/oauth/token", data=GOOD).json()
    assert set(token) == {"access_token", "token_type", "expires_in"}
    assert (token["token_type"], token["expires_in"]) == ("bearer", 3600)


def test_token_ends(city):
    assert city.get("/cities/330100/services").status_code == 200
    city.clock.move(seconds=3599)
    assert city.get("/cities/330100/services").status_code == 200
    city.clock.move(seconds=1)
    assert city.get("/cities/330100/services").json()["code"] == "invalid_token"
    city.authorize()
    assert city.get("/cities/330100/services").status_code == 200
