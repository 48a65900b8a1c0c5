"""A question becomes the retrieval intent of its article, as Rasa's own action reads it; a request never does."""

from pathlib import Path
from typing import Any

import pytest
from rasa.core.actions.action import ActionRetrieveResponse
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.classifier import CityIntentClassifier
from bot.nlu.extractor import CityEntityExtractor
from bot.nlu.questions import AnswerSelector

CONTEXT = ExecutionContext(GraphSchema({}))
REQUESTS = {
    "pay_utility_bill": ["交水费", "我要交电费", "帮我把水费交了", "缴一下燃气费", "水费交一下", "电费帮我付了"],
    "query_utility_bill": ["查水费", "我水费多少", "能帮我查下水费吗", "电费欠多少", "看看燃气费账单", "水费查一下"],
    "out_of_scope": ["讲个笑话", "今天天气怎么样", "西瓜多少钱一斤", "电影票怎么买", "推荐一本书", "放首歌"],
}
QUESTIONS = {
    "ask_utility_bills/invoice": [
        "水费能开发票吗",
        "发票怎么开",
        "电费发票在哪下载",
        "开票要什么材料",
        "能开电子发票不",
    ],
    "ask_utility_bills/late_fee": [
        "滞纳金怎么算",
        "晚交有违约金吗",
        "逾期一天加多少",
        "违约金能免吗",
        "过期交要罚钱吗",
    ],
    "ask_traffic/points": ["一年有几分", "扣满十二分怎么办", "记分什么时候清零", "分扣完了要学习吗", "几分会吊销"],
}


def training_data() -> TrainingData:
    requests = [Message({"text": text, "intent": intent}) for intent, texts in REQUESTS.items() for text in texts]
    questions = [
        Message({"text": text, "intent": name.partition("/")[0], "intent_response_key": name})
        for name, texts in QUESTIONS.items()
        for text in texts
    ]
    responses = {f"utter_{name}": [{"text": f"答：{name}"}] for name in QUESTIONS}
    return TrainingData([*requests, *questions], responses=responses)


def pipeline(folder: Path, data: TrainingData) -> list[Any]:
    storage, steps = LocalModelStorage(folder), []
    for component in (CityEntityExtractor, CityIntentClassifier, AnswerSelector):
        resource = Resource(component.__name__)
        component.create({}, storage, resource, CONTEXT).train(data)
        steps.append(component.load({}, storage, resource, CONTEXT))
    return steps


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    return pipeline(tmp_path_factory.mktemp("model"), training_data())


def parsed(steps: list[Any], text: str) -> dict[str, Any]:
    messages = [Message({"text": text})]
    for step in steps:
        messages = step.process(messages)
    return messages[0].as_dict(only_output_properties=True)


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("请问水费能开发票吗", "ask_utility_bills/invoice"),
        ("晚交几天违约金怎么算", "ask_utility_bills/late_fee"),
        ("记分到什么时候清零啊", "ask_traffic/points"),
    ],
)
def test_rasas_own_action_finds_the_answer(steps: list[Any], text: str, article: str) -> None:
    read = parsed(steps, text)
    retrieval = article.partition("/")[0]
    assert read["intent"]["name"] == retrieval
    assert read["intent_ranking"][0] == read["intent"]
    selected = read["response_selector"][retrieval]
    assert selected["response"]["responses"] == [{"text": f"答：{article}"}]
    assert selected["ranking"][0] == {"confidence": read["intent"]["confidence"], "intent_response_key": article}
    assert read["response_selector"]["all_retrieval_intents"] == ["ask_traffic", "ask_utility_bills"]
    tracker = DialogueStateTracker("test", [])
    tracker.update(UserUttered(text, read["intent"], parse_data={**read, "entities": []}))
    assert ActionRetrieveResponse(f"utter_{retrieval}").get_full_retrieval_name(tracker) == f"utter_{article}"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("能帮我查下水费吗", "query_utility_bill"),
        ("我水费多少", "query_utility_bill"),
        ("帮我把水费交了", "pay_utility_bill"),
        ("讲个笑话", "out_of_scope"),
    ],
)
def test_what_is_no_question_stays_what_it_was(steps: list[Any], text: str, intent: str) -> None:
    read = parsed(steps, text)
    assert read["intent"]["name"] == intent
    assert intent not in read.get("response_selector", {})


def test_features_are_not_put_out(steps: list[Any]) -> None:
    assert set(parsed(steps, "交水费")) <= {"text", "intent", "entities", "intent_ranking", "response_selector"}


@pytest.mark.parametrize("text", ["", " ", "？？？", "😀", "嗯"])
def test_odd_messages_are_left_alone(steps: list[Any], text: str) -> None:
    assert not parsed(steps, text)["intent"]["name"].startswith("ask_")


def test_without_articles_nothing_is_a_question(tmp_path: Path) -> None:
    requests = [one for one in training_data().training_examples if "intent_response_key" not in one.data]
    read = parsed(pipeline(tmp_path, TrainingData(requests)), "水费能开发票吗")
    assert read["intent"]["name"] in (*REQUESTS, "nlu_fallback")
    assert "response_selector" not in read
