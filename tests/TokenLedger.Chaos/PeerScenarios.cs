// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using TokenLedger.Testing;

namespace TokenLedger.Chaos;

/// <summary>What those do who may connect.</summary>
internal static class PeerScenarios
{
    private const int IdleConnections = 800;

    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(3);

    public static async Task<string> FloodAsync(ChaosRun run, DeterministicRandom random)
    {
        int victim = random.Below(ChaosCluster.Size);
        int[] others = Steps.Others(victim);
        run.Cluster.Kill(victim);
        var told = new List<string>();
        foreach (FloodKind kind in Enum.GetValues<FloodKind>())
        {
            // The three that are left are just a quorum: whoever falls stops the network.
            long sent;
            double rate;
            DeterministicRandom drawn = random.Fork(kind.ToString());
            await using (var flood = new Flood(run.Cluster, victim, kind, others, drawn))
            {
                rate = await Steps.GoOnAsync(run, Lasting, others);
                sent = flood.Sent;
            }

            run.Auditor.Checker.Require(sent > 0, "a flood flows", $"{kind} sent nothing");
            long memory = Steps.Memory(run);
            told.Add(FormattableString.Invariant($"{kind} {sent}: {rate:F1} blocks/s, {memory} MiB"));
        }

        run.Cluster.Start(victim);
        await Steps.RecoverAsync(run, random);
        return string.Join("; ", told);
    }

    public static async Task<string> IdleConnectionsAsync(ChaosRun run, DeterministicRandom random)
    {
        int target = random.Below(ChaosCluster.Size);
        var sockets = new List<TcpClient>();
        try
        {
            int[] ports = [run.Cluster.PeerPort(target), run.Cluster.Client.Endpoints[target].Port];
            for (int i = 0; i < IdleConnections; i++)
            {
                var socket = new TcpClient();
                sockets.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, ports[i % ports.Length]);
            }

            double rate = await Steps.GoOnAsync(run, Lasting, [.. ChaosCluster.All]);
            long memory = Steps.Memory(run);
            await Steps.RecoverAsync(run, random);
            return FormattableString.Invariant($"{rate:F1} blocks/s, at most {memory} MiB");
        }
        finally
        {
            sockets.ForEach(static socket => socket.Dispose());
        }
    }
}
