"""A practice mode: the whole desk with invented people, kept nowhere.

Only the command line starts it. Everything a counsellor does here is the real desk; what is
played is who writes, and a colleague.
"""
