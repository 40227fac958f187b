"""Sound transactions with much in them, in real codes, so that readers who know the code lists have nothing to object to."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from schemas.x12 import (
    Adjustment,
    Amount,
    Attachment,
    Claim837I,
    Claim837P,
    ClaimAck277CA,
    ClaimPayment835,
    Claims837I,
    Claims837P,
    ClaimStatusCA,
    Dated,
    Diagnosis,
    Drug,
    LineAdjudication,
    Note,
    OtherPayer,
    Party,
    Patient,
    Procedure,
    ProviderAck,
    ProviderAdjustment,
    Quantity,
    RawDetail,
    ReceiverAck,
    Reference,
    Remittance835,
    ServiceLine,
    SourceAck,
    Status,
    Trace,
)
from tests.unit.x12.x12_examples import DAY, answer, batch, claim, payment, service, subscriber

DIAGNOSES = ("J020", "I10", "E119", "M1711", "R739", "Z0000", "N390")
PROCEDURES = ("99213", "20610", "36415", "85025", "93000")


class Drawing:
    """Draws transactions; the same seed draws the same."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def maybe(self) -> bool:
        """Once in two."""
        return self.chance.random() < 0.5

    def cents(self) -> int:
        """An amount of 50.00 to 9,999.99."""
        return self.chance.randint(5000, 999999)

    def day(self) -> date:
        """A day of the last weeks."""
        return DAY - timedelta(self.chance.randint(1, 60))

    def professional(self) -> Claims837P:
        """An 837P of one to three claims."""
        return batch(*(self.professional_claim(f"A{number}") for number in range(self.chance.randint(1, 3))))

    def professional_claim(self, claim_id: str) -> Claim837P:
        """One claim, with whatever may stand in it."""
        drawn = claim(claim_id, *(self.cents() for _ in range(self.chance.randint(1, 4))))
        codes = self.chance.sample(DIAGNOSES, self.chance.randint(1, len(DIAGNOSES)))
        drawn.diagnoses = [Diagnosis("ABF" if place else "ABK", code) for place, code in enumerate(codes)]
        if self.maybe():
            self._dependent(drawn)
        if self.maybe():
            drawn.frequency = self.chance.choice(("7", "8"))
            drawn.references.append(Reference("F8", "PAYER77"))
        if self.maybe():
            drawn.references.append(Reference("G1", "AUTH1"))
        if self.maybe():
            drawn.references.append(Reference("EA", "RECORD1"))
        if self.maybe():
            drawn.attachments = [Attachment("OZ", "EL", "ATTACH1", "AC")]
        if self.maybe():
            drawn.notes = [Note("ADD", "SEEN TWICE")]
        if self.maybe():
            drawn.dates = [Dated("431", self.day())]
        if self.maybe():
            drawn.patient_paid = 500
        if self.maybe():
            drawn.providers = self._providers()
        for line in drawn.lines:
            self._line(line, len(codes))
        if self.maybe():
            self._other_payer(drawn)
        return drawn

    def _dependent(self, drawn: Claim837P | Claim837I) -> None:
        child = Party("QC", "1", "DOE", "KIM", street="2 ELM", city="TROY", state="NY", zip="12180", sex="M")
        child.birth_date = date(2015, 3, 4)
        insured = subscriber()
        assert insured.person is not None
        insured.relationship = ""
        insured.person = replace(insured.person, street="", city="", state="", zip="", birth_date=None, sex="")
        drawn.subscriber, drawn.patient = insured, Patient(self.chance.choice(("19", "01")), person=child)

    def _providers(self) -> list[Party]:
        referring = Party("DN", "1", "HILL", "AMY", id_qualifier="XX", id="1234567893")
        rendering = Party(
            "82", "1", "VELL", "ADA", id_qualifier="XX", id="1932102084", provider_role="PE", taxonomy="207Q00000X"
        )
        facility = Party("77", "2", "CLINIC", id_qualifier="XX", id="1234567893")
        facility.street, facility.city, facility.state, facility.zip = "1 MAIN ST", "ALBANY", "NY", "122010001"
        return [party for party in (referring, rendering, facility) if self.maybe()]

    def _line(self, line: ServiceLine, diagnoses: int) -> None:
        modifiers = self.chance.choice(((), ("25",), ("59", "RT")))
        line.procedure = Procedure("HC", self.chance.choice(PROCEDURES), modifiers)
        line.units = Decimal(self.chance.randint(1, 9))
        line.pointers = tuple(
            sorted(self.chance.sample(range(1, diagnoses + 1), self.chance.randint(1, min(4, diagnoses))))
        )
        day = self.day()
        line.dates = [Dated("472", day, day + timedelta(2)) if self.maybe() else Dated("472", day)]
        if self.maybe():
            line.notes = [Note("ADD", "LEFT ARM")]
        if self.maybe():
            line.drug = Drug("00409488810", quantity=Decimal("1.5"), unit="ML")

    def _other_payer(self, drawn: Claim837P) -> None:
        """Somebody paid before: the claim is sent to the second payer, every cent of the first told by line."""
        other = Party("PR", "2", "FIRST", id_qualifier="PI", id="FIRST1", dates=[Dated("573", self.day())])
        person = Party("IL", "1", "DOE", "JANE", id_qualifier="MI", id="M9", street="2 ELM", city="TROY", state="NY")
        person.zip = "12180"
        paid = 0
        for line in drawn.lines:
            share = self.chance.randint(0, line.charge)
            reduced = Adjustment("CO", "45", line.charge - share)
            line.adjudications = [
                LineAdjudication("FIRST1", share, line.procedure, units=line.units, dates=[Dated("573", self.day())])
            ]
            line.adjudications[0].adjustments = [reduced] if reduced.cents else []
            paid += share
        other_payer = OtherPayer(
            "P", "18", filing_indicator="CI", amounts=[Amount("D", paid)], person=person, payer=other
        )
        drawn.other_payers = [other_payer]
        drawn.subscriber = replace(drawn.subscriber, sequence="S")

    def institutional(self) -> Claims837I:
        """An 837I of one or two claims."""
        whole = batch()
        names = ("reference_id", "date", "time", "submitter", "receiver")
        sent = Claims837I(**{name: getattr(whole, name) for name in names})
        sent.claims = [self.institutional_claim(f"H{number}") for number in range(self.chance.randint(1, 2))]
        return sent

    def institutional_claim(self, claim_id: str) -> Claim837I:
        """An outpatient claim."""
        model = claim(claim_id)
        drawn = Claim837I(claim_id, 0, "13", "A", billing=model.billing, subscriber=model.subscriber, signature="")
        drawn.dates = [Dated("434", DAY - timedelta(60), DAY)]
        drawn.details = [RawDetail("CL1", ("3", "1", "01"))]
        drawn.diagnoses = [Diagnosis("ABK", "J020"), *(Diagnosis("BH", "11", DAY) for _ in range(self.maybe()))]
        drawn.providers = [Party("71", "1", "VELL", "ADA", id_qualifier="XX", id="1932102084")]
        if self.maybe():
            self._dependent(drawn)
        for number in range(1, self.chance.randint(2, 4)):
            line = ServiceLine(
                Procedure("HC", "99213"), self.cents(), "UN", Decimal(1), revenue_code="0510", number=number
            )
            line.dates = [Dated("472", self.day())]
            drawn.lines.append(line)
        drawn.charge = sum(line.charge for line in drawn.lines)
        return drawn

    def remittance(self) -> Remittance835:
        """An 835 of one to four claims, with whatever may stand in it."""
        claims = [self.paid_claim(f"A{number}") for number in range(self.chance.randint(1, 4))]
        sent = payment(*claims)
        levies = [
            ProviderAdjustment("1234567893", date(2026, 12, 31), reason, "X1", self.chance.randint(-900, 900))
            for reason in ("WO", "L6", "72")
            if self.maybe()
        ]
        sent.provider_adjustments = levies
        sent.amount -= sum(item.cents for item in levies)
        return sent

    def paid_claim(self, claim_id: str) -> ClaimPayment835:
        """A claim with one to three lines."""
        lines = []
        for number in range(self.chance.randint(1, 3)):
            group_codes = [
                ("CO", "45"),
                ("PR", "1"),
                ("PR", "2"),
                ("OA", "23"),
                ("CO", "253"),
                ("CO", "97"),
                ("PI", "16"),
            ]
            taken = self.chance.sample(group_codes, self.chance.randint(0, len(group_codes)))
            items = sorted(
                (Adjustment(group, carc, self.chance.randint(1, 700)) for group, carc in taken),
                key=lambda item: item.group,
            )
            line = service(self.cents(), *items, control=f"L{number}")
            line.remarks = self.chance.choice(([], ["N130"], ["M25", "MA130"]))
            lines.append(line)
        drawn = answer(claim_id, *lines, status=self.chance.choice(("1", "2", "19")))
        if self.maybe():
            drawn.references = [Reference("EA", "RECORD1")]
        if self.maybe():
            drawn.dates = [Dated("050", self.day())]
        if self.maybe():
            drawn.rendering = Party("82", "1", "VELL", "ADA", id_qualifier="XX", id="1932102084")
        if self.maybe():
            drawn.outpatient = ("", "", "MA01")
        if self.maybe():
            drawn.amounts = [Amount("AU", 100)]
        return drawn

    def acknowledgement(self) -> ClaimAck277CA:
        """A 277CA: what was taken in and what was not."""
        rows = [self._acknowledged(f"A{number}") for number in range(self.chance.randint(1, 4))]
        good = sum(row.statuses[0].category == "A2" for row in rows)
        pairs = (("QA", good), ("QC", len(rows) - good))
        provider = ProviderAck(
            Party("85", "2", "CLINIC", id_qualifier="XX", id="1234567893"),
            [Trace("1", "0")],
            quantities=[Quantity(code, Decimal(count)) for code, count in pairs if count],
            claims=rows,
        )
        total = sum(row.statuses[0].cents or 0 for row in rows)
        codes = (("90", good), ("AA", len(rows) - good))
        receiver = ReceiverAck(
            Party("41", "2", "BILLCO", id_qualifier="46", id="S1"),
            [Trace("2", "B1")],
            [Status("A1", "19", "PR", date=DAY, action="WQ", cents=total)],
            quantities=[Quantity(code, Decimal(count)) for code, count in codes if count],
            providers=[provider],
        )
        source = SourceAck(
            Party("PR", "2", "ACME", id_qualifier="PI", id="60054"),
            [Trace("1", "R1")],
            [Dated("050", DAY), Dated("009", DAY)],
            [receiver],
        )
        return ClaimAck277CA(reference_id="R1", date=DAY, time="1200", sources=[source])

    def _acknowledged(self, claim_id: str) -> ClaimStatusCA:
        good = self.maybe()
        category, code, entity = (
            ("A2", "20", "PR") if good else self.chance.choice((("A3", "21", ""), ("A7", "562", "85")))
        )
        return ClaimStatusCA(
            Party("QC", "1", "DOE", "JANE", id_qualifier="MI", id="M1"),
            [Trace("2", claim_id)],
            [Status(category, code, entity, date=DAY, action="WQ" if good else "U", cents=self.cents())],
            [Reference("1K", f"P{claim_id}")] if good else [],
            [Dated("472", self.day())],
        )
