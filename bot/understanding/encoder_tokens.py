"""Splits text as the encoder does, for training: its engine does not tell which pieces it found."""

from __future__ import annotations

from bot.understanding.encoder_image import Image

_SPACE = "\u2581"


class Tokens:
    """The pieces of the model that fit a text best (SentencePiece, unigram)."""

    def __init__(self, image: Image) -> None:
        self._image = image
        cuts = zip(image.offsets[:-1].tolist(), image.offsets[1:].tolist(), strict=True)
        self._pieces = {
            image.pieces[start:end].decode("utf-8", "replace"): number
            for number, (start, end) in enumerate(cuts)
            if end > start and number != image.unknown
        }
        self._scores = image.scores.tolist()
        self._longest = max(map(len, self._pieces))
        self._unlikely = float(image.scores.min()) - 10

    def of(self, text: str, most: int) -> list[int]:
        """At most `most` numbers of pieces, between the mark of a beginning and that of an end."""
        plain = "".join(self._image.changes.get(ord(letter), letter) for letter in text)
        while "  " in plain:
            plain = plain.replace("  ", " ")
        spaced = plain if plain.startswith(" ") else f" {plain}"
        found = self._best(spaced.replace(" ", _SPACE))
        return [self._image.begin, *found[: most - 2], self._image.end]

    def _best(self, letters: str) -> list[int]:
        """Viterbi: the likeliest way to each letter, then back from the last."""
        end = len(letters)
        best = [0.0] + [float("-inf")] * end
        came: list[tuple[int, int]] = [(0, self._image.unknown)] * (end + 1)
        for start in range(end):
            for stop in range(start + 1, min(end, start + self._longest) + 1):
                piece = self._pieces.get(letters[start:stop])
                if piece is not None and best[start] + self._scores[piece] > best[stop]:
                    best[stop] = best[start] + self._scores[piece]
                    came[stop] = (start, piece)
            if best[start] + self._unlikely > best[start + 1]:
                best[start + 1] = best[start] + self._unlikely
                came[start + 1] = (start, self._image.unknown)
        found, at = [], end
        while at > 0:
            at, piece = came[at]
            found.append(piece)
        return found[::-1]
