"""SMS: signed webhooks in, an outbox out, at most two segments an answer."""
