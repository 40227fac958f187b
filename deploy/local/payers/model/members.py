"""What a payer says when something about the member stands in the way."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from deploy.local.payers.model.base import Denial, Part, Share, valid_pattern


class Inquiry(Part):
    """How a 270 is answered that cannot be answered with benefits (AAA03)."""

    unknown_id: str = Field(default="75", pattern=r"^(72|75)$")
    malformed_id: str = Field(default="72", pattern=r"^(72|75)$")
    wrong_name: str | None = Field(default=None, pattern=r"^73$")
    """Absent: a member is found by id and birth date, whatever the name."""
    down_share: Share = 0.0
    """Inquiries answered with AAA 42 (unable to respond)."""
    tells_other_payer: bool = False
    """Whether the 271 names another payer that pays first (EB*R, loop 2120)."""


class MemberRules(Part):
    """Denials for hidden facts of members; a fact whose denial is absent does not stop this payer."""

    id_template: str = Field(pattern=r"^[A-Z0-9#@]{2,30}$")
    """How ids look: `#` a digit, `@` a letter, the rest as it stands."""
    id_pattern: Annotated[str, AfterValidator(valid_pattern)] = r"^[A-Z0-9]{2,80}$"
    inquiry: Inquiry = Inquiry()
    not_found: Denial = Denial(carc="31")
    terminated: Denial = Denial(carc="27")
    not_started: Denial = Denial(carc="26")
    other_plan: Denial | None = None
    """The member has moved to another plan or payer that this payer's 271 does not know of."""
    other_payer_first: Denial | None = None
    wrong_name: Denial | None = None
    old_id: Denial | None = None
    """A claim under the member's former id; absent: it is followed to the new one."""
    protects_qmb: bool = False
    """The share of a qualified Medicare beneficiary is said as OA-209 instead of PR."""

    @model_validator(mode="after")
    def _template_fits(self) -> Self:
        sample = self.id_template.replace("#", "7").replace("@", "K")
        if not re.fullmatch(self.id_pattern, sample):
            raise ValueError(f"id_template makes ids like {sample}, which id_pattern refuses; change one of them")
        return self
