"""Photos as people send them, made small and harmless before they are kept."""

import io

import pillow_heif
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from jiangdong.refusals import NotValid

pillow_heif.register_heif_opener()
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
EDGE = 1600  # pixels of the longer side
# Phones keep to 50 megapixels unless asked; what is more would take 200 MB and more to unpack, or is a bomb.
MAX_PIXELS = 60_000_000
Image.MAX_IMAGE_PIXELS = (
    None  # Pillow's own limit only warns; `cleaned` refuses by its own before unpacking
)


class TooLarge(NotValid):
    """The file is heavier than a photo needs to be (413)."""

    status = 413


def cleaned(upload: UploadedFile) -> ContentFile:
    """Re-encode an uploaded photo as JPEG of at most 1600 px, upright, without EXIF (so without a place).

    Raises:
        TooLarge: over PHOTO_MAX_BYTES.
        NotValid: not a photo, damaged, or unreasonably large once unpacked.
    """
    if upload.size > settings.PHOTO_MAX_BYTES:
        message = _("照片太大了，请选一张 12 MB 以内的。")
        raise TooLarge("photo_too_large", message, fields={"photo": [message]})
    try:
        image = Image.open(upload, formats=FORMATS)
        if image.width * image.height > MAX_PIXELS:
            raise _unreadable()
        image = ImageOps.exif_transpose(image).convert("RGB")
        image.thumbnail((EDGE, EDGE))
        image.info.clear()  # comments and XMP would be written again
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
    ) as error:
        raise _unreadable() from error
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82, optimize=True)
    return ContentFile(out.getvalue(), name="photo.jpg")


def likeness_of(photo: File) -> int:
    """Return 64 bits that stay nearly the same however a photo is scaled or compressed, as a signed number.

    Each says whether one of 8 × 8 spots is darker than the one at its right (a difference hash); 0 is a plain surface.
    """
    photo.seek(0)
    with Image.open(photo, formats=("JPEG",)) as image:
        spots = image.convert("L").resize((9, 8), Image.Resampling.LANCZOS).tobytes()
    photo.seek(0)
    bits = "".join(
        "1" if spots[9 * row + column] < spots[9 * row + column + 1] else "0"
        for row in range(8)
        for column in range(8)
    )
    return int.from_bytes(int(bits, 2).to_bytes(8, "big"), "big", signed=True)


def _unreadable() -> NotValid:
    message = _("这不是能打开的照片，请换一张 JPG、PNG 或手机拍的照片。")
    return NotValid("photo_unreadable", message, fields={"photo": [message]})
