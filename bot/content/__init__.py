"""The words people read: loading, phone numbers, and the checks on both."""

from bot.content.files import ContentError
from bot.content.fill import Kept
from bot.content.load import Content, load_content
from bot.content.numbers import NumberRegister, PhoneNumber, load_numbers

__all__ = [
    "Content",
    "ContentError",
    "Kept",
    "NumberRegister",
    "PhoneNumber",
    "load_content",
    "load_numbers",
]
