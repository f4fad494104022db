// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;

namespace TokenLedger.Storage.CrashHost;

/// <summary>
/// A chain of well-formed blocks that only its seed decides, with the state that they lead to: two processes
/// make the same one. Every second block has a certificate; transfers are among a fixed number of accounts.
/// </summary>
public sealed class SampleChain
{
    private readonly int _seed;
    private readonly int _transfers;
    private readonly Address[] _accounts;
    private readonly AssetId _asset;
    private readonly Hash256 _genesisHash;
    private readonly Dictionary<Address, UInt128> _balances = [];
    private readonly Dictionary<Address, ulong> _nonces = [];

    public SampleChain(int seed, int transfersPerBlock, int accounts)
    {
        _seed = seed;
        _transfers = transfersPerBlock;
        _genesisHash = Named("genesis", seed);
        _asset = AssetId.Parse("PKR-SUKUK");
        _accounts = [.. Enumerable.Range(0, accounts).Select(AccountOf)];
        Head = MakeGenesis();
        Range = MountainRange.Empty.Append(Head.Block.Hash);
        Genesis = Head;
    }

    public CommittedBlock Genesis { get; }

    /// <summary>The newest block that was made.</summary>
    public CommittedBlock Head { get; private set; }

    public Hash256 GenesisHash => _genesisHash;

    public IReadOnlyList<Address> Accounts => _accounts;

    /// <summary>Over all headers to the head.</summary>
    public MountainRange Range { get; private set; }

    /// <summary>What the state holds after the head, by key.</summary>
    public SortedDictionary<string, string> State { get; } = new(StringComparer.Ordinal);

    /// <summary>Makes the next block.</summary>
    public CommittedBlock Next()
    {
        BlockHeader parent = Head.Block.Header;
        Height height = parent.Height.Next;
        var random = new Random(HashCode(height));
        var transactions = ImmutableArray.CreateBuilder<SignedTransaction>();
        var receipts = ImmutableArray.CreateBuilder<Receipt>();
        var events = ImmutableArray.CreateBuilder<EventRecord>();
        var touched = new HashSet<Address>();
        for (int i = 0; i < _transfers; i++)
        {
            byte[] body = new byte[120];
            random.NextBytes(body);
            byte[] signature = new byte[Limits.SignatureBytes];
            random.NextBytes(signature);
            var transaction = new SignedTransaction([.. body], [.. signature]);
            Transferred happened = Transfer(random);
            touched.UnionWith([happened.From, happened.To]);
            _nonces[happened.From] = _nonces.GetValueOrDefault(happened.From) + 1;
            transactions.Add(transaction);
            receipts.Add(new Receipt(transaction.IdOn(_genesisHash), null, -1, (uint)i, 1));
            events.Add(new EventRecord((uint)i, happened));
        }

        var view = new View(parent.View.Value + 1 + (ulong)random.Next(3));
        Block block = MakeBlock(height, view, Head.Block.Hash, transactions.ToImmutable());
        Certificate? certificate = height.Value % 2 == 0 ? Finalize(block.Header) : null;
        Head = new CommittedBlock(
            block, receipts.ToImmutable(), events.ToImmutable(), Changes(touched), certificate);
        Range = Range.Append(block.Hash);
        return Head;
    }

    /// <summary>A certificate of the right shape; its signatures are not signatures.</summary>
    public static Certificate Finalize(BlockHeader header)
    {
        var subject = new VoteSubject(VoteKind.Finalize, header.Epoch, header.View, header.Hash);
        byte[] signature = new byte[Limits.SignatureBytes];
        header.Hash.CopyTo(signature);
        return Certificate.FromVotes(
            subject, Enumerable.Range(0, 3).Select(signer => new Vote(subject, signer, [.. signature])));
    }

    private static Address AccountOf(int number) =>
        new(Named("account", number).ToArray().AsSpan(0, Address.Size));

    private CommittedBlock MakeGenesis()
    {
        foreach (Address account in _accounts)
        {
            _balances[account] = 1_000_000_000;
        }

        Block block = MakeBlock(new Height(0), new View(0), Hash256.Zero, []);
        return new CommittedBlock(block, [], [], Changes(_accounts));
    }

    private Block MakeBlock(
        Height height, View view, in Hash256 parentHash, ImmutableArray<SignedTransaction> transactions) =>
        new(
            new BlockHeader(
                _genesisHash, new Epoch(0), height, view, parentHash,
                new TimestampMs(1_800_000_000_000 + (height.Value * 1_000)),
                height.Value == 0 ? Address.Zero : _accounts[0],
                Block.TransactionsRootOf(transactions),
                Named("receipts", (int)height.Value), Named("events", (int)height.Value),
                Named("state", (int)height.Value), Named("validators", 0), Named("validators", 0),
                (height.Value == 0 ? MountainRange.Empty : Range).Root()),
            transactions);

    private Transferred Transfer(Random random)
    {
        Address from = _accounts[random.Next(_accounts.Length)];
        Address to = _accounts[random.Next(_accounts.Length)];
        UInt128 amount = (UInt128)random.Next(1, 1_000);
        _balances[from] -= amount;
        UInt128 fromAfter = _balances[from];
        _balances[to] += amount;
        return new Transferred(
            _asset, from, to, new Amount(amount), new Amount(fromAfter), new Amount(_balances[to]));
    }

    /// <summary>
    /// Balance and nonce of each account; a nonce that is a multiple of four is removed instead.
    /// </summary>
    private List<StateChange> Changes(IEnumerable<Address> touched)
    {
        var changes = new List<StateChange>();
        foreach (Address account in touched)
        {
            var writer = new CanonicalWriter();
            writer.U128(_balances[account]);
            changes.Add(new StateChange(StateKeys.Balance(account, _asset), writer.ToArray()));
            ulong nonce = _nonces.GetValueOrDefault(account);
            writer.Clear();
            writer.U64(nonce);
            byte[]? value = nonce % 4 == 0 ? null : writer.ToArray();
            changes.Add(new StateChange(
                StateKeys.Nonce(account, 0), value is null ? null : (ReadOnlyMemory<byte>?)value));
        }

        foreach (StateChange change in changes)
        {
            string key = Convert.ToHexString(change.Key.Span);
            if (change.Value is { } value)
            {
                State[key] = Convert.ToHexString(value.Span);
            }
            else
            {
                State.Remove(key);
            }
        }

        return changes;
    }

    private int HashCode(Height height) => unchecked((_seed * 1_000_003) + (int)height.Value);

    private static Hash256 Named(string name, int number) => Hashing.Hash(
        DomainTag.Genesis,
        System.Text.Encoding.UTF8.GetBytes(name + number.ToString(CultureInfo.InvariantCulture)));
}
