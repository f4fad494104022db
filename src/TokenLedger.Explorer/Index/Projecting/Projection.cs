// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Explorer.Index.Projecting.Rules;
using TokenLedger.Protocol.Blocks;

namespace TokenLedger.Explorer.Index.Projecting;

/// <summary>
/// The read model as a function of verified blocks: (rows before, block) → rows changed. Pure; every event
/// that contradicts the rows before it is a <see cref="ProjectionException"/>.
/// </summary>
internal static class Projection
{
    /// <summary>What a block after genesis changes.</summary>
    /// <param name="block">The block.</param>
    /// <param name="before">The rows of <see cref="ProjectionKeys.Of"/>, at its parent.</param>
    public static IndexBatch Of(VerifiedBlock block, ProjectionState before)
    {
        Height height = block.Header.Height;
        if (before.Cursor is not { } parent || parent.Height.Next != height
            || parent.Hash != block.Header.ParentHash)
        {
            throw new ProjectionException(height, "its parent is not the newest block that is indexed.");
        }

        var content = new BlockContent(block);
        var balances = new BalanceProjection(block, before);
        var payloads = new ExecutedPayloads(block, before, content);
        var registers = new RegisterProjection(block, before, payloads, balances.Assets);
        var proposals = new ProposalProjection(block, before, payloads, registers.Officers);
        var lanes = new LaneProjection(block, before, payloads);
        var events = new EventRow[block.Events.Length];
        for (int i = 0; i < events.Length; i++)
        {
            EventRecord record = block.Events[i];
            var place = new EventPlace(height, (uint)i);
            events[i] = new EventRow(height, (uint)i, record);
            _ = balances.Apply(place, record) || registers.Apply(place, record.Event)
                || proposals.Apply(place, record.Event) || lanes.Apply(record.Event);
        }

        balances.CountHolders();
        return new IndexBatch
        {
            Block = RowOf(block),
            Counts = new IndexCounts(
                parent.Counts.Transactions + (ulong)block.Transactions.Length,
                parent.Counts.Events + (ulong)block.Events.Length,
                parent.Counts.Postings + (ulong)balances.Postings.Count,
                parent.Counts.Accounts + registers.NewAccounts,
                parent.Counts.Assets + registers.NewAssets,
                parent.Counts.Proposals + proposals.Opened),
            Transactions = content.Rows,
            Events = events,
            Postings = balances.Postings,
            Balances = balances.Changes(),
            Supplies = balances.Supplies(),
            Accounts = [.. registers.Accounts.Changed.Values],
            Assets = [.. balances.Assets.Changed.Values],
            Documents = registers.Documents,
            Officers = [.. registers.Officers.Changed.Values],
            Proposals = [.. proposals.Rows.Changed.Values],
            Approvals = proposals.Approvals,
            Freezes = registers.Freezes,
            Lanes = [.. lanes.Rows.Changed.Values],
            Days = [.. balances.Days.Changed.Values],
            Terms = registers.Terms,
        };
    }

    /// <summary>What genesis brings.</summary>
    public static IndexBatch OfGenesis(GenesisDocument genesis, VerifiedBlock block)
    {
        if (block.Header.Height.Value != 0 || block.Header.GenesisHash != genesis.Hash)
        {
            throw new ProjectionException(block.Header.Height, "it is not the block of this genesis.");
        }

        return GenesisProjection.Of(genesis, RowOf(block));
    }

    private static BlockRow RowOf(VerifiedBlock block) => new(
        block.Header, block.Hash, block.Certificate, (uint)block.Transactions.Length,
        (uint)block.Events.Length);
}
