"""The desk: the door staff come in by. People who seek help come in by `bot/channels`."""
