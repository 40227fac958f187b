"""What the practice does: services with charges, diagnoses and specialty. Codes that it lacks get made-up charges."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from deploy.local.payers.draws import between, unit
from deploy.local.payers.yaml_reader import read_yaml

FILE = Path(__file__).with_name("catalogue.yaml")


class ServiceKind(BaseModel):
    """One procedure of the practice; charge in cents a unit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    charge: int
    units: int = 1
    place: str = "11"
    diagnoses: tuple[str, ...]
    weight: float = 0
    ndc: str = ""
    specialty: str = "general"
    sex: str = ""
    beside: str = ""


class Catalogue(BaseModel):
    """All services, the taxonomy of each specialty, and diagnoses that justify little."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    services: dict[str, ServiceKind]
    specialties: dict[str, str]
    spare_diagnoses: tuple[str, ...] = Field(min_length=1)

    def service(self, code: str) -> ServiceKind:
        """The service, or a plausible one for a code that only a payer's policy knows."""
        known = self.services.get(code)
        if known:
            return known
        return ServiceKind(charge=between(60, 600, "charge", code) * 100, diagnoses=("R69",))

    def draw(self, *about: object) -> str:
        """An everyday procedure, by weight."""
        codes = [code for code, kind in self.services.items() if kind.weight > 0]
        left = unit("service", *about) * sum(self.services[code].weight for code in codes)
        for code in codes:
            left -= self.services[code].weight
            if left < 0:
                return code
        return codes[-1]

    def within(self, ranges: tuple[str, ...]) -> list[str]:
        """Codes for a rule's ranges: the practice's own where it has any, else the beginning of each range; no range: none."""
        own = [code for code in self.services for entry in ranges if _inside(entry, code)]
        return list(dict.fromkeys(own)) or [entry.partition("-")[0] for entry in ranges]

    def scope(self, ranges: tuple[str, ...]) -> list[str]:
        """As `within`, for a rule's scope, where no range means every procedure: those of every day."""
        return self.within(ranges) if ranges else [code for code, kind in self.services.items() if kind.weight > 0]


def _inside(entry: str, code: str) -> bool:
    low, _, high = entry.partition("-")
    return low <= code <= (high or low)


@cache
def catalogue() -> Catalogue:
    """The practice's catalogue."""
    return Catalogue.model_validate(read_yaml(FILE.read_text("utf-8")).data)
