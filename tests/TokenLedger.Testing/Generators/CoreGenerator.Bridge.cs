// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Testing.Generators;

/// <content>The bridge's operations, observations, events and rows.</content>
public sealed partial class CoreGenerator
{
    public BridgePlace BridgePlace() => Below(8) == 0 ? default : new(U64(), Hash(), Hash());

    public BridgeObservation BridgeObservation() => Below(7) switch
    {
        0 => BridgeBurnSeen(),
        1 => new MintObserved(U64(), BridgePlace()),
        2 => new VoidObserved(U64(), BridgePlace()),
        3 => new ExpiryObserved(U64()),
        4 => new RotationObserved(U64(), Hash(), BridgePlace()),
        5 => new SupplyObserved(Address(), Amount(), U64(), BridgePlace()),
        _ => new MismatchObserved(Address(), Amount(), Amount(), BridgePlace()),
    };

    public BridgeLaneState BridgeLane() => new(
        BridgeTerms(), U64(), U64(), BridgeStops(), U64(), U64(), U64(), U64(), U16(), U64(), U32());

    public BridgeTokenState BridgeToken() => new(
        Address(), BridgeQuota(), BridgeBucket(), BridgeBucket(), Amount(), Amount(), Amount(), Amount(),
        Amount(), Coin() ? null : new BridgeReport(Amount(), U64(), BridgePlace(), new Height(U64())));

    public BridgeLockState BridgeLock() => new(
        Asset(), Address(), Address(), Amount(), Time(), Time(), U64(), Enum<BridgeLockStatus>(), U64(),
        U64(), BridgePlace());

    public BridgeMessageState BridgeMessage() => new(
        Enum<BridgeMessageKind>(), U64(), U64(), Address(), Amount(), U64(),
        List(Limits.BridgeItemsPerMessage, () => new BridgeItem(U64(), Address(), Amount())),
        List(Limits.Validators, BridgeSigner), U16(),
        List(Limits.Validators, () => new BridgeSignature(U8(), [.. Bytes(Limits.SignatureBytes)])));

    public BridgeVoteState BridgeVotes() =>
        new(U64(), List(Limits.Validators, () => new BridgeBallot(Hash(), U64(), U32())));

    public BridgeBurnState BridgeBurn() => new(
        BridgeBurnSeen(), Coin() ? default : Asset(), Enum<BridgeBurnStatus>(),
        Coin() ? 0 : Enum<RejectionCode>(), Address());

    private Operation BridgeOperation() => Below(5) switch
    {
        0 => new LockForBridge(U64(), Asset(), Amount(), Address()),
        1 => new CancelBridgeLock(U64(), U64()),
        2 => new RetryBridgeRelease(U64(), U64()),
        3 => new AttestBridge(U64(), U64(), U64(), [.. Bytes(Limits.SignatureBytes)]),
        _ => new ObserveBridge(U64(), Some(4, BridgeObservation)),
    };

    private PrivilegedOperation BridgePrivileged(PrivilegedKind kind) => kind switch
    {
        PrivilegedKind.OpenBridgeLane => BridgeTerms(),
        PrivilegedKind.MapBridgeToken => new MapBridgeToken(U64(), Asset(), Address(), BridgeQuota()),
        PrivilegedKind.PauseBridge => new PauseBridge(U64(), BridgeStops(), Text(Limits.ReferenceBytes)),
        PrivilegedKind.ResumeBridge => new ResumeBridge(U64(), BridgeStops(), Text(Limits.ReferenceBytes)),
        PrivilegedKind.RotateBridgeSigners => new RotateBridgeSigners(
            U64(), Time(), List(5, BridgeSigner), U64()),
        PrivilegedKind.RedirectBridgeRelease =>
            new RedirectBridgeRelease(U64(), U64(), Address(), Text(Limits.ReferenceBytes)),
        _ => throw new InvalidOperationException($"{kind} is not generated."),
    };

    private LedgerEvent BridgeEvent() => Below(9) switch
    {
        0 => new BridgeSignersSet(U64(), U64(), U8()),
        1 => new BridgeTokenMapped(U64(), Asset(), Address()),
        2 => new BridgeLocked(U64(), U64(), Asset(), Address(), Amount(), Address()),
        3 => new BridgeMessageOpened(U64(), U64(), Enum<BridgeMessageKind>()),
        4 => new BridgeLockClosed(U64(), U64(), Enum<BridgeLockStatus>(), BridgePlace()),
        5 => new BridgeReleased(U64(), U64(), Asset(), Address(), U64(), Amount()),
        6 => new BridgeSuspended(U64(), U64(), Enum<RejectionCode>()),
        7 => new BridgeStopsSet(U64(), BridgeStops(), Text(Limits.ReferenceBytes)),
        _ => new BridgeSupplyAgreed(U64(), Asset(), Amount(), U64(), BridgePlace()),
    };

    private BurnObserved BridgeBurnSeen() =>
        new(U64(), Address(), Address(), Hash(), Amount(), Hash(), BridgePlace());

    private OpenBridgeLane BridgeTerms() => new(
        U64(), Address(), Address(), Hash(), U64(), U64(), U64(), List(5, BridgeSigner));

    private BridgeSigner BridgeSigner() => new(Address(), Address());

    private BridgeQuota BridgeQuota() => new(
        Amount(), Amount(), BridgeRate(), BridgeRate(), Coin() ? default : new BridgeDelay(Amount(), U64()),
        Amount());

    private BridgeRate BridgeRate() => new(Amount(), Amount());

    private BridgeBucket BridgeBucket() => new(U128(), Time());

    private BridgeStops BridgeStops() => (BridgeStops)Below(8);
}
