// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Cli.Verbs;
using TokenLedger.Core;
using TokenLedger.Core.Json;

namespace TokenLedger.Cli.Exchange;

/// <summary>
/// An exchange's own book: what it owes to whom, by asset. A CSV file with the heading asset,amount, or one
/// JSON object a line with asset and amount, which counts atomic units. Lines of one asset add up.
/// </summary>
internal static class OwnBook
{
    private const string Heading = "asset,amount";
    private const int MaxLine = 64 * 1024;

    /// <exception cref="CliException">A line is none, or a sum is over 128 bits.</exception>
    public static async Task<SortedDictionary<string, Amount>> ReadAsync(
        Session session, string file, bool atomic, CancellationToken token)
    {
        IReadOnlyList<(int Number, string Text)> lines = InputFile.Lines(session, file);
        bool json = lines[0].Text.StartsWith('{');
        if (!json && lines[0].Text != Heading)
        {
            throw CliException.Usage($"{file} begins neither with the heading {Heading} nor with an object.");
        }

        var sums = new SortedDictionary<string, Amount>(StringComparer.Ordinal);
        foreach ((int number, string text) in json ? lines : lines.Skip(1))
        {
            (AssetId asset, Amount amount) = json
                ? ReadObject($"{file}:{number}", text)
                : await ReadRowAsync(session, $"{file}:{number}", text, atomic, token);
            string symbol = asset.ToString();
            sums[symbol] = sums.GetValueOrDefault(symbol).TryAdd(amount, out Amount sum)
                ? sum
                : throw CliException.Usage($"{file}:{number}: the sum of {symbol} is over 128 bits.");
        }

        return sums;
    }

    private static (AssetId Asset, Amount Amount) ReadObject(string where, string text) =>
        InputFile.Strict(
            where, System.Text.Encoding.UTF8.GetBytes(text), MaxLine,
            static root => root.Object(static o =>
            {
                (AssetId, Amount) read = (o.Required("asset").Asset(), o.Required("amount").Amount());
                foreach (string other in o.Keys.Where(k => k is not ("asset" or "amount")).ToArray())
                {
                    _ = o.TryGet(other, out StrictValue _);
                }

                return read;
            }));

    private static async Task<(AssetId Asset, Amount Amount)> ReadRowAsync(
        Session session, string where, string text, bool atomic, CancellationToken token)
    {
        string[] fields = CsvLine.Split(text);
        if (fields.Length != 2)
        {
            throw CliException.Usage(
                $"{where} has {fields.Length} fields, not 2.",
                next: "An amount with commas stands in quotes: \"1,250.50\"");
        }

        AssetId asset = Inputs.Asset(fields[0]);
        string digits = fields[1].Trim();
        return (asset, digits.Trim('0', '.').Length == 0 && digits.Length > 0
            ? Amount.Zero
            : await Inputs.AmountAsync(session, digits, asset, atomic, token));
    }
}
