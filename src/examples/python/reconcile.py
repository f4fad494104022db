# SPDX-License-Identifier: Apache-2.0
"""The end of the day: what the book of deposits.py says of every asset against the ledger, both at one
height.

    python3 reconcile.py --node HOST:PORT --account 0x... --book FILE [--height N] [--tls-ca FILE]
        [--api-key-file FILE]

It ends with 0 when all agree, and with 9 when one differs.
"""

from ledger import read_book
from words import ACCESS, Words, run


def held(node, account, height):
    """The ledger's own list of that height: an asset of which nothing was ever booked is one that the book
    lacks, also when all of it has left since."""
    token = ""
    while True:
        page = node.query("ListBalances", account=account, at_height=height, page_token=token)
        yield from (balance.asset for balance in page.balances)
        token = page.next_page_token
        if not token:
            return


def main():
    words = Words(("node", "account", "book"), ("height", *ACCESS))
    node, account = words.nodes()[0], words.address("account")
    height = words.number("height", 0, 2**63 - 1) or node.query("GetNetwork").as_of_height
    booked = {}
    for at, index, asset, amount in read_book(words["book"]).execute(
        "SELECT height, idx, asset, amount FROM entry WHERE height <= ? ORDER BY height, idx", (height,)
    ):
        own, _ = booked.get(asset, (0, None))
        booked[asset] = (own + int(amount), (at, index))

    wrong = False
    for asset in sorted(booked.keys() | set(held(node, account, height))):
        own, newest = booked.get(asset, (0, (0, 0)))
        told = node.query("GetBalance", account=account, asset=asset, at_height=height)
        # The event that made the ledger's balance what it is: a book that has not come so far is only late.
        late = newest < (told.changed_height, told.changed_index)
        verdict = "ok" if told.amount == str(own) else "DIFFERS"
        if verdict != "ok" and late:
            verdict += f": the book lacks {told.changed_height}/{told.changed_index}"
        wrong = wrong or verdict != "ok"
        print(f"{asset} height {height} ledger {told.amount} book {own} {verdict}")
    return 9 if wrong else 0


if __name__ == "__main__":
    run(main)
