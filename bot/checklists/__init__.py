"""Checklists: common signs of violence, one at a time, in our own words and without a score."""
