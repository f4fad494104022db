// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Protocol.Wire;
using TokenLedger.Storage;

namespace TokenLedger.Maintenance.Verification;

/// <summary>One walk from genesis to the head. Each step says what differs, or null.</summary>
internal sealed class ChainWalk(
    LedgerStore ledger,
    ScratchState state,
    GenesisDocument genesis,
    ISignatureScheme scheme,
    Func<Address, SignedTransaction, Rejection?> checkSignature)
{
    private readonly ValidatorSet _validators = genesis.ValidatorSet;
    private readonly LedgerMachine _machine = new(genesis.Hash);
    private readonly EventReplay _replay = new();
    private StateTree _tree = StateTree.Empty;
    private MountainRange _history = MountainRange.Empty;
    private BlockHeader _last = GenesisBuilder.Header(genesis, Hash256.Zero);
    private Hash256 _lastHash;
    private Height _certified;

    public VerificationCounts Counts { get; } = new();

    /// <summary>The last height that holds.</summary>
    public Height Height => _last.Height;

    public Hash256 StateRoot => _tree.Root;

    /// <summary>Genesis: the document alone says what it must be.</summary>
    public string? Begin()
    {
        IReadOnlyList<StateChange> changes = GenesisBuilder.Changes(genesis);
        state.Apply(changes);
        _tree = _tree.Update(changes);
        BlockHeader expected = GenesisBuilder.Header(genesis, _tree.Root);
        if (ledger.FindHeader(new Height(0)) != expected)
        {
            return "its header is not that of the genesis document";
        }

        Step(expected);
        return null;
    }

    public string? Next()
    {
        Height height = _last.Height.Next;
        if (ledger.FindHeader(height) is not { } header || ledger.FindBlock(height) is not { } block
            || ledger.FindReceipts(height) is not { } receipts || ledger.FindEvents(height) is not { } events)
        {
            return "its header, body, receipts or events are missing";
        }

        string? problem = block.Header != header ? "its body carries another header" : HeaderProblem(header);
        problem ??= block.BodyMatchesHeader() ? null : "its transactions root differs";
        problem ??= ledger.FindHeight(header.Hash) == height ? null : "its hash is not found";
        problem ??= CertificateProblem(header);
        if (problem is not null)
        {
            return problem;
        }

        ImmutableArray<VerifiedTransaction>? transactions = Admit(block, out problem);
        return problem ?? ExecutionProblem(header, transactions!.Value, receipts, events);
    }

    /// <summary>The state as a whole, once the head is reached.</summary>
    public string? End()
    {
        if (_lastHash != ledger.Head.Hash)
        {
            return "the head is another block than the last one of the chain";
        }

        if (Height.Value > 0 && _certified != Height)
        {
            return $"no certificate finalizes the blocks above height {_certified}";
        }

        if (ledger.HistoryRange.Root() != _history.Root())
        {
            return "the stored history range is not over the headers";
        }

        IReadOnlyList<string> broken = InvariantChecker.FullCheck(state);
        return broken.Count > 0 ? string.Join("; ", broken) : ReplayProblem() ?? FlatStateProblem();
    }

    private void Step(BlockHeader header)
    {
        _last = header;
        _lastHash = header.Hash;
        _history = _history.Append(_lastHash);
    }

    private string? HeaderProblem(BlockHeader header) => header switch
    {
        _ when header.GenesisHash != genesis.Hash => "it is of another network",
        _ when header.Epoch != _validators.Epoch => "it is of another epoch",
        _ when header.Height != _last.Height.Next => "its height is not its parent's and one",
        _ when header.ParentHash != _lastHash => "its parent is another block",
        _ when header.View <= _last.View => "its view is not after its parent's",
        _ when header.Timestamp <= _last.Timestamp => "its time is not after its parent's",
        _ when header.Proposer != _validators[_validators.LeaderOf(header.View)].Address =>
            "its proposer does not lead its view",
        _ when header.ValidatorSetHash != _validators.Hash => "its validator set is another",
        _ when header.NextValidatorSetHash != _validators.Hash => "its next validator set is another",
        _ when header.HistoryRoot != _history.Root() => "its history root is not over the headers before it",
        _ => null,
    };

    private string? CertificateProblem(BlockHeader header)
    {
        if (ledger.FindCertificate(header.Height) is not { } found || found.Height != header.Height)
        {
            return null;
        }

        var subject = new VoteSubject(VoteKind.Finalize, _validators.Epoch, header.View, header.Hash);
        if (found.Certificate.Subject != subject
            || !found.Certificate.Verify(_validators, genesis.Hash, scheme))
        {
            return "its certificate is not a quorum's finalization of it";
        }

        _certified = header.Height;
        Counts.Certificates++;
        Counts.Signatures += found.Certificate.Count;
        return null;
    }

    private ImmutableArray<VerifiedTransaction>? Admit(Block block, out string? problem)
    {
        var admitted = ImmutableArray.CreateBuilder<VerifiedTransaction>(block.Transactions.Length);
        for (int i = 0; i < block.Transactions.Length; i++)
        {
            SignedTransaction signed = block.Transactions[i];
            Rejection? refused = TransactionMapper.TryDecode(signed.Body.AsSpan(), out Transaction? content);
            refused ??= TransactionRules.CheckStateless(content!);
            refused ??= checkSignature(content!.Sender, signed);
            if (refused is not null)
            {
                problem = $"its transaction {i} is refused: {refused}";
                return null;
            }

            Hash256 id = signed.IdOn(genesis.Hash);
            if (ledger.FindTransaction(id) != new TransactionLocation(block.Header.Height, (uint)i))
            {
                problem = $"its transaction {i} is not found by its id";
                return null;
            }

            admitted.Add(new VerifiedTransaction(id, content!, signed));
            Counts.Signatures++;
        }

        problem = null;
        return admitted.MoveToImmutable();
    }

    private string? ExecutionProblem(
        BlockHeader header,
        ImmutableArray<VerifiedTransaction> transactions,
        ImmutableArray<Receipt> receipts,
        ImmutableArray<EventRecord> events)
    {
        BlockResult result = _machine.Execute(
            state, new BlockContext(header.Height, header.Timestamp), transactions);
        if (result is not ExecutedBlock executed)
        {
            return $"a transaction of it may not be included: {((InvalidBlock)result).Reason}";
        }

        StateTree tree = _tree.Update(executed.Changes);
        string? problem = header switch
        {
            _ when header.ReceiptsRoot != executed.ReceiptsRoot => "its receipts root differs",
            _ when header.EventsRoot != executed.EventsRoot => "its events root differs",
            _ when header.StateRoot != tree.Root => "its state root differs",
            _ when !receipts.SequenceEqual(executed.Receipts) => "its stored receipts are not what it caused",
            _ when !events.SequenceEqual(executed.Events) => "its stored events are not what it caused",
            _ => null,
        };
        IReadOnlyList<string> broken = problem is null
            ? InvariantChecker.CheckBlock(state, executed, transactions)
            : [];
        problem ??= broken.Count > 0 ? string.Join("; ", broken) : null;
        foreach (EventRecord record in events)
        {
            problem ??= _replay.Apply(record.Event);
        }

        if (problem is not null)
        {
            return problem;
        }

        state.Apply(executed.Changes);
        _tree = tree;
        Counts.Blocks++;
        Counts.Transactions += transactions.Length;
        Counts.Events += events.Length;
        Step(header);
        return null;
    }

    /// <summary>Balances from events alone are those of the state, row for row.</summary>
    private string? ReplayProblem()
    {
        int rows = state.Entries().Count(entry => entry.Key.Span[0] == (byte)Table.Balance);
        IReadOnlyList<(Address Account, AssetId Asset, Amount Amount)> replayed = _replay.Balances();
        var view = new LedgerView(state);
        foreach ((Address account, AssetId asset, Amount amount) in replayed)
        {
            if (view.Balance(account, asset) != amount)
            {
                return $"events give {account} {amount} units of {asset}; the state has another balance";
            }
        }

        return rows == replayed.Count ? null : $"events give {replayed.Count} balances; the state has {rows}";
    }

    /// <summary>The flat state on disk, which nodes serve, is the one that execution gave.</summary>
    private string? FlatStateProblem()
    {
        using IEnumerator<StateEntry> own = state.Entries().GetEnumerator();
        foreach (StateEntry stored in ledger.StateEntries())
        {
            bool same = own.MoveNext()
                && own.Current.Key.Span.SequenceEqual(stored.Key.Span)
                && own.Current.Value.Span.SequenceEqual(stored.Value.Span);
            if (!same)
            {
                return "the stored state differs from the executed one at key "
                    + Convert.ToHexStringLower(stored.Key.Span);
            }

            Counts.StateEntries++;
        }

        return own.MoveNext()
            ? $"the stored state lacks key {Convert.ToHexStringLower(own.Current.Key.Span)}"
            : null;
    }
}
