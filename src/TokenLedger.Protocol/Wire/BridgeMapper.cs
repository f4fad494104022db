// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Google.Protobuf;
using Google.Protobuf.Collections;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Protocol.Wire;

/// <summary>The bridge's operations between wire and domain. Pure and thread-safe.</summary>
internal static class BridgeMapper
{
    /// <summary>Null for an operation of another module.</summary>
    public static V1.Operation? ToWire(Operation operation) => operation switch
    {
        LockForBridge o => new()
        {
            LockForBridge = new()
            {
                ChainId = o.ChainId,
                Asset = o.Asset.ToString(),
                Amount = o.Amount.ToString(),
                Recipient = Field.Of(o.Recipient),
            },
        },
        CancelBridgeLock o => new() { CancelBridgeLock = new() { ChainId = o.ChainId, Nonce = o.Nonce } },
        RetryBridgeRelease o => new()
        {
            RetryBridgeRelease = new() { ChainId = o.ChainId, BurnNonce = o.BurnNonce },
        },
        AttestBridge o => new()
        {
            AttestBridge = new()
            {
                ChainId = o.ChainId,
                MessageId = o.MessageId,
                Epoch = o.Epoch,
                Signature = ByteString.CopyFrom(o.Signature.AsSpan()),
            },
        },
        ObserveBridge o => new() { ObserveBridge = ToWire(o) },
        _ => null,
    };

    /// <summary>Null for an operation of another module.</summary>
    public static Operation? ToDomain(V1.Operation wire) => wire.KindCase switch
    {
        V1.Operation.KindOneofCase.LockForBridge => new LockForBridge(
            wire.LockForBridge.ChainId,
            Field.Asset(wire.LockForBridge.Asset, "lock_for_bridge.asset"),
            Field.Amount(wire.LockForBridge.Amount, "lock_for_bridge.amount"),
            Field.Address(wire.LockForBridge.Recipient, "lock_for_bridge.recipient")),
        V1.Operation.KindOneofCase.CancelBridgeLock =>
            new CancelBridgeLock(wire.CancelBridgeLock.ChainId, wire.CancelBridgeLock.Nonce),
        V1.Operation.KindOneofCase.RetryBridgeRelease =>
            new RetryBridgeRelease(wire.RetryBridgeRelease.ChainId, wire.RetryBridgeRelease.BurnNonce),
        V1.Operation.KindOneofCase.AttestBridge => new AttestBridge(
            wire.AttestBridge.ChainId, wire.AttestBridge.MessageId, wire.AttestBridge.Epoch,
            wire.AttestBridge.Signature.Length == Limits.SignatureBytes
                ? [.. wire.AttestBridge.Signature.Span]
                : throw Field.Invalid($"attest_bridge.signature has not {Limits.SignatureBytes} bytes.")),
        V1.Operation.KindOneofCase.ObserveBridge => ToDomain(wire.ObserveBridge),
        _ => null,
    };

    /// <summary>Null for an operation of another module.</summary>
    public static V1.PrivilegedOperation? ToWire(PrivilegedOperation operation) => operation switch
    {
        OpenBridgeLane o => new() { OpenBridgeLane = ToWire(o) },
        MapBridgeToken o => new()
        {
            MapBridgeToken = new()
            {
                ChainId = o.ChainId,
                Asset = o.Asset.ToString(),
                Token = Field.Of(o.Token),
                PerItem = o.Quota.PerItem.ToString(),
                Ceiling = o.Quota.Ceiling.ToString(),
                Outbound = ToWire(o.Quota.Outbound),
                Inbound = ToWire(o.Quota.Inbound),
                DelayAbove = o.Quota.Delay.Above.ToString(),
                DelayMs = o.Quota.Delay.Ms,
                Least = o.Quota.Least.ToString(),
            },
        },
        PauseBridge o => new()
        {
            PauseBridge = new() { ChainId = o.ChainId, Stops = (uint)o.Stops, Reason = o.Reason },
        },
        ResumeBridge o => new()
        {
            ResumeBridge = new() { ChainId = o.ChainId, Stops = (uint)o.Stops, Reason = o.Reason },
        },
        RotateBridgeSigners o => new() { RotateBridgeSigners = ToWire(o) },
        RedirectBridgeRelease o => new()
        {
            RedirectBridgeRelease = new()
            {
                ChainId = o.ChainId,
                BurnNonce = o.BurnNonce,
                To = Field.Of(o.To),
                Reason = o.Reason,
            },
        },
        _ => null,
    };

    /// <summary>Null for an operation of another module.</summary>
    public static PrivilegedOperation? ToDomain(V1.PrivilegedOperation wire) => wire.KindCase switch
    {
        V1.PrivilegedOperation.KindOneofCase.OpenBridgeLane => ToDomain(wire.OpenBridgeLane),
        V1.PrivilegedOperation.KindOneofCase.MapBridgeToken => ToDomain(wire.MapBridgeToken),
        V1.PrivilegedOperation.KindOneofCase.PauseBridge => new PauseBridge(
            wire.PauseBridge.ChainId, Stops(wire.PauseBridge.Stops, "pause_bridge.stops"),
            wire.PauseBridge.Reason),
        V1.PrivilegedOperation.KindOneofCase.ResumeBridge => new ResumeBridge(
            wire.ResumeBridge.ChainId, Stops(wire.ResumeBridge.Stops, "resume_bridge.stops"),
            wire.ResumeBridge.Reason),
        V1.PrivilegedOperation.KindOneofCase.RotateBridgeSigners => new RotateBridgeSigners(
            wire.RotateBridgeSigners.ChainId, new TimestampMs(wire.RotateBridgeSigners.NotBeforeMs),
            Signers(wire.RotateBridgeSigners.Signers), wire.RotateBridgeSigners.InstalledEpoch),
        V1.PrivilegedOperation.KindOneofCase.RedirectBridgeRelease => new RedirectBridgeRelease(
            wire.RedirectBridgeRelease.ChainId, wire.RedirectBridgeRelease.BurnNonce,
            Field.Address(wire.RedirectBridgeRelease.To, "redirect_bridge_release.to"),
            wire.RedirectBridgeRelease.Reason),
        _ => null,
    };

    private static V1.ObserveBridge ToWire(ObserveBridge operation)
    {
        var wire = new V1.ObserveBridge { ChainId = operation.ChainId };
        foreach (BridgeObservation observation in operation.Observations)
        {
            wire.Observations.Add(BridgeObservationMapper.ToWire(observation));
        }

        return wire;
    }

    private static ObserveBridge ToDomain(V1.ObserveBridge wire)
    {
        if (wire.Observations.Count is 0 or > Limits.BridgeObservationsPerOperation)
        {
            throw Field.Invalid(
                $"observe_bridge has 1 to {Limits.BridgeObservationsPerOperation} observations, not "
                + $"{wire.Observations.Count}.");
        }

        return new ObserveBridge(
            wire.ChainId, [.. wire.Observations.Select(BridgeObservationMapper.ToDomain)]);
    }

    private static V1.OpenBridgeLane ToWire(OpenBridgeLane lane)
    {
        var wire = new V1.OpenBridgeLane
        {
            ChainId = lane.ChainId,
            Contract = Field.Of(lane.Contract),
            SignerContract = Field.Of(lane.SignerContract),
            RemoteGenesis = Field.Of(lane.RemoteGenesis),
            StartBlock = lane.StartBlock,
            LockLifetimeMs = lane.LockLifetimeMs,
            GatherMs = lane.GatherMs,
        };
        wire.Signers.Add(lane.Signers.Select(ToWire));
        return wire;
    }

    private static OpenBridgeLane ToDomain(V1.OpenBridgeLane wire) => new(
        wire.ChainId,
        Field.Address(wire.Contract, "open_bridge_lane.contract"),
        Field.Address(wire.SignerContract, "open_bridge_lane.signer_contract"),
        Field.Hash(wire.RemoteGenesis, "open_bridge_lane.remote_genesis"),
        wire.StartBlock,
        wire.LockLifetimeMs,
        wire.GatherMs,
        Signers(wire.Signers));

    private static MapBridgeToken ToDomain(V1.MapBridgeToken wire) => new(
        wire.ChainId,
        Field.Asset(wire.Asset, "map_bridge_token.asset"),
        Field.Address(wire.Token, "map_bridge_token.token"),
        new BridgeQuota(
            Field.Amount(wire.PerItem, "map_bridge_token.per_item"),
            Field.Amount(wire.Ceiling, "map_bridge_token.ceiling"),
            Rate(wire.Outbound, "map_bridge_token.outbound"),
            Rate(wire.Inbound, "map_bridge_token.inbound"),
            new BridgeDelay(
                Field.Amount(wire.DelayAbove, "map_bridge_token.delay_above"), wire.DelayMs),
            Field.Amount(wire.Least, "map_bridge_token.least")));

    private static V1.RotateBridgeSigners ToWire(RotateBridgeSigners rotation)
    {
        var wire = new V1.RotateBridgeSigners
        {
            ChainId = rotation.ChainId,
            NotBeforeMs = rotation.NotBefore.Value,
            InstalledEpoch = rotation.InstalledEpoch,
        };
        wire.Signers.Add(rotation.Signers.Select(ToWire));
        return wire;
    }

    private static V1.BridgeSigner ToWire(BridgeSigner signer) => new()
    {
        Key = Field.Of(signer.Key),
        Institution = Field.Of(signer.Institution),
    };

    private static ImmutableArray<BridgeSigner> Signers(RepeatedField<V1.BridgeSigner> wire) =>
        wire.Count > Limits.Validators
            ? throw Field.Invalid($"There are {wire.Count} signers; a set has at most {Limits.Validators}.")
            :
            [
                .. wire.Select(static signer => new BridgeSigner(
                    Field.Address(signer.Key, "signer.key"),
                    Field.Address(signer.Institution, "signer.institution"))),
            ];

    private static V1.BridgeRate ToWire(BridgeRate rate) => new()
    {
        Capacity = rate.Capacity.ToString(),
        PerSecond = rate.PerSecond.ToString(),
    };

    private static BridgeRate Rate(V1.BridgeRate? wire, string field)
    {
        V1.BridgeRate rate = Field.Required(wire, field);
        return new BridgeRate(
            Field.Amount(rate.Capacity, field + ".capacity"),
            Field.Amount(rate.PerSecond, field + ".per_second"));
    }

    private static BridgeStops Stops(uint bits, string field) =>
        bits <= (uint)(BridgeStops.Locks | BridgeStops.Releases | BridgeStops.Halted)
            ? (BridgeStops)bits
            : throw Field.Invalid($"{field} is {bits}; the known bits are 1, 2 and 4.");
}
