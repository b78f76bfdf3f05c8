"""Statistics as people read them: fixed tables of a month or a year, without small numbers."""
