"""How much danger is found, and how often it is cried for nothing: `python -m bench.safety`."""
