"""Why a backup cannot be taken, or not restored."""


class BackupError(Exception):
    """Nothing was changed, unless the text says so; it is for the person at the terminal."""
