// SPDX-License-Identifier: Apache-2.0
using System.Net;
using TokenLedger.Node.Clients;
using TokenLedger.Node.Clients.Access;

namespace TokenLedger.Fuzzing.Tests.Limits;

public sealed class RequestQuotaTests
{
    private const int PerSecond = 10;

    private readonly StoppedClock _clock = new();

    [Fact]
    public void Begin_MoreThanItsRate_IsRefusedUntilThatTimeHasPassed()
    {
        RequestQuota quota = Quota();
        Assert.Equal(PerSecond, Taken(quota, Client(1), 2 * PerSecond));
        TimeSpan wait = Assert.NotNull(quota.Begin(Client(1), 1, out _));
        Assert.Equal(TimeSpan.FromMilliseconds(100), wait);
        _clock.Advance(wait);
        Assert.Equal(1, Taken(quota, Client(1), 5));
    }

    [Fact]
    public void Begin_FloodOfOneClient_LeavesTheOthersTheirs()
    {
        RequestQuota quota = Quota();
        Taken(quota, Client(1), 1_000);
        Assert.Equal(PerSecond, Taken(quota, Client(2), 100));
    }

    [Fact]
    public void RefuseAtOnce_AsOftenAsItMayCall_ThenLate()
    {
        RequestQuota quota = Quota();
        Assert.Equal(PerSecond, Told(1));
        Assert.Equal(PerSecond, Told(2));
        _clock.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal(PerSecond / 5, Told(1));

        int Told(ulong client)
        {
            Taken(quota, Client(client), 1_000);
            return Enumerable.Range(0, 100).Count(_ => quota.RefuseAtOnce(Client(client)));
        }
    }

    [Fact]
    public void Begin_OfAPrincipal_CountsAgainstItsOwnQuotaFromEveryAddress()
    {
        RequestQuota quota = Quota();
        var exchange = new Caller(default, "exchange-1", ApiScopes.All, 3 * PerSecond, int.MaxValue);
        Taken(quota, Client(1), 1_000);
        Assert.Equal(3 * PerSecond, Taken(quota, exchange, 1_000));
        Assert.Equal(3 * PerSecond, Taken(quota, exchange with { Principal = "exchange-2" }, 1_000));

        // Its operator gives it less: what it had saved goes, too.
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(PerSecond, Taken(quota, exchange with { CallsPerSecond = PerSecond }, 1_000));
    }

    [Fact]
    public void Begin_CostlyCalls_CountAsWhatTheyCost()
    {
        RequestQuota quota = Quota();
        Assert.Null(quota.Begin(Client(1), 5, out _));
        Assert.Null(quota.Begin(Client(1), 5, out _));
        Assert.Equal(TimeSpan.FromMilliseconds(500), quota.Begin(Client(1), 5, out _));
    }

    [Fact]
    public void ChargeReading_MoreThanItsRate_WaitsUntilThatTimeHasPassedAndLeavesItsCalls()
    {
        const int Second = PerSecond * Core.Limits.StreamRowsPerCall;
        RequestQuota quota = Quota();
        quota.Begin(Client(1), 1, out RequestQuota.Client? one);
        Assert.Equal(TimeSpan.Zero, quota.ChargeReading(one!, Second));
        Assert.Equal(TimeSpan.FromSeconds(3), quota.ChargeReading(one!, 3 * Second));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(2), quota.ChargeReading(one!, 0));
        Assert.Equal(PerSecond, Taken(quota, Client(1), 100));

        // To call again does not help.
        quota.End(one!);
        quota.Begin(Client(1), 0, out RequestQuota.Client? again);
        Assert.Equal(TimeSpan.FromSeconds(2), quota.ChargeReading(again!, 0));
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.Zero, quota.ChargeReading(again!, Second));
    }

    [Fact]
    public void Begin_QuietClient_SavesNoMoreThanASecond()
    {
        RequestQuota quota = Quota();
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(PerSecond, Taken(quota, Client(1), 100));
    }

    [Fact]
    public void End_OpenCall_GivesItsPlaceBack()
    {
        var quota = new RequestQuota(3, _clock);
        Caller one = Client(1) with { OpenCalls = 2 };
        Assert.Null(quota.Begin(one, 1, out RequestQuota.Client? first));
        Assert.Null(quota.Begin(one, 1, out _));
        Assert.NotNull(quota.Begin(one, 1, out _));
        Assert.Null(quota.Begin(Client(2), 1, out _));
        Assert.NotNull(quota.Begin(Client(2), 1, out _));
        quota.End(first!);
        Assert.Null(quota.Begin(Client(2), 1, out _));
    }

    [Fact]
    public void Begin_MoreClientsThanAreCounted_ShareOneAccount()
    {
        RequestQuota quota = Quota();
        for (ulong i = 0; i < Core.Limits.ApiClients; i++)
        {
            Assert.Null(quota.Begin(Client(i), 1, out _));
        }

        ulong beyond = Core.Limits.ApiClients;
        Assert.Equal(PerSecond, TakenBy(quota, beyond));

        // Nobody of the first has calls to pay for any more, but their calls are open.
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(PerSecond, TakenBy(quota, beyond));
    }

    [Fact]
    public void Begin_ClientsThatLeft_AreForgotten()
    {
        RequestQuota quota = Quota();
        for (ulong i = 0; i < 3 * Core.Limits.ApiClients; i++)
        {
            Assert.Null(quota.Begin(Client(i), 1, out RequestQuota.Client? client));
            quota.End(client!);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("2001:db8::1", "2001:db8::ffff:1", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    [InlineData("0.0.0.1", "::1", false)]
    public void ClientAddress_OneNetwork_IsOneClient(string first, string second, bool same) => Assert.Equal(
        same, ClientAddress.Of(IPAddress.Parse(first)) == ClientAddress.Of(IPAddress.Parse(second)));

    [Fact]
    public void ConnectionBudget_ClosedConnections_GiveTheirPlacesBack()
    {
        var budget = new ConnectionBudget(3, 2);
        Assert.True(budget.TryOpen(Address(1)));
        Assert.True(budget.TryOpen(Address(1)));
        Assert.False(budget.TryOpen(Address(1)));
        Assert.True(budget.TryOpen(Address(2)));
        Assert.False(budget.TryOpen(Address(3)));
        budget.Close(Address(1));
        Assert.True(budget.TryOpen(Address(3)));
        Assert.False(budget.TryOpen(Address(1)));
    }

    private static ClientAddress Address(ulong number) => new(number, false);

    private static Caller Client(ulong number) =>
        new(Address(number), null, ApiScopes.All, PerSecond, int.MaxValue);

    private static int Taken(RequestQuota quota, Caller client, int calls) =>
        Enumerable.Range(0, calls).Count(_ => quota.Begin(client, 1, out RequestQuota.Client? _) is null);

    /// <summary>One call of each of a hundred clients.</summary>
    private static int TakenBy(RequestQuota quota, ulong from) =>
        Enumerable.Range(0, 100).Sum(i => Taken(quota, Client(from + (ulong)i), 1));

    private RequestQuota Quota() => new(int.MaxValue, _clock);
}
