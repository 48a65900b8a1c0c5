"""Every slot that a task asks for has a question."""

from __future__ import annotations

from bot.checks.reading.finding import Finding
from bot.checks.reading.project import Project


def validate(project: Project) -> list[Finding]:
    """Report slots that would be asked for in silence."""
    known = project.names["responses"] | project.names["actions"]
    findings = []
    for intent, task, service in project.tasks():
        for slot in task.asks:
            is_silent = not known.intersection(project.questions(intent, slot))
            if slot in (task.choices or ()) and f"utter_ask_{slot}" not in project.names["responses"]:
                is_silent = True  # the action that offers a choice speaks this response
            if is_silent:
                what = f"要问 {slot}，没有问它的话"
                to_do = f"在 data/domain/{service.name}.yml 写 utter_ask_{slot}；要由程序拼的，写进清单的 composed"
                findings.append(Finding(f"data/domain/{service.name}.yml", None, intent, what, to_do))
    return findings
