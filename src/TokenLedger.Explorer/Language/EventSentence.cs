// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Explorer.Web;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Explorer.Language;

/// <summary>
/// What happened, in one sentence with links: "Ministry of Finance issued 5 crore of GOV-BOND-2031 to …". Pure,
/// but for what the name book reads.
/// </summary>
internal sealed partial class EventSentence(INameBook names, SiteLanguage language)
{
    private const int ShownDigits = 6;

    private readonly Texts _texts = Texts.Of(language);

    /// <summary>The sentence of an event.</summary>
    public Markup Of(Event happened) => happened.KindCase switch
    {
        Event.KindOneofCase.UnitsIssued => Issued(happened.UnitsIssued),
        Event.KindOneofCase.UnitsBurned => Burned(happened.UnitsBurned),
        Event.KindOneofCase.Transferred => Sent(happened.Transferred),
        Event.KindOneofCase.AccountRegistered => Registered(happened.AccountRegistered),
        Event.KindOneofCase.AccountFrozen => Frozen(happened.AccountFrozen),
        Event.KindOneofCase.AccountUnfrozen => Unfrozen(happened.AccountUnfrozen),
        Event.KindOneofCase.AssetCreated => Created(happened.AssetCreated),
        Event.KindOneofCase.DocumentAttached => Attached(happened.DocumentAttached),
        Event.KindOneofCase.AssetCapSet => CapSet(happened.AssetCapSet),
        Event.KindOneofCase.AssetPaused => _texts.Sentence(
            TextKey.EventAssetPaused, ("asset", Asset(happened.AssetPaused.Asset)),
            ("reason", Sentence(happened.AssetPaused.Reason))),
        Event.KindOneofCase.AssetResumed => _texts.Sentence(
            TextKey.EventAssetResumed, ("asset", Asset(happened.AssetResumed.Asset)),
            ("reason", Sentence(happened.AssetResumed.Reason))),
        Event.KindOneofCase.OfficerGranted => Granted(happened.OfficerGranted),
        Event.KindOneofCase.OfficerRevoked => _texts.Sentence(
            TextKey.EventOfficerRevoked, ("officer", Account(happened.OfficerRevoked.Officer)),
            ("institution", Institution(happened.OfficerRevoked.Institution))),
        _ => OfProposal(happened) ?? OfBridge(happened) ?? Markup.Text(_texts[TextKey.EventUnknown]),
    };

    /// <summary>A link to an account: its name, or the ends of its address.</summary>
    public Markup Account(ByteString account)
    {
        string address = AddressOf(account);
        string? name = names.Account(account.Span, language);
        return Markup.Link(
            SitePaths.Account(address, language),
            name is null ? Markup.Value(Short(address), address) : Markup.Name(name));
    }

    /// <summary>A link to an institution: its name, or the ends of its address.</summary>
    public Markup Institution(ByteString institution) => Institution(institution.Memory);

    /// <summary>A link to an asset.</summary>
    public Markup Asset(string symbol) =>
        Markup.Link(SitePaths.Asset(symbol, language), Markup.Name(symbol));

    /// <summary>An amount of an asset; in atomic units as the wire has it when the asset is not known.</summary>
    public Markup Amount(string units, string asset) =>
        names.Decimals(asset) is { } decimals && Core.Amount.TryParse(units, out Amount amount)
            ? NumberText.Element(amount.Units, decimals, language)
            : Markup.Name(units);

    private Markup Institution(ReadOnlyMemory<byte> institution)
    {
        string address = AddressOf(ByteString.CopyFrom(institution.Span));
        string? name = names.Institution(institution.Span, language);
        return Markup.Link(
            SitePaths.Institution(address, language),
            name is null ? Markup.Value(Short(address), address) : Markup.Name(name));
    }

    private Markup Issued(UnitsIssued issued) => _texts.Sentence(
        TextKey.EventUnitsIssued, ("issuer", Institution(names.Issuer(issued.Asset))),
        ("amount", Amount(issued.Amount, issued.Asset)), ("asset", Asset(issued.Asset)),
        ("account", Account(issued.To)));

    private Markup Burned(UnitsBurned burned) => _texts.Sentence(
        TextKey.EventUnitsBurned, ("issuer", Institution(names.Issuer(burned.Asset))),
        ("amount", Amount(burned.Amount, burned.Asset)), ("asset", Asset(burned.Asset)),
        ("account", Account(burned.From)));

    private Markup Sent(Transferred sent) => _texts.Sentence(
        TextKey.EventTransferred, ("from", Account(sent.From)), ("account", Account(sent.To)),
        ("amount", Amount(sent.Amount, sent.Asset)), ("asset", Asset(sent.Asset)));

    private Markup Registered(AccountRegistered registered) => _texts.Sentence(
        TextKey.EventAccountRegistered, ("registrar", Account(registered.Registrar)),
        ("account", Account(registered.Account)), ("kind", Known(Names.Of(registered.Kind))));

    private Markup Frozen(AccountFrozen frozen) => _texts.Sentence(
        TextKey.EventAccountFrozen, ("account", Account(frozen.Account)),
        ("mode", Known(Names.Of(frozen.Mode))), ("reference", Sentence(frozen.LegalReference)));

    private Markup Unfrozen(AccountUnfrozen unfrozen) => _texts.Sentence(
        TextKey.EventAccountUnfrozen, ("account", Account(unfrozen.Account)),
        ("reference", Sentence(unfrozen.LegalReference)));

    private Markup Created(AssetCreated created) => _texts.Sentence(
        TextKey.EventAssetCreated, ("issuer", Institution(created.Issuer)), ("asset", Asset(created.Asset)),
        ("class", Known(Names.Of(created.AssetClass))), ("cap", Amount(created.Cap, created.Asset)));

    private Markup Attached(DocumentAttached attached) => _texts.Sentence(
        TextKey.EventDocumentAttached, ("asset", Asset(attached.Asset)),
        ("hash", HexValue(attached.DocumentHash)));

    private Markup CapSet(AssetCapSet set) => _texts.Sentence(
        TextKey.EventAssetCapSet, ("asset", Asset(set.Asset)), ("cap", Amount(set.Cap, set.Asset)));

    private Markup Granted(OfficerGranted granted) => _texts.Sentence(
        TextKey.EventOfficerGranted, ("institution", Institution(granted.Institution)),
        ("officer", Account(granted.Officer)),
        ("duties", Markup.Text(Names.Duties(granted.Duties, language))));

    private Markup Known(TextKey key) => Markup.Text(_texts[key]);

    private static Markup Sentence(string text) => Markup.Name(text, VisibleText.MaxSentence);

    private static Markup Number(ulong number) =>
        Markup.Value(number.ToString(CultureInfo.InvariantCulture));

    private static Markup HexValue(ByteString bytes)
    {
        string text = HexOf(bytes);
        return Markup.Value(Short(text), text);
    }

    // The checksummed form, as everywhere; other bytes than an address has are shown as they are, bounded.
    private static string AddressOf(ByteString bytes) =>
        bytes.Length == Address.Size ? Eip55.Format(new Address(bytes.Span)) : HexOf(bytes);

    private static string HexOf(ByteString bytes) =>
        "0x" + Convert.ToHexStringLower(bytes.Span[..Math.Min(bytes.Length, Hash256.Size)]);

    private static string Short(string hex) => hex.Length <= 2 + (2 * ShownDigits)
        ? hex
        : $"{hex[..(2 + ShownDigits)]}…{hex[^ShownDigits..]}";
}
