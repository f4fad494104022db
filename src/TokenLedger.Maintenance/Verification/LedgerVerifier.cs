// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Storage;

namespace TokenLedger.Maintenance.Verification;

/// <summary>
/// Executes a ledger again from genesis, block by block, and compares everything that it says of itself. It
/// shares execution and the stores with the node, and nothing else: neither its runtime nor its tree of
/// blocks.
/// </summary>
/// <param name="genesis">The network that the ledger must be of.</param>
/// <param name="scheme">Recovers the signers of certificates.</param>
/// <param name="checkSignature">Null when the sender signed these bytes for this network.</param>
/// <param name="time">Measures.</param>
public sealed class LedgerVerifier(
    GenesisDocument genesis,
    ISignatureScheme scheme,
    Func<Address, SignedTransaction, Rejection?> checkSignature,
    TimeProvider time)
{
    /// <summary>Walks from genesis to the head.</summary>
    /// <param name="ledger">What is verified. It must not be written to meanwhile.</param>
    /// <param name="scratch">An empty store, opened with <see cref="ScratchState.Families"/>.</param>
    /// <param name="progress">Told of every height that holds.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    /// <returns>The result; what differs is in it, with the first height where it does.</returns>
    public VerificationResult Run(
        LedgerStore ledger,
        IKeyValueStore scratch,
        Action<Height>? progress,
        CancellationToken cancellationToken)
    {
        if (ledger.SnapshotHeight.Value > 0)
        {
            throw new MaintenanceException(
                "LEDGER_PARTIAL",
                $"This ledger began with a snapshot of height {ledger.SnapshotHeight} and has no blocks up to"
                    + " there: only a node that executed them can verify them again.");
        }

        DateTimeOffset began = time.GetUtcNow();
        long started = time.GetTimestamp();
        var walk = new ChainWalk(ledger, new ScratchState(scratch), genesis, scheme, checkSignature);
        ChainHead head = ledger.Head;
        Difference? difference = Guard(walk, new Height(0), walk.Begin);
        while (difference is null && walk.Height < head.Height)
        {
            cancellationToken.ThrowIfCancellationRequested();
            difference = Guard(walk, walk.Height.Next, walk.Next);
            if (difference is null)
            {
                progress?.Invoke(walk.Height);
            }
        }

        difference ??= Guard(walk, head.Height, walk.End);
        return new VerificationResult(
            head.Height, head.Hash, walk.StateRoot, walk.Counts, difference, began,
            time.GetElapsedTime(started));
    }

    /// <summary>What cannot be read or decoded differs as much as what can.</summary>
    private static Difference? Guard(ChainWalk walk, Height height, Func<string?> step)
    {
        try
        {
            return step() is { } what ? new Difference(height, what) : null;
        }
        catch (Exception e) when (e is StorageFault or CanonicalFormatException or InvariantException)
        {
            return new Difference(walk.Height < height ? height : walk.Height, e.Message);
        }
    }
}
