// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Execution;

/// <summary>The books over a whole state, counted anew, page by page.</summary>
internal sealed class StateCheck(IStateView state)
{
    private readonly LedgerView _read = new(state);
    private readonly Findings _findings = new();
    private readonly SortedDictionary<AssetId, Amount> _sums = [];

    public IReadOnlyList<string> Run()
    {
        Each(Table.Balance, CheckBalance);
        Each(Table.Asset, CheckAsset);
        Each(Table.Supply, CheckSupply);
        foreach (AssetId asset in _sums.Keys)
        {
            _findings.Add($"There are balances of {asset}, which does not exist.");
        }

        Each(Table.Account, CheckAccount);
        CheckOfficers();
        Each(Table.Request, CheckRequest);
        Each(Table.RequestExpiry, CheckRequestExpiry);
        Each(Table.Proposal, CheckProposal);
        Each(Table.Schedule, CheckSchedule);
        new BridgeCheck(state, _findings).Run();
        return _findings.Problems;
    }

    private void CheckBalance(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        (Address account, AssetId asset) = StateKeyReader.Balance(key);
        Amount amount = StateCodec.Decode(value, StateCodec.ReadAmount);
        _findings.Require(!amount.IsZero, $"{account} has a row of zero {asset}.");
        _findings.Require(
            _read.Account(account) is not null, $"{account} holds {asset} and is not registered.");
        bool fits = _sums.GetValueOrDefault(asset).TryAdd(amount, out Amount sum);
        _findings.Require(fits, $"The balances of {asset} are over 128 bits.");
        _sums[asset] = sum;
    }

    private void CheckAsset(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        AssetId id = StateKeyReader.Asset(key);
        AssetState asset = StateCodec.Decode(value, StateCodec.ReadAsset);
        Amount supply = _read.Supply(id);
        _sums.Remove(id, out Amount sum);
        _findings.Require(asset.Definition.Id == id, $"The row of {id} describes {asset.Definition.Id}.");
        _findings.Require(sum == supply, $"Balances of {id} come to {sum}; {supply} units are outstanding.");
        _findings.Require(
            supply <= asset.Cap, $"{supply} units of {id} are outstanding; its cap is {asset.Cap}.");
        _findings.Require(
            _read.Institution(asset.Definition.Issuer) is not null, $"The issuer of {id} does not exist.");
        int documents = _read.Documents(id).Count;
        _findings.Require(
            documents == asset.DocumentCount,
            $"{id} has {documents} documents and counts {asset.DocumentCount}.");
    }

    private void CheckSupply(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        AssetId id = StateKeyReader.Asset(key);
        Amount supply = StateCodec.Decode(value, StateCodec.ReadAmount);
        _findings.Require(!supply.IsZero, $"{id} has a row of zero supply.");
        _findings.Require(
            _read.Asset(id) is not null, $"{supply} units are outstanding of {id}, which does not exist.");
    }

    private void CheckAccount(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Address address = StateKeyReader.Address20(key);
        AccountState account = StateCodec.Decode(value, StateCodec.ReadAccount);
        _findings.Require(_read.Officer(address) is null, $"{address} is both an account and an officer.");
        _findings.Require(
            account.Kind == AccountKind.Citizen == account.Institution.IsZero
            && (account.Institution.IsZero || _read.Institution(account.Institution) is not null),
            $"{address} is an account of the kind {account.Kind} of {account.Institution}.");
        _findings.Require(
            account.Freeze == FreezeMode.None == (account.LegalReference.Length == 0),
            $"{address} is frozen for {account.Freeze} by '{account.LegalReference}'.");
    }

    private void CheckOfficers()
    {
        var active = new SortedDictionary<Address, int>();
        Each(Table.Officer, (_, value) =>
        {
            OfficerState officer = StateCodec.Decode(value, StateCodec.ReadOfficer);
            int one = officer.Duties == Duties.None ? 0 : 1;
            active[officer.Institution] = active.GetValueOrDefault(officer.Institution) + one;
        });
        Each(Table.Institution, (key, value) =>
        {
            Address id = StateKeyReader.Address20(key);
            InstitutionState institution = StateCodec.Decode(value, StateCodec.ReadInstitution);
            active.Remove(id, out int officers);
            _findings.Require(
                officers == institution.Officers,
                $"{institution.Name} has {officers} active officers and counts {institution.Officers}.");
        });
        _findings.Require(active.Count == 0, $"{active.Count} institutions have officers and do not exist.");
    }

    private void CheckRequest(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        RequestState request = StateCodec.Decode(value, StateCodec.ReadRequest);
        (Address sender, RequestId id) = ReadRequest(key[1..]);
        _findings.Require(
            state.TryGet(StateKeys.RequestExpiry(request.ValidUntil, sender, id), out _),
            $"Request {id} of {sender} is never forgotten.");
    }

    private void CheckRequestExpiry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        (Address sender, RequestId id) = ReadRequest(key[9..]);
        ulong validUntil = BinaryPrimitives.ReadUInt64BigEndian(key[1..]);
        _findings.Require(
            value.IsEmpty && _read.Request(sender, id)?.ValidUntil.Value == validUntil,
            $"Request {id} of {sender} is to be forgotten at {validUntil} and is not there.");
    }

    private void CheckProposal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        ulong id = BinaryPrimitives.ReadUInt64BigEndian(key[1..]);
        ProposalState proposal = StateCodec.Decode(value, StateCodec.ReadProposal);
        _findings.Require(id >= 1 && id < _read.NextProposal(), $"Proposal {id} is not below the next id.");
        _findings.Require(
            !proposal.Approvals.Contains(proposal.Maker), $"Proposal {id} was approved by its maker.");
        _findings.Require(
            proposal.Approvals.Distinct().Count() == proposal.Approvals.Length,
            $"Proposal {id} counts an approval twice.");
        _findings.Require(
            proposal.Status != ProposalStatus.Scheduled
            || state.TryGet(StateKeys.Schedule(proposal.ExecuteAt, id), out _),
            $"Proposal {id} is scheduled and never comes due.");
    }

    private void CheckSchedule(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        ulong at = BinaryPrimitives.ReadUInt64BigEndian(key[1..]);
        ulong id = BinaryPrimitives.ReadUInt64BigEndian(key[9..]);
        _findings.Require(
            value.IsEmpty
            && _read.Proposal(id) is { Status: ProposalStatus.Scheduled } proposal
            && proposal.ExecuteAt.Value == at,
            $"Proposal {id} comes due at {at} and is not scheduled then.");
    }

    private static (Address Sender, RequestId Id) ReadRequest(ReadOnlySpan<byte> bytes) => (
        new Address(bytes[..Address.Size]),
        new RequestId(BinaryPrimitives.ReadUInt128BigEndian(bytes[Address.Size..])));

    private void Each(Table table, Action<ReadOnlySpan<byte>, ReadOnlySpan<byte>> visit) =>
        StateRows.Each(state, table, visit);
}
