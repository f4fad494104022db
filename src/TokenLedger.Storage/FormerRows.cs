// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.State;

namespace TokenLedger.Storage;

/// <summary>
/// The rows by which the state's tree is walked back from the head: of the newest heights, as many as
/// <see cref="Limits.RetainedHeads"/> and <see cref="Limits.RetainedTreeChanges"/> let earlier states be
/// proved of. Not thread-safe.
/// </summary>
internal sealed class FormerRows
{
    /// <summary>The oldest first. How long a row is tells what it counts, whether its bytes are right or
    /// not.</summary>
    private readonly Queue<(Height Height, int Leaves)> _rows = new();
    private int _leaves;

    /// <summary>Reads which are there.</summary>
    public FormerRows(IKeyValueReader reader)
    {
        foreach (KeyValue row in reader.Scan(LedgerFormat.Former, [], [], int.MaxValue))
        {
            var key = new CanonicalReader(row.Key);
            Enqueue(LedgerFormat.ReadHeight(ref key), LedgerFormat.FormerCount(row.Value));
        }
    }

    /// <summary>Puts a height's row into its batch, and takes out those over a bound.</summary>
    public void Put(
        IWriteBatch batch, CanonicalWriter writer, Height height, ImmutableArray<FormerLeaf> former)
    {
        if (!former.IsDefault && former.Length <= Limits.RetainedTreeChanges)
        {
            writer.Clear();
            LedgerFormat.WriteFormer(writer, former);
            batch.Put(LedgerFormat.Former, LedgerFormat.HeightKey(height), writer.Written);
            Enqueue(height, former.Length);
        }

        // One head fewer than are kept: the newest one's tree is made from the state.
        while (_rows.Count >= Limits.RetainedHeads || _leaves > Limits.RetainedTreeChanges)
        {
            (Height oldest, int leaves) = _rows.Dequeue();
            _leaves -= leaves;
            batch.Delete(LedgerFormat.Former, LedgerFormat.HeightKey(oldest));
        }
    }

    private void Enqueue(Height height, int leaves)
    {
        _rows.Enqueue((height, leaves));
        _leaves = checked(_leaves + leaves);
    }
}
