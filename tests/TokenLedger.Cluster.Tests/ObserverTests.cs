// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Grpc.Core;
using TokenLedger.Chaos;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Cluster.Tests;

/// <summary>A node without a vote key beside a validator that lists its certificate, or does not.</summary>
[Collection("single nodes")]
[Trait("Category", "Cluster")]
public sealed class ObserverTests : IDisposable
{
    private static readonly TimeSpan FollowsWithin = TimeSpan.FromSeconds(30);

    private readonly TestFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Start_ObserverThatIsListed_FollowsTheValidator()
    {
        using var validator = new SingleNode(_temporary, "one");
        using var free = new SingleNode(_temporary, "free");
        (string configuration, string pin) = ObserverFiles.Write(validator, free);
        ulong height = await validator.StartAsync();
        using NodeProcess observer = NodeProcess.Start(configuration);
        using var client = LedgerClient.Connect(new Uri($"http://127.0.0.1:{free.Port(2)}"));

        // Nobody lists it yet: it serves what it has, nothing but genesis. That it lost the validator
        // it says once, and what follows may have pushed it out of the end of its log.
        await Deadline.UntilAsync("it is refused", FollowsWithin, async () =>
            await StatusAsync(client) is { Height: 0 }
                && (observer.Tail().Contains("Lost validator-1", StringComparison.Ordinal)
                    || observer.Tail().Contains("validator-1 failed", StringComparison.Ordinal)),
            observer.Tail);
        await validator.StopAsync();
        validator.Configure(root => root["peers"]!["observers"] = new JsonArray(pin));
        await validator.StartAsync();
        await Deadline.UntilAsync("it follows", FollowsWithin, async () =>
            await StatusAsync(client) is { Finalizing: true } status
                && status.Height > height, observer.Tail);
        observer.Terminate();
        Assert.Equal(0, await observer.ExitAsync(SingleNode.ExitWithin));
        await validator.StopAsync();
    }

    private static async Task<GetNodeStatusResponse?> StatusAsync(LedgerClient client)
    {
        try
        {
            return await client.Queries.GetNodeStatusAsync(new GetNodeStatusRequest());
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable)
        {
            return null;
        }
    }
}
