"""Every slot that a task asks for has a question."""

from __future__ import annotations

from bot.checks.reading.finding import Finding
from bot.checks.reading.project import Project
from bot.dialogue.mistakes import nearest


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
                near = nearest(f"utter_ask_{slot}", project.names["responses"]) or nearest(slot, project.asked - {slot})
                what = f"要问 {slot}，没有问它的话{near}"
                to_do = f"名字写错了就改；没写错，在 data/domain/{service.name}.yml 写 utter_ask_{slot}，要由程序拼的写进 composed"
                file = f"data/services/{service.name}.yml"
                findings.append(Finding(file, None, f"tasks.{intent}.asks", what, to_do))
    return findings
