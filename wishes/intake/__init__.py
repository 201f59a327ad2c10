"""Lists of wishes as communities keep them: read, understood, checked. Nothing here writes; `actions.intake` does."""
