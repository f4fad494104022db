// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Explorer.Charts;
using TokenLedger.Explorer.Index;

namespace TokenLedger.Explorer.Web;

/// <summary>Who holds an asset: institutions by name, citizens by range.</summary>
/// <param name="Height">The block that it was counted at.</param>
/// <param name="Named">Accounts that are no citizen's, the largest first, up to
/// <see cref="HolderCensus.MaxNamed"/>.</param>
/// <param name="NamedCount">How many such accounts there are.</param>
/// <param name="ByKind">Units by kind of account.</param>
/// <param name="Citizens">Citizens by what they hold, ascending, not joined yet.</param>
internal sealed record HolderCount(
    Height Height,
    IReadOnlyList<(BalanceRow Balance, AccountRow Account)> Named,
    ulong NamedCount,
    IReadOnlyDictionary<AccountKind, UInt128> ByKind,
    IReadOnlyList<HolderRange> Citizens)
{
    /// <summary>Whether there are citizens among them, but so few that the sum of what they hold tells what
    /// one of them has.</summary>
    public bool HasFewCitizens => Citizens.Aggregate(0UL, static (sum, range) => sum + range.Holders)
        is > 0 and < HolderRanges.Fewest;
}

/// <summary>
/// Counts holders. Few are counted as a page is asked for; many in the background, one asset at a time, and
/// pages show the last count with its height. Thread-safe.
/// </summary>
internal sealed class HolderCensus(IIndexStore store, TimeProvider clock, ILogger<HolderCensus> log)
    : IAsyncDisposable
{
    /// <summary>Most accounts that are listed by name.</summary>
    public const int MaxNamed = 200;

    /// <summary>As many holders a page can count in a few milliseconds.</summary>
    public const ulong DefaultAtOnce = 1_000;

    // Ranges end at this power of ten of whole units; each power has three.
    private const int Decades = 13;

    /// <summary>How old a count may be before another begins.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<AssetId, (HolderCount Count, DateTimeOffset At)> _counts = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private Task _running = Task.CompletedTask;

    /// <summary>More holders than these are counted in the background.</summary>
    public ulong AtOnce { get; init; } = DefaultAtOnce;

    /// <summary>The count of an asset; null while the first of many holders is under way.</summary>
    public async Task<HolderCount?> OfAsync(
        IIndexView view, AssetRow asset, CancellationToken cancellationToken)
    {
        if (asset.Holders <= AtOnce)
        {
            return await CountAsync(view, asset, cancellationToken).ConfigureAwait(false);
        }

        bool known = _counts.TryGetValue(asset.Id, out (HolderCount Count, DateTimeOffset At) last);
        if (!known || clock.GetUtcNow() - last.At > Fresh)
        {
            Begin(asset.Id);
        }

        return known ? last.Count : null;
    }

    /// <summary>
    /// The count of an asset after a height; null when more than <see cref="AtOnce"/> accounts have had units
    /// of it: each of them costs a look-up, whoever asks.
    /// </summary>
    public async Task<HolderCount?> ThenAsync(
        IIndexView view, AssetRow asset, Height at, CancellationToken cancellationToken)
    {
        var rows = new List<BalanceRow>();
        Address? after = null;
        ulong looked = 0;
        do
        {
            if (looked >= AtOnce)
            {
                return null;
            }

            // As many rows as it looks at accounts: a page ends for no other reason.
            PastHolders some = await view.HoldersAtAsync(
                asset.Id, at, after, Limits.PageRows, cancellationToken).ConfigureAwait(false);
            rows.AddRange(some.Rows);
            looked += Limits.PageRows;
            after = some.Next;
        }
        while (after is not null);

        rows.Sort(static (a, b) => b.Amount.CompareTo(a.Amount));
        return await CountAsync(view, asset, at, rows.ToAsyncEnumerable(), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        Task running;
        lock (_lock)
        {
            running = _running;
        }

        await running.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private void Begin(AssetId asset)
    {
        lock (_lock)
        {
            if (_running.IsCompleted && !_stopping.IsCancellationRequested)
            {
                _running = Task.Run(() => RunAsync(asset));
            }
        }
    }

    private async Task RunAsync(AssetId id)
    {
#pragma warning disable CA1031 // Nobody awaits it: a failure is logged, and the next page begins anew.
        try
        {
            await using IIndexView? view = await store.ViewAsync(_stopping.Token).ConfigureAwait(false);
            if (view is not null
                && await view.FindAssetAsync(id, _stopping.Token).ConfigureAwait(false) is { } asset)
            {
                HolderCount count = await CountAsync(view, asset, _stopping.Token).ConfigureAwait(false);
                _counts[id] = (count, clock.GetUtcNow());
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            Log.CensusFailed(log, id, e);
        }
#pragma warning restore CA1031
    }

    private static Task<HolderCount> CountAsync(
        IIndexView view, AssetRow asset, CancellationToken cancellationToken) => CountAsync(
            view, asset, view.Cursor.Height,
            Listing.AllAsync<BalanceRow>(
                (last, limit) => view.HoldersAsync(asset.Id, last, limit, cancellationToken),
                cancellationToken),
            cancellationToken);

    private static async Task<HolderCount> CountAsync(
        IIndexView view, AssetRow asset, Height height, IAsyncEnumerable<BalanceRow> holders,
        CancellationToken cancellationToken)
    {
        UInt128[] bounds = Bounds(asset.Definition.Decimals);
        ulong[] citizens = new ulong[bounds.Length];
        var named = new List<(BalanceRow, AccountRow)>();
        var byKind = new Dictionary<AccountKind, UInt128>();
        ulong namedCount = 0;
        await foreach (BalanceRow row in holders.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            AccountRow account = await view.FindAccountAsync(row.Account, cancellationToken)
                .ConfigureAwait(false)
                ?? throw new InvariantException($"Holder {row.Account} is not in the register.");
            byKind[account.Kind] = byKind.GetValueOrDefault(account.Kind) + row.Amount.Units;
            if (account.Kind == AccountKind.Citizen)
            {
                citizens[Array.FindLastIndex(bounds, bound => bound <= row.Amount.Units)]++;
                continue;
            }

            namedCount++;
            if (named.Count < MaxNamed)
            {
                named.Add((row, account));
            }
        }

        HolderRange[] ranges = [.. citizens.Select((count, i) => new HolderRange(
            bounds[i], i + 1 < bounds.Length ? bounds[i + 1] : null, count))];
        return new HolderCount(height, named, namedCount, byKind, ranges);
    }

    // 0, 1, 2, 5, 10, 20, 50… whole units, in atomic ones.
    private static UInt128[] Bounds(byte decimals)
    {
        var bounds = new List<UInt128> { 0 };
        UInt128 bound = 1;
        for (int power = 0; power < decimals + Decades; power++)
        {
            if (power >= decimals)
            {
                bounds.AddRange([bound, 2 * bound, 5 * bound]);
            }

            bound *= 10;
        }

        return [.. bounds];
    }
}
