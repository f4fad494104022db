// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Blocks;

namespace TokenLedger.Explorer.Index.Projecting.Rules;

/// <summary>Bridges to other chains: who opened them, how many sign, what stands still.</summary>
internal sealed class LaneProjection(VerifiedBlock block, ProjectionState before, ExecutedPayloads payloads)
{
    private readonly Height _height = block.Header.Height;
    private readonly TimestampMs _time = block.Header.Timestamp;

    public Working<ulong, LaneRow> Rows { get; } = new(before.Lanes);

    /// <summary>Applies an event that changes a bridge.</summary>
    /// <returns>False when it does not.</returns>
    public bool Apply(LedgerEvent happened)
    {
        switch (happened)
        {
            case BridgeSignersSet e:
                Set((Rows.TryGet(e.ChainId, out LaneRow? known) ? known : Open(e.ChainId)) with
                {
                    Epoch = e.Epoch,
                    Signers = (uint)e.Signers,
                });
                return true;
            case BridgeStopsSet e:
                Set(Known(e.ChainId) with { Stops = e.Stops, StopReason = e.Reason });
                return true;
            default:
                return false;
        }
    }

    private void Set(LaneRow row) => Rows.Set(row.ChainId, row with { ChangedAt = _height, Changed = _time });

    private LaneRow Open(ulong chain)
    {
        (ulong proposal, OpenBridgeLane terms) = payloads.LaneOf(chain);
        return new LaneRow(
            chain, terms.Contract, proposal, Epoch: 0, Signers: 0, BridgeStops.None, StopReason: "", _height,
            _time, _height, _time);
    }

    private LaneRow Known(ulong chain) => Rows.TryGet(chain, out LaneRow? row)
        ? row
        : throw new ProjectionException(_height, $"there is no bridge to chain {chain}.");
}
