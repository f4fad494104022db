// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Tests;

/// <summary>The proofs that the node gives.</summary>
internal sealed partial class FakeNode
{
    /// <summary>The proof of a supply that is served.</summary>
    public SupplyProof? SupplyProof { get; set; }

    /// <summary>The proof of an event that is served, and what was asked for.</summary>
    public EventProof? EventProof { get; set; }

    public GetEventProofRequest? AskedEvent { get; private set; }

    /// <summary>How many proofs of events it refuses for want of quota before it gives one.</summary>
    public int BusyFor { get; set; }

    /// <summary>What the stream says in place of an event; null for the truth.</summary>
    public Func<Event, Event>? Lies { get; set; }

    public GetBalanceProofRequest? AskedBalance { get; private set; }

    private sealed partial class Queries
    {
        public override Task<GetBalanceProofResponse> GetBalanceProof(
            GetBalanceProofRequest request, ServerCallContext context)
        {
            node.AskedBalance = request;
            Existing(request.Asset);
            Address account = AddressOf(request.Account);
            BalanceProof proof = node.Proof ?? ProvenLedger.Prove(
                account, request.Asset, Ledger.BalanceOf(account, request.Asset),
                Ledger.Assets.Select(a => (a.Definition.Symbol, a.Definition.Decimals)));
            return Task.FromResult(new GetBalanceProofResponse
            {
                Proof = node is { ForgesProofs: true, LiesDecimals: { } lie }
                    ? ProvenLedger.WithDecimals(proof, lie)
                    : proof,
            });
        }

        public override Task<GetSupplyProofResponse> GetSupplyProof(
            GetSupplyProofRequest request, ServerCallContext context)
        {
            Existing(request.Asset);
            return Task.FromResult(new GetSupplyProofResponse { Proof = node.SupplyProof });
        }

        public override Task<GetEventProofResponse> GetEventProof(
            GetEventProofRequest request, ServerCallContext context)
        {
            node.AskedEvent = request;
            if (node.BusyFor > 0)
            {
                node.BusyFor--;
                throw ErrorModel.Failure(
                    StatusCode.ResourceExhausted, ErrorModel.QuotaExceeded, "You call too often.");
            }

            return Task.FromResult(new GetEventProofResponse { Proof = node.EventProof ?? Prove(request) });
        }

        private EventProof Prove(GetEventProofRequest request)
        {
            List<EventRecord> events = Ledger.Records.GetValueOrDefault(request.Height) ?? [];
            return request.Index < events.Count
                ? ProvenLedger.ProveEvent(
                    request.Height, FakeLedger.StartMs + request.Height, events, (int)request.Index)
                : throw ErrorModel.Failure(
                    StatusCode.NotFound, "EVENT_UNKNOWN", "There is no such event.");
        }
    }
}
