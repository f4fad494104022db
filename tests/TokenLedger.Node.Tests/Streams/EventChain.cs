// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Runtime.Chain;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Node.Tests.Streams;

/// <summary>A ledger of which only the events matter: no transaction made them.</summary>
internal sealed class EventChain : IDisposable
{
    private static readonly Amount One = new(1);

    public EventChain()
    {
        GenesisDocument genesis = TestNetwork.Genesis();
        IReadOnlyList<StateChange> changes = GenesisBuilder.Changes(genesis);
        BlockHeader header = GenesisBuilder.Header(genesis, StateTree.Empty.Update(changes).Root);
        Ledger = LedgerStore.Open(Store, new CommittedBlock(new Block(header, []), [], [], changes));
    }

    public CountingStore Store { get; } = new();

    public LedgerStore Ledger { get; }

    /// <summary>A feed that stands at the newest block.</summary>
    public FinalityFeed Feed() => new(
        new FinalizedHead(Ledger.Head.Header, Ledger.Head.Hash, StateTree.Empty, null));

    /// <summary>An account that the chain's events name by a number.</summary>
    public static Address Account(int number)
    {
        Span<byte> bytes = stackalloc byte[Address.Size];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return new Address(bytes);
    }

    public static LedgerEvent Payment(int from, int to) =>
        new Transferred(TestNetwork.Bond, Account(from), Account(to), One, One, One);

    /// <summary>The next block.</summary>
    public void Add(params IEnumerable<LedgerEvent> events)
    {
        ChainHead parent = Ledger.Head;
        BlockHeader header = parent.Header with
        {
            Height = parent.Height.Next,
            View = parent.View.Next,
            ParentHash = parent.Hash,
            Timestamp = parent.Header.Timestamp.Plus(1),
            HistoryRoot = Ledger.HistoryRange.Root(),
        };
        ImmutableArray<EventRecord> records =
            [.. events.Select(static one => new EventRecord(EventRecord.Housekeeping, one))];
        Ledger.Commit(new CommittedBlock(new Block(header, []), [], records, []));
    }

    public void Dispose() => Ledger.Dispose();
}
