// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace TokenLedger.Mesh.Tests.Reconciliation;

/// <summary>
/// A reader's own book: it knows the API's rules and nothing of this ledger. Blocks go in, balances come out;
/// what a reader of the API may rely on is required on the way.
/// </summary>
internal sealed class Book
{
    private readonly HashSet<string> _types;
    private readonly Dictionary<string, bool> _statuses;
    private readonly Dictionary<(string Account, string Currency), BigInteger> _balances = [];
    private readonly HashSet<string> _transactions = [];
    private string? _lastBlock;
    private long _last = -1;
    private long _lastTime;

    /// <param name="allow">What the options allow.</param>
    public Book(JsonElement allow)
    {
        _types = [.. allow.GetProperty("operation_types").EnumerateArray()
            .Select(static type => type.GetString()!)];
        _statuses = allow.GetProperty("operation_statuses").EnumerateArray().ToDictionary(
            static status => status.GetProperty("status").GetString()!,
            static status => status.GetProperty("successful").GetBoolean());
    }

    /// <summary>All balances, by account and currency, as their JSON.</summary>
    public IReadOnlyDictionary<(string Account, string Currency), BigInteger> Balances => _balances;

    /// <summary>How many operations had a status that is a failure.</summary>
    public int Failures { get; private set; }

    /// <summary>The types that occurred.</summary>
    public HashSet<string> Seen { get; } = [];

    /// <summary>Enters the next block.</summary>
    /// <returns>Whose balances it changed.</returns>
    public IReadOnlyCollection<(string Account, string Currency)> Add(JsonElement block)
    {
        (long index, string hash) = Id(block.GetProperty("block_identifier"));
        (long parent, string parentHash) = Id(block.GetProperty("parent_block_identifier"));
        Assert.Equal(_last + 1, index);
        Assert.Equal(index == 0 ? (0, hash) : (_last, _lastBlock!), (parent, parentHash));
        long time = block.GetProperty("timestamp").GetInt64();
        Assert.True(time >= _lastTime, "time goes on");
        (_last, _lastBlock, _lastTime) = (index, hash, time);

        var changed = new HashSet<(string Account, string Currency)>();
        foreach (JsonElement transaction in block.GetProperty("transactions").EnumerateArray())
        {
            string id = transaction.GetProperty("transaction_identifier").GetProperty("hash").GetString()!;
            Assert.True(_transactions.Add(id), $"{id} is twice on the chain");
            int next = 0;
            foreach (JsonElement operation in transaction.GetProperty("operations").EnumerateArray())
            {
                Enter(operation, next++, changed);
            }
        }

        Assert.All(changed, key => Assert.True(_balances[key] >= 0, $"{key} is below zero at {index}"));
        return changed;
    }

    private void Enter(JsonElement operation, int at, HashSet<(string Account, string Currency)> changed)
    {
        Assert.Equal(at, operation.GetProperty("operation_identifier").GetProperty("index").GetInt32());
        string type = operation.GetProperty("type").GetString()!;
        Seen.Add(type);
        Assert.Contains(type, _types);
        if (operation.TryGetProperty("related_operations", out JsonElement related))
        {
            Assert.All(related.EnumerateArray(), one =>
                Assert.InRange(one.GetProperty("index").GetInt32(), 0, at - 1));
        }

        bool successful = _statuses[operation.GetProperty("status").GetString()!];
        Failures += successful ? 0 : 1;
        if (successful && operation.TryGetProperty("amount", out JsonElement amount))
        {
            var value = BigInteger.Parse(
                amount.GetProperty("value").GetString()!, CultureInfo.InvariantCulture);
            (string Account, string Currency) key = (
                operation.GetProperty("account").GetRawText(), amount.GetProperty("currency").GetRawText());
            _balances[key] = _balances.GetValueOrDefault(key) + value;
            changed.Add(key);
        }
    }

    private static (long Index, string Hash) Id(JsonElement identifier) =>
        (identifier.GetProperty("index").GetInt64(), identifier.GetProperty("hash").GetString()!);
}
