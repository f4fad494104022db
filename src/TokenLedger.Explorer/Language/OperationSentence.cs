// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Explorer.Language;

/// <summary>What an operation asks for, in one sentence with links.</summary>
internal sealed class OperationSentence(Wording say)
{
    /// <summary>The sentence of a transaction's operation.</summary>
    public Markup Of(Operation operation) => operation switch
    {
        Transfer o => say.WithTags(
            say.Say(
                Phrases.DoTransfer, ("amount", say.Amount(o.Amount, o.Asset)), ("asset", say.Asset(o.Asset)),
                ("account", say.Account(o.To))),
            o.Tag, o.SourceTag),
        RequireTag o => say.Say(
            o.Required ? Phrases.DoRequireTag : Phrases.DoRequireNoTag, ("account", say.Account(o.Account))),
        RegisterAccount o => say.Say(
            Phrases.DoRegister, ("account", say.Account(o.Account)), ("kind", Known(Names.Of(o.Kind)))),
        Propose o => say.Say(
            Phrases.DoPropose, ("list", List(o.Payload)), ("reason", Wording.Quote(o.Reason))),
        ApproveProposal o => say.Say(Phrases.DoApprove, ("proposal", say.Proposal(o.ProposalId))),
        CancelProposal o => say.Say(
            Phrases.DoWithdraw, ("proposal", say.Proposal(o.ProposalId)),
            ("reason", Wording.Quote(o.Reason))),
        LockForBridge o => say.Say(
            Phrases.DoLock, ("amount", say.Amount(o.Amount, o.Asset)), ("asset", say.Asset(o.Asset)),
            ("recipient", Wording.Abroad(o.Recipient)), ("chain", Wording.Number(o.ChainId))),
        _ => Known(Names.Of(operation)),
    };

    /// <summary>The sentence of a proposal's operation.</summary>
    public Markup Of(PrivilegedOperation operation) => operation switch
    {
        CreateAsset o => Create(o.Definition),
        IssueUnits o => say.Say(
            Phrases.DoIssue, ("amount", say.Amount(o.Amount, o.Asset)), ("asset", say.Asset(o.Asset)),
            ("account", say.Account(o.To))),
        BurnUnits o => say.Say(
            Phrases.DoBurn, ("amount", say.Amount(o.Amount, o.Asset)), ("asset", say.Asset(o.Asset)),
            ("account", say.Account(o.From)), ("reason", Wording.Quote(o.Reason))),
        AttachDocument o => say.Say(
            Phrases.DoAttach, ("title", Markup.Name(o.Document.Title)), ("asset", say.Asset(o.Asset)),
            ("hash", Wording.Hash(o.Document.Hash))),
        SetAssetCap o => say.Say(
            Phrases.DoCap, ("cap", say.Amount(o.Cap, o.Asset)), ("asset", say.Asset(o.Asset))),
        PauseAsset o => say.Say(
            Phrases.DoPause, ("asset", say.Asset(o.Asset)), ("reason", Wording.Quote(o.Reason))),
        ResumeAsset o => say.Say(
            Phrases.DoResume, ("asset", say.Asset(o.Asset)), ("reason", Wording.Quote(o.Reason))),
        FreezeAccount o => say.Say(
            Phrases.DoFreeze, ("account", say.Account(o.Account)), ("mode", Known(Names.Of(o.Mode))),
            ("reference", Wording.Quote(o.LegalReference))),
        UnfreezeAccount o => say.Say(
            Phrases.DoUnfreeze, ("account", say.Account(o.Account)),
            ("reference", Wording.Quote(o.LegalReference))),
        GrantOfficer o => say.Say(
            Phrases.DoGrant, ("officer", say.Account(o.Officer)),
            ("institution", say.Institution(o.Institution)), ("name", Markup.Name(o.Name)),
            ("duties", Markup.Text(Names.Of(o.Duties, say.Language)))),
        RevokeOfficer o => say.Say(
            Phrases.DoRevoke, ("officer", say.Account(o.Officer)), ("reason", Wording.Quote(o.Reason))),
        _ => OfBridge(operation) ?? Known(Names.Of(operation.Kind)),
    };

    private Markup? OfBridge(PrivilegedOperation operation) => operation switch
    {
        OpenBridgeLane o => say.Say(
            Phrases.DoOpenLane, ("chain", Wording.Number(o.ChainId)),
            ("count", say.Count((ulong)o.Signers.Length))),
        MapBridgeToken o => say.Say(
            Phrases.DoMap, ("asset", say.Asset(o.Asset)), ("token", Wording.Abroad(o.Token)),
            ("chain", Wording.Number(o.ChainId))),
        PauseBridge o => say.Say(
            Phrases.DoPauseBridge, ("chain", Wording.Number(o.ChainId)), ("stops", Stops(o.Stops)),
            ("reason", Wording.Quote(o.Reason))),
        ResumeBridge o => say.Say(
            Phrases.DoResumeBridge, ("chain", Wording.Number(o.ChainId)), ("stops", Stops(o.Stops)),
            ("reason", Wording.Quote(o.Reason))),
        RotateBridgeSigners o => say.Say(
            Phrases.DoRotate, ("chain", Wording.Number(o.ChainId)),
            ("count", say.Count((ulong)o.Signers.Length))),
        RedirectBridgeRelease o => say.Say(
            Phrases.DoRedirect, ("number", Wording.Number(o.BurnNonce)),
            ("chain", Wording.Number(o.ChainId)), ("account", say.Account(o.To)),
            ("reason", Wording.Quote(o.Reason))),
        _ => null,
    };

    // The asset is not in the register yet, or may never be: its decimals stand in the operation.
    private Markup Create(AssetDefinition asset) => say.Say(
        Phrases.DoCreate, ("asset", say.Asset(asset.Id)),
        ("name", Markup.Name(
            say.Language == SiteLanguage.Urdu && asset.NameUrdu.Length > 0 ? asset.NameUrdu : asset.Name)),
        ("class", Known(Names.Of(asset.Class))),
        ("cap", NumberText.Element(asset.Cap.Units, asset.Decimals, say.Language)));

    private Markup List(ImmutableArray<PrivilegedOperation> payload) =>
        Markup.Join(" ", payload.Select(Of));

    private Markup Stops(BridgeStops stops) => Markup.Text(Names.Of(stops, say.Language));

    private Markup Known(Phrase phrase) => Markup.Text(say.Texts[phrase]);
}
