// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Storage;

namespace TokenLedger.Runtime.Chain;

/// <summary>
/// At start, walks the state's tree back from the head as far as the ledger tells how, so that what could be
/// proved before the restart can be proved after it. Every tree must have the root of its height's header.
/// </summary>
internal static class RetainedTrees
{
    /// <summary>
    /// The heights with a certificate of their own, the oldest first; the last is the given one.
    /// </summary>
    /// <param name="ledger">Whose head it is.</param>
    /// <param name="head">With the tree that was made from the state.</param>
    /// <param name="problem">Null, or why the walk ended where it should not: what is stored is damaged. What
    /// was found before is right.</param>
    public static IReadOnlyList<RetainedHead> Before(
        LedgerStore ledger, FinalizedHead head, out string? problem)
    {
        problem = null;
        var heads = new List<RetainedHead>();
        (FinalizedHead newest, int changes) = (head, 0);
        StateTree tree = head.Tree;
        for (Height height = head.Height;
            height.Value > 0 && heads.Count < Limits.RetainedHeads - 1;
            height = new Height(height.Value - 1))
        {
            if (Step(ledger, height, ref tree, out BlockHeader? before, out problem) is not { } leaves)
            {
                break;
            }

            changes += leaves;
            if (ledger.FindCertificate(before!.Height) is { } found && found.Height == before.Height)
            {
                heads.Add(new RetainedHead(newest, changes));
                newest = new FinalizedHead(before, before.Hash, tree, found.Certificate);
                changes = 0;
            }
        }

        heads.Add(new RetainedHead(newest, changes));
        heads.Reverse();
        return heads;
    }

    /// <summary>Makes the tree before a height's block.</summary>
    /// <returns>How many keys the block changed; null when it is not kept, or damaged.</returns>
    private static int? Step(
        LedgerStore ledger, Height height, ref StateTree tree, out BlockHeader? before, out string? problem)
    {
        problem = null;
        before = null;
        ImmutableArray<FormerLeaf>? former;
        try
        {
            former = ledger.FindFormer(height);
        }
        catch (StorageFault e) when (e.Kind == StorageFaultKind.Corrupt)
        {
            problem = e.Message;
            return null;
        }

        before = former is null ? null : ledger.FindHeader(new Height(height.Value - 1));
        if (before is null)
        {
            return null;
        }

        tree = tree.Restore(former!.Value);
        if (tree.Root != before.StateRoot)
        {
            problem = $"what the block of height {height} replaced does not lead to the state root of"
                + $" {before.Height}";
            return null;
        }

        return former.Value.Length;
    }
}
