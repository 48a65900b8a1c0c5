"""Who is told the particulars of a plate's violations: who knows the end of its engine number, and its verified owner.

The city checks the proof and gives a pass for it. Only the pass is remembered, under its plate, so the engine number is asked
for once and kept no longer than it takes to send it.
"""

from __future__ import annotations

from actions.city import CityConnection, IdentityMismatch, Invalid, NotFound, Refused, TooManyTries
from actions.conversation.outcomes import Outcome
from actions.conversation.speech import masked_name, spoken_wait
from actions.conversation.task import Task
from actions.conversation.turn import Turn
from city_api.traffic import OpenViolations, Violations

ENGINE_CHARACTERS = 6
PASSES = "plate_passes"
"""The slot: a pass by city and plate; empty where who is known has been told that the car is not theirs."""
MOST_PLATES = 5
"""So many plates are remembered; the one that was proved first is asked for again."""
REFUSALS = {
    "wrong_engine_number": "utter_wrong_engine_number",
    "not_the_owner": "utter_not_the_owner",
}
"""What is said where the city does not take a proof, by its code."""


class NotShown(Exception):
    """The particulars were not told: nothing is proved. What was wrong with a proof has been said."""


class AboutAPlate(Task):
    """A task that needs what is told of a plate: some to everybody, the particulars after a proof."""

    async def counted(self, turn: Turn) -> OpenViolations | None:
        """How many violations are open and how much is owed; None where the city has no such plate, which is said.

        Raises:
            CityError: the city's answer is another error.
        """
        plate = turn.slot("plate_number")
        try:
            return await open_violations(self.city(turn), plate)
        except NotFound:
            plate_not_found(turn)
            return None

    async def particulars(self, turn: Turn, status: str, *, quietly: bool = False) -> Violations:
        """A plate's violations, after a proof.

        Args:
            turn: what is known.
            status: `open` ones or `all`.
            quietly: whether nothing is said where the car is not whose who is known: they did not ask to be believed.

        Raises:
            NotShown: nothing is proved, or the city has no such plate. The task has ended where no more tries are taken.
            CityError: the city's answer is another error.
        """
        proof = proof_of(turn)
        if proof is None:
            raise NotShown()
        turn.forget("engine_number")
        plate = turn.slot("plate_number")
        try:
            answer = await violations(self.city(turn), plate, status, **proof)
        except NotFound:
            plate_not_found(turn)
        except TooManyTries as error:
            turn.say("utter_too_many_wrong_proofs", asked_plate=plate, wait=spoken_wait(error.retry_after))
            self.finish(turn, Outcome.FAILED)
        except (IdentityMismatch, Invalid) as error:
            if error.code not in ("identity_mismatch", "invalid_id_number"):
                raise
            turn.say("utter_identity_mismatch")
            turn.forget("person_name", "id_number")
        except Refused as error:
            if error.code == "pass_expired":
                _remember(turn, None)
            elif error.code not in REFUSALS:
                raise
            else:
                if not quietly:
                    turn.say(REFUSALS[error.code], asked_plate=plate, owner=_who(turn))
                if "name" in proof:
                    _remember(turn, "")
        else:
            _remember(turn, answer.viewing_pass)
            return answer
        raise NotShown()


async def open_violations(city: CityConnection, plate_number: str) -> OpenViolations:
    """How many of a vehicle's violations are open, and what is owed for them: what everybody may know."""
    return await city.get("open_violations", "traffic", "vehicles", plate_number, "violations", answer=OpenViolations)


async def violations(city: CityConnection, plate_number: str, status: str, **proof: str) -> Violations:
    """A vehicle's violations, `open` ones or `all`, and the points left on the licence; the proof goes in the body."""
    parts = ("traffic", "vehicles", plate_number, "violations", "search")
    return await city.search("violations", *parts, answer=Violations, status=status, **proof)


def has_pass(turn: Turn) -> bool:
    """Whether it has been proved in this conversation that the plate's violations may be told."""
    return bool((turn.slot(PASSES) or {}).get(_key(turn)))


def proof_of(turn: Turn) -> dict[str, str] | None:
    """The proof to send, as the city has it; None while there is none. An engine number that was told goes first."""
    told = turn.slot("engine_number")
    if told is not None:
        return {"engine_number": str(told)[-ENGINE_CHARACTERS:]}
    known = (turn.slot(PASSES) or {}).get(_key(turn))
    if known:
        return {"viewing_pass": known}
    name, number = turn.slot("person_name"), turn.slot("id_number")
    if name is None or number is None or (known == "" and not turn.told(("person_name", "id_number"))):
        return None
    return {"name": name, "id_number": number}


def slot_of_proof(turn: Turn) -> str:
    """What to ask for, where nothing is proved: the engine number; of who has begun to say who they are, the rest."""
    name, number = turn.slot("person_name"), turn.slot("id_number")
    if (name is None) == (number is None):
        return "engine_number"
    return "person_name" if name is None else "id_number"


def plate_not_found(turn: Turn) -> None:
    """Say that the city has no such plate; it is asked for again."""
    turn.say("utter_vehicle_not_found", asked_plate=turn.slot("plate_number"))
    turn.forget("plate_number", "engine_number")


def _who(turn: Turn) -> str:
    return masked_name(turn.slot("person_name")) if turn.slot("person_name") else ""


def _remember(turn: Turn, viewing_pass: str | None) -> None:
    known = {key: value for key, value in (turn.slot(PASSES) or {}).items() if key != _key(turn)}
    if viewing_pass is not None:
        known[_key(turn)] = viewing_pass
    turn.set(PASSES, dict(list(known.items())[-MOST_PLATES:]) or None)


def _key(turn: Turn) -> str:
    """A pass is one city's, for one plate."""
    return f"{turn.city_code}/{turn.slot('plate_number')}"
