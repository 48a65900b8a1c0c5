"""What staff change by YAML alone: the worked examples of docs/stories.md, checked, trained, explained, and talked to."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.runtime.settings import ROOT
from tests.conversations.talk import Talk
from tests.conversations.town import Town
from tests.copies import copy_parts
from tests.house import start_house, stop_house

PARTS = ("bot", "actions", "city_api", "connectors", "manifests", "sandbox", "serving", "data", "tests/conversations")
FILES = ("config.yml", "domain.yml", "credentials.yml", "endpoints.yml", "requirements.lock")
EXAMPLE = re.compile(r"```yaml\n# (data/\S+/(?:offers|rating|jiaxing)\.yml)\n(.*?)```", re.DOTALL)
# The holiday's notice at any hour, so that it can be heard on any day.
AT_ANY_HOUR = """version: "3.1"
rules:
  - rule: 上班时打招呼
    condition: [{slot_was_set: [{office_hours: working}]}]
    steps: [{intent: greet}, {action: utter_holiday_notice}, {action: action_greet}]
  - rule: 下班时打招呼
    condition: [{slot_was_set: [{office_hours: closed}]}]
    steps: [{intent: greet}, {action: action_greet}, {action: utter_holiday_notice}]
"""


class Copy:
    """The project with the examples written into it."""

    def __init__(self, root):
        self.root = root
        copy_parts((*PARTS, *FILES), root)
        # What does not change need not be trained again.
        (root / ".rasa").symlink_to(ROOT / ".rasa")
        examples = EXAMPLE.findall((ROOT / "docs/stories.md").read_text(encoding="utf-8"))
        assert len(examples) == 5
        for file, content in [*examples, ("data/stories/hours.yml", AT_ANY_HOUR)]:
            self.write(file, content)

    def write(self, file, content):
        """Write a file of the project."""
        (self.root / file).write_text(content, encoding="utf-8")

    def run(self, *arguments):
        """Run our command there; its exit code and what it wrote."""
        command = [sys.executable, "-m", "bot", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(self.root), "COLUMNS": "200"}
        done = subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True, timeout=300)
        return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def copy(trained_model, tmp_path_factory):
    """A copy of the project, edited, checked and trained."""
    edited = Copy(tmp_path_factory.mktemp("edited"))
    for command in ("check", "train"):
        code, said = edited.run(command)
        assert code == 0, said
    return edited


@pytest.fixture(scope="module")
def town(copy, tmp_path_factory):
    """A house with the model of the copy."""
    (model,) = (copy.root / "models").glob("*.tar.gz")
    running = start_house(tmp_path_factory.mktemp("house"), model)
    town = Town(running)
    town.reset_city()
    yield town
    stop_house(running)


def pay(talk, town, name, kind):
    """Pay a bill and hear that it is settled."""
    talk.say(f"交{name}，户号{town.samples()['accounts'][kind]['one_unpaid']}")
    talk.say("确认")
    talk.press_pay()
    return talk.wait_until_settled()


def test_after_a_water_bill_electricity_is_offered_and_a_yes_takes_it(town):
    talk = Talk(town)
    talk.say(f"交水费，户号{town.samples()['accounts']['water']['one_unpaid']}")
    assert "电费" not in talk.say("确认")  # not before it is paid
    assert talk.slot("outcome") == "awaiting_payment"
    talk.press_pay()
    assert "要不要顺便把电费也交了" in talk.wait_until_settled()
    assert (talk.slot("outcome"), talk.slot("last_city_service")) == ("paid", "water")
    talk.say("好啊")
    assert (talk.active_form(), talk.slot("bill_type")) == ("pay_utility_bill_form", "electricity")
    assert talk.requested() == "account_number"
    assert [order.city_service for order in talk.orders()] == ["water"]


def test_nothing_is_offered_after_another_bill_or_in_the_middle_of_a_task(town):
    talk = Talk(town)
    assert "要不要" not in pay(talk, town, "电费", "electricity")
    town.reset_city()
    talk = Talk(town)
    talk.say(f"交水费，户号{town.samples()['accounts']['water']['one_unpaid']}")
    talk.say("确认")
    talk.press_pay()
    town.wait_for(lambda: talk.orders()[-1].state == "settled")
    question = talk.say("查电费")
    answer = talk.say("水费我付好了")
    assert "收据号" in answer
    assert "要不要" not in answer
    assert question in answer


def test_a_rating_is_asked_once_and_kept_where_it_can_be_counted(town):
    talk = Talk(town)
    plate = town.samples()["plates"]["clean"]
    assert "满意吗" in talk.say(f"{plate}有没有违章")
    assert "谢谢" in talk.say("基本满意")
    assert talk.slot("service_rating") == "基本满意"
    lines = [line for line in town.log_of("actions").splitlines() if "service_rated" in line]
    assert len(lines) == 1
    assert "基本满意" in lines[0] or json.loads(lines[0])["rating"] == "基本满意"
    assert plate not in lines[0]
    assert "满意吗" not in talk.say("再查一次")


def test_who_is_not_satisfied_is_offered_a_person(town):
    talk = Talk(town)
    talk.say(f"{town.samples()['plates']['clean']}有没有违章")
    talk.press("非常不满意")
    talk.press("转人工")
    assert len(town.hand_overs(talk.conversation_id)) == 1


def test_a_rating_waits_until_nothing_waits(town):
    talk = Talk(town)
    talk.say("我要交水费")
    answer = talk.say(f"{town.samples()['plates']['clean']}有没有违章")
    assert talk.active_form() == "pay_utility_bill_form"
    assert "满意吗" not in answer


def test_a_notice_is_said_with_the_greeting_by_the_hour(town):
    talk = Talk(town)
    lines = talk.say("你好").splitlines()
    notice = next(number for number, line in enumerate(lines) if "今天放假" in line)
    assert notice == (1 if talk.slot("office_hours") == "closed" else 0)


def test_in_jiaxing_gas_has_its_own_words_and_a_person(town):
    talk = Talk(town)
    talk.say("换到嘉兴")
    assert "公众号" in talk.say("我要交燃气费")
    assert talk.active_form() is None
    talk.press("转人工")
    assert len(town.hand_overs(talk.conversation_id)) == 1
    assert "公众号" in talk.say("燃气费欠了多少")
    talk.say("我要交水费")
    assert talk.active_form() == "pay_utility_bill_form"


def test_elsewhere_gas_is_as_before(town):
    talk = Talk(town)
    talk.say("我要交燃气费")
    assert (talk.active_form(), talk.requested()) == ("pay_utility_bill_form", "account_number")


@pytest.mark.parametrize(
    ("arguments", "spoke", "why"),
    [
        (
            ["--fact", "outcome=paid", "--fact", "last_city_service=water", "我付好了"],
            "→ utter_offer_electricity  规则「水费缴清，问电费」（data/stories/offers.yml）",
            "它要的情况：last_city_service 是 water，outcome 是 paid。",
        ),
        (
            ["--form", "ends", "--fact", "outcome=told", "查违章", "浙A12345"],
            "→ utter_ask_service_rating  规则「办完请评价」（data/stories/rating.yml）",
            "它要的情况：outcome 是 told，service_rating 是 没有。",
        ),
        (
            ["--fact", "office_hours=holiday", "你好"],
            "→ utter_holiday_notice  规则「放假时打招呼」（data/stories/common.yml）",
            "它要的情况：office_hours 是 holiday。",
        ),
        (
            ["--fact", "city=嘉兴", "我要交燃气费"],
            "→ utter_gas_in_jiaxing  规则「嘉兴交燃气费」（data/stories/jiaxing.yml）",
            "先于规则「交水电燃气费：开始」",
        ),
    ],
)
def test_it_is_explained_why_it_spoke(copy, arguments, spoke, why):
    code, said = copy.run("explain", *arguments)
    assert code == 0, said
    assert spoke in said
    assert why in said


EQUAL = """version: "3.1"
rules:
  - rule: 嘉兴燃气转人工
    condition: [{slot_was_set: [{city: 嘉兴}, {asked_city_service: gas}]}]
    steps: [{intent: pay_utility_bill}, {action: action_hand_over}]
"""


def test_two_that_are_equal_are_refused_alike_by_check_and_training(copy, request):
    copy.write("data/stories/equal.yml", EQUAL)
    request.addfinalizer((copy.root / "data/stories/equal.yml").unlink)
    for command in ("check", "train"):
        code, said = copy.run(command)
        assert code == 1, said
        for words in ("规则「嘉兴交燃气费」（", "规则「嘉兴燃气转人工」（", "utter_gas_in_jiaxing", "action_hand_over"):
            assert words in said.replace("\n", ""), said


def test_the_page_names_every_fact_and_value(copy):
    from bot.dialogue.importer import ServiceImporter

    page = Path(ROOT / "docs/stories.md").read_text(encoding="utf-8")
    importer = ServiceImporter(str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [])
    facts = [slot for slot in importer.get_domain().slots if slot.influence_conversation and slot.has_features()]
    assert [slot.name for slot in facts if f"| `{slot.name}` |" not in page] == []
    listed = [
        value for slot in facts if slot.name in ("outcome", "visit", "office_hours") for value in slot.values[:-1]
    ]
    assert [value for value in listed if f"`{value}`" not in page] == []
