"""The helpline: a person writes, is understood, is handed over, and a counsellor answers.

Start reading at `bot/turn.py`: it is the path of one message, step by step.
"""
