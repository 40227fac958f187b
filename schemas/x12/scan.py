"""The quick pass over a claim: order, repeats, elements and sums, without building a record.

A claim that passes has no findings, and its record fills itself from its segments when somebody looks inside. Anything odd
makes the claim `doubtful`, and the full reader takes it: what is said about a claim is always said by the full reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schemas.x12.compile import Node, Step
from schemas.x12.description import Amounts, Quick
from schemas.x12.pieces import ENVELOPE, Piece, Pieces
from schemas.x12.rules.facts import DIAGNOSES as POINTED
from schemas.x12.values import LIMIT

PLAIN, ADJUSTMENT, LINE, DOUBT, LEAVE, DIAGNOSES, ATTENDED = range(7)
MOST_LINES = 50


class Hop:
    """What one segment text does in one state: where it leads, what kind it is, and its amounts."""

    __slots__ = ("first", "kind", "second", "state")

    def __init__(self, state: State, kind: int, first: int = 0, second: int = 0) -> None:
        self.state, self.kind, self.first, self.second = state, kind, first, second


class State(dict[str, Hop]):
    """Where in the claim the pass is: the open loops with what each has seen and how far it came. It is `complete` when no
    open loop still lacks what it requires."""

    __slots__ = ("complete", "frames", "scanner", "steps")

    def __init__(self, scanner: Scanner, frames: tuple[tuple[Node, int, int], ...]) -> None:
        super().__init__()
        self.scanner, self.frames = scanner, frames
        self.complete = all(seen & mask for node, seen, _ in frames for mask, _ in node.required)
        self.steps: dict[str, tuple[State, int]] = {}
        scanner.pieces.leaning.append(self)

    def __missing__(self, token: str) -> Hop:
        scanner = self.scanner
        piece = scanner.pieces[token]
        found = self.steps.get(piece.key)
        if found is None:
            found = self.steps[piece.key] = scanner.step(self, piece)
        state, kind = found
        hop = scanner.hop(piece, state, kind)
        self[token] = hop
        return hop


# A claim's segments, the one that stands behind them (None at the end), whether it is doubtful, its opening segment
Scanned = tuple[list[str], str | None, bool, Piece]


class Scanner:
    """The quick pass for one description and choice of delimiters.

    The amounts of a service line are charge and paid, those of an adjustment its total and its patient responsibility.
    """

    def __init__(self, pieces: Pieces, quick: Quick) -> None:
        self.pieces, self.amounts, self.scan, self.attended = pieces, quick.amounts, quick.scan, quick.attended
        self._states: dict[tuple[tuple[int, int, int], ...], State] = {}
        self._starts: dict[int, State] = {}

    def start(self, node: Node) -> State:
        """The state right behind the segment that opens a claim."""
        found = self._starts.get(id(node))
        if found is None:
            found = self._starts[id(node)] = self._state(((node, 0, 0),))
        return found

    def _state(self, frames: tuple[tuple[Node, int, int], ...]) -> State:
        key = tuple((id(node), seen, last) for node, seen, last in frames)
        if len(self._states) >= LIMIT:
            self._forget()
        found = self._states.get(key)
        if found is None:
            found = self._states[key] = State(self, frames)
        return found

    def _forget(self) -> None:
        """Lets go of all states; a claim in the middle of one finds new ones from there."""
        old = {id(state) for state in self._states.values()}
        self.pieces.leaning = [memo for memo in self.pieces.leaning if id(memo) not in old]
        self._states.clear()
        self._starts.clear()

    def step(self, state: State, piece: Piece) -> tuple[State, int]:
        """The state that a kind of segment leads to, and PLAIN, DOUBT or LEAVE."""
        frames = state.frames
        table = frames[-1][0].table
        step: Step | None = table.get(piece.key) or table.get(piece.tag)
        if step is None:
            return (state, LEAVE) if piece.tag in ENVELOPE else (state, DOUBT)
        if step.pops >= len(frames):
            return state, LEAVE
        kept = frames[: len(frames) - step.pops]
        closed = frames[len(kept) :]
        doubt = step.unexpected or any(not seen & mask for node, seen, _ in closed for mask, _ in node.required)
        node, seen, last = kept[-1]
        doubt = doubt or bool(seen & step.once) or 0 <= step.index < last
        relevant = step.bit if step.once or any(mask & step.bit for mask, _ in node.required) else 0
        top = (node, seen | relevant, max(last, step.index))
        after = (*kept[:-1], top) if step.node is None else (*kept[:-1], top, (step.node, 0, 0))
        return self._state(after), DOUBT if doubt else PLAIN

    def hop(self, piece: Piece, state: State, kind: int) -> Hop:
        """A hop for one segment text: its own problems and amounts added to what its kind does."""
        if kind == LEAVE:
            return Hop(state, LEAVE)
        if kind == DOUBT or piece.odd:
            return Hop(state, DOUBT)
        known = self.amounts.get(piece.tag)
        if known is None:
            return Hop(state, ATTENDED if piece.key == "NM1*71" else PLAIN)
        amounts = known[1](piece.value)
        return Hop(state, DOUBT) if amounts is None else Hop(state, known[0], *amounts)


def scan_payment(scanner: Scanner, node: Node, opening: str, tokens: Iterator[str]) -> Scanned:
    """835, loop 2100: as `balance_claim`, in one pass. Only a claim that balances to the cent everywhere passes."""
    header = scanner.pieces[opening]
    claim = dict(header.value)
    raw = [opening]
    append = raw.append
    state = scanner.start(node)
    doubt = header.odd
    in_line, balance, at_claim, share, charged, paid = False, 0, 0, 0, 0, 0
    behind = None
    for token in tokens:
        hop = state[token]
        kind = hop.kind
        if kind:
            if kind == ADJUSTMENT:
                balance -= hop.first
                share += hop.second
            elif kind == LINE:
                if in_line:
                    doubt = doubt or balance != 0
                else:
                    at_claim, in_line = -balance, True
                balance = hop.first - hop.second
                charged += hop.first
                paid += hop.second
            elif kind == LEAVE:
                behind = token
                break
            else:
                doubt = True
        append(token)
        state = hop.state
    charge, payment = claim.get("charge", 0), claim.get("paid", 0)
    of_lines = balance == 0 and charged == charge and paid - at_claim == payment
    even = (of_lines if in_line else charge + balance == payment) and share == claim.get("patient_responsibility", 0)
    return raw, behind, doubt or not even or not state.complete, header


def scan_submission(scanner: Scanner, node: Node, opening: str, tokens: Iterator[str]) -> Scanned:
    """837, loop 2300: as `balance_submission`, and every pointer has its diagnosis. Claims with other payers, with very many
    lines and, where an attending provider is wanted, without one go to the full reader."""
    header = scanner.pieces[opening]
    raw = [opening]
    append = raw.append
    state = scanner.start(node)
    doubt = header.odd
    charged = lines = diagnoses = pointer = 0
    attended = not scanner.attended
    behind = None
    for token in tokens:
        hop = state[token]
        kind = hop.kind
        if kind:
            if kind == LINE:
                charged += hop.first
                lines += 1
                pointer = max(pointer, hop.second)
            elif kind == DIAGNOSES:
                diagnoses += hop.first
            elif kind == ATTENDED:
                attended = True
            elif kind == LEAVE:
                behind = token
                break
            else:
                doubt = True
        append(token)
        state = hop.state
    doubt = doubt or not attended or lines > MOST_LINES or bool(diagnoses and pointer > diagnoses)
    even = lines > 0 and charged == dict(header.value).get("charge", 0)
    return raw, behind, doubt or not even or not state.complete, header


def payment_line(pairs: Any) -> tuple[int, int]:
    """SVC: charge and paid."""
    values = dict(pairs)
    return values.get("charge", 0), values.get("paid", 0)


def payment_adjustment(items: Any) -> tuple[int, int]:
    """CAS: the sum, and its patient responsibility part."""
    total = sum(item.cents for item in items)
    return total, total if items[0].group == "PR" else 0


def submitted_line(pairs: Any) -> tuple[int, int] | None:
    """SV1, SV2, SV3: charge, and the last diagnosis that the line points at; None where a pointer points nowhere."""
    values = dict(pairs)
    pointers = values.get("pointers", ())
    if pointers and min(pointers) < 1:
        return None
    return values.get("charge", 0), max(pointers, default=0)


def submitted_diagnoses(items: Any) -> tuple[int, int]:
    """HI: how many diagnoses a line may point at."""
    return sum(item.qualifier in POINTED for item in items), 0


def no_interest(amount: Any) -> tuple[int, int] | None:
    """AMT: interest (I) is compared with the payment's PLB, so the full reader takes such a claim."""
    return None if amount.qualifier == "I" else (0, 0)


def never(_: Any) -> None:
    """A segment that only the full reader can judge."""


PAYMENT = Quick(
    scan_payment,
    {"SVC": (LINE, payment_line), "CAS": (ADJUSTMENT, payment_adjustment), "AMT": (PLAIN, no_interest)},
)
AMOUNTS: Amounts = {tag: (LINE, submitted_line) for tag in ("SV1", "SV2", "SV3")}
AMOUNTS |= {"SBR": (DOUBT, never), "HI": (DIAGNOSES, submitted_diagnoses)}
SUBMISSION = Quick(scan_submission, AMOUNTS)
HOSPITAL = Quick(scan_submission, AMOUNTS, attended=True)
