"""Handing a person over to a counsellor: the flow, the queue, the alarms, the follow-up."""
