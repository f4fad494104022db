// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Explorer.Web;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Explorer.Language;

/// <content>Proposals and the bridge.</content>
internal sealed partial class EventSentence
{
    private Markup? OfProposal(Event happened) => happened.KindCase switch
    {
        Event.KindOneofCase.ProposalOpened => _texts.Sentence(
            TextKey.EventProposalOpened, ("officer", Account(happened.ProposalOpened.Maker)),
            ("proposal", Proposal(happened.ProposalOpened.ProposalId))),
        Event.KindOneofCase.ProposalApproved => _texts.Sentence(
            TextKey.EventProposalApproved, ("officer", Account(happened.ProposalApproved.Checker)),
            ("proposal", Proposal(happened.ProposalApproved.ProposalId))),
        Event.KindOneofCase.ProposalScheduled => _texts.Sentence(
            TextKey.EventProposalScheduled, ("proposal", Proposal(happened.ProposalScheduled.ProposalId)),
            ("time", TimeText.Element(happened.ProposalScheduled.ExecuteAtMs, language))),
        Event.KindOneofCase.ProposalExecuted => _texts.Sentence(
            TextKey.EventProposalExecuted, ("proposal", Proposal(happened.ProposalExecuted.ProposalId))),
        Event.KindOneofCase.ProposalCancelled => _texts.Sentence(
            TextKey.EventProposalCancelled, ("officer", Account(happened.ProposalCancelled.By)),
            ("proposal", Proposal(happened.ProposalCancelled.ProposalId)),
            ("reason", Sentence(happened.ProposalCancelled.Reason))),
        Event.KindOneofCase.ProposalFailed => _texts.Sentence(
            TextKey.EventProposalFailed, ("proposal", Proposal(happened.ProposalFailed.ProposalId)),
            ("code", Markup.Name(happened.ProposalFailed.Code))),
        _ => null,
    };

    private Markup? OfBridge(Event happened) => happened.KindCase switch
    {
        Event.KindOneofCase.BridgeSignersSet => _texts.Sentence(
            TextKey.EventBridgeSignersSet, ("chain", Number(happened.BridgeSignersSet.ChainId)),
            ("count", Number(happened.BridgeSignersSet.Signers)),
            ("epoch", Number(happened.BridgeSignersSet.Epoch))),
        Event.KindOneofCase.BridgeTokenMapped => _texts.Sentence(
            TextKey.EventBridgeTokenMapped, ("chain", Number(happened.BridgeTokenMapped.ChainId)),
            ("asset", Asset(happened.BridgeTokenMapped.Asset)),
            ("token", Abroad(happened.BridgeTokenMapped.Token))),
        Event.KindOneofCase.BridgeLocked => Locked(happened.BridgeLocked),
        Event.KindOneofCase.BridgeMessageOpened => _texts.Sentence(
            TextKey.EventBridgeMessageOpened, ("chain", Number(happened.BridgeMessageOpened.ChainId)),
            ("message", Number(happened.BridgeMessageOpened.MessageId)),
            ("kind", Known(Names.Of(happened.BridgeMessageOpened.Kind)))),
        Event.KindOneofCase.BridgeLockClosed => _texts.Sentence(
            TextKey.EventBridgeLockClosed, ("chain", Number(happened.BridgeLockClosed.ChainId)),
            ("number", Number(happened.BridgeLockClosed.Nonce)),
            ("status", Known(Names.Of(happened.BridgeLockClosed.Status)))),
        Event.KindOneofCase.BridgeReleased => Released(happened.BridgeReleased),
        Event.KindOneofCase.BridgeSuspended => _texts.Sentence(
            TextKey.EventBridgeSuspended, ("chain", Number(happened.BridgeSuspended.ChainId)),
            ("number", Number(happened.BridgeSuspended.BurnNonce)),
            ("code", Markup.Name(happened.BridgeSuspended.Code))),
        Event.KindOneofCase.BridgeStopsSet => Stopped(happened.BridgeStopsSet),
        Event.KindOneofCase.BridgeSupplyAgreed => _texts.Sentence(
            TextKey.EventBridgeSupplyAgreed, ("chain", Number(happened.BridgeSupplyAgreed.ChainId)),
            ("asset", Asset(happened.BridgeSupplyAgreed.Asset)),
            ("amount", Amount(happened.BridgeSupplyAgreed.Supply, happened.BridgeSupplyAgreed.Asset))),
        _ => null,
    };

    private Markup Locked(BridgeLocked locked) => _texts.Sentence(
        TextKey.EventBridgeLocked, ("from", Account(locked.From)),
        ("amount", Amount(locked.Amount, locked.Asset)), ("asset", Asset(locked.Asset)),
        ("recipient", Abroad(locked.Recipient)), ("chain", Number(locked.ChainId)));

    private Markup Released(BridgeReleased released) => _texts.Sentence(
        TextKey.EventBridgeReleased, ("amount", Amount(released.Amount, released.Asset)),
        ("asset", Asset(released.Asset)), ("chain", Number(released.ChainId)),
        ("account", Account(released.To)));

    private Markup Stopped(BridgeStopsSet set)
    {
        string stops = Names.Stops(set.Stops, language);
        return _texts.Sentence(
            stops.Length == 0 ? TextKey.EventBridgeRunning : TextKey.EventBridgeStopsSet,
            ("chain", Number(set.ChainId)), ("stops", Markup.Text(stops)), ("reason", Sentence(set.Reason)));
    }

    private Markup Proposal(ulong id) =>
        Markup.Link(SitePaths.Proposal(id, language), Number(id));

    // An address of another chain is no account here: there is nothing to link to.
    private static Markup Abroad(Google.Protobuf.ByteString address)
    {
        string text = AddressOf(address);
        return Markup.Value(Short(text), text);
    }
}
