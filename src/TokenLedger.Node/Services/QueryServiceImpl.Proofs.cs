// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Runtime.Chain;
using TokenLedger.Storage;

namespace TokenLedger.Node.Services;

/// <summary>Proofs that convince whoever knows the genesis hash.</summary>
internal sealed partial class QueryServiceImpl
{
    public override async Task<GetBalanceProofResponse> GetBalanceProof(
        GetBalanceProofRequest request, ServerCallContext context)
    {
        Address account = RequestFields.Address(request.Account, "account");
        AssetId asset = RequestFields.Asset(request.Asset);
        RequireAsset(new LedgerView(runtime.Ledger.State), asset);
        if (request.HasAtHeight)
        {
            return new GetBalanceProofResponse { Proof = PastProof(account, asset, request.AtHeight) };
        }

        return new GetBalanceProofResponse
        {
            Proof = await OfStateAsync(
                (head, certificate, state) => ProveBalance(head, certificate, state, account, asset),
                context.CancellationToken).ConfigureAwait(false),
        };
    }

    public override async Task<GetSupplyProofResponse> GetSupplyProof(
        GetSupplyProofRequest request, ServerCallContext context)
    {
        AssetId asset = RequestFields.Asset(request.Asset);
        RequireAsset(new LedgerView(runtime.Ledger.State), asset);
        return new GetSupplyProofResponse
        {
            Proof = await OfStateAsync(
                (head, certificate, state) => ProveSupply(head, certificate, state, asset),
                context.CancellationToken).ConfigureAwait(false),
        };
    }

    public override Task<GetEventProofResponse> GetEventProof(
        GetEventProofRequest request, ServerCallContext context)
    {
        var height = new Height(request.Height);
        ulong head = runtime.Ledger.Head.Height.Value;
        if (Pruned.Has(runtime.Ledger, height))
        {
            throw Pruned.Failure(runtime.Ledger, StatusCode.NotFound, "BLOCK_PRUNED");
        }

        // Genesis has a state and no events.
        if (request.Height == 0 || request.Height > head)
        {
            throw RequestFields.NotFound(
                "BLOCK_UNKNOWN", $"No block with events is final here at height {height}; the head is at"
                    + $" height {head}.");
        }

        ImmutableArray<EventRecord> events = runtime.Ledger.FindEvents(height)
            ?? throw new InvariantException($"height {height} is committed and has no events");
        return request.Index < events.Length
            ? Task.FromResult(new GetEventProofResponse
            {
                Proof = ProveEvent(height, events, (int)request.Index),
            })
            : throw RequestFields.NotFound(
                "EVENT_UNKNOWN", $"Block {height} has {events.Length} events; they are counted from 0.");
    }

    /// <summary>Proves something of the newest state that has a certificate of its own.</summary>
    private async Task<T> OfStateAsync<T>(
        Func<FinalizedHead, Certificate, IStateView, T> prove, CancellationToken cancellationToken)
    {
        while (true)
        {
            // The tree and the values are of one height only when no commit came between taking the two.
            using PinnedSnapshots.Lease lease = pins.Borrow(null);
            Height height = lease.Snapshot.Head.Height;
            FinalizedHead head = await runtime.Feed.WaitForAsync(height, cancellationToken)
                .ConfigureAwait(false);
            if (height.Value == 0)
            {
                await runtime.Feed.WaitForAsync(height.Next, cancellationToken).ConfigureAwait(false);
            }
            else if (head.Hash == lease.Snapshot.Head.Hash && head.Certificate is { } certificate)
            {
                return prove(head, certificate, lease.Snapshot.State);
            }
        }
    }

    private BalanceProof ProveBalance(
        FinalizedHead head, Certificate certificate, IStateView state, in Address account, in AssetId asset)
    {
        var view = new LedgerView(state);
        return BalanceProofOf(
            head, certificate, account, asset, view.Balance(account, asset).ToString(),
            AssetBytes(view, asset));
    }

    private BalanceProof BalanceProofOf(
        FinalizedHead head, Certificate certificate, in Address account, in AssetId asset, string amount,
        ByteString definition) => new()
        {
            Genesis = _genesisBytes,
            Header = Encode(head.Header.Write),
            Certificate = Encode(certificate.Write),
            Account = ByteString.CopyFrom(account.ToArray()),
            Asset = asset.ToString(),
            Amount = amount,
            StateProof = Encode(head.Tree.Prove(StateKeys.Balance(account, asset)).Write),
            AssetState = definition,
            AssetProof = Encode(head.Tree.Prove(StateKeys.Asset(asset)).Write),
        };

    /// <summary>The balance of an earlier height, proved by the tree of that height.</summary>
    private BalanceProof PastProof(in Address account, in AssetId asset, ulong at)
    {
        // The balance is of a read at least as new as what says that the height is final.
        FinalizedHead newest = runtime.Feed.Head;
        RequireKept(at, newest.Height.Value);
        FinalizedHead? kept = runtime.Feed.Find(new Height(at), out Height? below, out Height? above);
        if (kept?.Certificate is not { } certificate)
        {
            throw NotKept(at, below, above);
        }

        GetBalanceResponse past = BalanceOf(account, asset, at);
        ByteString definition = AssetBytes(new LedgerView(runtime.Ledger.State), asset);
        byte[] key = StateKeys.Asset(asset);
        if (!kept.Tree.Prove(key).VerifyInclusion(kept.Header.StateRoot, key, definition.Span))
        {
            throw ErrorModel.Failure(
                StatusCode.FailedPrecondition, "PROOF_ASSET_CHANGED",
                $"Asset {asset} was defined or changed after height {at}, and its former state, which a proof"
                    + " holds, is not kept. Ask for a later height.");
        }

        return BalanceProofOf(kept, certificate, account, asset, past.Amount, definition);
    }

    private static RpcException NotKept(ulong height, Height? below, Height? above)
    {
        var nearest = new Dictionary<string, string>();
        if (below is { Value: > 0 } lower)
        {
            nearest.Add("below", lower.ToString());
        }

        if (above is { } higher)
        {
            nearest.Add("above", higher.ToString());
        }

        return ErrorModel.Failure(
            StatusCode.FailedPrecondition, "PROOF_HEIGHT_NOT_KEPT",
            $"This node does not keep the state's tree of height {height}. The nearest that it proves:"
                + $" {(nearest.Count == 0 ? "none" : string.Join(" and ", nearest.Values))}. Balances without"
                + " a proof are known of every height (GetBalance).",
            nearest);
    }

    private SupplyProof ProveSupply(
        FinalizedHead head, Certificate certificate, IStateView state, in AssetId asset)
    {
        var view = new LedgerView(state);
        return new SupplyProof
        {
            Genesis = _genesisBytes,
            Header = Encode(head.Header.Write),
            Certificate = Encode(certificate.Write),
            Asset = asset.ToString(),
            Amount = view.Supply(asset).ToString(),
            StateProof = Encode(head.Tree.Prove(StateKeys.Supply(asset)).Write),
            AssetState = AssetBytes(view, asset),
            AssetProof = Encode(head.Tree.Prove(StateKeys.Asset(asset)).Write),
        };
    }

    private EventProof ProveEvent(Height height, ImmutableArray<EventRecord> events, int index)
    {
        HeightCertificate certificate = CertificateOf(height)
            ?? throw new InvariantException($"height {height} is final and no certificate says so");
        ulong between = certificate.Height.Value - height.Value;
        if (between > Limits.SyncUncertifiedBlocks)
        {
            throw ErrorModel.Failure(
                StatusCode.FailedPrecondition, "PROOF_TOO_LONG",
                $"The next certificate is {between} blocks after block {height}; a proof spans at most"
                    + $" {Limits.SyncUncertifiedBlocks}. Ask another node, which may have a nearer one.");
        }

        ImmutableArray<ByteString> items =
            [.. events.Select(one => Encode(writer => EventCodec.Write(writer, one)))];
        Hash256[] leaves = [.. items.Select(static item => ListTree.Leaf(item.Span))];
        var proof = new EventProof
        {
            Genesis = _genesisBytes,
            Header = HeaderBytes(height.Value),
            Certificate = Encode(certificate.Certificate.Write),
            Index = (uint)index,
            Count = (uint)items.Length,
            Event = items[index],
        };
        for (ulong next = height.Value + 1; next <= certificate.Height.Value; next++)
        {
            proof.Descendants.Add(HeaderBytes(next));
        }

        proof.Path.AddRange(ListTree.Path(leaves, index).Select(static hash => LedgerReads.Wire(hash)));
        return proof;
    }

    private ByteString HeaderBytes(ulong height) => Encode(
        LedgerReads.Required(runtime.Ledger.FindHeader(new Height(height)), new Height(height)).Write);

    private static ByteString AssetBytes(LedgerView view, in AssetId asset)
    {
        AssetState definition = view.Asset(asset)
            ?? throw new InvariantException("an asset that was there stays there");
        return Encode(writer => StateCodec.WriteAsset(writer, definition));
    }
}
