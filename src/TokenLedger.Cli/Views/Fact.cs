// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using TokenLedger.Cli.Network;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Cli.Views;

/// <summary>What a fact's text stands for.</summary>
internal enum FactKind
{
    Text,
    Number,
    Address,
    Tag,
    Hash,
    Time,

    /// <summary>Atomic units of <see cref="Fact.Asset"/>.</summary>
    Amount,
}

/// <summary>One field of an operation or event, in its machine form; people's form is made of it.</summary>
internal sealed record Fact(string Key, FactKind Kind, string Text, string Asset = "")
{
    public static Fact Of(string key, string text) => new(key, FactKind.Text, text);

    public static Fact Of(string key, ulong number) =>
        new(key, FactKind.Number, number.ToString(CultureInfo.InvariantCulture));

    public static Fact Of(string key, bool flag) => new(key, FactKind.Text, flag ? "yes" : "no");

    /// <summary>A number up to 2^64, which not every reader of JSON keeps: text; nothing for 0.</summary>
    public static Fact OfTag(string key, ulong tag) =>
        new(key, FactKind.Tag, tag == 0 ? "" : tag.ToString(CultureInfo.InvariantCulture));

    public static Fact Of(string key, in Address address) =>
        new(key, FactKind.Address, address.IsZero ? "" : Eip55.Format(address));

    public static Fact OfAddress(string key, ByteString bytes) =>
        new(key, FactKind.Address, AddressBook.Text(bytes) ?? "");

    public static Fact Of(string key, in Hash256 hash) =>
        new(key, FactKind.Hash, hash.IsZero ? "" : hash.ToString());

    public static Fact OfHash(string key, ByteString bytes) =>
        new(key, FactKind.Hash, Convert.ToHexStringLower(bytes.Span));

    public static Fact OfTime(string key, ulong ms) => new(key, FactKind.Time, Times.Iso(ms));

    public static Fact OfAmount(string key, AssetId asset, Amount amount) =>
        new(key, FactKind.Amount, amount.ToString(), asset.ToString());

    public static Fact OfAmount(string key, string asset, string amount) =>
        new(key, FactKind.Amount, amount, asset);

    /// <summary>For programs: numbers as numbers, everything else as text; amounts are atomic
    /// units.</summary>
    public JsonNode? Json => Kind == FactKind.Number
        ? JsonValue.Create(ulong.Parse(Text, CultureInfo.InvariantCulture))
        : Text.Length == 0 && Kind is FactKind.Address or FactKind.Tag or FactKind.Hash
            ? null
            : JsonValue.Create(Text);

    /// <summary>For people.</summary>
    public string Human(AddressBook addresses, Decimals decimals) => Kind switch
    {
        FactKind.Address when Text.Length > 0 => addresses.Name(addresses.Resolve(Text)),
        FactKind.Amount => decimals.Show(Asset, Text),
        _ => Text,
    };

    /// <summary>Facts as members of an object.</summary>
    public static JsonObject ToJson(string typeKey, string type, IEnumerable<Fact> facts)
    {
        var json = new JsonObject { [typeKey] = type };
        foreach (Fact fact in facts)
        {
            json[fact.Key] = fact.Json;
        }

        return json;
    }
}

/// <summary>Moments as text, in UTC.</summary>
internal static class Times
{
    /// <summary>2026-01-31T23:59:59.123Z; empty for 0.</summary>
    public static string Iso(ulong ms) => ms == 0 ? "" : Moment(ms) is { } moment
        ? moment.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
        : $"{ms} ms";

    /// <summary>2026-01-31 23:59:59; empty for 0.</summary>
    public static string Human(ulong ms) => ms == 0 ? "" : Moment(ms) is { } moment
        ? moment.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
        : $"{ms} ms";

    /// <summary>2026-01-31; empty for 0.</summary>
    public static string Date(ulong ms) => Human(ms) is { Length: 19 } text ? text[..10] : Human(ms);

    private static DateTimeOffset? Moment(ulong ms) =>
        ms <= (ulong)DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)ms)
            : null;
}
