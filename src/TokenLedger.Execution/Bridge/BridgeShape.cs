// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Execution.Bridge;

/// <summary>What can be said of the bridge's operations without a state.</summary>
internal static class BridgeShape
{
    /// <summary>Signers at least: with fewer none may fail.</summary>
    private const int FewestSigners = 4;

    private static readonly UInt128 MostPerBucket = UInt128.One << 100;

    public static Rejection? Check(Operation operation) => operation switch
    {
        LockForBridge o => OperationShape.Asset(o.Asset)
            ?? OperationShape.Party("The receiver abroad", o.Recipient)
            ?? OperationShape.Above0(o.Amount),
        CancelBridgeLock or RetryBridgeRelease => null,
        AttestBridge o => o.Signature.IsDefault || o.Signature.Length != Limits.SignatureBytes
            ? OperationShape.Invalid($"A signature has {Limits.SignatureBytes} bytes.")
            : null,
        ObserveBridge o => Observations(o.Observations),
        _ => OperationShape.Invalid(
            $"{operation?.GetType().Name ?? "Nothing"} is no operation of this version."),
    };

    public static Rejection? Check(PrivilegedOperation operation) => operation switch
    {
        OpenBridgeLane o => Lane(o),
        MapBridgeToken o => OperationShape.Asset(o.Asset)
            ?? OperationShape.Party("The token", o.Token)
            ?? Quota(o.Quota),
        PauseBridge o => Stops(o.Stops, BridgeStops.Locks | BridgeStops.Releases)
            ?? OperationShape.Reason(o.Reason),
        ResumeBridge o => Stops(o.Stops, BridgeStops.Locks | BridgeStops.Releases | BridgeStops.Halted)
            ?? OperationShape.Reason(o.Reason),
        RotateBridgeSigners o => Signers(o.Signers),
        RedirectBridgeRelease o => OperationShape.Party("The receiver", o.To)
            ?? OperationShape.Reason(o.Reason),
        _ => OperationShape.Invalid(
            $"{operation?.GetType().Name ?? "Nothing"} is no privileged operation of this version."),
    };

    private static Rejection? Lane(OpenBridgeLane lane)
    {
        if (lane.ChainId is 0 or > Limits.ChainIdMax)
        {
            return OperationShape.Invalid($"The chain id is {lane.ChainId}, not 1 to {Limits.ChainIdMax}.");
        }

        if (lane.RemoteGenesis.IsZero)
        {
            return OperationShape.Invalid("The hash of the other chain's first block is zero.");
        }

        if (lane.LockLifetimeMs is < Limits.BridgeLockMinMs or > Limits.BridgeLockMaxMs)
        {
            return OperationShape.Invalid(
                $"A lock lives {lane.LockLifetimeMs} ms; it is {Limits.BridgeLockMinMs} to "
                + $"{Limits.BridgeLockMaxMs}.");
        }

        if (lane.GatherMs > Limits.BridgeGatherMaxMs || lane.GatherMs > lane.LockLifetimeMs / 2)
        {
            return OperationShape.Invalid(
                $"Locks are gathered for {lane.GatherMs} ms; it is at most {Limits.BridgeGatherMaxMs} and "
                + "half of a lock's life.");
        }

        return OperationShape.Party("The bridge's contract", lane.Contract)
            ?? OperationShape.Party("The signers' contract", lane.SignerContract)
            ?? (lane.Contract == lane.SignerContract
                ? OperationShape.Invalid("The bridge and the signers' register are one contract.")
                : Signers(lane.Signers));
    }

    private static Rejection? Signers(ImmutableArray<BridgeSigner> signers)
    {
        if (signers.IsDefault || signers.Length is < FewestSigners or > Limits.Validators)
        {
            return OperationShape.Invalid(
                $"There are {(signers.IsDefault ? 0 : signers.Length)} signers; a set has {FewestSigners} to "
                + $"{Limits.Validators}.");
        }

        Address last = default;
        foreach (BridgeSigner signer in signers)
        {
            if (signer.Key <= last)
            {
                return OperationShape.Invalid("Signers' keys are not zero and strictly ascend.");
            }

            last = signer.Key;
        }

        return null;
    }

    private static Rejection? Quota(BridgeQuota quota)
    {
        bool fits = Fits(quota.Outbound) && Fits(quota.Inbound);
        return !fits
            ? OperationShape.Invalid("A bucket holds and regains 1 to 2^100 atomic units.")
            : OperationShape.Above0(quota.PerItem) ?? OperationShape.Above0(quota.Ceiling)
                ?? (quota.Least > quota.PerItem
                    ? OperationShape.Invalid($"The least of one lock, {quota.Least}, is over the most.")
                    : null)
                ?? (quota.Delay.Ms > Limits.BridgeLockMaxMs / 2
                    ? OperationShape.Invalid(
                        $"Large locks wait {quota.Delay.Ms} ms; it is at most {Limits.BridgeLockMaxMs / 2}.")
                    : null);
    }

    private static bool Fits(BridgeRate rate) =>
        !rate.Capacity.IsZero && !rate.PerSecond.IsZero
        && rate.Capacity.Units <= MostPerBucket && rate.PerSecond.Units <= MostPerBucket;

    private static Rejection? Stops(BridgeStops stops, BridgeStops possible) =>
        stops == BridgeStops.None || (stops & ~possible) != 0
            ? OperationShape.Invalid($"'{stops}' is nothing that can be stopped or resumed so.")
            : null;

    private static Rejection? Observations(ImmutableArray<BridgeObservation> observations)
    {
        if (observations.IsDefaultOrEmpty || observations.Length > Limits.BridgeObservationsPerOperation)
        {
            return OperationShape.Invalid(
                $"An operation has 1 to {Limits.BridgeObservationsPerOperation} observations.");
        }

        foreach (BridgeObservation observation in observations)
        {
            bool sound = observation switch
            {
                BurnObserved o => o.Nonce > 0 && !o.Amount.IsZero && !o.Accumulator.IsZero && Stands(o.Place),
                MintObserved o => Stands(o.Place),
                VoidObserved o => Stands(o.Place),
                ExpiryObserved => true,
                RotationObserved o => !o.Signers.IsZero && Stands(o.Place),
                SupplyObserved o => IsBlock(o.Place),
                MismatchObserved o => IsBlock(o.Place),
                _ => false,
            };
            if (!sound)
            {
                return OperationShape.Invalid(
                    $"{observation?.GetType().Name ?? "Nothing"} has a zero where there is none, or a "
                    + "transaction where there is a block.");
            }
        }

        return null;
    }

    private static bool Stands(BridgePlace place) =>
        !place.BlockHash.IsZero && !place.TransactionHash.IsZero;

    private static bool IsBlock(BridgePlace place) =>
        !place.BlockHash.IsZero && place.TransactionHash.IsZero;
}
