"""Talks in the day service: the wish, the times proposed, the answer, what was agreed."""
