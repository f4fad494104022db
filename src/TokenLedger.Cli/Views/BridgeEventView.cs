// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Bridge;
using TokenLedger.Protocol.Ledger.V1;
using BridgePlace = TokenLedger.Protocol.Ledger.V1.BridgePlace;
using Kind = TokenLedger.Protocol.Ledger.V1.Event.KindOneofCase;

namespace TokenLedger.Cli.Views;

/// <summary>What the bridge's events say.</summary>
internal static class BridgeEventView
{
    /// <summary>Null for an event of another module.</summary>
    public static Fact[]? Facts(Event e) => e.KindCase switch
    {
        Kind.BridgeSignersSet => e.BridgeSignersSet is var v ?
        [
            Fact.Of("chainId", v.ChainId), Fact.Of("epoch", v.Epoch), Fact.Of("signers", v.Signers),
        ] : null,
        Kind.BridgeTokenMapped => e.BridgeTokenMapped is var v ?
        [
            Fact.Of("chainId", v.ChainId), Fact.Of("asset", v.Asset), Fact.OfAddress("token", v.Token),
        ] : null,
        Kind.BridgeLocked => e.BridgeLocked is var v ?
        [
            Fact.Of("chainId", v.ChainId), Fact.Of("nonce", v.Nonce), Fact.Of("asset", v.Asset),
            Fact.OfAddress("from", v.From), Fact.OfAmount("amount", v.Asset, v.Amount),
            Fact.OfAddress("recipient", v.Recipient),
        ] : null,
        Kind.BridgeMessageOpened => e.BridgeMessageOpened is var v ?
        [
            Fact.Of("chainId", v.ChainId), Fact.Of("messageId", v.MessageId),
            Fact.Of("kind", OperationView.Snake(v.Kind.ToString())),
        ] : null,
        Kind.BridgeLockClosed => e.BridgeLockClosed is var v ?
        [
            Fact.Of("chainId", v.ChainId), Fact.Of("nonce", v.Nonce),
            Fact.Of("status", OperationView.Snake(v.Status.ToString())), .. Place(v.Place),
        ] : null,
        Kind.BridgeReleased => e.BridgeReleased is var v ?
        [
            Fact.Of("chainId", v.ChainId), Fact.Of("burnNonce", v.BurnNonce), Fact.Of("asset", v.Asset),
            Fact.OfAddress("to", v.To), Fact.Of("tag", v.Tag), Fact.OfAmount("amount", v.Asset, v.Amount),
        ] : null,
        Kind.BridgeSuspended => e.BridgeSuspended is var v ?
        [
            Fact.Of("chainId", v.ChainId), Fact.Of("burnNonce", v.BurnNonce), Fact.Of("code", v.Code),
        ] : null,
        Kind.BridgeStopsSet => e.BridgeStopsSet is var v ?
        [
            Fact.Of("chainId", v.ChainId),
            Fact.Of("stops", BridgeOperationView.Show((BridgeStops)v.Stops)), Fact.Of("reason", v.Reason),
        ] : null,
        Kind.BridgeSupplyAgreed => e.BridgeSupplyAgreed is var v ?
        [
            Fact.Of("chainId", v.ChainId), Fact.Of("asset", v.Asset),
            Fact.OfAmount("supply", v.Asset, v.Supply), Fact.Of("burns", v.Burns), .. Place(v.Place),
        ] : null,
        _ => null,
    };

    private static Fact[] Place(BridgePlace? place) => place is null ? [] :
    [
        Fact.Of("blockNumber", place.BlockNumber), Fact.OfHash("blockHash", place.BlockHash),
        Fact.OfHash("transactionHash", place.TransactionHash),
    ];
}
