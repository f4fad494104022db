// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Wire;
using ProposalStatus = TokenLedger.Core.State.ProposalStatus;
using WireProposalStatus = TokenLedger.Protocol.Ledger.V1.ProposalStatus;

namespace TokenLedger.Node.Services;

/// <summary>Reads of assets, institutions, policies and proposals.</summary>
internal sealed partial class QueryServiceImpl
{
    public override Task<GetAssetResponse> GetAsset(GetAssetRequest request, ServerCallContext context)
    {
        AssetId id = RequestFields.Asset(request.Asset);
        using PinnedSnapshots.Lease lease = pins.Borrow(null);
        var view = new LedgerView(lease.Snapshot.State);
        return Task.FromResult(new GetAssetResponse
        {
            AsOfHeight = lease.Snapshot.Head.Height.Value,
            Asset = Asset(view, id, RequireAsset(view, id)),
        });
    }

    public override Task<ListAssetsResponse> ListAssets(ListAssetsRequest request, ServerCallContext context)
    {
        using Page page = Page.Open(
            pins, Listing.Assets, request.PageToken, request.PageSize, [(byte)Table.Asset]);
        var view = new LedgerView(page.Snapshot.State);
        var response = new ListAssetsResponse { AsOfHeight = page.Height, NextPageToken = page.NextToken };
        foreach (StateEntry entry in page.Entries)
        {
            AssetState asset = StateCodec.Decode(entry.Value.Span, StateCodec.ReadAsset);
            response.Assets.Add(Asset(view, asset.Definition.Id, asset));
        }

        return Task.FromResult(response);
    }

    public override Task<ListHoldersResponse> ListHolders(
        ListHoldersRequest request, ServerCallContext context)
    {
        // Balances stand by account: a page reads on until it is full, within a bound on what it looks at.
        const int MaxLookedAt = 20_000;
        AssetId id = RequestFields.Asset(request.Asset);
        int size = RequestFields.PageSize(request.PageSize);
        byte[] from = [(byte)Table.Balance];
        byte[] end = Page.After(from);
        ulong? height = null;
        if (request.PageToken.Length > 0)
        {
            PageToken place = PageToken.Read(Listing.Holders, request.PageToken);
            height = place.Height;
            from = [.. place.LastKey, 0];
        }

        using PinnedSnapshots.Lease lease = pins.Borrow(height);
        var view = new LedgerView(lease.Snapshot.State);
        byte decimals = RequireAsset(view, id).Definition.Decimals;
        var response = new ListHoldersResponse { AsOfHeight = lease.Snapshot.Head.Height.Value };
        int lookedAt = 0;
        while (true)
        {
            IReadOnlyList<StateEntry> entries = lease.Snapshot.State.Range(from, end, Limits.PageRows);
            foreach (StateEntry entry in entries)
            {
                AssetId.TryRead(entry.Key.Span[(1 + Address.Size)..], out AssetId asset);
                if (asset != id)
                {
                    continue;
                }

                if (response.Holders.Count == size)
                {
                    // Only another holder makes another page.
                    return Task.FromResult(Kept(StateKeys.Balance(
                        new Address(response.Holders[^1].Account.Span), id)));
                }

                response.Holders.Add(StateMapper.ToWire(
                    new Address(entry.Key.Span.Slice(1, Address.Size)), id,
                    StateCodec.Decode(entry.Value.Span, StateCodec.ReadAmount), decimals));
            }

            lookedAt += entries.Count;
            if (entries.Count < Limits.PageRows)
            {
                return Task.FromResult(response);
            }

            if (lookedAt >= MaxLookedAt)
            {
                return Task.FromResult(Kept(entries[^1].Key.Span));
            }

            from = [.. entries[^1].Key.Span, 0];
        }

        ListHoldersResponse Kept(ReadOnlySpan<byte> lastKey)
        {
            response.NextPageToken = PageToken.Write(Listing.Holders, response.AsOfHeight, lastKey);
            lease.Keep();
            return response;
        }
    }

    public override Task<ListInstitutionsResponse> ListInstitutions(
        ListInstitutionsRequest request, ServerCallContext context)
    {
        using PinnedSnapshots.Lease lease = pins.Borrow(null);
        var officers = All(lease, Table.Officer, Limits.GenesisInstitutions * Limits.OfficersPerInstitution)
            .Select(entry => (
                Address: new Address(entry.Key.Span[1..]),
                State: StateCodec.Decode(entry.Value.Span, StateCodec.ReadOfficer)))
            .ToLookup(officer => officer.State.Institution);
        var response = new ListInstitutionsResponse { AsOfHeight = lease.Snapshot.Head.Height.Value };
        foreach (StateEntry entry in All(lease, Table.Institution, Limits.GenesisInstitutions))
        {
            var id = new Address(entry.Key.Span[1..]);
            response.Institutions.Add(StateMapper.ToWire(
                id, StateCodec.Decode(entry.Value.Span, StateCodec.ReadInstitution), officers[id]));
        }

        return Task.FromResult(response);
    }

    public override Task<ListPoliciesResponse> ListPolicies(
        ListPoliciesRequest request, ServerCallContext context)
    {
        using PinnedSnapshots.Lease lease = pins.Borrow(null);
        var response = new ListPoliciesResponse { AsOfHeight = lease.Snapshot.Head.Height.Value };
        response.Policies.AddRange(All(lease, Table.Policy, byte.MaxValue)
            .Select(entry => StateMapper.ToWire(StateCodec.Decode(entry.Value.Span, StateCodec.ReadPolicy))));
        return Task.FromResult(response);
    }

    public override Task<GetProposalResponse> GetProposal(
        GetProposalRequest request, ServerCallContext context)
    {
        using PinnedSnapshots.Lease lease = pins.Borrow(null);
        var view = new LedgerView(lease.Snapshot.State);
        ProposalState proposal = view.Proposal(request.ProposalId)
            ?? throw RequestFields.NotFound(
                RejectionCodes.Name(RejectionCode.ProposalUnknown),
                $"There is no proposal {request.ProposalId}.");
        return Task.FromResult(new GetProposalResponse
        {
            AsOfHeight = lease.Snapshot.Head.Height.Value,
            Proposal = Proposal(view, request.ProposalId, proposal, lease.Snapshot.Head.Header.Timestamp),
        });
    }

    public override Task<ListProposalsResponse> ListProposals(
        ListProposalsRequest request, ServerCallContext context)
    {
        const int MaxLookedAt = 5_000;
        (ulong? height, ulong? before) = PageToken.ReadNumber(Listing.Proposals, request.PageToken);
        using PinnedSnapshots.Lease lease = pins.Borrow(height);
        var view = new LedgerView(lease.Snapshot.State);
        int size = RequestFields.PageSize(request.PageSize);
        ulong next = view.NextProposal();
        ulong id = before ?? next;
        if (id > next || before <= 1)
        {
            throw PageToken.Foreign();
        }

        var response = new ListProposalsResponse { AsOfHeight = lease.Snapshot.Head.Height.Value };
        for (int lookedAt = 0;
            id > 1 && response.Proposals.Count < size && lookedAt < MaxLookedAt;
            lookedAt++)
        {
            id--;
            Protocol.Ledger.V1.Proposal wire = Proposal(
                view,
                id,
                view.Proposal(id) ?? throw new InvariantException($"proposal {id} has a number only"),
                lease.Snapshot.Head.Header.Timestamp);
            if (!request.OpenOnly || wire.Status == WireProposalStatus.Open)
            {
                response.Proposals.Add(wire);
            }
        }

        if (id > 1)
        {
            response.NextPageToken = PageToken.Write(Listing.Proposals, response.AsOfHeight, id);
            lease.Keep();
        }

        return Task.FromResult(response);
    }

    private static IReadOnlyList<StateEntry> All(PinnedSnapshots.Lease lease, Table table, int limit) =>
        lease.Snapshot.State.Range([(byte)table], Page.After([(byte)table]), limit);

    private static Protocol.Ledger.V1.Asset Asset(LedgerView view, AssetId id, AssetState asset) =>
        StateMapper.ToWire(
            asset, view.Supply(id), view.Institution(asset.Definition.Issuer)?.Name ?? "",
            view.Documents(id));

    private static Protocol.Ledger.V1.Proposal Proposal(
        LedgerView view, ulong id, ProposalState proposal, TimestampMs now)
    {
        bool expired = proposal.Status == ProposalStatus.Open && now > proposal.Expires;
        var wire = new Protocol.Ledger.V1.Proposal
        {
            ProposalId = id,
            Maker = ByteString.CopyFrom(proposal.Maker.ToArray()),
            MakerName = view.Officer(proposal.Maker)?.Name ?? "",
            Institution = ByteString.CopyFrom(proposal.Institution.ToArray()),
            InstitutionName = view.Institution(proposal.Institution)?.Name ?? "",
            PayloadHash = LedgerReads.Wire(proposal.PayloadHash),
            Reason = proposal.Reason,
            OpenedMs = proposal.Opened.Value,
            ExpiresMs = proposal.Expires.Value,
            Status = expired ? WireProposalStatus.Expired : (WireProposalStatus)proposal.Status,
            ExecuteAtMs = proposal.ExecuteAt.Value,
        };
        wire.Payload.AddRange(proposal.Payload.Select(PrivilegedMapper.ToWire));
        foreach (Address officer in proposal.Approvals)
        {
            OfficerState? state = view.Officer(officer);
            wire.Approvals.Add(new ProposalApproval
            {
                Officer = ByteString.CopyFrom(officer.ToArray()),
                Name = state?.Name ?? "",
                InstitutionName = state is null ? "" : view.Institution(state.Institution)?.Name ?? "",
            });
        }

        if (ApprovalRequirement.Of(view, proposal.Payload, out _) is { } needed)
        {
            wire.Requirement = StateMapper.Tier(
                needed.ValueMicroUsd, needed.Approvals, needed.Institutions, needed.RequiredKinds,
                needed.DelayMs);
        }

        return wire;
    }
}
