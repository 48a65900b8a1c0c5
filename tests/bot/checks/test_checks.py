"""Each check finds the mistake it is for, in the place where it was made."""

import importlib
from pathlib import Path

import pytest

from bot import checks
from bot.checks.reading.finding import Finding
from bot.checks.reading.project import Project

# (check, file, what stands there, what is put there, how the finding reads)
MISTAKES = [
    ("yaml_files", "data/nlu/credit.yml", "  - intent: query", "  - intent： query", "credit.yml:4  冒号是全角的"),
    ("yaml_files", "data/stories/common.yml", "    steps:\n      - intent: greet", "\tsteps:\n      - intent: greet", "Tab"),
    ("yaml_files", "data/domain/credit.yml", '    - text: "还没有', '    - text: 还没有"a": "', "不合 YAML 的写法"),
    ("yaml_files", "domain.yml", "  utter_goodbye:", "  utter_greet:", "行已经写过。两处只有一处算数"),
    ("yaml_files", "data/cities/330400.yml", "water: 2025-01-01", "water: 2025-02-30", "日期要真有这一天"),
    ("manifests", "data/services/credit.yml", "identity: 2", "identiti: 2", "identiti：不认识这一项"),
    ("manifests", "data/services/credit.yml", "hears: [person_name,", "hears: [persn_name,", "没有叫 persn_name 的实体，是不是 person_name？"),
    ("manifests", "data/services/traffic.yml", "confirms: utter_confirm_fine", "confirms: utter_confirm_fin", "是不是 utter_confirm_fine？"),
    ("manifests", "data/services/credit.yml", "title: 查信用分", "title: 查交通违法", "和任务 query_credit_score 一样"),
    ("manifests", "data/services/credit.yml", "  credit: [", "  fine: [", "话题 fine 已经写在"),
    ("manifests", "data/services/hospital.yml", "file: hospitals", "file: hospital", "没有词表 data/gazetteers/hospital.yml"),
    ("service_files", "data/services/credit.yml", "  query_credit_score:", "  query_credit:", "没有办这件事的类"),
    ("service_files", "data/services/credit.yml", "  credit: {title", "  credits: {title", "city_services.credits：没有一个城市开通"),
    ("service_files", "data/services/traffic.yml", "pays: traffic_fine", "pays: parking_fee", '没有 parking_fee 的销账函数'),
    ("questions", "data/domain/hospital.yml", "utter_ask_book_hospital_appointment_form_person_name", "utter_askk", None),
    ("questions", "data/domain/utility_bills.yml", "  utter_ask_bill_type:", "  utter_ask_bil_type:", "tasks.query_utility_bill.asks：要问 bill_type，没有问它的话，是不是 utter_ask_bil_type？"),
    ("responses", "domain.yml", "  utter_hotline:", "  utter_hot_line:", "utter_hotline：程序要说这句，哪里都没有写，是不是 utter_hot_line？"),
    ("responses", "domain.yml", "  utter_hotline:", "  utter_hot_line:", "utter_hot_line：没有人说这句，是不是 utter_hotline？"),
    ("responses", "data/domain/credit.yml", "  utter_no_credit_record:", "  utter_goodbye:", " 已经写过，两处不一样"),
    ("placeholders", "data/domain/credit.yml", "{score}", "{scor}", "utter_credit_score：没有 {scor} 这个空，是不是 {score}？"),
    ("placeholders", "data/domain/credit.yml", "{score}", "｛score｝", "花括号是全角的"),
    ("placeholders", "data/domain/traffic.yml", "向{payee}缴纳", "缴纳", "「交罚款」付款前的这句里少了 {payee}"),
    ("placeholders", "data/cities/330400.yml", "plate_prefix", "words: {utter_greet: [{text: '{citi}您好'}]}\nplate_prefix", "330400.yml:4  utter_greet：没有 {citi} 这个空，是不是 {city}？"),
    ("buttons", "domain.yml", "payload: /help", "payload: /hlep", "的按钮「看看能办什么」：没有叫 hlep 的意图，是不是 help？"),
    ("buttons", "data/domain/utility_bills.yml", '{{"bill_type": "gas"}}', '{{"bil_type": "gas"}}', "没有叫 bil_type 的实体，是不是 bill_type？"),
    ("buttons", "domain.yml", "payload: /help", "payload: help", "payload 要写成"),
    ("rules", "data/stories/common.yml", "action: utter_thanks", "action: utter_thank", "common.yml:27  规则「道谢」：没有叫 utter_thank 的回复，是不是 utter_thanks？"),
    ("rules", "data/stories/common.yml", "intent: thanks", "intent: thank", "没有叫 thank 的意图，是不是 thanks？"),
    ("rules", "data/stories/common.yml", "intent: thanks", "intent: goodbye", "thanks：居民这样说的时候，没有一条不带条件的规则接"),
    ("rules", "data/stories/common.yml", "rule: 道谢", "rule: 告别", "规则「告别」：data/stories/common.yml:10 已经有一条叫这个名字"),
    ("rules", "data/stories/common.yml", "      - action: utter_thanks", "      - acton: utter_thanks", "这一步写的 acton 不认识，是不是 action？"),
    ("rules", "data/stories/common.yml", "      - action: utter_thanks", "      - slot_was_set:\n          - citi: 1\n      - action: utter_thanks", "common.yml:28  规则「道谢」：没有叫 citi 的情况，是不是 city？"),
    ("branches", "data/stories/common.yml", "      - action: utter_thanks", "      - slot_was_set:\n          - outcome: payd\n      - action: utter_thanks", "common.yml:28  规则「道谢」：outcome 没有 payd 这个值，是不是 paid？"),
    ("branches", "data/stories/common.yml", "      - action: utter_thanks", "      - slot_was_set:\n          - known_resident: 是\n      - action: utter_thanks", "known_resident 只能是 true 或 false，不是 是"),
    ("branches", "data/stories/common.yml", "      - action: utter_thanks", "      - slot_was_set:\n          - bill_type: water\n      - action: utter_thanks", "bill_type 分不出情形，写了等于没写。能用的情况见 docs/stories.md"),
    ("branches", "data/stories/common.yml", "      - action: utter_thanks", "      - slot_was_set:\n          - city: 嘉新\n      - action: utter_thanks", "city 没有 嘉新 这个值"),
    ("branches", "data/stories/common.yml", "      - action: utter_thanks", "      - slot_was_set:\n          - city: 嘉兴\n          - city_code: 330400\n          - last_task_done: query_credit_score\n          - outcome: null\n      - action: utter_thanks", None),
    ("branches", "data/stories/common.yml", "      - action: utter_thanks", "      - slot_was_set:\n          - last_task_done: query_credit_scores\n      - action: utter_thanks", "是不是 query_credit_score？"),
    ("contradictions", "data/stories/common.yml", "rules:\n", "rules:\n  - rule: 又一个招呼\n    steps:\n      - intent: greet\n      - action: utter_goodbye\n", "common.yml:5  规则「又一个招呼」（data/stories/common.yml:5）接下来要 utter_goodbye，规则「打招呼」（data/stories/common.yml:9）在同样的情形下接下来要 action_greet"),
    ("contradictions", "data/stories/common.yml", "rules:\n", "rules:\n  - rule: 查信用分：开始\n    steps:\n      - intent: query_credit_score\n      - action: query_credit_score_form\n", "common.yml:5  别的规则写明 query_credit_score_form 之后 active_loop 是"),
    ("examples", "data/nlu/credit.yml", "      - 信用分\n", "      － 信用分\n", "credit.yml:6  「－ 信用分」：这句没有收进去"),
    ("examples", "data/nlu/credit.yml", "      - 查信用分\n", "        - 查信用分\n", "这句没有收进去"),
    ("examples", "data/nlu/credit.yml", "      - 信用分\n", "      - [信用分](topic)\n", "这里不用标实体"),
    ("examples", "data/nlu/credit.yml", "      - 信用分\n", "      - 查违章\n", "「查违章」：已经在 query_credit_score 下面（data/nlu/credit.yml:6），又写在 query_traffic_violation 下面"),
    ("examples", "data/nlu/credit.yml", "intent: query_credit_score", "intent: query_credit_scor", "query_credit_scor：没有这个意图，是不是 query_credit_score？"),
    ("examples", "data/nlu/bus_card.yml", "  - intent: top_up_bus_card", "  - intent: query_bus_card", "「充公交卡」只有 0 句例句"),
    ("gazetteers", "data/gazetteers/bill_types.yml", "value: water", "value: watr", "bill_types.yml:15  watr：没有 watr 这个 bill_type，是不是 water？"),
    ("gazetteers", "data/gazetteers/bill_types.yml", "      - 自来水费\n", "      - 自来水费\n      - 电费\n", "「电费」同时指"),
    ("gazetteers", "data/gazetteers/bill_types.yml", "bill_types:", "bill_typs:", "词表读不了"),
    ("cities", "data/cities/330400.yml", "plate_prefix: 浙F", "plate_prefix: 浙f", "330400.yml  plate_prefix"),
    ("cities", "data/cities/330400.yml", "plate_prefix: 浙F", "plate_prefix: 浙A", "plate_prefix：浙A 已经是 330100.yml 的"),
    ("cities", "data/cities/330400.yml", "traffic: 2025-01-01", "trafic: 2025-01-01", "330400.yml:2  services：没有代码是 trafic 的城市服务，是不是 traffic？"),
    ("cities", "data/cities/330400.yml", "billers: {water: 嘉兴市嘉源给排水公司, ", "billers: {", "billers：water 能付款，没有写付给谁"),
    ("cities", "data/cities/330400.yml", "plate_prefix", "words: {utter_gret: [{text: 您好}]}\nplate_prefix", "words：没有叫 utter_gret 的回复，是不是 utter_greet？"),
    ("actions", "domain.yml", "  - action_help\n", "  - action_hepl\n", "action_hepl：程序里没有这个动作，是不是 action_help？"),
    ("actions", "domain.yml", "  - action_help\n", "", "action_help：没有声明这个动作"),
]  # fmt: skip


def found(root: Path, check: str) -> list[Finding]:
    """What one check finds."""
    findings: list[Finding] = importlib.import_module(f"bot.checks.{check}").validate(Project(root))
    return findings


@pytest.mark.parametrize(("check", "file", "old", "new", "told"), MISTAKES)
def test_a_mistake_is_found(copy: Path, check: str, file: str, old: str, new: str, told: str | None) -> None:
    before = set(found(copy, check))
    text = (copy / file).read_text(encoding="utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    lines = [str(finding) for finding in found(copy, check) if finding not in before]
    assert any(told in line for line in lines) if told is not None else lines == [], lines


@pytest.mark.parametrize("part", ["data/nlu/{}.yml", "actions/services/{}.py", "city_api/{}.py"])
def test_a_missing_part_of_a_service_is_named(copy: Path, part: str) -> None:
    (copy / part.format("credit")).unlink()
    assert any(
        f"credit.yml  没有 {part.format('credit')} 这个文件" in str(finding) for finding in found(copy, "service_files")
    )


def test_a_module_may_be_a_package(copy: Path) -> None:
    before = found(copy, "service_files")
    module = copy / "actions/services/credit"
    module.mkdir()
    (module / "__init__.py").touch()
    module.with_suffix(".py").rename(module / "looking_up.py")
    assert found(copy, "service_files") == before


def test_one_broken_file_hides_no_other_finding(copy: Path) -> None:
    (copy / "data/services/credit.yml").write_text("title： 信用分\n", encoding="utf-8")
    (copy / "data/cities/330400.yml").write_text("plate_prefix: 浙\n", encoding="utf-8")
    stories = copy / "data/stories/common.yml"
    stories.write_text(stories.read_text(encoding="utf-8").replace("utter_thanks", "utter_thank"), encoding="utf-8")
    told = "\n".join(str(finding) for finding in checks.run(Project(copy)))
    for words in (
        "credit.yml:1  冒号是全角的",
        "330400.yml:1  plate_prefix",
        "没有叫 utter_thank 的回复",
        "query_credit_score",
    ):
        assert words in told


def test_a_service_or_a_city_can_be_looked_at_alone() -> None:
    findings = [
        Finding(file, None, "", "x")
        for file in (
            "data/services/credit.yml",
            "tests/conversations/test_credit.py",
            "actions/services/credit/looking_up.py",
            "data/cities/330400.yml",
            "data/cities/330000.yml",
            "domain.yml",
        )
    ]
    assert [one.file for one in checks.about(findings, service="credit")] == [one.file for one in findings[:3]]
    assert [one.file for one in checks.about(findings, city="330400")] == [one.file for one in findings[3:5]]
