"""The weights of all parts, for those of whom little is known and those of whom much is."""

from dataclasses import dataclass

from community.personalisation.engine.scoring import USUAL, Weights

TIERS = (0, 4, 20)  # known reads: of few another part tells most than of many


@dataclass(frozen=True)
class Blend:
    """The weights of each tier of knowledge."""

    tiers: tuple[Weights, ...] = (USUAL,) * len(TIERS)

    def at(self, known: int) -> Weights:
        """The weights for somebody of whom so many reads are known."""
        return self.tiers[sum(known >= least for least in TIERS) - 1]
