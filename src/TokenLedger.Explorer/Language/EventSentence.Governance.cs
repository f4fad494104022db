// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Explorer.Language;

/// <content>Proposals and the bridge.</content>
internal sealed partial class EventSentence
{
    private Markup? OfProposal(LedgerEvent happened) => happened switch
    {
        ProposalOpened e => _texts.Sentence(
            Phrases.EventProposalOpened, ("officer", say.Account(e.Maker)),
            ("proposal", say.Proposal(e.ProposalId))),
        ProposalApproved e => _texts.Sentence(
            Phrases.EventProposalApproved, ("officer", say.Account(e.Checker)),
            ("proposal", say.Proposal(e.ProposalId))),
        ProposalScheduled e => _texts.Sentence(
            Phrases.EventProposalScheduled, ("proposal", say.Proposal(e.ProposalId)),
            ("time", say.Time(e.ExecuteAt))),
        ProposalExecuted e => _texts.Sentence(
            Phrases.EventProposalExecuted, ("proposal", say.Proposal(e.ProposalId))),
        ProposalCancelled e => _texts.Sentence(
            Phrases.EventProposalCancelled, ("officer", say.Account(e.By)),
            ("proposal", say.Proposal(e.ProposalId)),
            ("reason", Wording.Quote(e.Reason))),
        ProposalFailed e => _texts.Sentence(
            Phrases.EventProposalFailed, ("proposal", say.Proposal(e.ProposalId)),
            ("code", Markup.Name(RejectionCodes.Name(e.Code)))),
        _ => null,
    };

    private Markup? OfBridge(LedgerEvent happened) => happened switch
    {
        BridgeSignersSet e => _texts.Sentence(
            Phrases.EventBridgeSignersSet, ("chain", Wording.Number(e.ChainId)),
            ("count", Wording.Number((ulong)e.Signers)),
            ("epoch", Wording.Number(e.Epoch))),
        BridgeTokenMapped e => _texts.Sentence(
            Phrases.EventBridgeTokenMapped, ("chain", Wording.Number(e.ChainId)),
            ("asset", say.Asset(e.Asset)),
            ("token", Wording.Abroad(e.Token))),
        BridgeLocked e => Locked(e),
        BridgeMessageOpened e => _texts.Sentence(
            Phrases.EventBridgeMessageOpened, ("chain", Wording.Number(e.ChainId)),
            ("message", Wording.Number(e.MessageId)),
            ("kind", Known(Names.Of(e.Kind)))),
        BridgeLockClosed e => _texts.Sentence(
            Phrases.EventBridgeLockClosed, ("chain", Wording.Number(e.ChainId)),
            ("number", Wording.Number(e.Nonce)),
            ("status", Known(Names.Of(e.Status)))),
        BridgeReleased e => Released(e),
        BridgeSuspended e => _texts.Sentence(
            Phrases.EventBridgeSuspended, ("chain", Wording.Number(e.ChainId)),
            ("number", Wording.Number(e.BurnNonce)),
            ("code", Markup.Name(RejectionCodes.Name(e.Code)))),
        BridgeStopsSet e => Stopped(e),
        BridgeSupplyAgreed e => _texts.Sentence(
            Phrases.EventBridgeSupplyAgreed, ("chain", Wording.Number(e.ChainId)),
            ("asset", say.Asset(e.Asset)),
            ("amount", say.Amount(e.Supply, e.Asset))),
        _ => null,
    };

    private Markup Locked(BridgeLocked locked) => _texts.Sentence(
        Phrases.EventBridgeLocked, ("from", say.Account(locked.From)),
        ("amount", say.Amount(locked.Amount, locked.Asset)), ("asset", say.Asset(locked.Asset)),
        ("recipient", Wording.Abroad(locked.Recipient)), ("chain", Wording.Number(locked.ChainId)));

    private Markup Released(BridgeReleased released) => say.WithTags(
        _texts.Sentence(
            Phrases.EventBridgeReleased, ("amount", say.Amount(released.Amount, released.Asset)),
            ("asset", say.Asset(released.Asset)), ("chain", Wording.Number(released.ChainId)),
            ("account", say.Account(released.To))),
        released.Tag, 0);

    private Markup Stopped(BridgeStopsSet set)
    {
        string stops = Names.Of(set.Stops, say.Language);
        return _texts.Sentence(
            stops.Length == 0 ? Phrases.EventBridgeRunning : Phrases.EventBridgeStopsSet,
            ("chain", Wording.Number(set.ChainId)), ("stops", Markup.Text(stops)),
            ("reason", Wording.Quote(set.Reason)));
    }
}
