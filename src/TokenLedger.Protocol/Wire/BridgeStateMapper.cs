// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using L1 = TokenLedger.Protocol.Ledger.V1;
using V1 = TokenLedger.Protocol.Bridge.V1;

namespace TokenLedger.Protocol.Wire;

/// <summary>The bridge's rows from domain to wire. Pure and thread-safe.</summary>
public static class BridgeStateMapper
{
    /// <summary>A lane without its tokens and counts.</summary>
    public static V1.Lane ToWire(BridgeLaneState lane)
    {
        ArgumentNullException.ThrowIfNull(lane);
        return new V1.Lane
        {
            Terms = Terms(lane.Terms),
            Epoch = lane.Epoch,
            Quorum = (uint)lane.Quorum,
            Stops = (uint)lane.Stops,
            NextLock = lane.NextLock,
            NextBurn = lane.NextBurn,
            Rotation = lane.Rotation,
        };
    }

    /// <summary>A joined asset.</summary>
    /// <param name="asset">The asset.</param>
    /// <param name="token">Its row.</param>
    /// <param name="decimals">The asset's decimals.</param>
    /// <param name="outbound">What may be locked now.</param>
    /// <param name="inbound">What may be released now.</param>
    public static V1.LaneToken ToWire(
        AssetId asset, BridgeTokenState token, byte decimals, Amount outbound, Amount inbound)
    {
        ArgumentNullException.ThrowIfNull(token);
        BridgeQuota quota = token.Quota;
        return new V1.LaneToken
        {
            Asset = asset.ToString(),
            Token = Field.Of(token.Token),
            PerItem = quota.PerItem.ToString(),
            Ceiling = quota.Ceiling.ToString(),
            DelayAbove = quota.Delay.Above.ToString(),
            DelayMs = quota.Delay.Ms,
            Least = quota.Least.ToString(),
            Outbound = Rate(quota.Outbound),
            Inbound = Rate(quota.Inbound),
            OutboundAvailable = outbound.ToString(),
            InboundAvailable = inbound.ToString(),
            InEscrow = token.InEscrow.ToString(),
            Locked = token.Locked.ToString(),
            Refunded = token.Refunded.ToString(),
            Minted = token.Minted.ToString(),
            Burned = token.Burned.ToString(),
            Released = token.Released.ToString(),
            Decimals = decimals,
            Report = token.Report is not { } report ? null : new V1.SupplyReport
            {
                Supply = report.Supply.ToString(),
                Burns = report.Burns,
                Place = BridgeObservationMapper.ToWire(report.Place),
                AgreedHeight = report.Agreed.Value,
            },
        };
    }

    /// <summary>A lock.</summary>
    public static V1.Lock ToWire(ulong nonce, BridgeLockState locked)
    {
        ArgumentNullException.ThrowIfNull(locked);
        return new V1.Lock
        {
            Nonce = nonce,
            Asset = locked.Asset.ToString(),
            From = Field.Of(locked.From),
            Recipient = Field.Of(locked.Recipient),
            Amount = locked.Amount.ToString(),
            LockedAtMs = locked.LockedAt.Value,
            ReadyAtMs = locked.ReadyAt.Value,
            DeadlineSeconds = locked.DeadlineSeconds,
            Status = (L1.BridgeLockStatus)locked.Status,
            MintMessage = locked.MintId,
            VoidMessage = locked.VoidId,
            Place = locked.Place == default ? null : BridgeObservationMapper.ToWire(locked.Place),
        };
    }

    /// <summary>A burn.</summary>
    public static V1.Burn ToWire(BridgeBurnState burn)
    {
        ArgumentNullException.ThrowIfNull(burn);
        return new V1.Burn
        {
            Seen = BridgeObservationMapper.ToWire(burn.Seen).Burn,
            Asset = burn.Asset == default ? "" : burn.Asset.ToString(),
            Status = (V1.BurnStatus)burn.Status,
            Hindrance = burn.Hindrance == 0 ? "" : RejectionCodes.Name(burn.Hindrance),
            To = Field.OfOptional(burn.To),
        };
    }

    /// <summary>A message.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="message">Its row.</param>
    /// <param name="right">How many of its signatures are right.</param>
    /// <param name="quorum">How many it takes.</param>
    public static V1.Message ToWire(ulong id, BridgeMessageState message, int right, int quorum)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new V1.Message
        {
            Id = id,
            Kind = (L1.BridgeMessageKind)message.Kind,
            Epoch = message.Epoch,
            Items = (uint)message.Items.Length,
            Open = message.Open,
            Signatures = (uint)right,
            Quorum = (uint)quorum,
            DeadlineSeconds = message.DeadlineSeconds,
        };
    }

    private static L1.OpenBridgeLane Terms(OpenBridgeLane terms) =>
        PrivilegedMapper.ToWire((PrivilegedOperation)terms).OpenBridgeLane;

    private static L1.BridgeRate Rate(BridgeRate rate) => new()
    {
        Capacity = rate.Capacity.ToString(),
        PerSecond = rate.PerSecond.ToString(),
    };
}
