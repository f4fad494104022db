// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
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

    /// <summary>Blocks that are looked at one by one, two epochs of Ethereum; of more, the events are asked
    /// for at once.</summary>
    private const ulong HeadsAtOnce = 64;

    private readonly SortedDictionary<(BridgeSubjectKind, ulong), BridgeObservation> _facts = [];
    private readonly List<BridgeObservation> _ahead = [];
    private readonly EventSearch _search = new(remote);
    private ImmutableDictionary<ulong, ulong> _unknownSince = ImmutableDictionary<ulong, ulong>.Empty;
    private ulong? _aheadTo;
    private ulong _atOnce = BlocksAtOnce;
    private bool _loaded;
    private RemoteState? _last;
    private RemoteState? _report;

    public async Task<LaneReading> ReadAsync(LaneView ledger, CancellationToken cancellationToken)
    {
        LaneReading reading = await ReadFinalAsync(ledger, cancellationToken).ConfigureAwait(false);
        ulong now = reading.State.Head.TimeSeconds;
        _unknownSince = reading.Facts.OfType<MintObserved>()
            .Where(mint => mint.Nonce >= ledger.Lane.NextLock)
            .ToImmutableDictionary(
                static mint => mint.Nonce, mint => _unknownSince.GetValueOrDefault(mint.Nonce, now));
        return _unknownSince.IsEmpty
            ? reading
            : reading with { State = reading.State with { UnknownSince = _unknownSince } };
    }

    private async Task<LaneReading> ReadFinalAsync(LaneView ledger, CancellationToken cancellationToken)
    {
        if (!_loaded)
        {
            foreach (BridgeObservation fact in journal.ReadFacts())
            {
                _facts[KeyOf(fact)] = fact;
            }

            _loaded = true;
        }

        if (ledger.Height < journal.DecidedAt)
        {
            throw new RemoteFaultException(
                $"This ledger is at block {ledger.Height}, as from a backup; what was decided up to block "
                + $"{journal.DecidedAt} is forgotten here.");
        }

        RemoteHead head = await remote.FinalHeadAsync(cancellationToken).ConfigureAwait(false);
        ulong[] nonces = [.. ledger.Outstanding.Keys];
        Address[] tokens = TokensOf(ledger);
        bool isKnown = IsKnown(ledger);
        if (isKnown && head.Hash == _last!.Head.Hash)
        {
            return new LaneReading(_last, _facts.Values, _report);
        }

        if (isKnown && await AreQuietAsync(ledger, head, tokens, cancellationToken).ConfigureAwait(false))
        {
            RemoteState same = _last! with { Head = head };
            journal.PutHead(same, []);
            _report = await ReportAsync(ledger, same, tokens, cancellationToken).ConfigureAwait(false);
            _last = same;
            return new LaneReading(_last, _facts.Values, _report);
        }

        await RequireSameChainAsync(head, cancellationToken).ConfigureAwait(false);
        RemoteState state = await remote.StateAsync(head, nonces, tokens, cancellationToken)
            .ConfigureAwait(false);
        await AdvanceAsync(ledger, state, cancellationToken).ConfigureAwait(false);
        _report = await ReportAsync(ledger, state, tokens, cancellationToken).ConfigureAwait(false);
        _last = state;
        return new LaneReading(state, _facts.Values, _report);
    }

    /// <summary>What was read last, when nothing is under way for which the chain must be asked again; null
    /// otherwise.</summary>
    public LaneReading? Idle(LaneView ledger) =>
        IsKnown(ledger) && _facts.Count == 0 && ledger.Outstanding.IsEmpty && ledger.Messages.IsEmpty
        && ledger.Height >= journal.DecidedAt
            ? new LaneReading(_last!, _facts.Values, _report)
            : null;

    /// <summary>True when the last read asked for all that this ledger needs to know.</summary>
    private bool IsKnown(LaneView ledger) => _last is { } last
        && ledger.Outstanding.Keys.All(nonce => nonce <= last.AskedUpTo)
        && TokensOf(ledger).All(last.Supplies.ContainsKey);

    private static Address[] TokensOf(LaneView ledger) =>
        [.. ledger.Tokens.Values.Select(static token => token.Token)];

    /// <summary>Has all that is known asked for again at the next read: it does not fit the ledger.</summary>
    public void Doubt() => _last = null;

    /// <summary>True when none of the blocks after the last one has a log of the lane's contracts, which tell
    /// of every change: so what was compared after that one holds after each of these. Their hashes lead from
    /// the block on which the endpoints agree to the last one, so whoever tells of them cannot lie.</summary>
    private async Task<bool> AreQuietAsync(
        LaneView ledger, RemoteHead head, Address[] tokens, CancellationToken cancellationToken)
    {
        RemoteHead last = _last!.Head;
        OpenBridgeLane terms = ledger.Lane.Terms;
        Address[] contracts = [.. tokens, terms.Contract, terms.SignerContract];
        bool IsQuiet(RemoteHead block) => block.Logs is { } logs && !contracts.Any(logs.MayHaveLogsOf);
        if (head.Number <= last.Number || head.Number - last.Number > HeadsAtOnce)
        {
            return false;
        }

        while (IsQuiet(head) && head.Number > last.Number + 1)
        {
            head = await remote.ParentAsync(head, cancellationToken).ConfigureAwait(false);
        }

        return IsQuiet(head) && head.Number == last.Number + 1 && head.ParentHash == last.Hash;
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
            journal.Forget([.. decided.Select(static fact => fact.Subject)], ledger.Height);
            foreach (BridgeObservation fact in decided)
            {
                _facts.Remove(KeyOf(fact));
            }
        }
    }

    private async Task AdvanceAsync(LaneView ledger, RemoteState state, CancellationToken cancellationToken)
    {
        // All blocks: a rotation leaves no trace in the bridge's storage, and the ledger may be behind.
        await ReadOnAsync(ledger, state.Head.Number, cancellationToken).ConfigureAwait(false);
        List<BridgeObservation> seen = [.. _ahead];
        _ahead.Clear();
        _aheadTo = null;
        RequireChain(state, seen);
        seen.AddRange(await LeftOutAsync(ledger, state, seen, cancellationToken).ConfigureAwait(false));
        RequireOutcomes(ledger, state, seen);
        await RequireEndsAheadAsync(ledger, state, seen, cancellationToken).ConfigureAwait(false);
        journal.PutHead(state, seen);
        foreach (BridgeObservation fact in seen)
        {
            _facts[KeyOf(fact)] = fact;
        }
    }

    /// <summary>
    /// Reads events up to a block. What was read stays read when a later part fails, and the next look asks
    /// for fewer blocks at once: so who was away for long catches up with providers that give little.
    /// </summary>
    private async Task ReadOnAsync(LaneView ledger, ulong end, CancellationToken cancellationToken)
    {
        ulong from = _aheadTo + 1
            ?? (journal.Head is { } read ? read.Number + 1 : ledger.Lane.Terms.StartBlock);
        while (from <= end)
        {
            ulong to = Math.Min(end, from + _atOnce - 1);
            try
            {
                _ahead.AddRange(await remote.FactsAsync(from, to, cancellationToken).ConfigureAwait(false));
            }
            catch (RemoteFaultException) when (to > from)
            {
                _atOnce = Math.Max(1, (to - from) / 2);
                throw;
            }

            (_aheadTo, from) = (to, to + 1);
        }

        _atOnce = BlocksAtOnce;
    }

    /// <summary>
    /// The burns lead from the hash chain at the last block that was read to the one in the contract's
    /// storage: none is left out and none invented. Else the block is read again at the next look.
    /// </summary>
    private void RequireChain(RemoteState state, List<BridgeObservation> seen)
    {
#if PLANTED
        if (Planted.Is(PlantedBug.BridgeBurnsUnchecked)) { return; }
#endif
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

    /// <summary>
    /// Events that must be in blocks that were read before: that they were left out shows only when this
    /// ledger has come to their locks.
    /// </summary>
    private async Task<IEnumerable<BridgeObservation>> LeftOutAsync(
        LaneView ledger, RemoteState state, List<BridgeObservation> seen, CancellationToken cancellationToken)
    {
        HashSet<ulong> missing = [.. ledger.Outstanding.Keys.Where(state.Consumed.Contains)];
        missing.ExceptWith(Ended(_facts.Values.Concat(seen)));
        return journal.Head is { } read
            ? await _search
                .FindAsync(missing, ledger.Lane.Terms.StartBlock, read.Number, cancellationToken)
                .ConfigureAwait(false)
            : [];
    }

    /// <summary>Of the nonces that were asked for, those have an event that are used up, and no others; each
    /// has one.</summary>
    private void RequireOutcomes(LaneView ledger, RemoteState state, List<BridgeObservation> seen)
    {
#if PLANTED
        if (Planted.Is(PlantedBug.BridgeOutcomesUnchecked)) { return; }
#endif
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

    /// <summary>The same of nonces that the ledger has not come to, which were not asked for: an invented
    /// event would be kept, and the true one never be taken.</summary>
    private async Task RequireEndsAheadAsync(
        LaneView ledger,
        RemoteState state,
        List<BridgeObservation> seen,
        CancellationToken cancellationToken)
    {
        ulong[] ahead = [.. Ended(seen).Where(nonce => nonce >= ledger.Lane.NextLock)];
        RemoteState? told = ahead.Length == 0
            ? null
            : await remote.StateAsync(state.Head, ahead, [], cancellationToken).ConfigureAwait(false);
        foreach (ulong nonce in ahead.Where(nonce => !told!.Consumed.Contains(nonce)))
        {
            throw new RemoteFaultException(
                $"An event ends nonce {nonce}, which is not used up in block {state.Head.Number}.");
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
        if (!due || block == _report?.Head.Number)
        {
            // Until it stands on the ledger: it is handed in again when it was lost.
            return due ? _report : null;
        }

        if (block == state.Head.Number)
        {
            return state;
        }

        try
        {
            return await remote.HeadAsync(block, cancellationToken).ConfigureAwait(false) is { } head
                ? await remote.StateAsync(head, [], tokens, cancellationToken).ConfigureAwait(false)
                : null;
        }
        catch (RemoteFaultException)
        {
            // Nodes keep states of a while only. Nothing but the report needs this one, and the next comes.
            return null;
        }
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
#if PLANTED
        if (Planted.Is(PlantedBug.BridgeReversalIgnored)) { return; }
#endif
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
