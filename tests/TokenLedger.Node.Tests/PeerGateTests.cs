// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using TokenLedger.Core;
using TokenLedger.Node.Clients;

namespace TokenLedger.Node.Tests;

/// <summary>Who has a place at the peers' port when there are more than places.</summary>
public sealed class PeerGateTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Admit_OneStrangerTooMany_TheOldestGivesWay()
    {
        var gate = new PeerGate(static _ => 0);
        await RequireOldestGivesWayAsync(Limits.PeerHandshakes, gate.Admit(Stay), gate.Admit(Stay));
    }

    [Fact]
    public async Task Recognize_OneConnectionOfAKeyTooMany_ItsOldestGivesWay()
    {
        int peer = 0;
        var gate = new PeerGate(_ => peer);
        ConnectionDelegate own = gate.Admit(gate.Recognize(Stay));
        await RequireOldestGivesWayAsync(Limits.ConnectionsPerPeer, own, async connection =>
        {
            // Another key takes no place of this one.
            peer = 1;
            var other = new DefaultConnectionContext();
            Task stays = own(other);
            peer = 0;
            Assert.False(other.ConnectionClosed.IsCancellationRequested);
            await Task.WhenAny(stays, own(connection));
        });
    }

    [Fact]
    public async Task Recognize_OneThatIsKnown_IsNoStrangerAnyMore()
    {
        var gate = new PeerGate(static _ => 0);
        var known = new DefaultConnectionContext();
        Task stays = gate.Admit(gate.Recognize(Stay))(known);
        Task[] strangers =
        [
            .. Enumerable.Range(0, 2 * Limits.PeerHandshakes)
                .Select(_ => gate.Admit(Stay)(new DefaultConnectionContext())),
        ];
        await Task.WhenAll(strangers[..Limits.PeerHandshakes]).WaitAsync(Patience);
        Assert.False(stays.IsCompleted);
    }

    [Fact]
    public async Task Recognize_NobodyKnown_IsClosed()
    {
        var gate = new PeerGate(static (X509Certificate2? _) => -1);
        var nobody = new DefaultConnectionContext();
        await gate.Admit(gate.Recognize(Stay))(nobody).WaitAsync(Patience);
        await Stay(nobody).WaitAsync(Patience);
    }

    private static async Task RequireOldestGivesWayAsync(
        int places, ConnectionDelegate take, ConnectionDelegate takeOneMore)
    {
        Task[] stay =
        [
            .. Enumerable.Range(0, places).Select(_ => take(new DefaultConnectionContext())),
        ];
        Assert.DoesNotContain(stay, static one => one.IsCompleted);
        Task newest = takeOneMore(new DefaultConnectionContext());
        await stay[0].WaitAsync(Patience);
        Assert.DoesNotContain(stay[1..], static one => one.IsCompleted);
        Assert.False(newest.IsCompleted);

        // A place that was given up is free: the next one closes another old one, not two.
        Task next = take(new DefaultConnectionContext());
        await stay[1].WaitAsync(Patience);
        Assert.DoesNotContain(stay[2..], static one => one.IsCompleted);
        Assert.False(next.IsCompleted);
    }

    /// <summary>Until it is closed.</summary>
    private static Task Stay(ConnectionContext connection)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionClosed.Register(closed.SetResult);
        return closed.Task;
    }
}
