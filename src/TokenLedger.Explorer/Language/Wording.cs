// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Web;

namespace TokenLedger.Explorer.Language;

/// <summary>
/// The ledger's things as links in a sentence: an account by its name or the ends of its address, an amount
/// in words with every digit in its title.
/// </summary>
internal sealed class Wording(NameBook names, SiteLanguage language)
{
    private const int ShownDigits = 6;

    /// <summary>The names that it uses.</summary>
    public NameBook Names => names;

    /// <summary>The language.</summary>
    public SiteLanguage Language => language;

    /// <summary>The words.</summary>
    public Texts Texts { get; } = Texts.Of(language);

    /// <summary>A link to an account: its name, or the ends of its address.</summary>
    public Markup Account(Address account)
    {
        string address = Eip55.Format(account);
        string? name = names.Account(account, language);
        return Markup.Link(
            SitePaths.Account(account, language),
            name is null ? Markup.Value(Short(address), address) : Markup.Name(name));
    }

    /// <summary>A link to an account by its address, whatever its name.</summary>
    public Markup Key(Address account)
    {
        string address = Eip55.Format(account);
        return Markup.Link(
            SitePaths.Account(account, language), Markup.Value(Short(address), address));
    }

    /// <summary>A link to an institution: its name, or the ends of its address.</summary>
    public Markup Institution(Address institution)
    {
        string address = Eip55.Format(institution);
        string? name = names.Institution(institution, language);
        return Markup.Link(
            SitePaths.Institution(institution, language),
            name is null ? Markup.Value(Short(address), address) : Markup.Name(name));
    }

    /// <summary>A link to an asset, by its symbol.</summary>
    public Markup Asset(AssetId asset) =>
        Markup.Link(SitePaths.Asset(asset, language), Markup.Name(asset.ToString()));

    /// <summary>Who issues an asset; its symbol's dash when it is not known.</summary>
    public Markup Issuer(AssetId asset) =>
        names.Asset(asset) is { } row ? Institution(row.Definition.Issuer) : Markup.Text("–");

    /// <summary>An amount of an asset; in atomic units when the asset is not known.</summary>
    public Markup Amount(Amount amount, AssetId asset) =>
        NumberText.Element(amount.Units, names.Asset(asset)?.Definition.Decimals ?? 0, language);

    /// <summary>An amount of an asset with every digit, for tables.</summary>
    public Markup Exact(Amount amount, AssetId asset) => Markup.Value(
        NumberText.Exact(amount.Units, names.Asset(asset)?.Definition.Decimals ?? 0, language));

    /// <summary>What came to an account, or left it, with every digit.</summary>
    public Markup Signed(bool comes, Amount amount, AssetId asset) => Markup.Value(
        (comes ? "+" : "−")
            + NumberText.Exact(amount.Units, names.Asset(asset)?.Definition.Decimals ?? 0, language));

    /// <summary>An amount of an asset that is at hand, with every digit.</summary>
    public Markup Exact(Amount amount, AssetRow asset) =>
        Markup.Value(NumberText.Exact(amount.Units, asset.Definition.Decimals, language));

    /// <summary>A value in US dollars, in words.</summary>
    /// <param name="microUsd">Millionths of a dollar.</param>
    public Markup Dollars(BigInteger microUsd)
    {
        UInt128 units = Portfolio.Units(microUsd);
        return Markup.Value(
            NumberText.Words(units, Portfolio.ValueDecimals, language, Phrases.Dollars),
            NumberText.Exact(units, Portfolio.ValueDecimals, language));
    }

    /// <summary>A link to a proposal.</summary>
    public Markup Proposal(ulong id) => Markup.Link(SitePaths.Proposal(id, language), Number(id));

    /// <summary>A link to a block.</summary>
    public Markup Block(Height height) => Markup.Link(
        SitePaths.Block(height.Value, language), Markup.Value(NumberText.Count(height.Value, language)));

    /// <summary>A link to a transaction: the ends of its id.</summary>
    public Markup Transaction(Hash256 id) =>
        Markup.Link(SitePaths.Transaction(id, language), Hash(id));

    /// <summary>The ends of a hash, with all of it in the title.</summary>
    public static Markup Hash(Hash256 hash) => Markup.Value(Short(hash.ToString()), hash.ToString());

    /// <summary>A whole hash or address, to be copied.</summary>
    public static Markup Whole(string text) => Markup.Code(text);

    /// <summary>An address of another chain: no account here, so there is nothing to link to.</summary>
    public static Markup Abroad(Address address)
    {
        string text = Eip55.Format(address);
        return Markup.Value(Short(text), text);
    }

    /// <summary>A link to the proof of what is beside it.</summary>
    /// <param name="path">The checking page with that proof.</param>
    public Markup Proof(string path) => Markup.Link(path, Markup.Text(Texts[Phrases.CheckYourself]));

    /// <summary>A number that names something, ungrouped.</summary>
    public static Markup Number(ulong number) =>
        Markup.Value(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>A count, grouped.</summary>
    public Markup Count(ulong count) => Markup.Value(NumberText.Count(count, language));

    /// <summary>A time in full.</summary>
    public Markup Time(TimestampMs time) => TimeText.Element(time.Value, language);

    /// <summary>A phrase as markup.</summary>
    public Markup Say(Phrase phrase, params ReadOnlySpan<(string Name, Markup Value)> values) =>
        Texts.Sentence(phrase, values);

    /// <summary>A sentence of units that move, with the tags that they carry; 0 stands for none.</summary>
    public Markup WithTags(Markup sentence, ulong tag, ulong sourceTag) => Markup.Join(
        " ",
        [
            sentence,
            .. tag == 0 ? (Markup[])[] : [Say(Phrases.WithTag, ("tag", Number(tag)))],
            .. sourceTag == 0 ? (Markup[])[] : [Say(Phrases.WithReturnTag, ("tag", Number(sourceTag)))],
        ]);

    /// <summary>Somebody's sentence: a reason, a memo.</summary>
    public static Markup Quote(string text) => Markup.Name(text, VisibleText.MaxSentence);

    /// <summary>The ends of a long hexadecimal text.</summary>
    public static string Short(string hex) => hex.Length <= 2 + (2 * ShownDigits)
        ? hex
        : $"{hex[..(2 + ShownDigits)]}…{hex[^ShownDigits..]}";
}
