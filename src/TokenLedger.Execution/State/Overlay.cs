// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using TokenLedger.Core;
using TokenLedger.Core.State;

namespace TokenLedger.Execution;

/// <summary>
/// Writes on top of a parent state: reads fall through to the parent, writes stay here. One overlay holds one
/// unfinalized block; its children's overlays stack on it. Savepoints undo an operation or a transaction.
/// One user until <see cref="Freeze"/>; after it immutable and safe for many readers when the parent is.
/// </summary>
public sealed class Overlay : IStateView
{
    private const int PageRows = 64;

    private static readonly Comparison<StateChange> ByKey =
        static (a, b) => a.Key.Span.SequenceCompareTo(b.Key.Span);

    // Slots stand in the order of first writing, and per table in the same order: the dictionary only finds
    // them.
    private readonly Dictionary<byte[], int> _index = new(ByteSequenceComparer.Instance);
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _find;
    private readonly List<Slot> _slots = [];
    private readonly List<int>?[] _tables = new List<int>?[256];
    private readonly List<Undo> _journal = [];
    private StateChange[]? _frozen;

    /// <summary>An overlay without writes.</summary>
    public Overlay(IStateView parent)
    {
        Parent = parent;
        _find = _index.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>What this overlay lies on.</summary>
    public IStateView Parent { get; }

    /// <summary>True when nothing more may be written.</summary>
    public bool IsFrozen => _frozen is not null;

    /// <inheritdoc/>
    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        if (_find.TryGetValue(key, out int at))
        {
            ref readonly Slot slot = ref CollectionsMarshal.AsSpan(_slots)[at];
            if (slot.Written)
            {
                value = slot.Value;
                return slot.Value is not null;
            }
        }

        return Parent.TryGet(key, out value);
    }

    /// <inheritdoc/>
    public IReadOnlyList<StateEntry> Range(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int limit)
    {
        var result = new List<StateEntry>();
        ReadOnlySpan<StateChange> own = OwnRange(from, to);
        byte[] cursor = from.ToArray();
        IReadOnlyList<StateEntry> page = [];
        int read = 0;
        bool parentEnded = false;
        while (result.Count < limit)
        {
            if (read == page.Count && !parentEnded)
            {
                int want = Math.Max(PageRows, limit - result.Count);
                page = Parent.Range(cursor, to, want);
                read = 0;
                parentEnded = page.Count < want;
                cursor = page.Count == 0 ? cursor : [.. page[^1].Key.Span, 0];
            }

            if (read == page.Count && own.IsEmpty)
            {
                break;
            }

            int order = read == page.Count ? -1
                : own.IsEmpty ? 1
                : own[0].Key.Span.SequenceCompareTo(page[read].Key.Span);
            if (order > 0)
            {
                result.Add(page[read++]);
                continue;
            }

            read += order == 0 ? 1 : 0;
            if (own[0].Value is { } value)
            {
                result.Add(new StateEntry(own[0].Key, value));
            }

            own = own[1..];
        }

        return result;
    }

    /// <summary>Sets a key. The overlay keeps both arrays: the caller no longer writes to them.</summary>
    public void Put(byte[] key, byte[] value) => Write(key, value);

    /// <summary>Removes a key; nothing happens when it has no value. The overlay keeps the array.</summary>
    public void Remove(byte[] key) => Write(key, null);

    /// <summary>A point to come back to. Points nest: going back to one forgets those taken after
    /// it.</summary>
    public Savepoint Save() => new(_journal.Count);

    /// <summary>Undoes every write since the point.</summary>
    public void RollBack(Savepoint point)
    {
        Invariant.Require(_frozen is null, "a frozen overlay is not rolled back");
        Invariant.Require(point.Position <= _journal.Count, "a savepoint belongs to what was written");
        Span<Slot> slots = CollectionsMarshal.AsSpan(_slots);
        for (int i = _journal.Count - 1; i >= point.Position; i--)
        {
            Undo undo = _journal[i];
            slots[undo.Slot] = slots[undo.Slot] with { Value = undo.Value, Written = undo.Written };
        }

        CollectionsMarshal.SetCount(_journal, point.Position);
    }

    /// <summary>Ends writing: sorts the changes and drops what only undoing needed.</summary>
    public void Freeze()
    {
        if (_frozen is null)
        {
            _frozen = SortedChanges();
            _journal.Clear();
            _journal.TrimExcess();
        }
    }

    /// <summary>What this overlay itself changes against its parent, by key in byte order; each key
    /// once.</summary>
    public IReadOnlyList<StateChange> Changes() => _frozen ?? SortedChanges();

    private void Write(byte[] key, byte[]? value)
    {
        Invariant.Require(_frozen is null, "a frozen overlay is not written");
        ref int at = ref CollectionsMarshal.GetValueRefOrAddDefault(_index, key, out bool exists);
        if (!exists)
        {
            at = _slots.Count;
            _slots.Add(new Slot(key, null, false));
            (_tables[key[0]] ??= []).Add(at);
        }

        ref Slot slot = ref CollectionsMarshal.AsSpan(_slots)[at];
        _journal.Add(new Undo(at, slot.Value, slot.Written));
        slot = slot with { Value = value, Written = true };
    }

    private StateChange[] SortedChanges()
    {
        var changes = new List<StateChange>(_slots.Count);
        foreach (Slot slot in _slots)
        {
            if (slot.Written)
            {
                changes.Add(slot.Change);
            }
        }

        changes.Sort(ByKey);
        return [.. changes];
    }

    private ReadOnlySpan<StateChange> OwnRange(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        if (from.SequenceCompareTo(to) >= 0)
        {
            return [];
        }

        if (_frozen is not null)
        {
            int first = FirstAtOrAfter(_frozen, from);
            return _frozen.AsSpan(first..Math.Max(first, FirstAtOrAfter(_frozen, to)));
        }

        var own = new List<StateChange>();
        int lastTable = to.IsEmpty ? 0 : to[0];
        for (int table = from.IsEmpty ? 0 : from[0]; table <= lastTable; table++)
        {
            foreach (int at in _tables[table] ?? [])
            {
                Slot slot = _slots[at];
                if (slot.Written && from.SequenceCompareTo(slot.Key) <= 0
                    && to.SequenceCompareTo(slot.Key) > 0)
                {
                    own.Add(slot.Change);
                }
            }
        }

        own.Sort(ByKey);
        return CollectionsMarshal.AsSpan(own);
    }

    private static int FirstAtOrAfter(StateChange[] sorted, ReadOnlySpan<byte> key)
    {
        int low = 0;
        for (int high = sorted.Length; low < high;)
        {
            int middle = (low + high) / 2;
            if (sorted[middle].Key.Span.SequenceCompareTo(key) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>A key that was written at least once; not <paramref name="Written"/> when all that was
    /// undone.</summary>
    private readonly record struct Slot(byte[] Key, byte[]? Value, bool Written)
    {
        public StateChange Change => new(Key, Value is null ? null : (ReadOnlyMemory<byte>?)Value);
    }

    private readonly record struct Undo(int Slot, byte[]? Value, bool Written);
}
