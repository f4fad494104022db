// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
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
        using Page page = Page.Open(pins, request.PageToken, request.PageSize, [(byte)Table.Asset]);
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
        var response = new ListHoldersResponse();
        string token = request.PageToken;
        int lookedAt = 0;
        do
        {
            using Page page = Page.Open(pins, token, (uint)Limits.PageRows, [(byte)Table.Balance]);
            var view = new LedgerView(page.Snapshot.State);
            byte decimals = RequireAsset(view, id).Definition.Decimals;
            response.AsOfHeight = page.Height;
            token = page.NextToken;
            foreach (StateEntry entry in page.Entries)
            {
                lookedAt++;
                AssetId.TryRead(entry.Key.Span[(1 + Address.Size)..], out AssetId asset);
                if (asset == id)
                {
                    response.Holders.Add(StateMapper.ToWire(
                        new Address(entry.Key.Span.Slice(1, Address.Size)), id,
                        StateCodec.Decode(entry.Value.Span, StateCodec.ReadAmount), decimals));
                }

                if (response.Holders.Count == size)
                {
                    Span<byte> pinned = stackalloc byte[8];
                    BinaryPrimitives.WriteUInt64BigEndian(pinned, page.Height);
                    token = RequestFields.Token([.. pinned, .. entry.Key.Span]);
                    break;
                }
            }
        }
        while (token.Length > 0 && response.Holders.Count < size && lookedAt < MaxLookedAt);
        response.NextPageToken = token;
        return Task.FromResult(response);
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
        (ulong? height, ulong? before) = ReadNumbers(request.PageToken);
        using PinnedSnapshots.Lease lease = pins.Borrow(height);
        var view = new LedgerView(lease.Snapshot.State);
        int size = RequestFields.PageSize(request.PageSize);
        ulong id = before ?? view.NextProposal();
        var response = new ListProposalsResponse { AsOfHeight = lease.Snapshot.Head.Height.Value };
        for (int lookedAt = 0;
            id > 1 && response.Proposals.Count < size && lookedAt < MaxLookedAt;
            lookedAt++)
        {
            id--;
            Protocol.Ledger.V1.Proposal wire = Proposal(
                view, id, view.Proposal(id)!, lease.Snapshot.Head.Header.Timestamp);
            if (!request.OpenOnly || wire.Status == WireProposalStatus.Open)
            {
                response.Proposals.Add(wire);
            }
        }

        if (id > 1)
        {
            response.NextPageToken = WriteNumbers(response.AsOfHeight, id);
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

    private static (ulong? Height, ulong? Number) ReadNumbers(string token)
    {
        if (token.Length == 0)
        {
            return (null, null);
        }

        byte[] bytes = RequestFields.Token(token, "page_token");
        return bytes.Length == 16
            ? (BinaryPrimitives.ReadUInt64BigEndian(bytes),
                BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(8)))
            : throw RequestFields.Invalid("page_token belongs to another listing.");
    }

    private static string WriteNumbers(ulong height, ulong number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, height);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], number);
        return RequestFields.Token(bytes);
    }
}
