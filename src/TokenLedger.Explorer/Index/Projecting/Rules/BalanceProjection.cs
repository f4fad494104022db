// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Blocks;

namespace TokenLedger.Explorer.Index.Projecting.Rules;

/// <summary>Units: postings, balances, supplies, holders, and what a day was.</summary>
internal sealed class BalanceProjection(VerifiedBlock block, ProjectionState before)
{
    private readonly Working<(Address Account, AssetId Asset), Amount> _balances = new(before.Balances);
    private readonly uint _day = ProjectionKeys.DayOf(block.Header.Timestamp);

    public List<PostingRow> Postings { get; } = [];

    public Working<AssetId, AssetRow> Assets { get; } = new(before.Assets);

    public Working<AssetId, DayRow> Days { get; } = new(before.Days);

    /// <summary>Applies an event that is about units.</summary>
    /// <returns>False when it is not.</returns>
    public bool Apply(EventPlace place, EventRecord record)
    {
        switch (record.Event)
        {
            case UnitsIssued e:
                Credit(place, record, PostingKind.Issued, e.Asset, e.To, e.Amount, e.BalanceAfter, default);
                SetSupply(e.Asset, Sum(AssetOf(e.Asset).Supply, e.Amount, "supply"), e.SupplyAfter);
                ChangeDay(e.Asset, day => day with { Issued = Saturated(day.Issued, e.Amount) });
                return true;
            case UnitsBurned e:
                Debit(place, record, PostingKind.Burned, e.Asset, e.From, e.Amount, e.BalanceAfter, default);
                SetSupply(e.Asset, Difference(AssetOf(e.Asset).Supply, e.Amount, "supply"), e.SupplyAfter);
                ChangeDay(e.Asset, day => day with { Burned = Saturated(day.Burned, e.Amount) });
                return true;
            case Transferred e:
                Debit(place, record, PostingKind.Sent, e.Asset, e.From, e.Amount, e.FromAfter, e.To);
                Credit(place, record, PostingKind.Received, e.Asset, e.To, e.Amount, e.ToAfter, e.From);
                ChangeDay(e.Asset, day => day with
                {
                    Transferred = Saturated(day.Transferred, e.Amount),
                    Transfers = day.Transfers + 1,
                });
                return true;
            default:
                return false;
        }
    }

    /// <summary>Balances that are other than before the block.</summary>
    public IReadOnlyList<BalanceChange> Changes() =>
    [
        .. _balances.Changed
            .Select(row => new BalanceChange(
                row.Key.Account, row.Key.Asset, before.Balances.GetValueOrDefault(row.Key), row.Value))
            .Where(static change => change.Before != change.After),
    ];

    /// <summary>Assets of which other amounts are out, or with other accounts, than before the block. Ask
    /// once holders are counted.</summary>
    public IReadOnlyList<SupplyRow> Supplies() =>
    [
        .. Assets.Changed.Values
            .Where(asset => !before.Assets.TryGetValue(asset.Id, out AssetRow? old)
                ? !asset.Supply.IsZero
                : old.Supply != asset.Supply || old.Holders != asset.Holders)
            .Select(asset => new SupplyRow(asset.Id, block.Header.Height, asset.Supply, asset.Holders)),
    ];

    /// <summary>Brings the assets' holders up to date, once all events are applied.</summary>
    public void CountHolders()
    {
        foreach (BalanceChange change in Changes())
        {
            AssetRow asset = AssetOf(change.Asset);
            if (change.Before.IsZero)
            {
                Assets.Set(change.Asset, asset with { Holders = asset.Holders + 1 });
            }
            else if (change.After.IsZero)
            {
                Assets.Set(change.Asset, asset with { Holders = asset.Holders - 1 });
            }
        }
    }

    private void Credit(
        EventPlace place, EventRecord record, PostingKind kind, AssetId asset, Address account,
        Amount amount, Amount after, Address counterparty)
    {
        _balances.TryGet((account, asset), out Amount now);
        Post(
            place, record, kind, asset, account, amount, Sum(now, amount, "balance"), after, counterparty);
    }

    private void Debit(
        EventPlace place, EventRecord record, PostingKind kind, AssetId asset, Address account,
        Amount amount, Amount after, Address counterparty)
    {
        _balances.TryGet((account, asset), out Amount now);
        Post(
            place, record, kind, asset, account, amount, Difference(now, amount, "balance"), after,
            counterparty);
    }

    private void Post(
        EventPlace place, EventRecord record, PostingKind kind, AssetId asset, Address account,
        Amount amount, Amount computed, Amount said, Address counterparty)
    {
        Require(computed == said, $"{account} has {computed} units of {asset}; its event says {said}.");
        _balances.Set((account, asset), said);
        Postings.Add(new PostingRow(
            account, place, kind, asset, amount, said, counterparty, record.TransactionIndex,
            block.Header.Timestamp));
    }

    private void SetSupply(AssetId asset, Amount computed, Amount said)
    {
        Require(computed == said, $"{computed} units of {asset} are outstanding; its event says {said}.");
        Assets.Set(asset, AssetOf(asset) with { Supply = said });
    }

    private void ChangeDay(AssetId asset, Func<DayRow, DayRow> change)
    {
        DayRow day = Days.TryGet(asset, out DayRow? known)
            ? known
            : new DayRow(asset, _day, default, default, default, 0, default);
        Days.Set(asset, change(day) with { Supply = AssetOf(asset).Supply });
    }

    private AssetRow AssetOf(AssetId asset) => Assets.TryGet(asset, out AssetRow? row)
        ? row
        : throw new ProjectionException(block.Header.Height, $"there is no asset {asset}.");

    private Amount Sum(Amount now, Amount more, string what) => now.TryAdd(more, out Amount sum)
        ? sum
        : throw new ProjectionException(block.Header.Height, $"a {what} of {now} cannot get {more} more.");

    private Amount Difference(Amount now, Amount less, string what) => now.TrySubtract(less, out Amount rest)
        ? rest
        : throw new ProjectionException(block.Header.Height, $"a {what} of {now} cannot lose {less}.");

    /// <summary>What moves in a day may be more than there is: the same units move again.</summary>
    private static Amount Saturated(Amount sum, Amount more) =>
        sum.TryAdd(more, out Amount all) ? all : new Amount(UInt128.MaxValue);

    private void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new ProjectionException(block.Header.Height, what);
        }
    }
}
