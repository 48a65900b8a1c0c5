"""Things to say to a freshly started house, with numbers that exist in its sandbox city: each of its services gives its own."""


def things_to_say(samples: object, wanted: int = 8) -> list[str]:
    """The sentences to try.

    Args:
        samples: the sandbox's answer to `GET /admin/samples`; under `say` a sentence by the name of each service that has
            one, or null where nothing is left to try.
        wanted: how many sentences.

    Returns:
        As many as the samples give, at most `wanted`.
    """
    said = samples.get("say") if isinstance(samples, dict) else None
    sentences = said.values() if isinstance(said, dict) else ()
    return [sentence for sentence in sentences if isinstance(sentence, str)][:wanted]
