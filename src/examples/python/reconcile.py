# SPDX-License-Identifier: Apache-2.0
"""The end of the day: what the book of deposits.py says of every asset against the ledger, both at one
height.

    python3 reconcile.py --node HOST:PORT --account 0x... --book FILE [--height N]

It ends with 0 when all agree, and with 9 when one differs.
"""

import argparse
import sys

from deposits import BOOK
from ledger import nodes, open_book


def held(node, account):
    """The ledger's own list: an asset of which nothing was ever booked is one that the book lacks."""
    token = ""
    while True:
        page = node.query("ListBalances", account=account, page_token=token)
        yield from (balance.asset for balance in page.balances)
        token = page.next_page_token
        if not token:
            return


def main():
    words = argparse.ArgumentParser()
    for name in ("node", "account", "book"):
        words.add_argument("--" + name, required=True)
    words.add_argument("--height", type=int, default=0)
    given = words.parse_args()
    node = nodes(given.node)[0]
    account = bytes.fromhex(given.account[2:])
    height = given.height or node.query("GetNetwork").as_of_height
    booked, entries = {}, set()
    for at, index, asset, amount in open_book(given.book, BOOK).execute(
        "SELECT height, idx, asset, amount FROM entry WHERE height <= ?", (height,)
    ):
        booked[asset] = booked.get(asset, 0) + int(amount)
        entries.add((at, index))

    wrong = False
    for asset in sorted(booked.keys() | set(held(node, account))):
        own = booked.get(asset, 0)
        told = node.query("GetBalance", account=account, asset=asset, at_height=height)
        # The event that made the ledger's balance what it is: a book that has not come so far is only late.
        late = told.changed_height and (told.changed_height, told.changed_index) not in entries
        verdict = "ok" if int(told.amount) == own else "DIFFERS"
        if verdict != "ok" and late:
            verdict += f": the book lacks {told.changed_height}/{told.changed_index}"
        wrong = wrong or verdict != "ok"
        print(f"{asset} height {height} ledger {told.amount} book {own} {verdict}")
    return 9 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
