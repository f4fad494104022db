// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Storage;

namespace TokenLedger.Explorer.Index.Embedded;

/// <content>Registers, proposals, days.</content>
internal sealed partial class EmbeddedIndexView
{
    public ValueTask<AccountRow?> FindAccountAsync(Address account, CancellationToken cancellationToken) =>
        Found(_rows.Find(IndexFormat.Accounts, account.ToArray(), RowCodec.ReadAccount));

    public ValueTask<IReadOnlyList<AccountRow>> AccountsAsync(
        Address? after, int limit, CancellationToken cancellationToken) => Found(_rows.Rows(
            IndexFormat.Accounts, AfterAddress(after), [], limit, RowCodec.ReadAccount));

    public ValueTask<AssetRow?> FindAssetAsync(AssetId asset, CancellationToken cancellationToken) =>
        Found(_rows.Find(IndexFormat.Assets, IndexFormat.Asset(asset), RowCodec.ReadAsset));

    public ValueTask<IReadOnlyList<AssetRow>> AssetsAsync(
        AssetId? after, int limit, CancellationToken cancellationToken) => Found(_rows.Rows(
            IndexFormat.Assets, after is { } last ? IndexFormat.After(IndexFormat.Asset(last)) : [], [],
            limit, RowCodec.ReadAsset));

    public ValueTask<IReadOnlyList<DocumentRow>> DocumentsAsync(
        AssetId asset, CancellationToken cancellationToken)
    {
        byte[] prefix = IndexFormat.Asset(asset);
        return Found(_rows.Rows(
            IndexFormat.Documents, prefix, IndexFormat.Behind(prefix), Limits.DocumentsPerAsset,
            RowCodec.ReadDocument));
    }

    public ValueTask<InstitutionRow?> FindInstitutionAsync(
        Address institution, CancellationToken cancellationToken) => Found(
            _rows.Find(IndexFormat.Institutions, institution.ToArray(), RowCodec.ReadInstitution));

    public ValueTask<IReadOnlyList<InstitutionRow>> InstitutionsAsync(CancellationToken cancellationToken) =>
        Found(_rows.Rows(
            IndexFormat.Institutions, [], [], Limits.GenesisInstitutions, RowCodec.ReadInstitution));

    public ValueTask<OfficerRow?> FindOfficerAsync(Address officer, CancellationToken cancellationToken) =>
        Found(_rows.Find(IndexFormat.Officers, officer.ToArray(), RowCodec.ReadOfficer));

    public ValueTask<IReadOnlyList<OfficerRow>> OfficersAsync(
        Address institution, Address? after, int limit, CancellationToken cancellationToken)
    {
        byte[] prefix = institution.ToArray();
        byte[] from = after is { } last ? IndexFormat.After(IndexFormat.Member(institution, last)) : prefix;
        Address[] officers =
        [
            .. _rows.Entries(IndexFormat.Members, from, IndexFormat.Behind(prefix), limit)
                .Select(static entry => new Address(entry.Key.AsSpan(Address.Size))),
        ];
        Dictionary<Address, OfficerRow> rows = _rows.FindAll(
            IndexFormat.Officers, officers, static officer => officer.ToArray(), RowCodec.ReadOfficer);
        return Found<OfficerRow>([.. officers.Select(officer => rows[officer])]);
    }

    public ValueTask<ProposalRow?> FindProposalAsync(ulong id, CancellationToken cancellationToken) =>
        Found(_rows.Find(IndexFormat.Proposals, IndexFormat.Proposal(id), RowCodec.ReadProposal));

    public ValueTask<IReadOnlyList<ProposalRow>> ProposalsAsync(
        ulong? before, int limit, CancellationToken cancellationToken) => Found(_rows.Rows(
            IndexFormat.Proposals,
            before is { } last ? IndexFormat.After(IndexFormat.Proposal(last)) : [], [], limit,
            RowCodec.ReadProposal));

    public ValueTask<IReadOnlyList<ApprovalRow>> ApprovalsAsync(
        ulong proposalId, EventPlace? after, int limit, CancellationToken cancellationToken)
    {
        byte[] first = IndexFormat.Approval(proposalId, default);
        byte[] end = IndexFormat.Behind(first.AsSpan(0, sizeof(ulong)));
        byte[] from = after is { } last
            ? IndexFormat.After(IndexFormat.Approval(proposalId, last))
            : first;
        return Found(_rows.Rows(IndexFormat.Approvals, from, end, limit, RowCodec.ReadApproval));
    }

    public ValueTask<IReadOnlyList<FreezeRow>> FreezesAsync(
        EventPlace? before, int limit, CancellationToken cancellationToken) => Found(_rows.Rows(
            IndexFormat.Freezes,
            before is { } last ? IndexFormat.After(IndexFormat.Freeze(last)) : [], [], limit,
            RowCodec.ReadFreeze));

    public ValueTask<IReadOnlyList<AccountRow>> FrozenAsync(
        Address? after, int limit, CancellationToken cancellationToken)
    {
        Address[] frozen =
        [
            .. _rows.Entries(IndexFormat.Frozen, AfterAddress(after), [], limit)
                .Select(static entry => new Address(entry.Key)),
        ];
        Dictionary<Address, AccountRow> rows = _rows.FindAll(
            IndexFormat.Accounts, frozen, static account => account.ToArray(), RowCodec.ReadAccount);
        return Found<AccountRow>([.. frozen.Select(account => rows[account])]);
    }

    public ValueTask<IReadOnlyList<LaneRow>> LanesAsync(CancellationToken cancellationToken) =>
        Found(_rows.Rows(IndexFormat.Lanes, [], [], Limits.BridgeLanes, RowCodec.ReadLane));

    public ValueTask<IReadOnlyList<EventRow>> BridgeEventsAsync(
        EventPlace? before, int limit, CancellationToken cancellationToken) => Found<EventRow>(
        [
            .. _rows.Entries(
                IndexFormat.Bridge, [], before is { } place ? IndexFormat.Place(place) : [], limit,
                reverse: true)
                .Select(entry => _rows.Find(IndexFormat.Events, entry.Key, RowCodec.ReadEvent)!),
        ]);

    public ValueTask<IReadOnlyList<DayRow>> DaysAsync(
        AssetId asset, uint from, int limit, CancellationToken cancellationToken) => Found(_rows.Rows(
            IndexFormat.Days, IndexFormat.Day(asset, from), IndexFormat.Behind(IndexFormat.Asset(asset)),
            limit, RowCodec.ReadDay));

    public ValueTask<IReadOnlyList<SearchHit>> SearchAsync(
        SearchQuery query, int limit, CancellationToken cancellationToken)
    {
        var hits = new List<SearchHit>();
        if (query.Height is { } height && height <= Cursor.Height)
        {
            hits.Add(new SearchHit(SearchKind.Block, height.ToString()));
        }

        if (query.Term.Length > 0)
        {
            byte[] prefix = System.Text.Encoding.UTF8.GetBytes(query.Term);
            hits.AddRange(_rows.Entries(IndexFormat.Search, prefix, IndexFormat.Behind(prefix), limit)
                .Select(static entry => IndexFormat.ReadTerm(entry.Key)));
        }

        if (query.Hex.Length > 0)
        {
            hits.AddRange(WithPrefix(IndexFormat.Accounts, Address.Size, query.Hex, limit).Select(
                static key => new SearchHit(SearchKind.Account, new Address(key).ToString())));
            hits.AddRange(WithPrefix(IndexFormat.Institutions, Address.Size, query.Hex, limit).Select(
                static key => new SearchHit(SearchKind.Institution, new Address(key).ToString())));
            hits.AddRange(WithPrefix(IndexFormat.TransactionIds, Hash256.Size, query.Hex, limit).Select(
                static key => new SearchHit(SearchKind.Transaction, new Hash256(key).ToString())));
            hits.AddRange(WithPrefix(IndexFormat.Hashes, Hash256.Size, query.Hex, limit).Select(key =>
                new SearchHit(
                    SearchKind.Block,
                    _rows.FindValue(IndexFormat.Hashes, key, ReadHeight)!.Value.ToString())));
        }

        return Found<SearchHit>([.. hits.Distinct().Take(limit)]);
    }

    /// <summary>Keys of a size that begin with hexadecimal digits.</summary>
    private IEnumerable<byte[]> WithPrefix(Family family, int size, string hex, int limit)
    {
        if (hex.Length > 2 * size)
        {
            return [];
        }

        (byte[] from, byte[] to) = IndexFormat.HexRange(hex);
        return _rows.Entries(family, from, to, limit).Select(static entry => entry.Key);
    }

    private static byte[] AfterAddress(Address? after) =>
        after is { } last ? IndexFormat.After(last.ToArray()) : [];
}
