import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.engine.graph import ExecutionContext, GraphSchema, SchemaNode
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.extractors.crf_entity_extractor import CRFEntityExtractor
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.dialogue.articles import examples_of
from bot.nlu import classifier, extractor, tokenizer
from bot.nlu.check import EXAMPLES
from bot.nlu.classifier import FALLBACK, CityIntentClassifier
from bot.nlu.extractor import CityEntityExtractor
from bot.nlu.gazetteer_files import GAZETTEERS
from bot.nlu.questions import AnswerSelector
from bot.nlu.tokenizer import CityTokenizer
from manifests.knowledge import read_all

from .conftest import TUESDAY

CONTEXT = ExecutionContext(GraphSchema({}))
COMPONENTS = (CityTokenizer, CityEntityExtractor, CityIntentClassifier)


class Pipeline:
    """Our components, trained, stored and loaded again as Rasa does it."""

    def __init__(self, storage: LocalModelStorage, data: TrainingData) -> None:
        self.steps: list[Any] = []
        for component in (*COMPONENTS, AnswerSelector):
            resource = Resource(component.__name__)
            component.create({}, storage, resource, CONTEXT).train(data)
            self.steps.append(component.load({}, storage, resource, CONTEXT))
        self.steps[1].today = lambda: TUESDAY

    def parse(self, text: str) -> Message:
        messages = [Message({"text": text})]
        for step in self.steps:
            messages = step.process(messages)
        return messages[0]

    def intent(self, text: str) -> str:
        return str(self.parse(text).get("intent")["name"])


def training_data() -> TrainingData:
    """The examples of data/nlu and the questions of data/knowledge, as a training has both."""
    return load_data(str(EXAMPLES)).merge(examples_of(read_all()))


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    return Pipeline(LocalModelStorage(tmp_path_factory.mktemp("model")), training_data())


@pytest.mark.parametrize(
    "text", ["", " ", "。", "？？？", "😀", "\x00", "/", "asdf", "' OR 1=1 --", "<b>x</b>", "{}", "１"]
)
def test_odd_messages_get_an_intent(pipeline: Pipeline, text: str) -> None:
    message = pipeline.parse(text)
    assert message.get("intent")["name"]
    assert message.get("intent_ranking")[0] == message.get("intent")


@pytest.mark.parametrize("text", ["", " ", "\u3000\n"])
def test_what_says_nothing_falls_back(pipeline: Pipeline, text: str) -> None:
    assert pipeline.intent(text) == FALLBACK


@pytest.mark.parametrize(
    "text",
    [
        "信用借款怎么申请",
        "信用贷利息多少",
        "信用卡还款",
        "就是我就是失恋了",
        "就是预约健身房的就是私教课",
        "水果多少钱一斤",
        "电影票怎么买",
        "信用社几点开门",
        "挂钟不走了",
        "水管漏了找谁",
        "暖气费怎么交",
        "天气咋样",
        "好贵",
        "好繁琐",
        "好奇怪",
        "对不起",
        "可以分期吗",
        "怎么提高信用分",
        "把淘宝那个订单取消",
        "不想活了",
    ],
)
def test_near_misses_start_no_service(pipeline: Pipeline, text: str) -> None:
    assert pipeline.intent(text).partition("_")[0] in ("out", "ask")  # out of scope, or answered


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("交电", "pay_utility_bill"),
        ("叫水费", "pay_utility_bill"),
        ("角一下燃气费", "pay_utility_bill"),
        ("教罚款", "pay_traffic_fine"),
        ("水费交了没", "query_utility_bill"),
        ("最晚哪天交电费", "query_utility_bill"),
        ("电费什么时候交", "query_utility_bill"),
        ("帮我翻翻之前挂过哪些号", "query_hospital_appointment"),
        ("把刚查出来那几条违章的罚款一起付了", "pay_traffic_fine"),
        ("这玩意儿咋使", "help"),
        ("就是", "affirm"),
        ("嗯", "affirm"),
        ("嗯，那个，就是交一下水费", "pay_utility_bill"),
        ("捕行", "deny"),
        ("布是的", "deny"),
        ("部对", "deny"),
        ("补对", "deny"),
        ("还是算了吧，我自己跑一趟", "deny"),
        ("拉倒吧", "deny"),
        ("先这样吧不弄了", "deny"),
        ("改天再说", "deny"),
        ("我去窗口办", "deny"),
        ("俺家天然气钱交一下子", "pay_utility_bill"),
        ("幫我繳水費", "pay_utility_bill"),
        ("水费", "query_utility_bill"),
        ("水嗯费呃还欠多少", "query_utility_bill"),
        ("查一下我的車有沒有違章", "query_traffic_violation"),
        ("驾照还剩几分", "query_traffic_violation"),
        ("罚单咋交", "pay_traffic_fine"),
        ("明天下午口腔科还有号吗", "book_hospital_appointment"),
        ("我牙疼想看医生", "book_hospital_appointment"),
        ("我约的哪天", "query_hospital_appointment"),
        ("把号退了", "cancel_hospital_appointment"),
        ("我信用咋样", "query_credit_score"),
        ("换到嘉兴", "switch_city"),
        ("叫个真人来", "handoff_human"),
        ("不对，是电费", "inform"),
        ("３３０１２３４５６７", "inform"),
        ("A12345", "inform"),
        ("a12345", "inform"),
        ("12345", "handoff_human"),
        ("拨12345", "handoff_human"),
        ("无异议", "affirm"),
        ("同意缴费", "affirm"),
        ("是的退掉", "affirm"),
        ("继续刚才的", "affirm"),
        ("好可以", "affirm"),
        ("现在交", "pay_utility_bill"),
        ("再交一次", "pay_utility_bill"),
        ("我要交", "pay_utility_bill"),
        ("帮我交了", "pay_utility_bill"),
        ("还有一笔也交了吧", "pay_utility_bill"),
        ("都交了吧", "pay_utility_bill"),
        ("两笔都交", "pay_utility_bill"),
        ("两笔都交了", "check_payment"),
        ("电费呢", "query_utility_bill"),
        ("那燃气呢", "query_utility_bill"),
        ("刚才那个违章呢", "query_traffic_violation"),
        ("再查一次", "inform"),
        ("再试一次", "inform"),
        ("有没有更早的", "inform"),
        ("还有别的医生吗", "inform"),
        ("那上午呢", "inform"),
        ("下午有吗", "inform"),
        ("吴教授", "inform"),
        ("我的收据号是多少", "check_payment"),
        ("你先别扣", "deny"),
        ("都别办了", "deny"),
        ("取消订单", "deny"),
        ("不想付了", "deny"),
        ("我要退款", "handoff_human"),
        ("退款进度", "check_payment"),
        ("确认了会直接扣款吗", "help"),
        ("收款方是谁", "help"),
        ("哪个月的", "help"),
        ("什么时候截止退号", "query_hospital_appointment"),
        ("能退号吗", "cancel_hospital_appointment"),
        ("我付好了", "check_payment"),
        ("算了", "deny"),
        ("要得", "affirm"),
    ],
)
def test_intents(pipeline: Pipeline, text: str, intent: str) -> None:
    assert pipeline.intent(text) == intent


def test_two_requests_in_one_message(pipeline: Pipeline) -> None:
    text = "查下水费，顺便看看有没有违章"
    message = pipeline.parse(text)
    (second,) = (one for one in message.get("entities") if one["entity"] == "second_intent")
    assert message.get("intent")["name"] == "query_utility_bill"
    assert second["value"] == "query_traffic_violation"
    assert text[second["start"] : second["end"]] == "看看有没有违章"


def test_three_requests_in_one_message(pipeline: Pipeline) -> None:
    message = pipeline.parse("查违章、交水费、再看看信用分")
    further = [one["value"] for one in message.get("entities") if one["entity"] == "second_intent"]
    assert message.get("intent")["name"] == "query_traffic_violation"
    assert further == ["pay_utility_bill", "query_credit_score"]


@pytest.mark.parametrize(
    "text",
    ["查下电费，有的话就交了", "牙疼，能不能挂个号", "你好，我要交水费", "水费、电费", "我要交电费，户号3301234567"],
)
def test_one_request_with_two_clauses(pipeline: Pipeline, text: str) -> None:
    assert "second_intent" not in {one["entity"] for one in pipeline.parse(text).get("entities")}


def test_the_ranking_is_kept_behind_a_fallback(pipeline: Pipeline) -> None:
    unsure = CityIntentClassifier({**CityIntentClassifier.get_default_config(), "threshold": 1.1}, *[None] * 2)  # type: ignore[list-item]
    trained = pipeline.steps[2]
    unsure._model, unsure._featurizer = trained._model, trained._featurizer
    (message,) = unsure.process([Message({"text": "交水费"})])
    names = [one["name"] for one in message.get("intent_ranking")]
    assert names[0] == FALLBACK
    assert len(names) > 2


def test_entities_have_offsets_of_the_text_as_typed(pipeline: Pipeline) -> None:
    text = "查　戶號３３０１２３４５６７的電費"
    found = {one["entity"]: text[one["start"] : one["end"]] for one in pipeline.parse(text).get("entities")}
    assert found == {"account_number": "３３０１２３４５６７", "bill_type": "電費"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("   ", []),
        ("交水費", ["交", "水费"]),
        ("粤B·12345有违章", ["粤b·12345", "有", "违章"]),
        ("市妇保　挂号", ["市妇保", "挂号"]),
    ],
)
def test_tokens_are_normal_words_at_their_place(pipeline: Pipeline, text: str, words: list[str]) -> None:
    tokens = pipeline.parse(text).get("text_tokens") or []
    assert [token.text for token in tokens] == words
    assert all(len(token.text) == token.end - token.start for token in tokens)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_parsed_and_its_tokens_lie_in_order(pipeline: Pipeline, text: str) -> None:
    message = pipeline.parse(text)
    tokens = message.get("text_tokens") or []
    assert all(before.end <= after.start for before, after in zip(tokens, tokens[1:], strict=False))
    assert message.get("intent")["name"]


def test_ten_thousand_characters_are_parsed(pipeline: Pipeline) -> None:
    assert pipeline.parse("水费，" * 3_400).get("intent")["name"]


def test_jieba_s_global_tokenizer_and_the_shared_folder_are_left_alone(
    pipeline: Pipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    storage_folder = tmp_path / "model"
    storage_folder.mkdir()
    storage, resource = LocalModelStorage(storage_folder), Resource("tokenizer")
    CityTokenizer.create({}, storage, resource, CONTEXT).train(TrainingData())
    CityTokenizer.load({}, storage, resource, CONTEXT).process([Message({"text": "市妇保挂号"})])
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
    assert "市妇保" not in jieba.dt.FREQ


def test_words_and_gazetteers_are_read_only_from_the_model(
    pipeline: Pipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = LocalModelStorage(tmp_path)
    for component in COMPONENTS[:2]:
        component.create({}, storage, Resource(component.__name__), CONTEXT).train(TrainingData())

    def refuse(*args: object) -> None:
        raise AssertionError("read after training")

    monkeypatch.setattr(tokenizer, "read_as_set", refuse)
    monkeypatch.setattr(extractor, "read_as_set", refuse)
    messages = [Message({"text": "市妇保挂号"})]
    for component in COMPONENTS[:2]:
        messages = component.load({}, storage, Resource(component.__name__), CONTEXT).process(messages)
    assert messages[0].get("entities")[0]["value"] == "市妇幼保健院"


@pytest.mark.parametrize("component", COMPONENTS)
def test_an_edited_gazetteer_changes_the_fingerprint(component: type[Any], tmp_path: Path) -> None:
    for path in GAZETTEERS.glob("*.yml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    config = {"gazetteers": str(tmp_path)}
    before = component.fingerprint_addon(config)
    assert before == component.fingerprint_addon(config) == component.fingerprint_addon({})
    hospitals = tmp_path / "hospitals.yml"
    hospitals.write_text(hospitals.read_text("utf-8").replace("市一院,", "市一院, 大一院,"), encoding="utf-8")
    assert component.fingerprint_addon(config) != before


@pytest.mark.parametrize("module", [tokenizer, extractor, classifier])
def test_a_version_that_is_raised_changes_the_fingerprint(module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    component = next(one for one in COMPONENTS if one.__module__ == module.__name__)
    before = component.fingerprint_addon({})
    monkeypatch.setattr(module, "VERSION", module.VERSION + 1)
    assert component.fingerprint_addon({}) != before


def test_without_examples_every_message_falls_back(tmp_path: Path) -> None:
    storage, resource = LocalModelStorage(tmp_path), Resource("classifier")
    CityIntentClassifier.create({}, storage, resource, CONTEXT).train(TrainingData())
    (message,) = CityIntentClassifier.load({}, storage, resource, CONTEXT).process([Message({"text": "交水费"})])
    assert message.get("intent") == {"name": FALLBACK, "confidence": 0.4}


def test_today_is_the_residents_day() -> None:
    assert isinstance(extractor.today_in_china(), date)
    assert extractor.CHINA.key == "Asia/Shanghai"


def test_untrained_components_say_so() -> None:
    for component in COMPONENTS[:2]:
        with pytest.raises(RuntimeError, match="neither trained nor loaded"):
            component.create({}, None, None, CONTEXT).process([Message({"text": "水费"})])


@pytest.mark.parametrize("reader", [CountVectorsFeaturizer, CRFEntityExtractor, None])
def test_examples_are_cut_for_a_component_that_learns_from_words(tmp_path: Path, reader: type | None) -> None:
    nodes = [CityTokenizer, CityEntityExtractor, CityIntentClassifier, *filter(None, [reader])]
    schema = GraphSchema({kind.__name__: SchemaNode({}, kind, "create", "train", {}) for kind in nodes})
    storage, resource = LocalModelStorage(tmp_path), Resource("words")
    cutter = CityTokenizer.create({}, storage, resource, ExecutionContext(schema))
    cutter.train(TrainingData())
    cutter = CityTokenizer.load({}, storage, resource, ExecutionContext(schema))
    data = cutter.process_training_data(TrainingData([Message({"text": "交水费", "intent": "pay_utility_bill"})]))
    assert ("text_tokens" in data.training_examples[0].data) is (reader is not None)


def test_what_gazetteers_need_of_the_language_is_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    monkeypatch.setattr(extractor, "kept_lexicon", lambda gazetteers: calls.append(gazetteers) or {"n": len(calls)})
    extractor._parts_of.cache_clear()
    assert extractor.read_parts({}) == extractor.read_parts({})
    assert len(calls) == 1
    monkeypatch.setattr(extractor, "read_as_set", lambda config: {"another": "set"})
    assert extractor.read_parts({}) == {"gazetteers": {"another": "set"}, "lexicon": {"n": 2}}
    extractor._parts_of.cache_clear()
