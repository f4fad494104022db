// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Storage;

/// <content>Balances of earlier heights, and whether the indexes of a block are whole.</content>
public abstract partial class LedgerReader
{
    /// <summary>
    /// The last change of a balance at or below a height. One look-up, however much happened since.
    /// </summary>
    /// <returns>Null when nothing that is here changed it up to there.</returns>
    public BalanceStep? FindBalanceChange(in Address account, in AssetId asset, Height upTo) => First(
        LedgerFormat.BalanceKey(account, asset, upTo),
        [.. LedgerFormat.BalanceKey(account, asset, new Height(0)), 0])?.Change;

    /// <summary>The first change of a balance above a height. One look-up.</summary>
    /// <returns>Null when nothing changed it since.</returns>
    public BalanceStep? FindBalanceChangeAfter(in Address account, in AssetId asset, Height above) => First(
        LedgerFormat.BalancePrefix(account, asset),
        LedgerFormat.BalanceKey(account, asset, above),
        last: true)?.Change;

    /// <summary>
    /// In text order, the next asset of which an account's balance ever changed here. One look-up.
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="after">The one before; null for the first.</param>
    public AssetId? NextChangedAsset(in Address account, AssetId? after)
    {
        byte[] from = after is { } asset
            ? [.. LedgerFormat.BalanceKey(account, asset, new Height(0)), 0]
            : account.ToArray();
        byte[] end = [.. account.ToArray(), .. Enumerable.Repeat((byte)0xFF, AssetId.Size + 8)];
        return First(from, end)?.Asset;
    }

    /// <summary>
    /// True when each event of a block stands in the history of each account that it concerns, and in the
    /// index of each balance that it changes.
    /// </summary>
    public bool HasIndexesOf(Height height, ImmutableArray<EventRecord> events) =>
        Has(LedgerFormat.History, LedgerFormat.HistoryOf(height, events))
        && Has(LedgerFormat.Balances, LedgerFormat.BalancesOf(height, events));

    private bool Has(Family family, List<KeyValue> rows)
    {
        byte[]?[] stored = _reader.MultiGet(
            family, [.. rows.Select(static row => (ReadOnlyMemory<byte>)row.Key)]);
        return rows.Zip(stored).All(static pair =>
            pair.Second is { } value && value.AsSpan().SequenceEqual(pair.First.Value));
    }

    private BalanceRow? First(byte[] from, byte[] to, bool last = false)
    {
        IReadOnlyList<KeyValue> found =
            _reader.Scan(LedgerFormat.Balances, from, to, limit: 1, reverse: last);
        return found.Count == 0
            ? null
            : Decode(LedgerFormat.Balances, [.. found[0].Key, .. found[0].Value], LedgerFormat.ReadBalance);
    }
}
