"""The door people come in by: the web page and SMS. Staff come in by `bot/desk`."""
