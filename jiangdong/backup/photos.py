"""Photos on their way into a backup and out of it, each held against what the database says of it."""

import hashlib
import io
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import FileField, Model

# Python 3.11 learnt to refuse members that lead out of the folder in its fourth release; the tar's digest is sealed.
SAFELY = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}


@dataclass(frozen=True)
class Photo:
    """A file as the database knows it; `sha256` is blank where it keeps none."""

    model: type[Model]
    column: str
    name: str
    sha256: str

    def is_wanted_still(self) -> bool:
        """Tell whether a row names it now: what was erased meanwhile is not missing."""
        return self.model._base_manager.filter(**{self.column: self.name}).exists()


@dataclass
class Found:
    """What came of looking for photos: names only."""

    kept: int = 0
    missing: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)


def named() -> Iterator[Photo]:
    """Yield every file that a row names, whatever the model."""
    for model in apps.get_models():
        columns = {each.name: each for each in model._meta.concrete_fields}
        for column in (name for name, each in columns.items() if isinstance(each, FileField)):
            wanted = [column, "sha256"] if "sha256" in columns else [column]
            rows = model._base_manager.exclude(**{column: ""}).order_by("pk").values_list(*wanted)
            for name, *sha256 in rows.iterator():
                yield Photo(model, column, name, *(sha256 or [""]))


def pack(photos: Iterable[Photo], into: Path, step: Callable[[], object]) -> Found:
    """Write the photos to a tar file; one that was altered goes along and is named."""
    found = Found()
    with tarfile.open(into, "x") as tar:
        for photo in photos:
            if (content := _content(photo, found)) is not None:
                entry = tarfile.TarInfo(photo.name)
                entry.size, entry.mode = len(content), 0o600
                tar.addfile(entry, io.BytesIO(content))
            step()
    return found


def missing_or_altered() -> Found:
    """Hold every photo that a row names against its file."""
    found = Found()
    for photo in named():
        _content(photo, found)
    return found


def _content(photo: Photo, found: Found) -> bytes | None:
    try:
        content = (settings.MEDIA_ROOT / photo.name).read_bytes()
    except FileNotFoundError:
        if photo.is_wanted_still():
            found.missing.append(photo.name)
        return None
    found.kept += 1
    if photo.sha256 and hashlib.sha256(content).hexdigest() != photo.sha256:
        found.altered.append(photo.name)
    return content


def are_there() -> bool:
    """Tell whether the photo folder holds anything."""
    return settings.MEDIA_ROOT.exists() and any(settings.MEDIA_ROOT.iterdir())


@contextmanager
def unpacked(tar_file: Path) -> Iterator[Path]:
    """Unpack a tar file beside the photo folder, for the length of a block."""
    settings.MEDIA_ROOT.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".photos-", dir=settings.MEDIA_ROOT.parent))
    try:
        with tarfile.open(tar_file) as tar:
            tar.extractall(fresh, **SAFELY)  # noqa: S202 - its digest is sealed
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def put_in_place(fresh: Path) -> None:
    """Make an unpacked folder the photo folder; what was there before is gone."""
    if settings.MEDIA_ROOT.exists():
        before = fresh.with_name(f"{fresh.name}-before")
        settings.MEDIA_ROOT.rename(before)
        fresh.rename(settings.MEDIA_ROOT)
        shutil.rmtree(before)
    else:
        fresh.rename(settings.MEDIA_ROOT)
