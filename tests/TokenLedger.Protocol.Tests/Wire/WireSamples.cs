// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Wire;
using TokenLedger.Testing.Wire;

namespace TokenLedger.Protocol.Tests.Wire;

/// <summary>One fixed transaction of each kind, with no field left at its default.</summary>
internal static class WireSamples
{
    public static readonly AssetId Bond = AssetId.Parse("PK-BOND-30");

    public static AssetDefinition Definition => new(
        Bond, AssetClass.Bond, "Government bond 2030", "سرکاری بانڈ", 2, new Amount(10_000_000),
        1_000_000_000,
        Address(7),
        new AssetTerms(
            "PK0000000001", new TimestampMs(1_767_225_600_000), new TimestampMs(1_924_992_000_000), 725, 2,
            DayCount.ActualActualIcma,
            [new TermAttribute("listing", "none"), new TermAttribute("lot", "100")]));

    public static PrivilegedOperation[] Privileged =>
    [
        new CreateAsset(Definition),
        new IssueUnits(Bond, Address(1), new Amount(UInt128.MaxValue)),
        new BurnUnits(Bond, Address(2), new Amount(5), "redeemed"),
        new AttachDocument(
            Bond, new AssetDocument("Prospectus", Hash(3), "https://finance.example/prospectus")),
        new SetAssetCap(Bond, new Amount(20_000_000)),
        new PauseAsset(Bond, "under review"),
        new ResumeAsset(Bond, "reviewed"),
        new FreezeAccount(Address(3), FreezeMode.SendAndReceive, "Order 17/2026", Hash(4)),
        new UnfreezeAccount(Address(3), "Order 18/2026"),
        new GrantOfficer(Address(4), Address(5), Duties.Maker | Duties.Registrar, "Debt office"),
        new RevokeOfficer(Address(5), "left the office"),
        .. BridgeWireSamples.Privileged,
    ];

    public static Operation[] Operations =>
    [
        new Transfer(Bond, Address(9), new Amount(300)),
        new RegisterAccount(Address(10), AccountKind.Exchange, Address(11)),
        new Propose([.. Privileged], new TimestampMs(1_767_312_000_000), "first issue"),
        new ApproveProposal(300, Hash(5)),
        new CancelProposal(301, "typing error"),
        .. BridgeWireSamples.Operations,
        new RequireTag(Address(12), Required: true),
    ];

    public static Transfer Tagged => new(Bond, Address(9), new Amount(301), 302, ulong.MaxValue);

    /// <summary>All operations and privileged operations in one.</summary>
    public static Transaction Everything => Of([.. Operations]);

    public static Transaction Of(params ImmutableArray<Operation> operations) => new(
        Address(6), 300, 70_000, new TimestampMs(1_767_229_200_000), new RequestId(new UInt128(1, 2)),
        "کرایہ rent",
        operations);

    public static WireMessage Tree(Transaction transaction) =>
        WireMessage.Parse(Ledger.V1.Transaction.Descriptor, TransactionMapper.Encode(transaction));

    public static Address Address(byte fill) => new(Enumerable.Repeat(fill, Core.Address.Size).ToArray());

    public static Hash256 Hash(byte fill) => new(Enumerable.Repeat(fill, Hash256.Size).ToArray());
}
