"""`python -m schemas.examples [--again]`: freeze new event types; `--again` only before the first release."""

import sys

from schemas.events.registry import event_types
from schemas.examples.freeze import differences, freeze

if __name__ == "__main__":
    told = [line for type_ in event_types() for line in differences(type_)]
    print("\n".join(told) or "every released event type still fits")
    if told and "--again" not in sys.argv:
        sys.exit(1)
    for path in freeze(again="--again" in sys.argv):
        print(f"froze {path.parent.name} {path.name}")
