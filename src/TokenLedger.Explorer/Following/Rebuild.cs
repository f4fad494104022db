// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Explorer.Index;

namespace TokenLedger.Explorer.Following;

/// <summary>
/// Builds a generation of the index from the chain, checks it against itself and some of it against proofs of
/// the ledger's state, and makes it the one that is read. What was built stays when it is stopped; the next
/// one goes on there.
/// </summary>
internal sealed class Rebuild(
    IReadOnlyList<IBlockSource> sources, Prove prove, Hash256 genesisHash, ISignatureScheme scheme,
    TimeProvider time, ILogger log, Action<string> tell)
{
    /// <summary>How often it says how far it is.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Runs until the generation is read.</summary>
    /// <returns>Its number.</returns>
    /// <exception cref="InvariantException">What was built does not fit together; it is not switched
    /// to.</exception>
    public async Task<int> RunAsync(IGenerations generations, CancellationToken cancellationToken)
    {
        IIndexStore store = await generations.OpenBuildingAsync(cancellationToken).ConfigureAwait(false);
        await using (store.ConfigureAwait(false))
        {
            await FillAsync(store, cancellationToken).ConfigureAwait(false);
            tell("Checking it against itself.");
            Require(await ProblemsAsync(store, ProofOfProjection.ProblemsAsync, cancellationToken)
                .ConfigureAwait(false));
            var sampled = new SampledProofs(prove, genesisHash, scheme);
            Require(await ProblemsAsync(store, sampled.AskAsync, cancellationToken).ConfigureAwait(false));

            // Blocks have come meanwhile, and the proofs are of the newest.
            await FillAsync(store, cancellationToken).ConfigureAwait(false);
            Require(await ProblemsAsync(store, sampled.ProblemsAsync, cancellationToken)
                .ConfigureAwait(false));
            tell(sampled is { Count: 0, Asked: > 0 }
                ? "WARNING: no node gave a proof, and no balance was compared with the ledger's state. The"
                    + " index was only checked against itself."
                : $"Balances compared with proofs of the ledger's state: {sampled.Count}.");
        }

        return await generations.SwitchAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Follows the node to its end.</summary>
    private async Task FillAsync(IIndexStore store, CancellationToken cancellationToken)
    {
        var state = new FollowerState();
        var follower = new LedgerFollower(
            sources, new Projector(store), genesisHash, scheme, state, time, log);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task following = follower.RunAsync(ended.Token);
        Task<FollowerStatus> reaching = state.WaitAsync(
            static status => status is { Connected: true, Cursor: not null, Lag: 0 }, ended.Token);
        IndexCursor? last = await store.CursorAsync(cancellationToken).ConfigureAwait(false);
        FollowFailure? told = null;
        while (!reaching.IsCompleted && !following.IsCompleted)
        {
            await Task.WhenAny(reaching, following, Task.Delay(Interval, time, ended.Token))
                .ConfigureAwait(false);
            FollowerStatus status = state.Current;
            tell(Progress(status, last));
            last = status.Cursor;
            if (status.LastFailure is { } failure && failure != told)
            {
                tell($"{failure.Code}: {failure.Sentence}");
                told = failure;
            }
        }

        await ended.CancelAsync().ConfigureAwait(false);
        await following.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static string Progress(FollowerStatus status, IndexCursor? last)
    {
        ulong pace = ((status.Cursor?.Counts.Transactions ?? 0) - (last?.Counts.Transactions ?? 0))
            / (ulong)Interval.TotalSeconds;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Height {status.Cursor?.Height.ToString() ?? "none"} of"
                + $" {status.NodeHeight?.ToString() ?? "an unknown height"},"
                + $" {status.Cursor?.Counts.Transactions ?? 0} transactions, {pace} a second.");
    }

    private static void Require(IReadOnlyList<string> problems) => Invariant.Require(
        problems.Count == 0,
        "what was built does not fit together and is not read: " + string.Join(" ", problems.Take(3)));

    private static async Task<IReadOnlyList<string>> ProblemsAsync(
        IIndexStore store, Func<IIndexView, CancellationToken, Task<IReadOnlyList<string>>> find,
        CancellationToken cancellationToken)
    {
        IIndexView view = await store.ViewAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new InvariantException("what was built can be read");
        await using (view.ConfigureAwait(false))
        {
            return await find(view, cancellationToken).ConfigureAwait(false);
        }
    }
}
