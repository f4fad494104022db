// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Mesh.Requests;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Protocol.Wire;

namespace TokenLedger.Mesh.Operations;

/// <summary>
/// Final blocks as operations. Every change of a balance is an event of the ledger, and each such event one
/// operation, or two that are related; nothing else has an amount. So sums of operations are balances, at
/// every height. Pure and thread-safe.
/// </summary>
internal static class OperationMapper
{
    /// <summary>
    /// The transactions of a block: first what it did by itself, if anything, under its own hash; then those
    /// in it, in order.
    /// </summary>
    public static ImmutableArray<MeshTransaction> Transactions(VerifiedBlock block, GenesisDocument genesis)
    {
        ILookup<uint, LedgerEvent> events = block.Events.ToLookup(
            static record => record.TransactionIndex, static record => record.Event);
        ImmutableArray<MeshOperation> own = block.Header.Height.Value == 0
            ? Genesis(genesis)
            : OfEvents(events[EventRecord.Housekeeping]);
        var all = ImmutableArray.CreateBuilder<MeshTransaction>(1 + block.Transactions.Length);
        if (!own.IsEmpty)
        {
            all.Add(new MeshTransaction(block.Hash, true, own, []));
        }

        for (int i = 0; i < block.Transactions.Length; i++)
        {
            Transaction content = Decode(block.Transactions[i]);
            Receipt receipt = block.Receipts[i];
            all.Add(new MeshTransaction(
                receipt.TransactionId,
                receipt.Succeeded,
                receipt.Succeeded ? OfEvents(events[(uint)i]) : OfFailed(content),
                Notes(content, receipt)));
        }

        return all.ToImmutable();
    }

    /// <summary>The operations of one transfer: a debit, and its credit with the tags.</summary>
    /// <param name="first">The debit's index.</param>
    /// <param name="from">Who sends.</param>
    /// <param name="transfer">What.</param>
    public static ImmutableArray<MeshOperation> OfTransfer(int first, Address from, Transfer transfer) =>
    [
        new MeshOperation(OperationTypes.Transfer, from)
        {
            Change = new Change(transfer.Asset, transfer.Amount, IsDebit: true),
        },
        new MeshOperation(OperationTypes.Transfer, transfer.To)
        {
            Change = new Change(transfer.Asset, transfer.Amount, IsDebit: false),
            Related = first,
            Metadata = Tags(transfer.Tag, transfer.SourceTag),
        },
    ];

    /// <summary>Nothing is issued at genesis: what is there are the accounts.</summary>
    private static ImmutableArray<MeshOperation> Genesis(GenesisDocument genesis) =>
    [
        .. genesis.Accounts.Select(static account => new MeshOperation(
            OperationTypes.Register, account.Address)
        {
            Metadata = [new Note("kind", KindName(account.Kind))],
        }),
    ];

    private static ImmutableArray<MeshOperation> OfEvents(IEnumerable<LedgerEvent> events)
    {
        var operations = ImmutableArray.CreateBuilder<MeshOperation>();
        foreach (LedgerEvent one in events)
        {
            operations.AddRange(OfEvent(operations.Count, one));
        }

        return operations.ToImmutable();
    }

    private static ImmutableArray<MeshOperation> OfEvent(int first, LedgerEvent one) => one switch
    {
        Transferred e => OfTransfer(
            first, e.From, new Transfer(e.Asset, e.To, e.Amount, e.Tag, e.SourceTag)),
        UnitsIssued e =>
        [
            new MeshOperation(OperationTypes.Issue, e.To)
            {
                Change = new Change(e.Asset, e.Amount, IsDebit: false),
            },
        ],
        UnitsBurned e =>
        [
            new MeshOperation(OperationTypes.Burn, e.From)
            {
                Change = new Change(e.Asset, e.Amount, IsDebit: true),
            },
        ],
        AccountRegistered e =>
            [Plain(OperationTypes.Register, e.Account, new Note("kind", KindName(e.Kind)))],
        AccountFrozen e =>
        [
            Plain(
                OperationTypes.Freeze, e.Account,
                new Note("mode", Core.Json.SnakeCase.Of(e.Mode)),
                new Note("legal_reference", e.LegalReference)),
        ],
        AccountUnfrozen e =>
        [
            Plain(OperationTypes.Unfreeze, e.Account, new Note("legal_reference", e.LegalReference)),
        ],
        TagRequirementSet e =>
        [
            Plain(OperationTypes.RequireTag, e.Account, new Note("required", e.Required ? "true" : "false")),
        ],
        BridgeLocked e =>
        [
            Plain(
                OperationTypes.BridgeLock, e.From,
                new Note("chain_id", Fields.Text(e.ChainId)), new Note("nonce", Fields.Text(e.Nonce)),
                new Note("recipient", Eip55.Format(e.Recipient))),
        ],
        BridgeReleased e =>
        [
            Plain(
                OperationTypes.BridgeRelease, e.To,
                [
                    new Note("chain_id", Fields.Text(e.ChainId)),
                    new Note("burn_nonce", Fields.Text(e.BurnNonce)),
                    .. Tags(e.Tag, 0),
                ]),
        ],

        // Governance, documents and the bridge's own book touch no account.
        _ => [],
    };

    /// <summary>
    /// What a failed transaction asked for, without amounts: nothing of it moved, and an asset that it names
    /// may not exist.
    /// </summary>
    private static ImmutableArray<MeshOperation> OfFailed(Transaction content) =>
    [
        .. content.Operations.SelectMany(operation => operation switch
        {
            Transfer t => Plains(
                OperationTypes.Transfer, content.Sender,
                [
                    new Note("asset_id", t.Asset.ToString()), new Note("value", t.Amount.ToString()),
                    new Note("to", Eip55.Format(t.To)), .. Tags(t.Tag, t.SourceTag),
                ]),
            RegisterAccount r => Plains(OperationTypes.Register, r.Account, []),
            RequireTag r => Plains(OperationTypes.RequireTag, r.Account, []),
            LockForBridge l => Plains(
                OperationTypes.BridgeLock, content.Sender,
                [
                    new Note("chain_id", Fields.Text(l.ChainId)), new Note("asset_id", l.Asset.ToString()),
                    new Note("value", l.Amount.ToString()),
                ]),
            _ => [],
        }),
    ];

    private static ImmutableArray<Note> Notes(Transaction content, Receipt receipt)
    {
        var notes = ImmutableArray.CreateBuilder<Note>();
        notes.Add(new Note("sender", Eip55.Format(content.Sender)));
        if (content.RequestId is { } id)
        {
            notes.Add(new Note("request_id", RequestName.Of(id).ToString()));
        }

        if (content.Memo.Length > 0)
        {
            notes.Add(new Note("memo", content.Memo));
        }

        if (receipt.Code is { } code)
        {
            notes.Add(new Note("failure", RejectionCodes.Name(code)));
        }

        return notes.ToImmutable();
    }

    private static Transaction Decode(SignedTransaction signed)
    {
        Rejection? refused = TransactionMapper.TryDecode(signed.Body.AsSpan(), out Transaction? content);
        return refused is null
            ? content!
            : throw new MeshException(
                MeshError.NodeUnverified, "A final block holds a malformed transaction: " + refused.Detail);
    }

    private static ImmutableArray<Note> Tags(ulong tag, ulong source) =>
    [
        .. tag == 0 ? Array.Empty<Note>() : [new Note("tag", Fields.Text(tag))],
        .. source == 0 ? Array.Empty<Note>() : [new Note("source_tag", Fields.Text(source))],
    ];

    private static MeshOperation Plain(string type, Address account, params ImmutableArray<Note> notes) =>
        new(type, account) { Metadata = notes };

    private static ImmutableArray<MeshOperation> Plains(
        string type, Address account, ImmutableArray<Note> notes) => [Plain(type, account, notes)];

    private static string KindName(AccountKind kind) => Core.Json.SnakeCase.Of(kind);
}
