// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Explorer.Following;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Index.Projecting;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Index;

public sealed class ProjectionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Of_AnyActivity_IsTheLedgersStateAtEveryHeight(int seed)
    {
        FinalChain chain = Activity.Chain(seed, steps: 200, static height => height.Value % 4 != 1);
        using var harness = new MemoryHarness();
        await using IIndexStore store = harness.Open(chain.GenesisHash);
        var projector = new Projector(store);
        var balances = new Execution.EventReplay();
        foreach (VerifiedBlock block in chain.Verified())
        {
            await projector.ApplyAsync(chain.Genesis, block, default);
            await using IIndexView view = (await store.ViewAsync(default))!;
            Assert.Empty(await ProofOfProjection.ProblemsAsync(view, default));
            foreach (EventRecord record in block.Events)
            {
                Assert.Null(balances.Apply(record.Event));
            }

            foreach (AssetRow asset in await view.AssetsAsync(null, 100, default))
            {
                Assert.Equal(balances.Supply(asset.Id), asset.Supply);
            }
        }

        await using IIndexView whole = (await store.ViewAsync(default))!;
        await LedgerComparison.RequireSameAsync(whole, chain.Ledger);
    }

    [Fact]
    public async Task Of_ProposalsLife_SaysWhoDidWhatWhen()
    {
        var chain = new FinalChain();
        TestLedger ledger = chain.Ledger;
        ulong cancelled = ledger.Propose(
            TestNetwork.MinistryMaker, new PauseAsset(TestNetwork.Bond, "to be checked"));
        ledger.Approve(cancelled, TestNetwork.MinistryMaker);
        ledger.MustRun(TestNetwork.MinistryMaker, new CancelProposal(cancelled, "checked"));
        ulong passed = ledger.Pass(TestNetwork.MinistryMaker, new IssueUnits(
            TestNetwork.Bond, TestNetwork.Alice, new Amount(5)));
        await using IIndexView view = await IndexAsync(chain);

        ProposalRow first = (await view.FindProposalAsync(cancelled, default))!;
        Assert.Equal(
            (ProposalStatus.Cancelled, TestNetwork.MinistryMaker, "checked", 0U),
            (first.Status, first.CancelledBy, first.CancelReason, first.Approvals));
        Assert.Equal((1UL, 3UL), (first.Opened.Height.Value, first.ChangedAt.Value));
        ProposalRow second = (await view.FindProposalAsync(passed, default))!;
        Assert.Equal(ProposalStatus.Executed, second.Status);
        Assert.Equal(chain.Ledger.Height, second.ChangedAt);
        IReadOnlyList<ApprovalRow> approvals = await view.ApprovalsAsync(passed, null, 10, default);
        Assert.Equal((int)second.Approvals, approvals.Count);
        Assert.Equal(TestNetwork.MinistryChecker, approvals[0].Officer);
        Assert.Equal(TestNetwork.Ministry, approvals[0].Institution);
        Assert.Equal(
            chain.Verified()[(int)approvals[0].Place.Height.Value].Header.Timestamp, approvals[0].Time);
    }

    [Fact]
    public async Task Of_OpenedAndExecutedInOneBlock_KnowsItsPayload()
    {
        var chain = new FinalChain();
        TestLedger ledger = chain.Ledger;
        ledger.Issue(TestNetwork.Alice, 1);
        var document = TestNetwork.Document("in-one-block");
        var attach = new AttachDocument(TestNetwork.Bond, document);
        ulong id = ledger.View.NextProposal();
        ledger.RunBlock(
            ledger.Draft(TestNetwork.MinistryMaker, new Propose(
                [attach], ledger.Time.Plus(TestNetwork.DayMs), "now")),
            ledger.Draft(TestNetwork.MinistryChecker, new ApproveProposal(
                id, PrivilegedCodec.PayloadHash(chain.GenesisHash, [attach]))));
        Assert.Equal(ProposalStatus.Executed, ledger.View.Proposal(id)!.Status);
        await using IIndexView view = await IndexAsync(chain);
        await LedgerComparison.RequireSameAsync(view, chain.Ledger);
        Assert.Equal(document, (await view.DocumentsAsync(TestNetwork.Bond, default))[^1].Document);
    }

    [Fact]
    public async Task Of_SameOfficerTwiceInAPayload_TakesEachInItsTurn()
    {
        var chain = new FinalChain();
        chain.Ledger.Issue(TestNetwork.Alice, 1);
        var officer = TestNetwork.Named("treasury.twice");
        chain.Ledger.Pass(
            TestNetwork.MinistryMaker,
            new GrantOfficer(TestNetwork.Treasury, officer, Duties.Checker, "Deputy"),
            new GrantOfficer(TestNetwork.Treasury, officer, Duties.Registrar, "Registry"));
        await using IIndexView view = await IndexAsync(chain);
        await LedgerComparison.RequireSameAsync(view, chain.Ledger);
        OfficerRow row = (await view.FindOfficerAsync(officer, default))!;
        Assert.Equal((Duties.Registrar, "Registry"), (row.Duties, row.Name));
    }

    [Fact]
    public async Task Of_StateThatDoesNotFit_Stops()
    {
        var chain = new FinalChain();
        chain.Ledger.Issue(TestNetwork.Alice, 50);
        chain.Ledger.Run(TestNetwork.Alice, new Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount(5)));
        IReadOnlyList<VerifiedBlock> blocks = chain.Verified();
        using var harness = new MemoryHarness();
        await using IIndexStore store = harness.Open(chain.GenesisHash);
        var projector = new Projector(store);
        foreach (VerifiedBlock block in blocks.SkipLast(1))
        {
            await projector.ApplyAsync(chain.Genesis, block, default);
        }

        ProjectionState state = await store.LoadAsync(ProjectionKeys.Of(blocks[^1]), default);
        Assert.NotNull(Projection.Of(blocks[^1], state));
        (Address, AssetId) key = (TestNetwork.Alice, TestNetwork.Bond);
        foreach (ProjectionState wrong in new[]
        {
            state with { Cursor = null },
            state with { Cursor = state.Cursor! with { Hash = ProvenChain.Filled(2) } },
            state with { Assets = new Dictionary<AssetId, AssetRow>() },
            state with { Balances = new Dictionary<(Address, AssetId), Amount> { [key] = new(4) } },
            state with { Balances = new Dictionary<(Address, AssetId), Amount> { [key] = new(51) } },
        })
        {
            Assert.Throws<ProjectionException>(() => Projection.Of(blocks[^1], wrong));
        }

        Assert.Throws<ProjectionException>(() => Projection.OfGenesis(chain.Genesis, blocks[1]));
        Assert.Throws<ProjectionException>(
            () => Projection.OfGenesis(chain.Genesis with { ChainId = 7 }, blocks[0]));
    }

    private static async Task<IIndexView> IndexAsync(FinalChain chain)
    {
        IIndexStore store = new MemoryHarness().Open(chain.GenesisHash);
        var projector = new Projector(store);
        foreach (VerifiedBlock block in chain.Verified())
        {
            await projector.ApplyAsync(chain.Genesis, block, default);
        }

        return (await store.ViewAsync(default))!;
    }
}
