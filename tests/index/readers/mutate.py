"""Valid files made invalid: bytes flipped, cut, spliced and repeated, outside and within their packing."""

import gzip
import io
import zipfile
from random import Random


def mutate_file(data: bytes, other: bytes, random: Random) -> bytes:
    """`data` changed; of a packed file, every other time what is packed, so that the change gets past its checksums."""
    if random.random() < 0.5:
        if data.startswith(b"PK"):
            return _repack(data, other, random)
        if data.startswith(b"\x1f\x8b"):
            return gzip.compress(mutate(gzip.decompress(data), other, random), mtime=0)
    return mutate(data, other, random)


def _repack(data: bytes, other: bytes, random: Random) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as changed:
        names = archive.namelist()
        chosen = random.choice(names)
        for name in names:
            content = archive.read(name)
            changed.writestr(name, mutate(content, other, random) if name == chosen else content)
    return file.getvalue()


def mutate(data: bytes, other: bytes, random: Random) -> bytes:
    """`data` after one to four changes; `other` is where pieces to splice in come from."""
    for _ in range(random.randint(1, 4)):
        data = random.choice((_flip, _cut, _splice, _repeat, _end, _digits))(data, other, random)
    return data[:2_000_000]


def _place(data: bytes, random: Random) -> int:
    return random.randrange(len(data) + 1)


def _flip(data: bytes, other: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 8, 40)) if changed else 0):
        changed[random.randrange(len(changed))] = random.choice((0, 255, 0x22, 0x3C, 0x28, random.randrange(256)))
    return bytes(changed)


def _cut(data: bytes, other: bytes, random: Random) -> bytes:
    begin = _place(data, random)
    return data[:begin] + data[begin + random.choice((1, 4, 30, 500)) :]


def _splice(data: bytes, other: bytes, random: Random) -> bytes:
    begin, source = _place(data, random), _place(other, random)
    return data[:begin] + other[source : source + random.choice((2, 20, 200, 2000))] + data[begin:]


def _repeat(data: bytes, other: bytes, random: Random) -> bytes:
    begin = _place(data, random)
    piece = data[begin : begin + random.choice((1, 8, 60, 900))]
    return data[:begin] + piece * random.choice((2, 10, 300)) + data[begin:]


def _end(data: bytes, other: bytes, random: Random) -> bytes:
    return data[: _place(data, random)]


def _digits(data: bytes, other: bytes, random: Random) -> bytes:
    """A number made another: lengths, counts and offsets are what parsers trust."""
    places = [place for place, byte in enumerate(data[:200_000]) if 48 <= byte <= 57]
    if not places:
        return data
    place = random.choice(places)
    return data[:place] + random.choice((b"0", b"9", b"99999999", b"-1", b"")) + data[place + 1 :]
