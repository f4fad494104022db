// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Index.Projecting;

/// <summary>Rows as a block leaves them: changed ones over those from before. Not thread-safe.</summary>
internal sealed class Working<TKey, TRow>(IReadOnlyDictionary<TKey, TRow> before)
    where TKey : notnull
{
    private readonly Dictionary<TKey, TRow> _changed = [];

    /// <summary>The changed rows.</summary>
    public IReadOnlyDictionary<TKey, TRow> Changed => _changed;

    /// <summary>The row now.</summary>
    public bool TryGet(TKey key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out TRow row) =>
        _changed.TryGetValue(key, out row) || before.TryGetValue(key, out row);

    /// <summary>Sets a row.</summary>
    public void Set(TKey key, TRow row) => _changed[key] = row;
}
