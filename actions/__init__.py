"""Rasa custom actions, run inside our own process. They answer or wish, nothing else.

An action never writes to a table, never sends and never phrases a sentence: it says which topic
to answer, or what it wishes (`{"wish": …}`), and `bot/turn.py` does it. Registered one by one,
because Rasa's own `register_package` ends the process on an import error.
"""

from __future__ import annotations

from rasa_sdk import Action

from actions.centre import AnswerCentre
from actions.conversation import (
    AnswerConversation,
    EraseWanted,
    GoBack,
    LanguageWanted,
    PersonWanted,
    Unsure,
)
from actions.day_service import AnswerDayService
from actions.family import AnswerFamily
from actions.health import AnswerHealth
from actions.money import AnswerMoney
from actions.police import AnswerPolice
from actions.professionals import AnswerProfessionals
from actions.relatives import AnswerRelatives
from actions.safety import AnswerSafety
from actions.violence import AnswerViolence

ACTIONS: tuple[type[Action], ...] = (
    AnswerCentre,
    AnswerDayService,
    AnswerViolence,
    AnswerSafety,
    AnswerPolice,
    AnswerFamily,
    AnswerHealth,
    AnswerMoney,
    AnswerRelatives,
    AnswerProfessionals,
    AnswerConversation,
    PersonWanted,
    EraseWanted,
    LanguageWanted,
    GoBack,
    Unsure,
)
