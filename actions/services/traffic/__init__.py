"""Traffic: what a plate owes, where and when it was after a proof, confirming a camera offence, and paying a fine."""

from actions.services.traffic.looking_up import QueryTrafficViolation, QueryViolationDetails
from actions.services.traffic.paying import (
    AskDriver,
    AskOffenceConfirmation,
    AskProof,
    EndFine,
    PayTrafficFine,
    settle_fine,
)
from actions.services.traffic.taking_back import TakeBack

__all__ = [
    "AskDriver",
    "AskOffenceConfirmation",
    "AskProof",
    "EndFine",
    "PayTrafficFine",
    "QueryTrafficViolation",
    "QueryViolationDetails",
    "TakeBack",
    "settle_fine",
]
