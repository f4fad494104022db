// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests;

/// <summary>
/// The ledger as one would write it on a napkin: numbers in dictionaries, policies as sentences. It knows the
/// test network's four accounts, two assets and the operations of <see cref="RandomHistoryTests"/>.
/// </summary>
internal sealed class NaiveLedger
{
    private readonly HashSet<AssetId> _paused = [];
    private readonly HashSet<Address> _tagged = [];

    public Dictionary<(Address Account, AssetId Asset), UInt128> Balances { get; } = [];

    public List<NaiveProposal> Proposals { get; } = [];

    public UInt128 SupplyOf(AssetId asset)
    {
        UInt128 sum = 0;
        foreach (((Address _, AssetId held), UInt128 units) in Balances)
        {
            sum += held == asset ? units : 0;
        }

        return sum;
    }

    /// <summary>Time-locks that run out take effect before anything else in a block.</summary>
    public void Tick(TimestampMs now)
    {
        foreach (NaiveProposal proposal in Proposals
            .Where(p => p.Status == ProposalStatus.Scheduled && p.ExecuteAt <= now)
            .OrderBy(p => p.ExecuteAt)
            .ToList())
        {
            proposal.Status = Do(proposal.Operation) ? ProposalStatus.Executed : ProposalStatus.Failed;
        }
    }

    public bool Apply(Address sender, Operation operation, TimestampMs now) => operation switch
    {
        Transfer o => Move(sender, o),
        RequireTag o => SetTagged(sender, o),
        Propose o => Open(sender, o),
        ApproveProposal o => Approve(sender, o, now),
        CancelProposal o => Cancel(sender, o),
        _ => false,
    };

    private bool Move(Address from, Transfer o)
    {
        UInt128 has = Balances.GetValueOrDefault((from, o.Asset));
        if (from == o.To || o.To == Nobody || _paused.Contains(o.Asset) || has < o.Amount.Units
            || (_tagged.Contains(o.To) && o.Tag == 0))
        {
            return false;
        }

        Balances[(from, o.Asset)] = has - o.Amount.Units;
        Balances[(o.To, o.Asset)] = Balances.GetValueOrDefault((o.To, o.Asset)) + o.Amount.Units;
        return true;
    }

    private bool SetTagged(Address sender, RequireTag o)
    {
        bool may = o.Account != Nobody
            && (sender == o.Account || (sender == ExchangeRegistrar && o.Account == ExchangeAccount));
        if (may && o.Required)
        {
            _tagged.Add(o.Account);
        }
        else if (may)
        {
            _tagged.Remove(o.Account);
        }

        return may;
    }

    private bool Open(Address maker, Propose o)
    {
        if (!Do(o.Payload[0], dry: true))
        {
            return false;
        }

        Hash256 hash = PrivilegedCodec.PayloadHash(TestNetwork.Genesis().Hash, o.Payload);
        Proposals.Add(new NaiveProposal(maker, o.Payload[0], o.Expires, hash));
        return true;
    }

    private bool Approve(Address sender, ApproveProposal o, TimestampMs now)
    {
        NaiveProposal? proposal = Find(o.ProposalId);
        if (proposal is null || sender == MinistryMaker || proposal.Status != ProposalStatus.Open
            || proposal.Expires < now || proposal.Hash != o.PayloadHash
            || proposal.Approvals.Contains(sender))
        {
            return false;
        }

        // Nobody in these histories both opens and approves but the ministry's second checker, who opens
        // nothing.
        List<Address> approvals = [.. proposal.Approvals, sender];
        (int count, int institutions, bool regulator, ulong delay) = Needs(proposal.Operation);
        bool met = approvals.Count >= count
            && approvals.Select(InstitutionOf).Distinct().Count() >= institutions
            && (!regulator || approvals.Contains(RegulatorChecker));
        if (met && delay == 0 && !Do(proposal.Operation))
        {
            return false;
        }

        proposal.Approvals = approvals;
        proposal.Status = !met ? ProposalStatus.Open
            : delay == 0 ? ProposalStatus.Executed
            : ProposalStatus.Scheduled;
        proposal.ExecuteAt = now.Plus(delay);
        return true;
    }

    private bool Cancel(Address sender, CancelProposal o)
    {
        NaiveProposal? proposal = Find(o.ProposalId);
        if (proposal is null || sender != proposal.Maker
            || proposal.Status is not (ProposalStatus.Open or ProposalStatus.Scheduled))
        {
            return false;
        }

        proposal.Status = ProposalStatus.Cancelled;
        return true;
    }

    private NaiveProposal? Find(ulong id) =>
        id >= 1 && id <= (ulong)Proposals.Count ? Proposals[(int)id - 1] : null;

    /// <summary>The test network's policies, said in dollars.</summary>
    private static (int Approvals, int Institutions, bool Regulator, ulong DelayMs) Needs(
        PrivilegedOperation operation)
    {
        if (operation is not IssueUnits issue)
        {
            return operation is PauseAsset ? (1, 1, false, 0UL) : (2, 1, false, 0UL);
        }

        UInt128 dollars = issue.Amount.Units * (issue.Asset == Bond ? 10u : 5u);
        return dollars <= 1_000_000 ? (2, 1, false, 0UL)
            : dollars <= 50_000_000 ? (3, 2, false, 0UL)
            : (3, 2, true, HourMs);
    }

    private static string InstitutionOf(Address officer) =>
        officer == BankChecker || officer == BankChecker2 ? "bank"
        : officer == TreasuryChecker ? "treasury"
        : officer == RegulatorChecker ? "regulator"
        : "ministry";

    private bool Do(PrivilegedOperation operation, bool dry = false)
    {
        switch (operation)
        {
            case IssueUnits o:
                UInt128 cap = o.Asset == Bond ? 10_000_000u : 1_000_000u;
                bool fits = !_paused.Contains(o.Asset) && !_tagged.Contains(o.To)
                    && SupplyOf(o.Asset) + o.Amount.Units <= cap;
                if (fits && !dry)
                {
                    Balances[(o.To, o.Asset)] = Balances.GetValueOrDefault((o.To, o.Asset)) + o.Amount.Units;
                }

                return fits;
            case BurnUnits o:
                // The ministry's account is the bond issuer's; the treasury has none, so carbon is never
                // redeemed.
                UInt128 has = Balances.GetValueOrDefault((o.From, o.Asset));
                bool can = o.From == MinistryAccount && o.Asset == Bond && has >= o.Amount.Units;
                if (can && !dry)
                {
                    Balances[(o.From, o.Asset)] = has - o.Amount.Units;
                }

                return can;
            case PauseAsset o:
                return dry ? !_paused.Contains(o.Asset) : _paused.Add(o.Asset);
            case ResumeAsset o:
                return dry ? _paused.Contains(o.Asset) : _paused.Remove(o.Asset);
            default:
                return false;
        }
    }
}

/// <summary>A proposal as the model remembers it.</summary>
internal sealed class NaiveProposal(
    Address maker, PrivilegedOperation operation, TimestampMs expires, Hash256 hash)
{
    public Address Maker { get; } = maker;

    public PrivilegedOperation Operation { get; } = operation;

    public TimestampMs Expires { get; } = expires;

    public Hash256 Hash { get; } = hash;

    public List<Address> Approvals { get; set; } = [];

    public ProposalStatus Status { get; set; } = ProposalStatus.Open;

    public TimestampMs ExecuteAt { get; set; }
}
