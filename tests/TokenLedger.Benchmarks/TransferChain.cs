// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
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

namespace TokenLedger.Benchmarks;

/// <summary>
/// A state of accounts that all hold bonds, and blocks of single transfers between them, each by another
/// sender.
/// </summary>
internal sealed class TransferChain
{
    private readonly Address[] _accounts;

    public TransferChain(int accounts)
    {
        _accounts = [.. Enumerable.Range(0, accounts).Select(AccountOf)];
        Genesis = TestNetwork.Genesis();
        Machine = new LedgerMachine(Genesis.Hash);
        GenesisChanges = [.. GenesisBuilder.Changes(Genesis), .. Holdings()];
        State = new MemoryState(GenesisChanges);
        Tree = StateTree.Empty.Update(GenesisChanges);
    }

    public GenesisDocument Genesis { get; }

    public LedgerMachine Machine { get; }

    public MemoryState State { get; }

    public StateTree Tree { get; }

    /// <summary>All that the state begins with, the accounts and their bonds among it.</summary>
    public IReadOnlyList<StateChange> GenesisChanges { get; }

    public BlockContext Context => new(new Height(1), Genesis.Time.Plus(1_000));

    /// <summary>The block that such a state would begin with.</summary>
    public CommittedBlock GenesisBlock =>
        new(new Block(GenesisBuilder.Header(Genesis, Tree.Root), []), [], [], GenesisChanges);

    /// <summary>Single transfers by distinct senders, signed by nobody.</summary>
    public VerifiedTransaction[] Transfers(int count) => [.. Enumerable.Range(0, count).Select(Transfer)];

    public ExecutedBlock Execute(IReadOnlyList<VerifiedTransaction> transactions)
    {
        var block = (ExecutedBlock)Machine.Execute(State, Context, transactions);
        Invariant.Require(block.Receipts.All(receipt => receipt.Succeeded), "every transfer succeeds");
        return block;
    }

    /// <summary>The block as it is kept, on any parent.</summary>
    public CommittedBlock Commit(
        ExecutedBlock executed,
        IReadOnlyList<VerifiedTransaction> transactions,
        ChainHead parent,
        Hash256 historyRoot)
    {
        ImmutableArray<SignedTransaction> signed =
            [.. transactions.Select(transaction => transaction.Signed)];
        BlockHeader header = GenesisBuilder.Header(Genesis, Tree.Root) with
        {
            Height = parent.Height.Next,
            View = parent.View.Next,
            ParentHash = parent.Hash,
            Timestamp = parent.Header.Timestamp.Plus(1),
            TransactionsRoot = Block.TransactionsRootOf(signed),
            HistoryRoot = historyRoot,
        };
        return new CommittedBlock(
            new Block(header, signed), executed.Receipts, executed.Events, executed.Changes,
            Former: Tree.Former(executed.Changes));
    }

    private VerifiedTransaction Transfer(int index)
    {
        var content = new Transaction(
            _accounts[index], 0, 0, Genesis.Time.Plus(TestNetwork.HourMs), null, "",
            [new Transfer(TestNetwork.Bond, _accounts[(index + 1) % _accounts.Length], new Amount(1))]);
        var signed = new SignedTransaction(
            [.. TransactionMapper.Encode(content)], [.. new byte[Limits.SignatureBytes]]);
        return new VerifiedTransaction(signed.IdOn(Genesis.Hash), content, signed);
    }

    private IEnumerable<StateChange> Holdings()
    {
        byte[] account = StateCodec.Encode(
            new AccountState(AccountKind.Citizen, default, default, FreezeMode.None, ""),
            StateCodec.WriteAccount);
        byte[] balance = StateCodec.Encode(new Amount(50), StateCodec.WriteAmount);
        foreach (Address address in _accounts)
        {
            yield return new StateChange(StateKeys.Account(address), account);
            yield return new StateChange(StateKeys.Balance(address, TestNetwork.Bond), balance);
        }

        yield return new StateChange(
            StateKeys.Supply(TestNetwork.Bond),
            StateCodec.Encode(new Amount((UInt128)_accounts.Length * 50), StateCodec.WriteAmount));
    }

    private static Address AccountOf(int index)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, index);
        return new Address(Hashing.Hash(DomainTag.StateKey, number).ToArray().AsSpan(0, Address.Size));
    }
}
