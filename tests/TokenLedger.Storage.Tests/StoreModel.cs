// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace TokenLedger.Storage.Tests;

/// <summary>
/// A store as it should be: one sorted dictionary a family. Keys are short, so that they often collide.
/// </summary>
internal sealed class StoreModel
{
    private static readonly Comparer<byte[]> ByBytes =
        Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));

    private readonly ImmutableArray<Family> _families;
    private readonly SortedDictionary<byte[], byte[]>[] _tables;

    public StoreModel(ImmutableArray<Family> families)
    {
        _families = families;
        _tables = [.. families.Select(_ => new SortedDictionary<byte[], byte[]>(ByBytes))];
    }

    /// <summary>Takes over what a store holds.</summary>
    public void Load(IKeyValueReader reader)
    {
        foreach (Family family in _families)
        {
            foreach (KeyValue entry in reader.Scan(family, [], [], int.MaxValue))
            {
                _tables[family.Index][entry.Key] = entry.Value;
            }
        }
    }

    public StoreModel Clone()
    {
        var clone = new StoreModel(_families);
        for (int i = 0; i < _tables.Length; i++)
        {
            foreach ((byte[] key, byte[] value) in _tables[i])
            {
                clone._tables[i][key] = value;
            }
        }

        return clone;
    }

    /// <summary>Puts random changes into a batch and applies them here.</summary>
    public void RandomBatch(Random random, IWriteBatch batch)
    {
        int changes = random.Next(12);
        for (int i = 0; i < changes; i++)
        {
            Family family = _families[random.Next(_families.Length)];
            SortedDictionary<byte[], byte[]> table = _tables[family.Index];
            byte[] key = RandomKey(random);
            switch (random.Next(10))
            {
                case 0:
                    byte[] to = RandomKey(random);
                    batch.DeleteRange(family, key, to);
                    foreach (byte[] inside in table.Keys.Where(k => In(k, key, to)).ToList())
                    {
                        table.Remove(inside);
                    }

                    break;
                case < 3:
                    batch.Delete(family, key);
                    table.Remove(key);
                    break;
                default:
                    byte[] value = new byte[random.Next(40)];
                    random.NextBytes(value);
                    batch.Put(family, key, value);
                    table[key] = value;
                    break;
            }
        }
    }

    /// <summary>A get, a multi-get and a scan of random arguments give the same here and there.</summary>
    public void CompareRandomReads(Random random, IKeyValueReader reader)
    {
        foreach (Family family in _families)
        {
            SortedDictionary<byte[], byte[]> table = _tables[family.Index];
            byte[] key = RandomKey(random);
            bool there = table.TryGetValue(key, out byte[]? expected);
            Assert.Equal(there, reader.TryGet(family, key, out byte[]? got));
            Assert.Equal(expected, got);

            int count = random.Next(6);
            ReadOnlyMemory<byte>[] keys = [.. Enumerable.Range(0, count).Select(_ => RandomKey(random))];
            Assert.Equal(
                keys.Select(k => table.GetValueOrDefault(k.ToArray())), reader.MultiGet(family, keys));

            byte[] from = random.Next(4) == 0 ? [] : RandomKey(random);
            byte[] to = random.Next(4) == 0 ? [] : RandomKey(random);
            bool reverse = random.Next(2) == 0;
            int limit = random.Next(1, 20);
            Same(Range(table, from, to, limit, reverse), reader.Scan(family, from, to, limit, reverse));
        }
    }

    /// <summary>Both hold the same.</summary>
    public void CompareAll(IKeyValueReader reader)
    {
        foreach (Family family in _families)
        {
            Same(_tables[family.Index], reader.Scan(family, [], [], int.MaxValue));
        }
    }

    private static void Same(
        IEnumerable<KeyValuePair<byte[], byte[]>> expected, IReadOnlyList<KeyValue> found) =>
        Assert.Equal(
            expected.Select(entry => Convert.ToHexString(entry.Key) + ":" + Convert.ToHexString(entry.Value)),
            found.Select(entry => Convert.ToHexString(entry.Key) + ":" + Convert.ToHexString(entry.Value)));

    private static IEnumerable<KeyValuePair<byte[], byte[]>> Range(
        SortedDictionary<byte[], byte[]> table, byte[] from, byte[] to, int limit, bool reverse)
    {
        IEnumerable<KeyValuePair<byte[], byte[]>> inside =
            table.Where(entry =>
                to.Length == 0 ? ByBytes.Compare(entry.Key, from) >= 0 : In(entry.Key, from, to));
        return (reverse ? inside.Reverse() : inside).Take(limit);
    }

    private static bool In(byte[] key, byte[] from, byte[] to) =>
        ByBytes.Compare(key, from) >= 0 && ByBytes.Compare(key, to) < 0;

    private static byte[] RandomKey(Random random)
    {
        byte[] key = new byte[random.Next(1, 4)];
        for (int i = 0; i < key.Length; i++)
        {
            key[i] = (byte)(random.Next(4) * 85);
        }

        return key;
    }
}
