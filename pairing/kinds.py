"""What a cadre can say they are good at. The words are those of wishes' kinds, which live a floor above:
the app that owns them fills this list when it is ready."""

KINDS: list[tuple[str, object]] = []
