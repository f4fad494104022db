# SPDX-License-Identifier: Apache-2.0
"""Builds transaction bodies with the stock protobuf library: one hexadecimal line each, in the order of main()."""

from tokenledger.ledger.v1 import transaction_pb2 as pb


def base(**fields):
    return pb.Transaction(
        sender=bytes([6] * 20),
        lane=300,
        nonce=70_000,
        valid_until_ms=1_767_229_200_000,
        request_id=(1).to_bytes(8, "big") + (2).to_bytes(8, "big"),
        memo="کرایہ rent",
        **fields,
    )


def transfer():
    return base(operations=[pb.Operation(transfer=pb.Transfer(asset="PK-BOND-30", to=bytes([9] * 20), amount="300"))])


def register():
    account = pb.RegisterAccount(
        account=bytes([10] * 20), kind=pb.ACCOUNT_KIND_EXCHANGE, institution=bytes([11] * 20)
    )
    return base(operations=[pb.Operation(register_account=account)])


def approve():
    return base(
        operations=[pb.Operation(approve_proposal=pb.ApproveProposal(proposal_id=300, payload_hash=bytes([5] * 32)))]
    )


def create():
    definition = pb.AssetDefinition(
        symbol="PK-BOND-30",
        asset_class=pb.ASSET_CLASS_BOND,
        name="Government bond 2030",
        name_urdu="سرکاری بانڈ",
        decimals=2,
        cap="10000000",
        unit_value_micro_usd="1000000000",
        issuer=bytes([7] * 20),
        terms=pb.AssetTerms(
            isin="PK0000000001",
            issue_date_ms=1_767_225_600_000,
            maturity_date_ms=1_924_992_000_000,
            coupon_basis_points=725,
            payments_per_year=2,
            day_count=pb.DAY_COUNT_ACTUAL_ACTUAL_ICMA,
            attributes=[
                pb.TermAttribute(key="listing", value="none"),
                pb.TermAttribute(key="lot", value="100"),
            ],
        ),
    )
    payload = pb.PrivilegedOperation(create_asset=pb.CreateAsset(definition=definition))
    propose = pb.Propose(payload=[payload], expires_ms=1_767_312_000_000, reason="because")
    return base(operations=[pb.Operation(propose=propose)])


def tagged():
    transfer = pb.Transfer(
        asset="PK-BOND-30", to=bytes([9] * 20), amount="301", tag=302, source_tag=2**64 - 1
    )
    return base(operations=[pb.Operation(transfer=transfer)])


def require():
    return base(operations=[pb.Operation(require_tag=pb.RequireTag(account=bytes([12] * 20), required=True))])


def defaults():
    empty = pb.Transfer(asset="PK-BOND-30", to=bytes(20), amount="0")
    return pb.Transaction(sender=bytes(20), operations=[pb.Operation(transfer=empty)])


if __name__ == "__main__":
    for build in (transfer, register, approve, create, tagged, require, defaults):
        print(build().SerializeToString(deterministic=True).hex())
