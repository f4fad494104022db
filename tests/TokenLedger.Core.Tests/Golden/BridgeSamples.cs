// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using static TokenLedger.Core.Tests.Golden.Samples;

namespace TokenLedger.Core.Tests.Golden;

/// <summary>Fixed values of the bridge's types. Properties: they and <see cref="Samples"/> need each
/// other.</summary>
internal static class BridgeSamples
{
    public const ulong Chain = 0x0102030405060708;

    public static BridgePlace Place => new(9, Hash(0x51), Hash(0x52));

    public static BurnObserved Burn =>
        new(1, Address(2), Address(3), BridgeRecipient.Of(Address(4), 5), Amount(6), Hash(7), Place);

    public static BridgeObservation[] Observations =>
    [
        Burn,
        new MintObserved(10, Place),
        new VoidObserved(11, Place),
        new ExpiryObserved(12),
        new RotationObserved(13, Place.BlockHash, Place),
        new SupplyObserved(Address(2), Amount(14), 15, Place),
        new MismatchObserved(Address(2), Amount(16), Amount(17), Place),
    ];

    public static ImmutableArray<BridgeSigner> Signers =>
        [new(Address(0x41), Address(0x31)), new(Address(0x42), Address(0x32))];

    public static BridgeQuota Quota => new(
        Amount(1), Amount(2), new BridgeRate(Amount(3), Amount(4)), new BridgeRate(Amount(5), Amount(6)),
        new BridgeDelay(Amount(7), 8), Amount(1));

    public static OpenBridgeLane Lane => new(Chain, Address(1), Address(2), Hash(3), 4, 5, 6, Signers);

    public static PrivilegedOperation[] Privileged =>
    [
        Lane,
        new MapBridgeToken(Chain, Bond, Address(1), Quota),
        new PauseBridge(Chain, BridgeStops.Locks, "Review"),
        new ResumeBridge(Chain, BridgeStops.Releases | BridgeStops.Halted, "Reviewed"),
        new RotateBridgeSigners(Chain, new TimestampMs(7), Signers, 9),
        new RedirectBridgeRelease(Chain, 8, Address(9), "LHC 2026/19"),
    ];

    public static LedgerEvent[] Events =>
    [
        new BridgeSignersSet(Chain, 1, 2),
        new BridgeTokenMapped(Chain, Bond, Address(1)),
        new BridgeLocked(Chain, 1, Bond, Address(2), Amount(3), Address(4)),
        new BridgeMessageOpened(Chain, 1, BridgeMessageKind.Void),
        new BridgeLockClosed(Chain, 1, BridgeLockStatus.Minted, Place),
        new BridgeReleased(Chain, 1, Bond, Address(2), 3, Amount(4)),
        new BridgeSuspended(Chain, 1, RejectionCode.BridgeLimit),
        new BridgeStopsSet(Chain, BridgeStops.Locks | BridgeStops.Halted, "Review"),
        new BridgeSupplyAgreed(Chain, Bond, Amount(1), 2, Place),
    ];

    public static BridgeLaneState LaneState => new(Lane, 1, 9, BridgeStops.Releases, 2, 3, 4, 5, 6, 7, 8);

    public static BridgeTokenState Token => new(
        Address(1), Quota, new BridgeBucket(2, new TimestampMs(3)), new BridgeBucket(4, new TimestampMs(5)),
        Amount(6), Amount(7), Amount(8), Amount(9), Amount(10),
        new BridgeReport(Amount(11), 12, Place, new Height(13)));

    public static BridgeLockState Lock => new(
        Bond, Address(1), Address(2), Amount(3), new TimestampMs(4), new TimestampMs(9), 5,
        BridgeLockStatus.Cancelling, 6, 7,
        Place);

    public static BridgeMessageState Mint => new(
        BridgeMessageKind.Mint, 1, 9, Address(2), Amount(3), 4, [new BridgeItem(5, Address(6), Amount(7))],
        [], 8,
        [new BridgeSignature(0, Signature(1)), new BridgeSignature(2, Signature(3))]);

    public static BridgeMessageState Rotation =>
        new(BridgeMessageKind.Rotation, 1, 9, default, default, 4, [], Signers, 1, []);

    public static BridgeVoteState Votes =>
        new(1, [new BridgeBallot(Hash(2), 3, 0b101), new BridgeBallot(Hash(4), 0, 0b010)]);

    public static BridgeBurnState Suspended =>
        new(Burn, Bond, BridgeBurnStatus.Suspended, RejectionCode.BridgeLimit, default);

    public static BridgeBurnState Released =>
        new(Burn, default, BridgeBurnStatus.Released, 0, Address(1));
}
