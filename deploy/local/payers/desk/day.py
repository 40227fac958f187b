"""One virtual day of a payer."""

from datetime import date

from deploy.local.payers.answers.files import Outbox
from deploy.local.payers.deciding.members import Members
from deploy.local.payers.desk.answering import answer_all
from deploy.local.payers.desk.deciding import decide_appeals, decide_claims, take_backs, write_checks
from deploy.local.payers.desk.desk import Desk
from deploy.local.payers.desk.intake import take_in
from deploy.local.payers.desk.store import Store
from deploy.local.payers.model.payer import PayerModel

SUBMITTER = "OVERTURN"


def work(payer: PayerModel, members: Members, store: Store, day: date, seed: int) -> None:
    """Read the files of earlier days, answer what is due, decide, pay. Inside the store's transaction."""
    submitter = store.get(f"submitter {payer.payer_id}") or SUBMITTER
    desk = Desk(payer, members, store, day, seed, Outbox(payer, day, submitter))
    for file in store.unread(payer.payer_id, day):
        take_in(desk, file)
    answer_all(desk)
    decide_claims(desk)
    decide_appeals(desk)
    take_backs(desk)
    write_checks(desk)
    store.send(payer.payer_id, desk.out.files)
