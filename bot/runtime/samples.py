"""Three things to say to a freshly started house, with numbers that exist in its sandbox city."""

from collections.abc import Iterator
from typing import Any

WORDING = (
    (("accounts", "water", "one_unpaid"), "交水费，户号 {0}"),
    (("plates", "camera_unconfirmed"), "{0} 有没有违章"),
    (("people", "with_credit"), "查信用分，我叫{0[name]}，身份证号 {0[id_number]}"),
    (("accounts", "electricity", "two_unpaid"), "查电费，户号 {0}"),
    (("decision_numbers", "unpaid"), "交罚款，决定书编号 {0}"),
)
"""Where in the answer of `GET /admin/samples` → what to say with what stands there, the best first."""


def things_to_say(samples: object, wanted: int = 3) -> list[str]:
    """Make sentences to try.

    Args:
        samples: the sandbox's answer; parts that are missing, or null since the bill was paid, are passed over.
        wanted: how many sentences.

    Returns:
        As many as the samples give, at most `wanted`.
    """
    return list(_sentences(samples))[:wanted]


def _sentences(samples: object) -> Iterator[str]:
    for path, wording in WORDING:
        value: Any = samples
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        if value:
            try:
                yield wording.format(value)
            except (KeyError, IndexError, TypeError):
                continue
