// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>What the day of the newest block, in UTC, has changed so far.</summary>
/// <param name="Day">Days since 1970-01-01.</param>
/// <param name="Rows">The assets on which anything happened.</param>
internal sealed record Today(uint Day, IReadOnlyList<(AssetRow Asset, DayRow Row)> Rows)
{
    private const ulong DayMs = 24 * 3600 * 1000;

    /// <summary>Reads the day of a view.</summary>
    public static async Task<Today> ReadAsync(
        IIndexView view, Portfolio portfolio, CancellationToken cancellationToken)
    {
        uint day = (uint)(view.Cursor.Time.Value / DayMs);
        var rows = new List<(AssetRow, DayRow)>();
        foreach (AssetRow asset in portfolio.Assets)
        {
            IReadOnlyList<DayRow> newest = await view.DaysAsync(asset.Id, day, 1, cancellationToken)
                .ConfigureAwait(false);
            if (newest is [var row] && row.Day == day)
            {
                rows.Add((asset, row));
            }
        }

        return new Today(day, rows);
    }

    /// <summary>For programs.</summary>
    public object Data => Rows.Select(static r => r.Row);

    /// <summary>In words.</summary>
    public Section Section(Wording say)
    {
        BigInteger issued = Sum(static row => row.Issued);
        BigInteger burned = Sum(static row => row.Burned);
        BigInteger moved = Sum(static row => row.Transferred);
        ulong transfers = Rows.Aggregate(0UL, static (sum, r) => sum + r.Row.Transfers);
        Markup date = Markup.Value(TimeText.DateUtc(Day * DayMs, say.Language));
        return new Section(Phrases.Today)
        {
            Notes = Rows.Count == 0
                ? [say.Say(Phrases.TodayNothing, ("date", date)), Markup.Text(say.Texts[Phrases.TodayNote])]
                :
                [
                    say.Say(Phrases.TodayIssued, ("date", date), ("value", say.Dollars(issued))),
                    say.Say(Phrases.TodayBurned, ("value", say.Dollars(burned))),
                    say.Say(
                        Phrases.TodayMoved, ("count", say.Count(transfers)), ("value", say.Dollars(moved))),
                    Markup.Text(say.Texts[Phrases.TodayNote]),
                ],
            Table = Rows.Count == 0
                ? null
                : new SheetTable(
                    [Phrases.Asset, Phrases.ChartIssued, Phrases.Cancelled, Phrases.Transferred],
                    [.. Rows.Select(r => (IReadOnlyList<Markup>)
                    [
                        say.Asset(r.Asset.Id),
                        say.Exact(r.Row.Issued, r.Asset),
                        say.Exact(r.Row.Burned, r.Asset),
                        say.Exact(r.Row.Transferred, r.Asset),
                    ])]),
        };
    }

    private BigInteger Sum(Func<DayRow, Core.Amount> what) => Rows.Aggregate(
        BigInteger.Zero, (sum, r) => sum + Portfolio.Value(r.Asset.Definition, what(r.Row)));
}
