"""Whether a packet can go, to whom, until when, and what lies in it."""

from dataclasses import dataclass
from datetime import date, timedelta

from schemas.codes.appeal_grounds import appeal_grounds
from schemas.codes.evidence import evidence
from schemas.directory import AppealLevel, PayerProfile
from schemas.events.denials import WayChosen
from schemas.events.payer_outbound import AppealPacket
from schemas.events.values import Document
from services.appeals.domain.model import Appeal


class Refused(Exception):
    """The packet cannot go; `reason` is one of AppealRefused's."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Channel:
    """Where a packet of this kind and level goes, and the payer's times for it."""

    addressee: str
    last_day: date
    decision_days: int


def channel(request: WayChosen, profile: PayerProfile | None) -> Channel:
    """The channel for a request; raises Refused where the payer has none or we know none."""
    if profile is None:
        raise Refused("no_such_level")
    if request.way == "documents":
        last = request.denied_on + timedelta(days=profile.documents_days)
        return Channel(profile.name, min(last, request.deadline), profile.adjudication_days)
    level = published_level(profile, request.level)
    if level is None:
        raise Refused("no_such_level")
    last = request.denied_on + timedelta(days=level.days_to_file) if request.level == 1 else request.deadline
    return Channel(level.addressee, min(last, request.deadline), level.decision_days)


def published_level(profile: PayerProfile, level: int) -> AppealLevel | None:
    """A level of appeal as the payer publishes it."""
    return next((item for item in profile.appeal_levels if item.level == level), None)


def contents(request: WayChosen) -> tuple[Document, ...]:
    """What the packet holds, the most telling first; raises Refused where there is nothing to send."""
    packet = evidence(request.denied_on).of(request.category).choose(request.evidence)
    if not packet:
        raise Refused("no_evidence")
    return packet


def in_time(last_day: date, today: date) -> bool:
    """Whether a packet filed today is with the payer by the last day."""
    return today + timedelta(days=appeal_grounds(today).transit_days) <= last_day


def checked(request: WayChosen, profile: PayerProfile | None, today: date) -> Channel:
    """All that must hold before a packet goes; raises Refused with the first thing that does not."""
    if request.cents <= 0 or not request.denied:
        raise Refused("nothing_denied")
    found = channel(request, profile)
    if not in_time(found.last_day, today):
        raise Refused("late")
    contents(request)
    return found


def codes(request: WayChosen) -> tuple[str, ...]:
    """Group-CARC and RARCs that are appealed, each once, in their order."""
    named = [code for amount in request.denied for code in (f"{amount.group}-{amount.carc}", *amount.rarcs)]
    return tuple(dict.fromkeys(named))


def packet(appeal: Appeal, addressee: str) -> AppealPacket:
    """The packet as it goes to the payer; holds no PHI."""
    request = appeal.request
    enclosed, table = contents(request), appeal_grounds(request.denied_on)
    grounds = table.choose(request.category, enclosed)
    lines = tuple(dict.fromkeys(amount.line for amount in request.denied))
    return AppealPacket(
        appeal_id=appeal.appeal_id,
        claim_id=request.claim_id,
        payer_id=request.payer_id,
        payer_control_number=request.payer_control_number,
        kind=request.way,
        level=request.level,
        addressee=addressee,
        denied=request.cents,
        lines=() if "claim" in lines else lines,
        codes=codes(request),
        grounds=grounds,
        statement=table.statement(grounds, codes(request)),
        evidence=enclosed,
        denied_on=request.denied_on,
    )
