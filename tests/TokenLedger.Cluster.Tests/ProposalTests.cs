// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Chaos;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Testing.Devnet;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cluster.Tests;

/// <summary>No single officer brings units into being, over the real API.</summary>
[Collection(ClusterGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class ProposalTests(ProcessCluster cluster)
{
    private const ulong Issued = 10;
    private static readonly TimeSpan ExpireWithin = TimeSpan.FromSeconds(20);

    private DevnetClient Client => cluster.Client;

    private Address Treasury => Client.Labels["treasury"];

    [Fact]
    public async Task Approve_ByTheMakerOrTwiceOrAnotherPayload_IsRefusedAndIssuesNothing()
    {
        await cluster.EnsureWholeAsync();
        using PrivateKey maker = Client.Key(TestFolder.MakerAndChecker);
        using PrivateKey makerOnly = Client.Key("ministry-maker-1");
        using PrivateKey first = Client.Key("ministry-checker-1");
        using PrivateKey second = Client.Key("ministry-checker-2");
        string supply = await SupplyAsync();
        V1.ProposalOpened opened = await ProposeAsync(maker, 600_000);
        ApproveProposal right = Approval(opened);
        byte[] hash = right.PayloadHash.ToArray();
        hash[^1] ^= 1;

        await RequireFailedAsync("SAME_MAKER", maker, right);
        await RequireFailedAsync("NOT_AUTHORISED", makerOnly, right);
        await RequireFailedAsync("HASH_MISMATCH", first, right with { PayloadHash = new Hash256(hash) });
        await RequireFailedAsync(
            "PROPOSAL_UNKNOWN", first, right with { ProposalId = right.ProposalId + 1_000 });
        await Client.DoAsync(first, right);
        await RequireFailedAsync("ALREADY_APPROVED", first, right);
        await RequireStatusAsync(opened, V1.ProposalStatus.Open, approvals: 1);
        Assert.Equal(supply, await SupplyAsync());

        await Client.DoAsync(second, right);
        await RequireStatusAsync(opened, V1.ProposalStatus.Executed, approvals: 2);
        await RequireFailedAsync("PROPOSAL_CLOSED", first, right);
        Assert.Equal(
            UInt128.Parse(supply, CultureInfo.InvariantCulture) + Issued,
            UInt128.Parse(await SupplyAsync(), CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Approve_Expired_IsRefusedAndIssuesNothing()
    {
        await cluster.EnsureWholeAsync();
        using PrivateKey maker = Client.Key("ministry-maker-1");
        using PrivateKey checker = Client.Key("ministry-checker-1");
        string supply = await SupplyAsync();
        ulong expires = DevnetClient.NowMs() + 3_000;
        V1.ProposalOpened opened = await ProposeAsync(maker, 3_000);
        await Deadline.UntilAsync(
            "block time is past the proposal's",
            ExpireWithin,
            async () => (await cluster.StatusAsync(0)).BlockTimeMs > expires + 1_000);
        await RequireFailedAsync("PROPOSAL_EXPIRED", checker, Approval(opened));
        await RequireStatusAsync(opened, V1.ProposalStatus.Expired, approvals: 0);
        Assert.Equal(supply, await SupplyAsync());
    }

    [Fact]
    public async Task Approve_Cancelled_IsRefusedAndIssuesNothing()
    {
        await cluster.EnsureWholeAsync();
        using PrivateKey maker = Client.Key("ministry-maker-1");
        using PrivateKey checker = Client.Key("ministry-checker-1");
        string supply = await SupplyAsync();
        V1.ProposalOpened opened = await ProposeAsync(maker, 600_000);
        await Client.DoAsync(checker, Approval(opened));
        await Client.DoAsync(maker, new CancelProposal(opened.ProposalId, "Not needed any more"));
        using PrivateKey other = Client.Key("ministry-checker-2");
        await RequireFailedAsync("PROPOSAL_CLOSED", other, Approval(opened));
        await RequireStatusAsync(opened, V1.ProposalStatus.Cancelled, approvals: 1);
        Assert.Equal(supply, await SupplyAsync());
    }

    [Fact]
    public async Task Propose_AboveTheCap_FailsAndOpensNothing()
    {
        await cluster.EnsureWholeAsync();
        using PrivateKey maker = Client.Key("ministry-maker-1");
        V1.GetAssetResponse asset = await AssetAsync();
        await RequireFailedAsync("SUPPLY_CAP_EXCEEDED", maker, new Propose(
            [new IssueUnits(Load.Asset, Treasury, new Amount(UInt128.Parse(
                asset.Asset.Cap, CultureInfo.InvariantCulture) + 1))],
            new TimestampMs(DevnetClient.NowMs() + 600_000),
            "More than there may be"));
        Assert.Equal(asset.Asset.Supply, await SupplyAsync());
    }

    private static ApproveProposal Approval(V1.ProposalOpened opened) =>
        new(opened.ProposalId, new Hash256(opened.PayloadHash.Span));

    private async Task<V1.ProposalOpened> ProposeAsync(PrivateKey maker, ulong openForMs)
    {
        V1.TransactionStatus proposed = await Client.DoAsync(maker, new Propose(
            [new IssueUnits(Load.Asset, Treasury, new Amount(Issued))],
            new TimestampMs(DevnetClient.NowMs() + openForMs),
            "Units for a test"));
        return proposed.Events.Single(static e => e.ProposalOpened is not null).ProposalOpened;
    }

    private async Task RequireFailedAsync(string code, PrivateKey key, Operation operation)
    {
        V1.TransactionStatus status = await Client.SettleAsync(key, operation);
        Assert.Equal((V1.TransactionState.Failed, code), (status.State, status.Refusal?.Code));
        Assert.Empty(status.Events);
    }

    private async Task RequireStatusAsync(V1.ProposalOpened opened, V1.ProposalStatus status, int approvals)
    {
        V1.Proposal proposal = (await cluster.Node(0).Queries.GetProposalAsync(
            new V1.GetProposalRequest { ProposalId = opened.ProposalId })).Proposal;
        Assert.Equal((status, approvals), (proposal.Status, proposal.Approvals.Count));
    }

    private async Task<V1.GetAssetResponse> AssetAsync() => await cluster.Node(0).Queries.GetAssetAsync(
        new V1.GetAssetRequest { Asset = Load.Asset.ToString() });

    private async Task<string> SupplyAsync() => (await AssetAsync()).Asset.Supply;
}
