// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Explorer.Tests.Index;
using TokenLedger.Explorer.Tests.Web;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Browser.Tests.Pages;

/// <summary>A site over a ledger on which everything has happened, and some of it by people who mean
/// harm.</summary>
public sealed class PagesSite : IAsyncLifetime
{
    /// <summary>A name, and a memo: each way out of text that they could try.</summary>
    public const string Hostile = "=1+1<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";

    /// <summary>The same with strokes upon strokes, the worst that the ledger takes.</summary>
    public const string HostileMemo = Hostile + "x\u0336\u0336\u0336\u0336\u0336\u0336";

    /// <summary>The same with what the ledger refuses: a search can still be made for it.</summary>
    public const string HostileSearch = Hostile + "\u202Egnp\u200B\u2066";

    /// <summary>The asset of that name.</summary>
    public static readonly AssetId Evil = AssetId.Parse("EVIL");

    internal FinalChain Chain { get; } = Activity.Chain(seed: 5, steps: 60);

    internal SiteHost Host { get; private set; } = null!;

    /// <summary>A path behind the language for every kind of page.</summary>
    internal Dictionary<string, string> Paths { get; } = [];

    /// <summary>The address of a path of the site.</summary>
    public string Of(string path) => new Uri(Host.Http.BaseAddress!, path).ToString();

    public async Task InitializeAsync()
    {
        string memo = Misbehave();
        Host = await SiteHost.StartAsync(Chain);
        (string Kind, string Path)[] all =
        [
            ("home", "/"), ("home-then", "/?at=40"), ("assets", "/assets"),
            ("asset", $"/asset/{TestNetwork.Bond}"),
            ("asset-then", $"/asset/{TestNetwork.Bond}?at=40"),
            ("holders", $"/asset/{TestNetwork.Bond}/holders"), ("institutions", "/institutions"),
            ("institution", "/institution/" + Eip55.Format(TestNetwork.Ministry)),
            ("proposals", "/proposals"), ("proposal", "/proposal/1"), ("reserves", "/reserves"),
            ("freezes", "/freezes"), ("freezes-then", "/freezes?at=40"), ("blocks", "/blocks"),
            ("block", "/block/3"),
            ("transactions", "/transactions"), ("transaction", "/transaction/" + memo),
            ("events", "/events"), ("event", "/event/1/0"),
            ("account", "/account/" + Eip55.Format(TestNetwork.Alice)), ("bridge", "/bridge"),
            ("about", "/about"), ("check", "/about/check"), ("search", "/search?q=new"),
            ("missing", "/nothing"), ("hostile", $"/asset/{Evil}"),
        ];
        foreach ((string kind, string path) in all)
        {
            Paths.Add(kind, path);
        }
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();

    private string Misbehave()
    {
        TestLedger ledger = Chain.Ledger;
        ledger.Pass(
            TestNetwork.MinistryMaker,
            new CreateAsset(TestNetwork.BondDefinition(Evil) with { Name = Hostile, NameUrdu = Hostile }),
            new AttachDocument(
                Evil, new AssetDocument(Hostile, ProvenChain.Filled(3), "javascript:alert(3)")));
        ledger.Pass(TestNetwork.MinistryMaker, new PauseAsset(Evil, HostileMemo));
        Transaction memo = ledger.Draft(
            TestNetwork.ExchangeAccount, new Transfer(TestNetwork.Bond, TestNetwork.Alice, new Amount(1)))
            with
        { Memo = HostileMemo };
        ledger.RunBlock(memo);
        return ledger.Verify(memo).Id.ToString();
    }
}
