// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using static TokenLedger.Protocol.Tests.Wire.WireSamples;

namespace TokenLedger.Protocol.Tests.Wire;

/// <summary>One fixed operation of the bridge of each kind, with no field left at its default.</summary>
internal static class BridgeWireSamples
{
    private const ulong Chain = 11_155_111;

    public static PrivilegedOperation[] Privileged =>
    [
        new OpenBridgeLane(Chain, Address(1), Address(2), Hash(3), 4, 3_600_000, 10_000, Signers),
        new MapBridgeToken(Chain, Bond, Address(4), new BridgeQuota(
            new Amount(1), new Amount(2), new BridgeRate(new Amount(3), new Amount(4)),
            new BridgeRate(new Amount(5), new Amount(6)), new BridgeDelay(new Amount(7), 8),
            new Amount(1))),
        new PauseBridge(Chain, BridgeStops.Locks | BridgeStops.Releases, "look"),
        new ResumeBridge(Chain, BridgeStops.Halted, "looked"),
        new RotateBridgeSigners(Chain, new TimestampMs(1_767_312_000_000), Signers, 3),
        new RedirectBridgeRelease(Chain, 7, Address(8), "court order"),
    ];

    public static Operation[] Operations =>
    [
        new LockForBridge(Chain, Bond, new Amount(300), Address(12)),
        new CancelBridgeLock(Chain, 5),
        new RetryBridgeRelease(Chain, 6),
        new AttestBridge(Chain, 7, 2, [.. Enumerable.Repeat((byte)9, Limits.SignatureBytes)]),
        new ObserveBridge(Chain,
        [
            new BurnObserved(
                1, Address(2), Address(3), Hash(4), new Amount(5), Hash(6), Place),
            new MintObserved(7, Place),
            new VoidObserved(8, Place),
            new ExpiryObserved(9),
            new RotationObserved(10, Place.BlockHash, Place),
            new SupplyObserved(Address(2), new Amount(11), 12, Place),
            new MismatchObserved(Address(2), new Amount(13), new Amount(14), Place),
        ]),
    ];

    private static BridgePlace Place => new(1_000, Hash(1), Hash(2));

    private static ImmutableArray<BridgeSigner> Signers =>
        [new(Address(1), Address(2)), new(Address(3), Address(4))];
}
