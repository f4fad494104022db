// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Serialization;
using TokenLedger.Core;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Examples;

/// <summary>A line of the book, in the order of the ledger. One without an entry only moves the cursor.
/// </summary>
internal sealed record BookLine(string Cursor, BookEntry? Entry = null);

/// <summary>
/// What moved the account's units. Amounts have up to 128 bits: as text they are read by every language.
/// </summary>
/// <param name="Height">With the index, the entry's id for ever.</param>
/// <param name="Index">Among the block's events.</param>
/// <param name="Asset">Of which units.</param>
/// <param name="Amount">Atomic units, with a minus when they leave.</param>
/// <param name="Tag">The customer's; 0 for none.</param>
/// <param name="From">Whom a deposit came from.</param>
/// <param name="SourceTag">The tag that a return to him needs.</param>
internal sealed record BookEntry(
    string Height, uint Index, string Asset, string Amount, string Tag, string From, string SourceTag)
{
    [JsonIgnore]
    public (ulong Height, uint Index) Id => (ulong.Parse(Height, CultureInfo.InvariantCulture), Index);

    /// <summary>What an event does to the account's units; null for one that does nothing.</summary>
    public static BookEntry? Of(Event happened, Address account)
    {
        byte[] own = account.ToArray();
        return happened switch
        {
            { Transferred: { } moved } when moved.To.Span.SequenceEqual(own) => New(
                happened, moved.Asset, moved.Amount, moved.Tag, Convert.ToHexStringLower(moved.From.Span),
                moved.SourceTag),
            { Transferred: { } moved } when moved.From.Span.SequenceEqual(own) => New(
                happened, moved.Asset, "-" + moved.Amount, moved.Tag, Convert.ToHexStringLower(own),
                moved.SourceTag),
            { UnitsIssued: { } issued } when issued.To.Span.SequenceEqual(own) =>
                New(happened, issued.Asset, issued.Amount, 0, "", 0),
            { UnitsBurned: { } burned } when burned.From.Span.SequenceEqual(own) =>
                New(happened, burned.Asset, "-" + burned.Amount, 0, Convert.ToHexStringLower(own), 0),
            _ => null,
        };
    }

    private static BookEntry New(
        Event happened, string asset, string amount, ulong tag, string from, ulong sourceTag) => new(
        Text(happened.Height), happened.Index, asset, amount, Text(tag), from, Text(sourceTag));

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
