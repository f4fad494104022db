// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Protocol.Wire;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Maintenance.Tests;

/// <summary>
/// A ledger of a few blocks as validators would have written it: executed, with roots and certificates, but
/// signed by <see cref="KeyedHashScheme"/>.
/// </summary>
internal sealed class SampleLedger : IDisposable
{
    /// <summary>The head: issuing took four blocks, and transfers the rest.</summary>
    public const ulong Blocks = 12;

    private readonly LedgerMachine _machine = new(Genesis.Hash);
    private StateTree _tree;
    private ulong _view;

    private SampleLedger(IKeyValueStore store)
    {
        _tree = StateTree.Empty.Update(GenesisBuilder.Changes(Genesis));
        Store = Open(store);
    }

    public static GenesisDocument Genesis { get; } = TestNetwork.Genesis();

    public LedgerStore Store { get; }

    private LedgerView View => new(Store.State);

    /// <summary>The right answer of every transaction's check.</summary>
    public static Rejection? Accept(Address sender, SignedTransaction signed) => null;

    public static LedgerStore Open(IKeyValueStore store)
    {
        IReadOnlyList<StateChange> changes = GenesisBuilder.Changes(Genesis);
        BlockHeader header = GenesisBuilder.Header(Genesis, StateTree.Empty.Update(changes).Root);
        return LedgerStore.Open(store, new CommittedBlock(new Block(header, []), [], [], changes));
    }

    /// <summary>Writes the whole ledger into an empty store, and closes it.</summary>
    /// <returns>Its head.</returns>
    public static ChainHead WriteTo(IKeyValueStore store)
    {
        using var ledger = new SampleLedger(store);
        ledger.Add(TestNetwork.MinistryMaker, new Propose(
            [new IssueUnits(TestNetwork.Bond, TestNetwork.Alice, new Amount(5_000))],
            TestNetwork.Start.Plus(TestNetwork.DayMs), "sample"));
        foreach (Address checker in new[] { TestNetwork.MinistryChecker, TestNetwork.BankChecker })
        {
            ledger.Add(checker, new ApproveProposal(1, ledger.View.Proposal(1)!.PayloadHash));
        }

        while (ledger.Store.Head.Height.Value < Blocks)
        {
            ledger.Add(
                TestNetwork.Alice, new Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount(1)));
        }

        Invariant.Require(
            !ledger.View.Balance(TestNetwork.Bob, TestNetwork.Bond).IsZero, "the sample moves units");
        return ledger.Store.Head;
    }

    public void Dispose() => Store.Dispose();

    private void Add(Address sender, Operation operation)
    {
        ChainHead parent = Store.Head;
        var context = new BlockContext(parent.Height.Next, parent.Header.Timestamp.Plus(1_000));
        var content = new Transaction(
            sender, 0, View.NextNonce(sender, 0), context.Time.Plus(TestNetwork.HourMs), RequestId: null,
            Memo: "", [operation]);
        var signed = new SignedTransaction(
            [.. TransactionMapper.Encode(content)], [.. new byte[Limits.SignatureBytes]]);
        var verified = new VerifiedTransaction(signed.IdOn(Genesis.Hash), content, signed);
        var executed = (ExecutedBlock)_machine.Execute(Store.State, context, [verified]);
        Invariant.Require(executed.Receipts[0].Succeeded, $"{executed.Receipts[0].Code}");
        _tree = _tree.Update(executed.Changes);
        ValidatorSet validators = Genesis.ValidatorSet;
        var view = new View(++_view);
        var header = new BlockHeader(
            Genesis.Hash, validators.Epoch, context.Height, view, parent.Hash, context.Time,
            validators[validators.LeaderOf(view)].Address, Block.TransactionsRootOf([signed]),
            executed.ReceiptsRoot, executed.EventsRoot, _tree.Root, validators.Hash, validators.Hash,
            Store.HistoryRange.Root());

        // Every third block is finalized by a later one's certificate only.
        Certificate? certificate = context.Height.Value % 3 == 1 ? null : Finalize(validators, header);
        Store.Commit(new CommittedBlock(
            new Block(header, [signed]), executed.Receipts, executed.Events, executed.Changes, certificate));
    }

    private static Certificate Finalize(ValidatorSet validators, BlockHeader header)
    {
        var subject = new VoteSubject(VoteKind.Finalize, validators.Epoch, header.View, header.Hash);
        Hash256 digest = subject.SigningDigest(Genesis.Hash);
        return Certificate.FromVotes(subject, Enumerable.Range(0, validators.Quorum).Select(index => new Vote(
            subject, index,
            ImmutableArray.Create(KeyedHashScheme.SignerOf(validators[index].Address).Sign(digest)))));
    }
}
