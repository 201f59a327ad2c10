"""The sheet on top of a backup: what is in it, and the seal that shows whether the sheet was altered."""

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from cryptography.fernet import InvalidToken

from jiangdong.backup.counting import Count
from jiangdong.backup.problems import BackupError
from jiangdong.privacy import seal, unseal

NAME = "manifest.json"
DUMP = "database.dump"
PHOTOS = "photos.tar"
FORMAT = 1


@dataclass
class Manifest:
    """What a backup holds, as it was at `taken_at`."""

    taken_at: dt.datetime
    postgresql: int  # major version of the server
    migrations: list[str]
    tables: dict[str, Count]
    heads: str
    photos_missing: list[str]
    photos_altered: list[str]
    files: dict[str, str] = field(default_factory=dict)  # name → SHA-256

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read a backup's sheet.

        Raises:
            BackupError: there is none, it was altered, or it was sealed with a key that is not at hand.
        """
        try:
            sheet = json.loads((folder / NAME).read_text())
            sealed, body = sheet.pop("seal"), sheet.pop("body")
        except FileNotFoundError as error:
            raise BackupError(f"{folder} holds no backup: there is no {NAME}") from error
        except (ValueError, KeyError, AttributeError) as error:
            raise BackupError(f"{folder / NAME} is not to be read: {error}") from error
        _open_seal(sealed, body)
        return cls._from(body)

    @classmethod
    def _from(cls, body: dict) -> "Manifest":
        if body["format"] != FORMAT:
            raise BackupError("the backup was made by another release, in another format")
        facts = {name: value for name, value in body.items() if name not in {"format", "keys"}}
        facts["taken_at"] = dt.datetime.fromisoformat(facts["taken_at"])
        facts["tables"] = {name: Count(**count) for name, count in facts["tables"].items()}
        return cls(**facts)

    @staticmethod
    def time_of(folder: Path) -> dt.datetime:
        """Return when a backup was taken, whatever key it was sealed with."""
        return dt.datetime.fromisoformat(
            json.loads((folder / NAME).read_text())["body"]["taken_at"]
        )

    def write(self, folder: Path) -> None:
        """Write and seal the sheet, with the digests of the files that lie there."""
        self.files = {name: sha256_of(folder / name) for name in (DUMP, PHOTOS)}
        body = {
            "format": FORMAT,
            "keys": "not in this backup: SECRET_KEY, RESIDENT_KEYS and INDEX_KEY are kept apart",
            **asdict(self),
            "taken_at": self.taken_at.isoformat(),
        }
        sheet = {"body": body, "seal": seal({"sha256": _digest(body)})}
        (folder / NAME).write_text(json.dumps(sheet, indent=1, ensure_ascii=False) + "\n")

    def check_files(self, folder: Path) -> None:
        """Hold the files against their digests.

        Raises:
            BackupError: one is missing or was altered.
        """
        for name, sha256 in self.files.items():
            path = folder / name
            if not path.exists():
                raise BackupError(f"{path} is missing")
            if sha256_of(path) != sha256:
                raise BackupError(f"{path} was altered or is damaged: its checksum differs")


def sha256_of(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest(body: dict) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _open_seal(sealed: str, body: dict) -> None:
    try:
        told = unseal(sealed)
    except InvalidToken as error:
        raise BackupError(
            "no key at hand opens this backup: set RESIDENT_KEYS to the keys of the time it was taken"
        ) from error
    if told.get("sha256") != _digest(body):
        raise BackupError(f"{NAME} was altered: its seal does not fit")
