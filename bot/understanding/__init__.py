"""What a message is about: topic, facts and language. The only room that knows Rasa.

Importing this package imports neither Rasa nor TensorFlow; it only says, before anyone can import
them, that they must not report to anybody.
"""

from bot.understanding.quiet import before_rasa_is_imported

before_rasa_is_imported()
