// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Protocol.Wire;

/// <summary>The bridge's events from domain to wire. Pure and thread-safe.</summary>
internal static class BridgeEventMapper
{
    /// <summary>Sets the event's kind.</summary>
    /// <returns>False for an event of another module.</returns>
    public static bool Set(V1.Event wire, LedgerEvent ledgerEvent)
    {
        switch (ledgerEvent)
        {
            case BridgeSignersSet e:
                wire.BridgeSignersSet =
                    new() { ChainId = e.ChainId, Epoch = e.Epoch, Signers = (uint)e.Signers };
                return true;
            case BridgeTokenMapped e:
                wire.BridgeTokenMapped = new()
                {
                    ChainId = e.ChainId,
                    Asset = e.Asset.ToString(),
                    Token = Field.Of(e.Token),
                };
                return true;
            case BridgeLocked e:
                wire.BridgeLocked = new()
                {
                    ChainId = e.ChainId,
                    Nonce = e.Nonce,
                    Asset = e.Asset.ToString(),
                    From = Field.Of(e.From),
                    Amount = e.Amount.ToString(),
                    Recipient = Field.Of(e.Recipient),
                };
                return true;
            case BridgeMessageOpened e:
                wire.BridgeMessageOpened = new()
                {
                    ChainId = e.ChainId,
                    MessageId = e.MessageId,
                    Kind = (V1.BridgeMessageKind)e.Kind,
                };
                return true;
            case BridgeLockClosed e:
                wire.BridgeLockClosed = new()
                {
                    ChainId = e.ChainId,
                    Nonce = e.Nonce,
                    Status = (V1.BridgeLockStatus)e.Status,
                    Place = e.Place == default ? null : BridgeObservationMapper.ToWire(e.Place),
                };
                return true;
            case BridgeReleased e:
                wire.BridgeReleased = new()
                {
                    ChainId = e.ChainId,
                    BurnNonce = e.BurnNonce,
                    Asset = e.Asset.ToString(),
                    To = Field.Of(e.To),
                    Tag = e.Tag,
                    Amount = e.Amount.ToString(),
                };
                return true;
            default:
                return SetState(wire, ledgerEvent);
        }
    }

    private static bool SetState(V1.Event wire, LedgerEvent ledgerEvent)
    {
        switch (ledgerEvent)
        {
            case BridgeSuspended e:
                wire.BridgeSuspended = new()
                {
                    ChainId = e.ChainId,
                    BurnNonce = e.BurnNonce,
                    Code = RejectionCodes.Name(e.Code),
                };
                return true;
            case BridgeStopsSet e:
                wire.BridgeStopsSet =
                    new() { ChainId = e.ChainId, Stops = (uint)e.Stops, Reason = e.Reason };
                return true;
            case BridgeSupplyAgreed e:
                wire.BridgeSupplyAgreed = new()
                {
                    ChainId = e.ChainId,
                    Asset = e.Asset.ToString(),
                    Supply = e.Supply.ToString(),
                    Burns = e.Burns,
                    Place = BridgeObservationMapper.ToWire(e.Place),
                };
                return true;
            default:
                return false;
        }
    }
}
