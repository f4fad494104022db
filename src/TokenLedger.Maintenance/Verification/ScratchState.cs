// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core.State;
using TokenLedger.Storage;

namespace TokenLedger.Maintenance.Verification;

/// <summary>
/// The state that a verification builds up for itself, in a store of its own that is thrown away. Never
/// synced. One user.
/// </summary>
public sealed class ScratchState : IStateView
{
    private const int PageEntries = 4_096;

    private static readonly Family State = new(0, "state");

    private readonly IKeyValueStore _store;

    /// <summary>A state over an empty store, which the caller disposes.</summary>
    public ScratchState(IKeyValueStore store) => _store = store;

    /// <summary>The families that the store is opened with.</summary>
    public static ImmutableArray<Family> Families { get; } = [State];

    /// <inheritdoc/>
    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        bool found = _store.TryGet(State, key, out byte[]? bytes);
        value = bytes;
        return found;
    }

    /// <inheritdoc/>
    public IReadOnlyList<StateEntry> Range(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int limit) =>
        to.IsEmpty || limit <= 0 ? [] : [.. _store.Scan(State, from, to, limit).Select(Entry)];

    /// <summary>All entries in key order.</summary>
    public IEnumerable<StateEntry> Entries()
    {
        byte[] from = [];
        while (true)
        {
            IReadOnlyList<KeyValue> page = _store.Scan(State, from, [], PageEntries);
            foreach (KeyValue entry in page)
            {
                yield return Entry(entry);
            }

            if (page.Count < PageEntries)
            {
                yield break;
            }

            from = [.. page[^1].Key, 0];
        }
    }

    /// <summary>Makes a block's changes.</summary>
    public void Apply(IReadOnlyList<StateChange> changes)
    {
        using IWriteBatch batch = _store.CreateBatch();
        foreach (StateChange change in changes)
        {
            if (change.Value is { } value)
            {
                batch.Put(State, change.Key.Span, value.Span);
            }
            else
            {
                batch.Delete(State, change.Key.Span);
            }
        }

        _store.Write(batch, sync: false);
    }

    private static StateEntry Entry(KeyValue entry) => new(entry.Key, entry.Value);
}
