// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Wire;
using TokenLedger.Storage;

namespace TokenLedger.Node.Bridging;

/// <summary>What a signer reported, and in which block of the ledger.</summary>
internal readonly record struct Voice(Address Signer, BridgeObservation Said, Height Height);

/// <summary>
/// Who reported what before a halt. The votes are gone from the state once they decided, so they are read
/// from the transactions of the block that halted the lane and of those before it. Pure.
/// </summary>
internal static class HaltVoices
{
    /// <summary>Blocks that are read: signers report within seconds of each other.</summary>
    private const ulong Blocks = 256;

    /// <summary>Transactions that are read at most: their bodies must be decoded.</summary>
    private const int Transactions = 20_000;

    /// <summary>The reports that halted a lane, each signer's last one on a subject, newest first.</summary>
    /// <param name="ledger">The blocks.</param>
    /// <param name="chainId">The lane.</param>
    /// <param name="halt">The decision; of officers' there are none.</param>
    public static ImmutableArray<Voice> Of(LedgerReader ledger, ulong chainId, StopFound halt)
    {
        if (halt.Transaction == EventRecord.Housekeeping
            || ledger.FindBlock(halt.Height) is not { } last)
        {
            return [];
        }

        // Of alarms all count together, whichever block they are on; of the rest those on one subject.
        Voice[] decisive = [.. In(last.Transactions[(int)halt.Transaction], chainId, halt.Height)];
        HashSet<(BridgeSubject, ulong)> subjects = [.. decisive.Select(static one => KeyOf(one.Said))];
        var voices = new Dictionary<(Address, BridgeSubject, ulong), Voice>();
        if (subjects.Count == 0)
        {
            return [];
        }

        ulong floor = Math.Max(
            ledger.FindSnapshotHeight().Value + 1, halt.Height.Value - Math.Min(halt.Height.Value, Blocks));
        int left = Transactions;
        for (ulong height = halt.Height.Value; height >= floor && left > 0; height--)
        {
            if (ledger.FindBlock(new Height(height)) is not { } block)
            {
                break;
            }

            left -= block.Transactions.Length;
            int end = height == halt.Height.Value ? (int)halt.Transaction + 1 : block.Transactions.Length;
            foreach (Voice one in block.Transactions.Take(end).Reverse()
                .SelectMany(transaction => In(transaction, chainId, new Height(height))))
            {
                (BridgeSubject subject, ulong number) = KeyOf(one.Said);
                if (subjects.Contains((subject, number)))
                {
                    voices.TryAdd((one.Signer, subject, number), one);
                }
            }
        }

        return
        [
            .. voices.Values.GroupBy(static one => KeyOf(one.Said))
                .Where(group => Halts(chainId, group)).SelectMany(static group => group)
                .OrderByDescending(static one => one.Height).ThenBy(static one => one.Signer),
        ];
    }

    /// <summary>Alarms and changes of the signers halt by themselves, others when they contradict each
    /// other.</summary>
    private static bool Halts(ulong chainId, IEnumerable<Voice> onOneSubject) =>
        onOneSubject.First().Said is MismatchObserved or RotationObserved
        || onOneSubject.Select(one => BridgeCodec.ContentHash(chainId, Content(one.Said)))
            .Distinct().Skip(1).Any();

    /// <summary>That a lock was voided and that it expired are the same vote.</summary>
    private static BridgeObservation Content(BridgeObservation said) =>
        said is VoidObserved ended ? new ExpiryObserved(ended.Nonce) : said;

    private static (BridgeSubject Subject, ulong Block) KeyOf(BridgeObservation said) =>
        (said.Subject, said is MismatchObserved ? 0 : said.Block);

    private static IEnumerable<Voice> In(SignedTransaction signed, ulong chainId, Height height) =>
        TransactionMapper.TryDecode(signed.Body.AsSpan(), out Transaction? transaction) is null
            ? transaction!.Operations.OfType<ObserveBridge>().Where(o => o.ChainId == chainId)
                .SelectMany(static o => o.Observations)
                .Select(said => new Voice(transaction.Sender, said, height))
            : [];
}
