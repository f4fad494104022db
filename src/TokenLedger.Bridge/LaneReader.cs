// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Bridge.Ledger;
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;

namespace TokenLedger.Bridge;

/// <summary>What was read abroad at one look.</summary>
/// <param name="State">The contracts after the newest final block.</param>
/// <param name="Facts">What happened up to it and is not decided on the ledger.</param>
/// <param name="Report">The contracts after the last block that is reported on; null when there is nothing
/// new to report.</param>
internal sealed record LaneReading(
    RemoteState State, IReadOnlyCollection<BridgeObservation> Facts, RemoteState? Report);

/// <summary>
/// Reads the chain abroad, block after block, and keeps what it saw. A final block that is not there any
/// more ends it.
/// </summary>
internal sealed class LaneReader(IRemoteChain remote, BridgeJournal journal)
{
    /// <summary>Blocks whose events are asked for in one read.</summary>
    private const ulong BlocksAtOnce = 10_000;

    private readonly SortedDictionary<(BridgeSubjectKind, ulong), BridgeObservation> _facts = [];
    private bool _loaded;
    private RemoteState? _last;

    public async Task<LaneReading> ReadAsync(LaneView ledger, CancellationToken cancellationToken)
    {
        if (!_loaded)
        {
            foreach (BridgeObservation fact in journal.ReadFacts())
            {
                _facts[KeyOf(fact)] = fact;
            }

            _loaded = true;
        }

        RemoteHead head = await remote.FinalHeadAsync(cancellationToken).ConfigureAwait(false);
        ulong[] nonces = [.. ledger.Outstanding.Keys];
        if (_last is not null && head.Hash == _last.Head.Hash && nonces.All(nonce =>
            nonce <= _last.AskedUpTo))
        {
            return new LaneReading(_last, _facts.Values, null);
        }

        await RequireSameChainAsync(head, cancellationToken).ConfigureAwait(false);
        Address[] tokens = [.. ledger.Tokens.Values.Select(static token => token.Token)];
        RemoteState state = await remote.StateAsync(head, nonces, tokens, cancellationToken)
            .ConfigureAwait(false);
        await AdvanceAsync(ledger, state, cancellationToken).ConfigureAwait(false);
        RemoteState? report = await ReportAsync(ledger, state, tokens, cancellationToken)
            .ConfigureAwait(false);
        _last = state;
        return new LaneReading(state, _facts.Values, report);
    }

    /// <summary>Forgets what the ledger has decided.</summary>
    public void Forget(LaneView ledger)
    {
        BridgeLaneState lane = ledger.Lane;
        BridgeObservation[] decided =
        [
            .. _facts.Values.Where(fact => fact switch
            {
                BurnObserved o => o.Nonce < lane.NextBurn,
                RotationObserved o => o.Epoch <= lane.Epoch,

                // A lock that this ledger has not come to yet is not decided.
                _ => fact.Subject.Number < lane.NextLock
                    && !ledger.Outstanding.ContainsKey(fact.Subject.Number),
            }),
        ];
        if (decided.Length > 0)
        {
            journal.Forget([.. decided.Select(static fact => fact.Subject)]);
            foreach (BridgeObservation fact in decided)
            {
                _facts.Remove(KeyOf(fact));
            }
        }
    }

    private async Task AdvanceAsync(LaneView ledger, RemoteState state, CancellationToken cancellationToken)
    {
        // All blocks: a rotation leaves no trace in the bridge's storage, and the ledger may be behind.
        var seen = new List<BridgeObservation>();
        ulong from = journal.Head is { } read ? read.Number + 1 : ledger.Lane.Terms.StartBlock;
        while (from <= state.Head.Number)
        {
            ulong to = Math.Min(state.Head.Number, from + BlocksAtOnce - 1);
            seen.AddRange(await remote.FactsAsync(from, to, cancellationToken).ConfigureAwait(false));
            from = to + 1;
        }

        RequireChain(state, seen);
        RequireOutcomes(ledger, state, seen);
        journal.PutHead(state, seen);
        foreach (BridgeObservation fact in seen)
        {
            _facts[KeyOf(fact)] = fact;
        }
    }

    /// <summary>
    /// The burns lead from the hash chain at the last block that was read to the one in the contract's
    /// storage: none is left out and none invented. Else the block is read again at the next look.
    /// </summary>
    private void RequireChain(RemoteState state, List<BridgeObservation> seen)
    {
        (ulong burns, Hash256 accumulator) =
            journal.Head is { } read ? (read.Burns, read.Accumulator) : (0, Hash256.Zero);
        foreach (BurnObserved burn in seen.OfType<BurnObserved>())
        {
            if (burn.Nonce != burns + 1 || BurnChain.Next(accumulator, burn) != burn.Accumulator)
            {
                throw new RemoteFaultException(
                    $"The event of burn {burn.Nonce} does not follow the one before.");
            }

            (burns, accumulator) = (burn.Nonce, burn.Accumulator);
        }

        if (burns != state.Burns || accumulator != state.Accumulator)
        {
            throw new RemoteFaultException(
                $"The events end with burn {burns}; block {state.Head.Number} counts {state.Burns}.");
        }
    }

    /// <summary>Of the nonces that were asked for, those have an event that are used up, and no others; each
    /// has one.</summary>
    private void RequireOutcomes(LaneView ledger, RemoteState state, List<BridgeObservation> seen)
    {
        HashSet<ulong> told = [.. Ended(_facts.Values)];
        foreach (ulong nonce in Ended(seen).Where(nonce => !told.Add(nonce)))
        {
            throw new RemoteFaultException($"Two events end nonce {nonce}.");
        }

        foreach (ulong nonce in ledger.Outstanding.Keys
            .Where(nonce => told.Contains(nonce) != state.Consumed.Contains(nonce)))
        {
            throw new RemoteFaultException(
                told.Contains(nonce)
                    ? $"An event ends nonce {nonce}, which is not used up in block {state.Head.Number}."
                    : $"Nonce {nonce} is used up in block {state.Head.Number}, and no event tells how.");
        }
    }

    private static IEnumerable<ulong> Ended(IEnumerable<BridgeObservation> facts) =>
        facts.Select(static fact => fact.Subject)
            .Where(static subject => subject.Kind == BridgeSubjectKind.Outcome)
            .Select(static subject => subject.Number);

    private async Task<RemoteState?> ReportAsync(
        LaneView ledger, RemoteState state, Address[] tokens, CancellationToken cancellationToken)
    {
        ulong block = state.Head.Number - (state.Head.Number % LaneSettings.ReportEvery);
        bool due = block > ledger.Lane.Terms.StartBlock
            && ledger.Tokens.Values.Any(token => (token.Report?.Place.Number ?? 0) < block);
        if (!due || block == _last?.Head.Number || (_last is { } last && last.Head.Number > block))
        {
            return null;
        }

        if (block == state.Head.Number)
        {
            return state;
        }

        RemoteHead head = await remote.HeadAsync(block, cancellationToken).ConfigureAwait(false)
            ?? throw new RemoteFaultException($"Block {block} is final and not there.");
        return await remote.StateAsync(head, [], tokens, cancellationToken).ConfigureAwait(false);
    }

    private async Task RequireSameChainAsync(RemoteHead head, CancellationToken cancellationToken)
    {
        if (journal.Head is not { } read)
        {
            return;
        }

        if (head.Number < read.Number)
        {
            throw new RemoteFaultException(
                $"The endpoints call block {head.Number} final; block {read.Number} was before.");
        }

        Hash256? now = head.Number == read.Number ? head.Hash
            : head.Number == read.Number + 1 ? head.ParentHash
            : (await remote.HeadAsync(read.Number, cancellationToken).ConfigureAwait(false))?.Hash;
        if (now != read.Hash)
        {
            throw new RemoteReversalException(
                $"Block {read.Number} was final with hash {read.Hash}, and has {now} now. Nothing is signed "
                + "or observed until an operator has found out why.");
        }
    }

    private static (BridgeSubjectKind, ulong) KeyOf(BridgeObservation fact) =>
        (fact.Subject.Kind, fact.Subject.Number);
}
