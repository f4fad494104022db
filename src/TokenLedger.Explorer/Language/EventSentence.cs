// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Ledger;

namespace TokenLedger.Explorer.Language;

/// <summary>
/// What happened, in one sentence with links: "Ministry of Finance issued 5 crore of GOV-BOND-2031 to …".
/// Pure, but for what the name book reads.
/// </summary>
internal sealed partial class EventSentence(Wording say)
{
    private readonly Texts _texts = say.Texts;

    /// <summary>The sentence of an event.</summary>
    public Markup Of(LedgerEvent happened) => happened switch
    {
        UnitsIssued e => Issued(e),
        UnitsBurned e => Burned(e),
        Transferred e => Sent(e),
        AccountRegistered e => Registered(e),
        AccountFrozen e => Frozen(e),
        AccountUnfrozen e => Unfrozen(e),
        TagRequirementSet e => _texts.Sentence(
            e.Required ? Phrases.EventTagRequired : Phrases.EventTagNotRequired, ("by", say.Account(e.By)),
            ("account", say.Account(e.Account))),
        AssetCreated e => Created(e),
        DocumentAttached e => Attached(e),
        AssetCapSet e => CapSet(e),
        AssetPaused e => _texts.Sentence(
            Phrases.EventAssetPaused, ("asset", say.Asset(e.Asset)),
            ("reason", Wording.Quote(e.Reason))),
        AssetResumed e => _texts.Sentence(
            Phrases.EventAssetResumed, ("asset", say.Asset(e.Asset)),
            ("reason", Wording.Quote(e.Reason))),
        OfficerGranted e => Granted(e),
        OfficerRevoked e => _texts.Sentence(
            Phrases.EventOfficerRevoked, ("officer", say.Account(e.Officer)),
            ("institution", say.Institution(e.Institution))),
        _ => OfProposal(happened) ?? OfBridge(happened) ?? Markup.Text(_texts[Phrases.EventUnknown]),
    };

    private Markup Issued(UnitsIssued issued) => _texts.Sentence(
        Phrases.EventUnitsIssued, ("issuer", say.Issuer(issued.Asset)),
        ("amount", say.Amount(issued.Amount, issued.Asset)), ("asset", say.Asset(issued.Asset)),
        ("account", say.Account(issued.To)));

    private Markup Burned(UnitsBurned burned) => _texts.Sentence(
        Phrases.EventUnitsBurned, ("issuer", say.Issuer(burned.Asset)),
        ("amount", say.Amount(burned.Amount, burned.Asset)), ("asset", say.Asset(burned.Asset)),
        ("account", say.Account(burned.From)));

    private Markup Sent(Transferred sent) => say.WithTags(
        _texts.Sentence(
            Phrases.EventTransferred, ("from", say.Account(sent.From)), ("account", say.Account(sent.To)),
            ("amount", say.Amount(sent.Amount, sent.Asset)), ("asset", say.Asset(sent.Asset))),
        sent.Tag, sent.SourceTag);

    private Markup Registered(AccountRegistered registered) => _texts.Sentence(
        Phrases.EventAccountRegistered, ("registrar", say.Account(registered.Registrar)),
        ("account", say.Account(registered.Account)), ("kind", Known(Names.Of(registered.Kind))));

    private Markup Frozen(AccountFrozen frozen) => _texts.Sentence(
        Phrases.EventAccountFrozen, ("account", say.Account(frozen.Account)),
        ("mode", Known(Names.Of(frozen.Mode))), ("reference", Wording.Quote(frozen.LegalReference)));

    private Markup Unfrozen(AccountUnfrozen unfrozen) => _texts.Sentence(
        Phrases.EventAccountUnfrozen, ("account", say.Account(unfrozen.Account)),
        ("reference", Wording.Quote(unfrozen.LegalReference)));

    private Markup Created(AssetCreated created) => _texts.Sentence(
        Phrases.EventAssetCreated, ("issuer", say.Institution(created.Issuer)),
        ("asset", say.Asset(created.Asset)),
        ("class", Known(Names.Of(created.Class))), ("cap", say.Amount(created.Cap, created.Asset)));

    private Markup Attached(DocumentAttached attached) => _texts.Sentence(
        Phrases.EventDocumentAttached, ("asset", say.Asset(attached.Asset)),
        ("hash", Wording.Hash(attached.DocumentHash)));

    private Markup CapSet(AssetCapSet set) => _texts.Sentence(
        Phrases.EventAssetCapSet, ("asset", say.Asset(set.Asset)), ("cap", say.Amount(set.Cap, set.Asset)));

    private Markup Granted(OfficerGranted granted) => _texts.Sentence(
        Phrases.EventOfficerGranted, ("institution", say.Institution(granted.Institution)),
        ("officer", say.Account(granted.Officer)),
        ("duties", Markup.Text(Names.Of(granted.Duties, say.Language))));

    private Markup Known(Phrase key) => Markup.Text(_texts[key]);
}
