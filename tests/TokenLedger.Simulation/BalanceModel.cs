// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Execution;
using TokenLedger.Protocol.Wire;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>
/// The book once more, in the simplest possible way: what became final, replayed on a few dictionaries. It
/// says which transfers must have gone through, and what everybody has afterwards.
/// </summary>
internal sealed class BalanceModel(SimCluster cluster)
{
    /// <summary>What one whole bond of a hundred atomic units is worth.</summary>
    public const ulong UnitValueMicroUsd = 1_000_000_050;

    /// <summary>Up to this value an issue needs two officers, above it three.</summary>
    public const ulong FirstTierMicroUsd = EdgeUnits * UnitValueMicroUsd / 100;

    /// <summary>Atomic units that are worth half a millionth of a dollar more than the first tier.</summary>
    public const ulong EdgeUnits = 30_001;


    private static readonly Address[] Accounts =
    [
        TestNetwork.Alice, TestNetwork.Bob, TestNetwork.ExchangeAccount, TestNetwork.MinistryAccount,
    ];

    private readonly Dictionary<Address, UInt128> _balances =
        Accounts.ToDictionary(account => account, _ => UInt128.Zero);
    private readonly HashSet<Address> _tagged = [];
    private readonly Dictionary<Address, ulong> _nonces = [];
    private readonly Dictionary<Hash256, bool> _final = [];
    private readonly List<(IssueUnits Issue, int Approvals)> _proposals = [];
    private readonly Dictionary<(Address Sender, RequestId Id), Hash256> _requests = [];
    private readonly EventReplay _events = new();

    public static IReadOnlyList<Address> Holders => Accounts;

    public ulong Transactions => (ulong)_final.Count;

    public bool IsFinal(in Hash256 transactionId) => _final.ContainsKey(transactionId);

    /// <summary>Replays a block, and compares with the node that made it final.</summary>
    public void Apply(SimNode node, LedgerStore ledger, Block block)
    {
        Height height = block.Header.Height;
        var receipts = ledger.FindReceipts(height)!.Value;
        for (int i = 0; i < block.Transactions.Length; i++)
        {
            SignedTransaction signed = block.Transactions[i];
            Hash256 id = signed.IdOn(ledger.GenesisHash);
            Rejection? problem = TransactionMapper.TryDecode(signed.Body.AsSpan(), out Transaction? content);
            cluster.Checker.Require("a transaction decodes", problem is null, node, id);
            cluster.Checker.Require("a transaction is final once", _final.TryAdd(id, true), node, id);
            ulong nonce = _nonces.GetValueOrDefault(content!.Sender);
            cluster.Checker.Require("nonces rise by one", content.Nonce == nonce, node, id);
            bool isFirst = content.RequestId is not { } request
                || _requests.TryAdd((content.Sender, request), id);
            cluster.Checker.Require("a request is final once", isFirst, node, id);
            _nonces[content.Sender] = nonce + 1;
            Apply(node, content, receipts[i]);
        }

        foreach (EventRecord record in ledger.FindEvents(height)!.Value)
        {
            string? problem = _events.Apply(record.Event);
            cluster.Checker.Require("events follow from each other", problem is null, node, problem);
        }

        foreach (Address account in Accounts)
        {
            bool same = _events.Balance(account, TestNetwork.Bond).Units == _balances[account];
            cluster.Checker.Require("events replay to the model's balances", same, node, account);
        }

        if (ledger.Head.Height == height)
        {
            Compare(node, new LedgerView(ledger.State));
        }
    }

    private void Apply(SimNode node, Transaction content, Receipt receipt)
    {
        switch (content.Operations.Single())
        {
            case Transfer transfer:
                UInt128 units = transfer.Amount.Units;
                bool can = transfer.To != content.Sender && _balances.ContainsKey(transfer.To)
                    && _balances[content.Sender] >= units
                    && (transfer.Tag != 0 || !_tagged.Contains(transfer.To));
                cluster.Checker.Require(
                    "transfers go as in the model", can == receipt.Succeeded, node, receipt);
                if (can)
                {
                    _balances[content.Sender] -= units;
                    bool wrong = cluster.Options.Breakage == Breakage.WrongModel;
                    _balances[transfer.To] += units - (wrong ? 1u : 0u);
                }

                break;
            case RequireTag tag:
                cluster.Checker.Require("an owner may ask for tags", receipt.Succeeded, node, receipt);
                if (!tag.Required)
                {
                    _tagged.Remove(tag.Account);
                }
                else
                {
                    _tagged.Add(tag.Account);
                }

                break;
            case Propose propose when receipt.Succeeded:
                _proposals.Add(((IssueUnits)propose.Payload.Single(), 0));
                break;
            case ApproveProposal approve when receipt.Succeeded:
                (IssueUnits issue, int approvals) = _proposals[(int)(approve.ProposalId - FirstProposal)];
                _proposals[(int)(approve.ProposalId - FirstProposal)] = (issue, approvals + 1);
                if (approvals + 1 == ApprovalsFor(issue.Amount.Units))
                {
                    _balances[issue.To] += issue.Amount.Units;
                }

                break;
            default:
                break;
        }
    }

    /// <summary>
    /// By value, of which no fraction is given away: above the first tier by however little is above it.
    /// </summary>
    private static int ApprovalsFor(UInt128 units) =>
        units * UnitValueMicroUsd <= (UInt128)FirstTierMicroUsd * 100 ? 2 : 3;

    private static ulong FirstProposal { get; } =
        new LedgerView(new MemoryState(GenesisBuilder.Changes(TestNetwork.Genesis()))).NextProposal();

    private void Compare(SimNode node, LedgerView view)
    {
        UInt128 sum = 0;
        foreach (Address account in Accounts)
        {
            UInt128 has = view.Balance(account, TestNetwork.Bond).Units;
            sum += has;
            cluster.Checker.Require("balances are the model's", has == _balances[account], node, account);
        }

        foreach (((Address sender, RequestId request), Hash256 id) in _requests)
        {
            bool same = view.Request(sender, request)?.TransactionId == id;
            cluster.Checker.Require("a request has one answer", same, node, id);
        }

        bool whole = sum == view.Supply(TestNetwork.Bond).Units;
        cluster.Checker.Require("supply is the sum of balances", whole, node, sum);
    }
}
