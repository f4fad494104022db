// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Bridge.Tests.Model;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Execution;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Bridge.Tests;

/// <summary>Four validators' workers on one ledger and one chain.</summary>
public sealed class LaneWorkerTests
{
    /// <summary>Each call at which a worker is killed, the first times that it is made.</summary>
    public static TheoryData<string, int> KillPoints
    {
        get
        {
            var points = new TheoryData<string, int>();
            string[] calls =
            [
                "identity", "final", "head", "state", "facts", "refusals", "ledger read", "before submit",
                "after submit", "before eth_getTransactionCount", "before eth_estimateGas",
                "before eth_getStorageAt", "before eth_getBlockByNumber", "before eth_sendRawTransaction",
                "after eth_sendRawTransaction",
            ];
            foreach (string call in calls)
            {
                for (int time = 1; time <= 3; time++)
                {
                    points.Add(call, time);
                }
            }

            return points;
        }
    }

    [Fact]
    public async Task Look_LockToRelease_ComesToTheEndOnBothSides()
    {
        var world = new World { Lag = 2 };
        await ThereAndBackAsync(world);
        Assert.All(world.Validators, validator => Assert.All(
            validator.Submitted, one => Assert.True(one.Receipt.Succeeded, $"{one}")));
        Assert.All(world.Validators, validator => Assert.Empty(validator.Worker.Status.Note));
    }

    [Theory]
    [MemberData(nameof(KillPoints))]
    public async Task Look_KilledAtACallAndMadeAnew_ComesToTheSameEnd(string call, int time)
    {
        var world = new World { Lag = 1 };
        foreach (BridgeValidator validator in world.Validators)
        {
            validator.KillAt = (call, time);
        }

        await ThereAndBackAsync(world);
        Assert.All(
            world.Validators, validator => Assert.Equal(
                validator.Calls.GetValueOrDefault(call) >= time ? 1 : 0, validator.Kills));
    }

    /// <summary>Locks, a mint, a burn and its release: each once, whatever happens on the way.</summary>
    private static async Task ThereAndBackAsync(World world)
    {
        world.Lock(100);
        world.Lock(50);
        await world.StepsAsync(40, () => world.Books.Minted == new Amount(150));
        Assert.Equal(new Amount(150), world.Chain.Now.Supplies[World.Token]);
        world.Chain.Burn(40, Bob);
        world.Chain.Burn(60, Bob);
        await world.StepsAsync(40, () => world.BalanceOf(Bob) == new Amount(100));
        await world.StepsAsync(40, () => world.Validators.All(validator =>
            validator.Worker.Status is { OpenSends: 0, Backing: [{ Verdict: BackingVerdict.Agrees }] }
            && validator.Journal.ReadFacts().Count == 0));
        Assert.Equal((new Amount(50), new Amount(50)), (world.Books.InEscrow, world.Compare().Supply));
        Assert.Equal(2UL, world.Chain.Now.Burns);
        Assert.Equal((BridgeStops.None, 3UL), (world.View.Lane.Stops, world.View.Lane.NextBurn));
        Assert.Empty(world.View.Messages);
        Assert.Empty(InvariantChecker.FullCheck(world.Ledger.State));
        Assert.Equal(new Amount(999_850), world.BalanceOf(Alice));
        Assert.All(world.Validators, validator => Assert.Empty(validator.Journal.ReadSends()));
    }
}
