// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Index;

/// <summary>What happens on a ledger in a while: of everything that the index knows, in seeded
/// order.</summary>
internal sealed class Activity
{
    private readonly FinalChain _chain;
    private readonly Random _random;
    private readonly List<Address> _accounts = [TestNetwork.Alice, TestNetwork.Bob];
    private readonly List<AssetId> _assets = [TestNetwork.Bond, TestNetwork.Carbon];
    private int _named;

    private Activity(FinalChain chain, int seed)
    {
        _chain = chain;
        _random = new Random(seed);
    }

    private TestLedger Ledger => _chain.Ledger;

    /// <summary>A chain with this many things done.</summary>
    /// <param name="seed">Of the order.</param>
    /// <param name="steps">How many.</param>
    /// <param name="isCertified">Which blocks have a certificate; null for all.</param>
    /// <param name="history">Told of the state after each block; null for nobody.</param>
    public static FinalChain Chain(
        int seed, int steps, Func<Height, bool>? isCertified = null, LedgerHistory? history = null)
    {
        var chain = new FinalChain(isCertified);
        history?.Follow(chain.Ledger);
        var activity = new Activity(chain, seed);
        activity.Begin();
        for (int i = 0; i < steps; i++)
        {
            activity.Step(i);
        }

        while (chain.Blocks[^1].Certificate.IsEmpty)
        {
            chain.Ledger.RunBlock();
        }

        return chain;
    }

    /// <summary>Everything once, so that no seed leaves something out.</summary>
    private void Begin()
    {
        Ledger.Issue(TestNetwork.Alice, 5_000);
        Ledger.Issue(TestNetwork.MinistryAccount, 700);
        Create();
        Ledger.Pass(TestNetwork.MinistryMaker, new AttachDocument(
            TestNetwork.Bond, TestNetwork.Document("report")));
        Freeze(TestNetwork.Bob, FreezeMode.Send);
        Freeze(TestNetwork.Alice, FreezeMode.SendAndReceive);
        Ledger.Pass(TestNetwork.RegulatorMaker, new UnfreezeAccount(TestNetwork.Alice, "lifted"));
        Tags();
        Pause();
        Officer();
        Scheduled(cancel: true);
        Scheduled(cancel: false);
        FailScheduled();
        Bridge();
        Ledger.Propose(TestNetwork.MinistryMaker, new PauseAsset(TestNetwork.Bond, "left open"));
    }

    private void Step(int step)
    {
        switch (_random.Next(12))
        {
            case 0:
                Register();
                break;
            case 1:
                Ledger.Issue(Any(_accounts), (ulong)_random.Next(1, 500));
                break;
            case 2:
                Burn();
                break;
            case 3 when step % 7 == 0:
                Create();
                break;
            case 4 when step % 5 == 0:
                Pause();
                break;
            case 5:
                Ledger.RunBlock();
                break;
            case 6 when step % 9 == 0:
                Scheduled(cancel: step % 2 == 0);
                break;
            default:
                Move();
                break;
        }
    }

    private void Register()
    {
        var account = TestNetwork.Named($"account {_named++}");
        Ledger.MustRun(
            TestNetwork.MinistryRegistrar, new RegisterAccount(account, AccountKind.Citizen, Address.Zero));
        _accounts.Add(account);
    }

    private void Create()
    {
        var id = AssetId.Parse($"PK-NEW-{_assets.Count}");
        Ledger.Pass(
            TestNetwork.MinistryMaker,
            new CreateAsset(TestNetwork.BondDefinition(id)),
            new AttachDocument(id, TestNetwork.Document("first")),
            new AttachDocument(id, TestNetwork.Document("second")));
        Ledger.Pass(TestNetwork.MinistryMaker, new IssueUnits(id, TestNetwork.Alice, new Amount(1_000)));
        _assets.Add(id);
    }

    private void Burn()
    {
        Amount held = Ledger.View.Balance(TestNetwork.MinistryAccount, TestNetwork.Bond);
        if (!held.IsZero)
        {
            Ledger.Pass(TestNetwork.MinistryMaker, new BurnUnits(
                TestNetwork.Bond, TestNetwork.MinistryAccount,
                new Amount((UInt128)_random.Next(1, (int)held.Units + 1)), "redeemed"));
        }
    }

    private void Freeze(Address account, FreezeMode mode) => Ledger.Pass(
        TestNetwork.RegulatorMaker,
        new FreezeAccount(account, mode, "order 7", TestNetwork.Document("order").Hash));

    private void Tags()
    {
        Ledger.MustRun(TestNetwork.ExchangeRegistrar, new RequireTag(TestNetwork.ExchangeAccount, true));
        Ledger.MustRun(TestNetwork.Alice, new Transfer(
            TestNetwork.Bond, TestNetwork.ExchangeAccount, new Amount(2), Tag: 7_421, SourceTag: 9));
    }

    private void Pause()
    {
        Ledger.Pass(TestNetwork.MinistryMaker, new PauseAsset(TestNetwork.Bond, "review"));
        Ledger.Run(TestNetwork.Alice, new Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount(1)));
        Ledger.Pass(TestNetwork.MinistryMaker, new ResumeAsset(TestNetwork.Bond, "reviewed"));
    }

    private void Officer()
    {
        var officer = TestNetwork.Named("treasury.new");
        Ledger.Pass(TestNetwork.MinistryMaker, new GrantOfficer(
            TestNetwork.Treasury, officer, Duties.Checker, "New controller"));
        Ledger.Pass(
            TestNetwork.MinistryMaker,
            new GrantOfficer(TestNetwork.Treasury, officer, Duties.Registrar, "Registry, for now"),
            new RevokeOfficer(officer, "left"));
    }

    private void Scheduled(bool cancel)
    {
        ulong id = Ledger.Pass(
            TestNetwork.MinistryMaker,
            new SetAssetCap(TestNetwork.Bond, new Amount(10_000_000 + (UInt128)_random.Next(1, 1_000))));
        if (cancel)
        {
            Ledger.MustRun(TestNetwork.MinistryMaker, new CancelProposal(id, "not needed"));
        }

        Ledger.Wait(TestNetwork.DayMs);
        Ledger.RunBlock();
    }

    /// <summary>Two caps that cannot both stand: the later one is refused when its time comes.</summary>
    private void FailScheduled()
    {
        Ledger.Pass(TestNetwork.TreasuryMaker, new SetAssetCap(TestNetwork.Carbon, new Amount(50)));
        ulong units = 60;
        Ledger.Pass(
            TestNetwork.TreasuryMaker,
            new IssueUnits(TestNetwork.Carbon, TestNetwork.Alice, new Amount(units)));
        Ledger.Wait(TestNetwork.DayMs);
        Ledger.RunBlock();
        Invariant.Require(
            Ledger.View.Proposal(Ledger.View.NextProposal() - 2)!.Status == ProposalStatus.Failed,
            "a cap below what is outstanding fails");
    }

    /// <summary>Two bridges, on one of which units are locked and then nothing moves.</summary>
    private void Bridge()
    {
        foreach (ulong chain in (ulong[])[11_155_111, 10])
        {
            Address[] owners =
                [TestNetwork.Ministry, TestNetwork.Treasury, TestNetwork.Bank, TestNetwork.Regulator];
            Ledger.Pass(TestNetwork.MinistryMaker, new OpenBridgeLane(
                chain, TestNetwork.Named("bridge"), TestNetwork.Named("register"), ProvenChain.Filled(1),
                StartBlock: 1, LockLifetimeMs: 60_000, GatherMs: 5_000,
                [
                    .. owners.Select((owner, i) => new BridgeSigner(
                        TestNetwork.Named($"signer {chain} {i}"), owner)).OrderBy(static one => one.Key),
                ]));
        }

        var rate = new BridgeRate(new Amount(9_000), new Amount(700));
        Ledger.Pass(TestNetwork.MinistryMaker, new MapBridgeToken(
            10, TestNetwork.Bond, TestNetwork.Named("bond on 10"),
            new BridgeQuota(
                new Amount(3_000), new Amount(40_000), rate, rate,
                new BridgeDelay(new Amount(2_000), 20_000))));
        Ledger.MustRun(
            TestNetwork.MinistryAccount,
            new LockForBridge(10, TestNetwork.Bond, new Amount(3), TestNetwork.Named("abroad")));
        Ledger.Pass(TestNetwork.MinistryMaker, new PauseBridge(10, BridgeStops.Locks, "inspection"));
    }

    private void Move()
    {
        Address from = Any(_accounts);
        AssetId asset = Any(_assets);
        Amount held = Ledger.View.Balance(from, asset);

        // Some move all, some more than there is: both ends of a balance.
        var amount = new Amount(held.IsZero || _random.Next(4) == 0
            ? held.Units + (UInt128)_random.Next(2)
            : (UInt128)_random.Next(1, (int)held.Units + 1));
        if (!amount.IsZero)
        {
            Ledger.RunBlock(
                Ledger.Draft(from, new Transfer(asset, Any(_accounts), amount)),
                Ledger.Draft(
                    TestNetwork.ExchangeAccount, new Transfer(asset, TestNetwork.Alice, new Amount(1))));
        }
    }

    private T Any<T>(List<T> list) => list[_random.Next(list.Count)];
}
