// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Core;
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
            return Task.FromResult(new GetEventProofResponse { Proof = node.EventProof });
        }
    }
}
