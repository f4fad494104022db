// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Google.Protobuf;

namespace TokenLedger.Chaos;

/// <summary>
/// Compares what nodes and clients were told, at any time in the whole run, with one history. It asks nobody:
/// whoever feeds it decides when. The first contradiction is a <see cref="ViolationException"/>.
/// </summary>
/// <remarks>One thread at a time.</remarks>
internal sealed class Checker
{
    /// <summary>Each process, whatever is done to it, in bytes.</summary>
    public const long MaxResidentBytes = 1024L * 1024 * 1024;

    private readonly Dictionary<ulong, (ByteString Hash, ByteString StateRoot)> _agreed = [];
    private readonly Dictionary<int, ulong> _heads = [];
    private readonly Dictionary<ByteString, (ulong Height, uint Index)> _places = [];
    private readonly Dictionary<(ByteString Sender, uint Lane), ulong> _nonces = [];
    private readonly Dictionary<(ByteString Account, string Asset), Int128> _moved = [];
    private readonly Queue<Acknowledgement> _waiting = new();
    private readonly SortedDictionary<string, ulong> _checks = new(StringComparer.Ordinal);
    private ByteString? _lastHash;

    /// <summary>How often each rule was looked at.</summary>
    public IReadOnlyDictionary<string, ulong> Checks => _checks;

    /// <summary>The height up to which the history is known with all transactions.</summary>
    public ulong Height { get; private set; }

    /// <summary>The highest final height that any node ever told.</summary>
    public ulong Highest { get; private set; }

    /// <summary>How many transactions the history has.</summary>
    public int Transactions => _places.Count;

    /// <summary>A node says what its final head is.</summary>
    public void Head(int node, ulong height, ByteString hash, ByteString stateRoot)
    {
        ulong before = _heads.GetValueOrDefault(node);
        Require(
            height >= before, "a head never sinks",
            $"node {node} says that its head is {height}, and said {before} before");
        _heads[node] = height;
        Highest = Math.Max(Highest, height);
        Agree(node, height, hash, stateRoot);
    }

    /// <summary>A node says what its block at a height is.</summary>
    public void Block(int node, ToldBlock block) => Agree(node, block.Height, block.Hash, block.StateRoot);

    /// <summary>The next block of the history, with all its transactions, as a node has it.</summary>
    public void Next(int node, ToldBlock block, ImmutableArray<ToldTransaction> transactions)
    {
        Block(node, block);
        Require(
            block.Height == Height + 1 && (_lastHash is null || block.ParentHash == _lastHash),
            "blocks are a chain", $"block {block.Height} of node {node} does not follow block {Height}");
        for (int i = 0; i < transactions.Length; i++)
        {
            Add(block.Height, (uint)i, transactions[i]);
        }

        Height = block.Height;
        _lastHash = block.Hash;
    }

    /// <summary>A client was told that a transaction is final.</summary>
    public void Acknowledge(Acknowledgement told) => _waiting.Enqueue(told);

    /// <summary>Compares what clients were told with the history, as far as that goes.</summary>
    /// <returns>What was compared.</returns>
    public ImmutableArray<Acknowledgement> Settle()
    {
        var settled = ImmutableArray.CreateBuilder<Acknowledgement>();
        for (int left = _waiting.Count; left > 0; left--)
        {
            Acknowledgement told = _waiting.Dequeue();
            if (told.Height > Height)
            {
                _waiting.Enqueue(told);
                continue;
            }

            Require(
                _places.TryGetValue(told.Id, out var place) && place == (told.Height, told.Index),
                "what was acknowledged is in the chain",
                $"transaction {Hex(told.Id)} was acknowledged as {told.Index} of block {told.Height}, and is "
                    + (_places.ContainsKey(told.Id) ? $"{place.Index} of {place.Height}" : "nowhere"));
            settled.Add(told);
        }

        return settled.DrainToImmutable();
    }

    /// <summary>A node says where an acknowledged transaction is; null: it does not know it.</summary>
    public void Found(int node, Acknowledgement told, (ulong Height, uint Index)? place) => Require(
        place == (told.Height, told.Index), "every node has what was acknowledged",
        $"node {node} has transaction {Hex(told.Id)} at {place}, not at {told.Index} of {told.Height}");

    /// <summary>What an asset's holders have together, at one height of a node.</summary>
    public void Supply(int node, string asset, UInt128 supply, UInt128 held) => Require(
        supply == held, "supply is the sum of balances",
        $"on node {node} {supply} units of {asset} exist, and {held} are held");

    /// <summary>What an account that began with some units has at <see cref="Height"/>.</summary>
    public void Balance(int node, ByteString account, string asset, UInt128 began, UInt128 balance)
    {
        Int128 expected = (Int128)began + _moved.GetValueOrDefault((account, asset));
        Require(
            (Int128)balance == expected, "balances are those of the history",
            $"on node {node} {Hex(account)} has {balance} {asset}, and the history gives {expected}");
    }

    /// <summary>What a node counted of what must not happen while all are honest.</summary>
    public void Alarms(int node, double equivocations, double certificationFailures)
    {
        Require(equivocations == 0, "nobody signs two things", $"node {node} has {equivocations} proofs");
        Require(
            certificationFailures == 0, "notarized blocks are valid",
            $"node {node} found {certificationFailures} invalid");
    }

    /// <summary>What a process holds in memory.</summary>
    public void Memory(int node, long bytes) => Require(
        bytes < MaxResidentBytes, "memory is bounded", $"node {node} has {bytes >> 20} MiB");

    /// <summary>Anything else that must be so.</summary>
    public void Require(bool condition, string rule, string message)
    {
        _checks[rule] = _checks.GetValueOrDefault(rule) + 1;
        if (!condition)
        {
            throw new ViolationException(rule, message);
        }
    }

    private static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);

    private void Agree(int node, ulong height, ByteString hash, ByteString stateRoot)
    {
        if (_agreed.TryAdd(height, (hash, stateRoot)))
        {
            return;
        }

        Require(
            _agreed[height] == (hash, stateRoot), "one block and state at a height",
            $"node {node} has block {Hex(hash)} with state {Hex(stateRoot)} at height {height}, and others"
                + $" have {Hex(_agreed[height].Hash)} with {Hex(_agreed[height].StateRoot)}");
    }

    private void Add(ulong height, uint index, ToldTransaction transaction)
    {
        Require(
            _places.TryAdd(transaction.Id, (height, index)), "a transaction is final once",
            $"transaction {Hex(transaction.Id)} stands in block {height} and in block "
                + $"{_places[transaction.Id].Height}");
        (ByteString, uint) lane = (transaction.Sender, transaction.Lane);
        ulong next = _nonces.GetValueOrDefault(lane);
        Require(
            transaction.Nonce == next, "nonces rise by one",
            $"{Hex(transaction.Sender)} has nonce {transaction.Nonce} in block {height}, after {next}");
        _nonces[lane] = next + 1;
        foreach (Paid paid in transaction.Payments)
        {
            Move(transaction.Sender, paid.Asset, -(Int128)paid.Amount);
            Move(paid.To, paid.Asset, (Int128)paid.Amount);
        }
    }

    private void Move(ByteString account, string asset, Int128 by) =>
        _moved[(account, asset)] = _moved.GetValueOrDefault((account, asset)) + by;
}
