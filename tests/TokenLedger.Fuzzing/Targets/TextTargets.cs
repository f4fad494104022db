// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using TokenLedger.Cli.Exchange;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Networks;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Verbs;
using TokenLedger.Cli.Views;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Fuzzing.Shapes;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Fuzzing.Targets;

/// <summary>What people type, and the short texts within messages and files.</summary>
internal static class TextTargets
{
    private const int Decimals = 2;

    public static readonly ImmutableArray<FuzzTarget> All =
    [
        Text(
            "text.AssetId", ["AssetId.TryParse", "AssetId.TryRead", "AssetId.Parse"], Spelling.One,
            g => g.Asset().ToString(),
            text => AssetId.TryParse(text, out AssetId id) ? id : null,
            value => $"{value}"),
        Text(
            "text.Amount", ["Amount.TryParse"], Spelling.One,
            g => g.Amount().ToString(),
            text => Amount.TryParse(text, out Amount amount) ? amount : null,
            value => $"{value}"),
        Text(
            "text.Address", ["Address.TryParse", "Hex.TryParse"], Spelling.Normal,
            g => g.Address().ToString(),
            text => Address.TryParse(text, out Address address) ? address : null,
            value => $"{value}"),
        Text(
            "text.Hash", ["Hash256.TryParse"], Spelling.Normal,
            g => g.Hash().ToString(),
            text => Hash256.TryParse(text, out Hash256 hash) ? hash : null,
            value => $"{value}"),
        Text(
            "text.Checksummed", ["Eip55.Parse"], Spelling.Normal,
            g => Eip55.Format(g.Address()),
            text => Eip55.Parse(text, out Address address) is AddressText.Checksummed
                or AddressText.Unchecksummed ? address : null,
            value => Eip55.Format((Address)value)),
        Text(
            "text.Tagged", ["TaggedAddress.TryParse"], Spelling.Normal,
            g => new TaggedAddress(g.Address(), Math.Max(1, g.U64())).ToString(),
            text => TaggedAddress.TryParse(text, out TaggedAddress address) is TaggedText.Valid
                ? address : null,
            value => $"{value}"),
        Text(
            "text.SnakeCase", ["SnakeCase.TryParse"], Spelling.One,
            g => SnakeCase.Of(g.Enum<RejectionCode>()),
            text => SnakeCase.TryParse(text, out RejectionCode code) ? code : null,
            value => SnakeCase.Of((RejectionCode)value)),
        Text(
            "text.Label", ["Labels.Read"], Spelling.One,
            g => new string((char)('a' + g.Below(26)), 1 + g.Below(4)) + "-" + g.Below(100),
            text => StrictJson.Read(
                JsonSerializer.SerializeToUtf8Bytes(text), 64 * 1024, Labels.Read),
            value => (string)value),
        Text(
            "cli.Amount", ["AmountText.Parse"], Spelling.Normal,
            g => g.Coin()
                ? AmountText.Grouped(new Amount(1 + (g.U128() % UInt128.MaxValue)), Decimals)
                : AmountText.GroupedByLakh(new Amount(1 + (UInt128)g.Below(int.MaxValue)), Decimals),
            text => AmountText.Parse(text, Decimals, atomic: false),
            value => AmountText.Plain((Amount)value, Decimals)),
        Text(
            "cli.Duration", ["Durations.Parse"], Spelling.Normal,
            g => $"{1 + g.Below(300)}{g.OneOf("ms", "s", "m", "h", "d")}",
            text => Durations.Parse(text, "--for"),
            value => ((TimeSpan)value).TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) + "ms"),
        Text(
            "cli.RequestId", ["RequestIds.Parse"], Spelling.Normal,
            g => new Guid(g.Bytes(16)).ToString("D"),
            text => RequestIds.Parse(text),
            value => RequestIds.Text((RequestId)value)),
        Text(
            "cli.DepositId", ["DepositId.Parse"], Spelling.Normal,
            g => $"{g.U64()}/{g.U32()}",
            text => DepositId.Parse(text),
            value => value is (ulong height, uint index) ? $"{height}/{index}" : ""),
        Text(
            "cli.Day", [], Spelling.One,
            g => DateTime.UnixEpoch.AddDays(g.Below(40_000))
                .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            text => Inputs.Day(text, "--from"),
            value => DateTime.UnixEpoch.AddMilliseconds(((TimestampMs)value).Value)
                .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        Text(
            "cli.Choice", [], Spelling.Normal,
            g => SnakeCase.Of(g.Enum<AssetClass>()),
            text => Inputs.Choice<AssetClass>(text, "--class"),
            value => $"{value}"),
        Text(
            "cli.Account", [], Spelling.Normal,
            g => Eip55.Format(g.Address()),
            text => new AddressBook(null).Resolve(text),
            value => Eip55.Format((Address)value)),
        Text(
            "cli.Endpoint", [], Spelling.Normal,
            g => $"http{(g.Coin() ? "s" : "")}://node-{g.Below(9)}.example:{1 + g.Below(65_535)}",
            text => ContextFile.Endpoint(text),
            value => ContextFile.Text((Uri)value)),
    ];

    private static FuzzTarget Text(
        string name, ImmutableArray<string> covers, Spelling spelling, Func<CoreGenerator, string> sample,
        Func<string, object?> parse, Func<object, string> write) => new()
        {
            Name = name,
            Shape = TextShape.Instance,
            Sample = g => Encoding.UTF8.GetBytes(sample(g)),
            Decode = bytes => RpcTargets.OfText(bytes, parse),
            Encode = value => Encoding.UTF8.GetBytes(write(value)),
            Spelling = spelling,
            Declared = [typeof(CliException), typeof(StrictJsonException)],
            Covers = covers,
        };
}
