// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Testing;

/// <summary>What a node that has a chain would prove of it.</summary>
public static class ChainProofs
{
    /// <summary>A balance as of the newest block.</summary>
    public static BalanceProof Balance(FinalChain chain, Address account, AssetId asset)
    {
        LedgerView state = chain.Ledger.View;
        StateTree tree = chain.Ledger.Tree;
        FinalBlock head = chain.Blocks[^1];
        return new BalanceProof
        {
            Genesis = chain.GenesisBytes,
            Header = head.Header,
            Certificate = CertificateOf(chain, head),
            Account = ByteString.CopyFrom(account.ToArray()),
            Asset = asset.ToString(),
            Amount = state.Balance(account, asset).ToString(),
            StateProof = ProvenChain.Encoded(tree.Prove(StateKeys.Balance(account, asset)).Write),
            AssetState = AssetBytes(state, asset),
            AssetProof = ProvenChain.Encoded(tree.Prove(StateKeys.Asset(asset)).Write),
        };
    }

    /// <summary>A supply as of the newest block.</summary>
    public static SupplyProof Supply(FinalChain chain, AssetId asset)
    {
        LedgerView state = chain.Ledger.View;
        StateTree tree = chain.Ledger.Tree;
        FinalBlock head = chain.Blocks[^1];
        return new SupplyProof
        {
            Genesis = chain.GenesisBytes,
            Header = head.Header,
            Certificate = CertificateOf(chain, head),
            Asset = asset.ToString(),
            Amount = state.Supply(asset).ToString(),
            StateProof = ProvenChain.Encoded(tree.Prove(StateKeys.Supply(asset)).Write),
            AssetState = AssetBytes(state, asset),
            AssetProof = ProvenChain.Encoded(tree.Prove(StateKeys.Asset(asset)).Write),
        };
    }

    /// <summary>An event, by the next certificate of its block or of a later one.</summary>
    public static EventProof Event(FinalChain chain, int height, int index)
    {
        FinalBlock block = chain.Blocks[height];
        Hash256[] leaves = [.. block.Events.Select(static item => ListTree.Leaf(item.Span))];
        FinalBlock[] after = [.. chain.Blocks.Skip(height)];
        int certified = Array.FindIndex(after, static one => !one.Certificate.IsEmpty);
        var proof = new EventProof
        {
            Genesis = chain.GenesisBytes,
            Header = block.Header,
            Certificate = after[certified].Certificate,
            Index = (uint)index,
            Count = (uint)leaves.Length,
            Event = block.Events[index],
        };
        proof.Descendants.AddRange(after[1..(certified + 1)].Select(static one => one.Header));
        proof.Path.AddRange(
            ListTree.Path(leaves, index).Select(static hash => ByteString.CopyFrom(hash.ToArray())));
        return proof;
    }

    private static ByteString CertificateOf(FinalChain chain, FinalBlock block) =>
        block.Certificate.IsEmpty
            ? ProvenChain.Encoded(
                chain.Certify(StateCodec.Decode(block.Header.Span, BlockHeader.Read), [0, 1, 3]).Write)
            : block.Certificate;

    private static ByteString AssetBytes(LedgerView state, AssetId asset) =>
        ProvenChain.Encoded(writer => StateCodec.WriteAsset(writer, state.Asset(asset)!));
}
