"""The web room: one page for a small old phone. No cookie, no storage, works without script."""
